//! Laws of the fold, and what an official reads.

mod given;
mod laws;
mod presence;
mod reading;
