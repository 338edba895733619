//! Thresholds and bounds of a run. Every bound is reported when it bites.

use serde::{Deserialize, Serialize};

use crate::weight::Weight;

/// Name and edition of the engine, kept with every link it makes.
pub const ENGINE: &str = concat!("linkage/", env!("CARGO_PKG_VERSION"));

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// At or above this weight (odds of 2^weight to one) records are joined without an official.
    pub automatic: Weight,
    /// From this weight up to `automatic` a pair waits for an official; below it the records stay apart.
    pub review: Weight,
    /// How much better the best candidate must be than a second one that is somebody else.
    pub margin: Weight,
    /// Groups in one block that are compared each with each; a larger block is cut by a further key and reported.
    pub block_groups_max: usize,
    /// Most entries that the review queue takes; what does not fit is counted.
    pub review_max: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            automatic: Weight::whole(9),
            review: Weight::ZERO,
            margin: Weight::whole(7),
            block_groups_max: 200,
            review_max: 100_000,
        }
    }
}
