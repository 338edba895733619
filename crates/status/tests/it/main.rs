//! The crate as its users see it.

mod cases;
mod support;
