//! Laws of statistics, attacks on protection, the map, the small world end to end.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test may panic

mod attack;
mod estimation;
mod extract;
mod map;
mod protection;
mod small_world;
