//! Order of trust among sources, for when two of them disagree.
//!
//! In: `sources.csv` (rank, source, also). Policy of the platform, not law.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{PackError, table};

pub(super) const FILE: &str = "sources.csv";

#[derive(Deserialize)]
struct Row {
    rank: u32,
    source: String,
    also: String,
}

/// Rank of each source; 1 is trusted most.
#[derive(Clone, Debug, Default)]
pub struct SourceOrder(BTreeMap<String, u32>);

impl SourceOrder {
    pub(super) fn parse(text: &str) -> Result<Self, PackError> {
        let mut order = BTreeMap::new();
        for (line, row) in table::rows::<Row>(FILE, text)? {
            for name in std::iter::once(row.source.as_str())
                .chain(row.also.split(';'))
                .filter(|n| !n.is_empty())
            {
                if order.insert(name.to_owned(), row.rank).is_some() {
                    return Err(PackError::at(
                        FILE,
                        line,
                        "source",
                        format!("{name} stands twice"),
                    ));
                }
            }
        }
        Ok(Self(order))
    }

    /// A source that is not listed ranks behind all that are; no source at all ranks first: nothing speaks against it.
    pub fn rank(&self, source: Option<&str>) -> u32 {
        source.map_or(0, |name| self.0.get(name).copied().unwrap_or(u32::MAX))
    }
}
