//! The binary as a user runs it: whole journeys on the small world, and on the large one where it is found.

mod hostile;
mod journey;
mod score;
mod support;
