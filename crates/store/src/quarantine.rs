//! Lines set aside as rows.

use records::key::SourceName;
use registry::port::{
    StoreError,
    quarantine::{SetAside, SetAsidePlace},
};
use sqlx::FromRow;

use crate::column::{corrupt, from_count, to_count};

const WHAT: &str = "line set aside";

#[derive(FromRow)]
pub(crate) struct SetAsideRow {
    pub(crate) source: String,
    pub(crate) file: String,
    pub(crate) line: i64,
    pub(crate) field: String,
    pub(crate) reason: String,
    pub(crate) record_id: Option<String>,
}

impl TryFrom<SetAsideRow> for SetAside {
    type Error = StoreError;
    fn try_from(row: SetAsideRow) -> Result<Self, StoreError> {
        Ok(Self {
            source: SourceName::parse(&row.source).map_err(corrupt(WHAT))?,
            file: row.file,
            line: to_count(row.line),
            field: row.field,
            reason: row.reason,
            id: row.record_id,
        })
    }
}

/// Columns by which the list goes on after a place; what comes before all places if there is none.
pub(crate) fn place(after: Option<&SetAsidePlace>) -> (&str, &str, i64, &str, &str) {
    after.map_or(("", "", 0, "", ""), |place| {
        (
            place.source.as_str(),
            place.file.as_str(),
            from_count(place.line),
            place.field.as_str(),
            place.reason.as_str(),
        )
    })
}
