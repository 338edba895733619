//! Counts people without knowing them: a pseudonymised register, tables, protection of small cells, map.
//!
//! In: depersonalised rows (`profile::extract`). Out: protected tables as CSV, metadata, JSON and SVG for the map.
//! Invariant: nothing in this crate sees a name or a number, and a [`table::Table`] exists only protected;
//! [`counts::Counts`] are raw and have no written form.
//!
//! * rows to [`presence`]s: [`presume`] with [`durations`], kept person by person in a [`register`]
//! * counting: [`counts`], [`stock`], [`flows`], [`patents`], [`quality`]
//! * protection: [`protect`] gives a [`table`]
//! * what is published: [`publish`] knows the closed list of tables; forms are [`csv_form`], [`describe`]
//!
//! * where: [`map`]
//!
//! Not here: pseudonyms (who keeps the key makes them), the database, the clock.

pub mod counts;
pub mod csv_form;
pub mod describe;
pub mod durations;
pub mod flows;
pub mod map;
pub mod patents;
pub mod presence;
pub mod presume;
pub mod protect;
pub mod publish;
pub mod quality;
pub mod register;
pub mod rules;
pub mod stock;
pub mod table;

mod evidence;
