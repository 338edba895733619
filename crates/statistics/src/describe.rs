//! What a published table means: its definition, snapshot, rules and protection, beside the figures.

use records::Day;
use serde::Serialize;

use crate::{rules::StatisticsRules, table::Table};

/// Reference metadata of one table, as JSON beside its CSV.
#[derive(Clone, Debug, Serialize)]
pub struct Description {
    pub table: &'static str,
    pub definition: &'static str,
    pub unit: &'static str,
    pub dimensions: Vec<&'static str>,
    /// Day on which the figures stand; flows run up to it.
    pub snapshot_day: Day,
    /// Known time of the extract, as the register gave it.
    pub extract: String,
    pub rule_edition: String,
    pub protection: Protection,
    pub source: &'static str,
    pub notes: Vec<&'static str>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Protection {
    pub method: &'static str,
    pub threshold: u64,
    pub cells: usize,
    pub withheld: usize,
}

pub(crate) const METHOD: &str = "counts from 1 to one below the threshold are withheld, and as many others (zeros \
    among them) as are needed so that no withheld count can be bounded more narrowly than the threshold";

pub(crate) const SOURCE: &str = "records of the border service and the agencies, linked, depersonalised; people who \
    crossed without a record are estimated by the published rules";

impl Protection {
    pub(crate) fn of(table: &Table, rules: &StatisticsRules) -> Self {
        Self {
            method: METHOD,
            threshold: rules.protection.threshold,
            cells: table.cells().count(),
            withheld: table.withheld(),
        }
    }
}
