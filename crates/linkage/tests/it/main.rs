//! What linking promises: who is kept apart, who is joined, and that order and threads change nothing.

#![allow(clippy::unwrap_used)]

mod apart;
mod finding;
mod harm;
mod laws;
mod people;
mod rulings;
mod together;
mod worlds;
