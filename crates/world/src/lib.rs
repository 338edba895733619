//! Makes invented people, their lives, and what a dozen agencies hold about them, with the truth beside it.
//!
//! Everything is a function of a seed and a person's number, so people can be made in any order and on any number of
//! threads, and the same seed gives the same bytes.
//!
//! * a [`world::World`] knows the seed, the [`rates`] of every event and slip, its [`lists`] and the [`pack`]
//! * a block of people ([`block`]) is made at once, for they may be related: their [`person`] data, then each [`life`]
//! * agencies [`report`] on a life: one line a record, with the slips of their clerks and some lines spoilt
//! * what is [`truth`] is written from the life, never from the records
//! * [`make`] runs all this on threads and puts the lines in order of their recording, in bounded memory
//!
//! Invariant: nobody here is real. Names are combined at random; numbers are made up and pass their check digits.

pub mod block;
pub mod day_number;
pub mod draw;
pub mod life;
pub mod lists;
pub mod make;
pub mod numbering;
pub mod pack;
pub mod person;
pub mod rates;
pub mod report;
pub mod slip;
pub mod spelling;
pub mod truth;
pub mod way;
pub mod world;
