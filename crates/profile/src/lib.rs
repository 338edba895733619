//! Folds the records linked to one person into one view, as known at (valid day, known time).
//!
//! In: linked records, the day asked about, the time of knowledge, the rules of choice (`packs/ru/profile.toml`).
//! Out: a [`view::Profile`]: every value cites its records, every disagreement stays visible, every version that
//! was superseded can still be read.
//! Invariant: depends on the set of records known at `known_at` only, never on their order or on what came later.
//!
//! * what comes in: [`linked`]
//! * what comes out: [`view`], made of [`cite`], [`event`], [`field`], [`identity`], [`presence`], [`timeline`]
//! * how values are chosen: [`rules`], `choice`, `likeness`
//! * how it is done: [`mod@fold`] over `duplicates`, `crossings`, `stays`, `jobs`, `identify`
//! * what leaves for statistics: [`extract`]
//!
//! Not here: whether a stay is lawful (`status`), whose record it is (`linkage`).

pub mod cite;
pub mod event;
pub mod extract;
pub mod field;
pub mod fold;
pub mod identity;
pub mod linked;
pub mod presence;
pub mod rules;
pub mod signs;
pub mod timeline;
pub mod view;

mod choice;
mod crossings;
mod duplicates;
mod identify;
mod jobs;
mod kinds;
mod known;
mod likeness;
mod stated;
mod stays;
