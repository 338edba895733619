//! The engine: applies a pack to a history. Knows combinators, no jurisdiction.
//!
//! `world` reads the facts and fills in on what days each basis holds; the other modules read the world.

mod advice;
mod change;
mod condition;
mod crossing;
mod doubt;
mod duty;
mod entry;
mod holding;
mod judge;
mod law;
mod price;
mod register;
mod stay;
mod timeline;
mod work;
mod world;

pub(crate) use change::with_change;
