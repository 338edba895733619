//! Whose record is it? Records in; persons, reasons and doubts out.
//!
//! * [`engine`]: one run over all records; [`find`]: ranks profiles by what somebody asks for
//! * [`standing`], [`settings`]: what a run respects; [`assignment`], [`evidence`], [`weight`]: what it gives back
//!
//! Identifiers first, then a scored comparison after Fellegi and Sunter, joined under constraints. A wrong merge is
//! worse than a missed one: above one threshold records are joined, between two an official decides, below they stay
//! apart. No IO, no clock, no randomness; the outcome depends on the set of records alone.

mod assemble;
pub mod assignment;
mod birth;
mod blocks;
mod book;
mod claim;
mod claims;
mod clusters;
mod compare;
mod compare_names;
mod documents;
mod double_use;
pub mod engine;
pub mod evidence;
mod fact;
pub mod find;
mod groups;
mod harm;
mod holding;
mod interner;
mod joins;
mod model;
mod namesakes;
mod neighbours;
mod number;
mod party;
mod people;
mod reasons;
mod review;
mod rulings;
pub mod settings;
pub mod standing;
mod stays;
mod tally;
pub mod weight;
