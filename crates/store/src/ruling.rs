//! Rulings as rows, and the records they moved.

use std::collections::HashMap;

use records::key::RecordKey;
use registry::port::{
    StoreError,
    contests::ContestId,
    review_queue::OfficialName,
    ruling_book::{NewRuling, Ruling, RulingId},
};
use sqlx::FromRow;

use crate::column::{to_count, to_json, to_key, to_time};

pub(crate) const WHAT: &str = "ruling";

#[derive(FromRow)]
pub(crate) struct RulingRow {
    pub(crate) id: i64,
    pub(crate) ruled: String,
    pub(crate) official: String,
    pub(crate) office: String,
    pub(crate) reason: String,
    pub(crate) purpose: String,
    pub(crate) legal_basis: String,
    pub(crate) contest: Option<i64>,
    pub(crate) ruled_at: i64,
    pub(crate) undone: Option<String>,
}

impl RulingRow {
    fn with_records(self, records: Vec<RecordKey>) -> Result<Ruling, StoreError> {
        let undone = self.undone.map(|undone| to_json(&undone, WHAT)).transpose()?;
        Ok(Ruling {
            id: RulingId(to_count(self.id)),
            ruling: NewRuling {
                ruled: to_json(&self.ruled, WHAT)?,
                records,
                official: OfficialName {
                    name: self.official,
                    office: self.office,
                },
                reason: self.reason,
                purpose: self.purpose,
                legal_basis: self.legal_basis,
                case: self.contest.map(|id| ContestId(to_count(id))),
                ruled_at: to_time(self.ruled_at, WHAT)?,
            },
            undone,
        })
    }
}

/// That a ruling moved a record.
#[derive(FromRow)]
pub(crate) struct MovedRow {
    pub(crate) ruling: i64,
    pub(crate) source: String,
    pub(crate) record_id: String,
}

/// Rulings in the order of their rows, each with the records it moved in theirs.
pub(crate) fn to_rulings(rows: Vec<RulingRow>, moved: Vec<MovedRow>) -> Result<Vec<Ruling>, StoreError> {
    let mut of_ruling: HashMap<i64, Vec<RecordKey>> = HashMap::new();
    for row in moved {
        let record = to_key(&row.source, &row.record_id, WHAT)?;
        of_ruling.entry(row.ruling).or_default().push(record);
    }
    rows.into_iter()
        .map(|row| {
            let records = of_ruling.remove(&row.id).unwrap_or_default();
            row.with_records(records)
        })
        .collect()
}

/// A ruling is taken back once.
pub(crate) fn undone_before() -> StoreError {
    StoreError::Duplicate {
        what: "taking back of a ruling",
    }
}
