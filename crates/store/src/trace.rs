//! Trace entries as rows.

use std::collections::HashMap;

use registry::{
    port::{StoreError, trace_log::TRACE_PAGE_MAX},
    trace::{ChainHead, ChainedEntry},
};
use sqlx::FromRow;

use crate::column::{to_bytes, to_count, to_profile};

pub(crate) const WHAT: &str = "trace entry";

#[derive(FromRow)]
pub(crate) struct TraceRow {
    pub(crate) number: i64,
    pub(crate) words: String,
    pub(crate) leaf: Vec<u8>,
    pub(crate) chain: Vec<u8>,
}

pub(crate) fn check_page(limit: u32) -> Result<(), StoreError> {
    if limit > TRACE_PAGE_MAX {
        Err(StoreError::TooMany {
            what: "trace entries a page",
            limit: TRACE_PAGE_MAX,
        })
    } else {
        Ok(())
    }
}

/// That an entry is about a profile.
#[derive(FromRow)]
pub(crate) struct AboutRow {
    pub(crate) number: i64,
    pub(crate) profile: Vec<u8>,
}

/// Entries in the order of their rows, each with the profiles it is listed under.
pub(crate) fn to_entries(rows: Vec<TraceRow>, about: Vec<AboutRow>) -> Result<Vec<ChainedEntry>, StoreError> {
    let mut profiles: HashMap<i64, Vec<_>> = HashMap::new();
    for row in about {
        let profile = to_profile(&row.profile, WHAT)?;
        profiles.entry(row.number).or_default().push(profile);
    }
    rows.into_iter()
        .map(|row| {
            Ok(ChainedEntry {
                number: to_count(row.number),
                words: row.words,
                leaf: to_bytes(&row.leaf, WHAT)?,
                chain: to_bytes(&row.chain, WHAT)?,
                profiles: profiles.remove(&row.number).unwrap_or_default(),
            })
        })
        .collect()
}

pub(crate) fn to_head((number, chain): (i64, Vec<u8>)) -> Result<ChainHead, StoreError> {
    Ok(ChainHead {
        number: to_count(number),
        chain: to_bytes(&chain, WHAT)?,
    })
}
