//! The registry over the store in memory, and the invented persons of the suite.

pub(crate) use registry::conformance::{fixtures::key, people::*, world::*};
