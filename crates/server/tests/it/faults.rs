//! What goes wrong while the program works: what was acknowledged is there afterwards, nothing is there twice, and trace
//! and receipts agree with what was told.
//!
//! `SOJOURN_FAULT_TRIES` says how often (a hundred for the table in `docs/faults.md`).

mod clients;
mod database;
mod failover;
mod program;
mod restored;
mod scene;
mod shared;
mod small;

use std::time::Duration;

use serde_json::Value;

pub(crate) use self::scene::{Served, agent};
use crate::support::small_world;

/// Tries where the environment names no number.
const TRIES: u32 = 3;

pub(crate) fn tries() -> u32 {
    std::env::var("SOJOURN_FAULT_TRIES").map_or(TRIES, |tries| tries.parse().unwrap())
}

/// A moment within `most`, another one at each try, spread evenly (golden ratio).
pub(crate) fn moment(number: u32, most: Duration) -> Duration {
    most.mul_f64((f64::from(number) * 0.618_033_988_75).fract())
}

fn sources() -> String {
    small_world().join("sources").to_string_lossy().into_owned()
}

/// The sum of some counts over all sources of a report.
fn counts(report: &Value, names: &[&str]) -> u64 {
    let sources = report["sources"].as_object().unwrap().values();
    sources
        .map(|counts| {
            names
                .iter()
                .map(|name| counts[*name].as_u64().unwrap())
                .sum::<u64>()
        })
        .sum()
}

const TAKEN_IN: [&str; 3] = ["new", "superseding", "earlier"];
const READ: [&str; 4] = ["new", "superseding", "earlier", "unchanged"];
