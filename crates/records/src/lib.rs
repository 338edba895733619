//! The vocabulary of Sojourn: what a source said, about whom, when it holds and when it became known.
//!
//! Everything else speaks in these words. No IO, no clock, no randomness.
//!
//! * what was said: [`envelope`], [`subject`], [`payload`]
//! * values with laws of their own: [`identifier`], [`document`], [`mrz`], [`partial_date`], [`span`], [`calendar`]
//! * code lists, filled from a pack: [`country`], [`region`]
//! * keys: [`key`]

pub mod calendar;
pub mod country;
pub mod document;
pub mod envelope;
pub mod identifier;
pub mod key;
pub mod mrz;
pub mod partial_date;
pub mod payload;
pub mod region;
pub mod span;
pub mod subject;

/// A civil day, without a time zone: the unit in which the law counts.
pub type Day = jiff::civil::Date;
