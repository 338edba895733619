//! Statuses made ready as rows.

use records::{Day, key::ProfileId};
use registry::port::{
    StoreError,
    prepared_statuses::{HOLDERS_MAX, Holder, PreparedStatus},
};
use sqlx::FromRow;

use crate::column::{to_json, to_profile};

pub(crate) const WHAT: &str = "prepared status";

/// A holder of the number at a place of the question, with what is ready.
#[derive(FromRow)]
pub(crate) struct ReadyRow {
    pub(crate) place: i64,
    pub(crate) profile: Vec<u8>,
    pub(crate) numbers: Option<String>,
    pub(crate) words: Option<String>,
}

/// Holders by the place of their number, counted from `first`.
pub(crate) fn to_holders(
    rows: Vec<ReadyRow>,
    asked: usize,
    first: i64,
    on: Day,
    basis: &str,
) -> Result<Vec<Vec<Holder>>, StoreError> {
    let mut all = vec![Vec::new(); asked];
    for row in rows {
        let person = to_profile(&row.profile, WHAT)?;
        let place = usize::try_from(row.place - first).ok();
        let Some(holders) = place.and_then(|place| all.get_mut(place)) else {
            continue;
        };
        if holders.len() <= HOLDERS_MAX as usize {
            let prepared = to_prepared(person, row.numbers, row.words, on, basis)?;
            holders.push(Holder { person, prepared });
        }
    }
    Ok(all)
}

fn to_prepared(
    person: ProfileId,
    numbers: Option<String>,
    words: Option<String>,
    on: Day,
    basis: &str,
) -> Result<Option<PreparedStatus>, StoreError> {
    let (Some(numbers), Some(words)) = (numbers, words) else {
        return Ok(None);
    };
    Ok(Some(PreparedStatus {
        person,
        on,
        basis: basis.to_owned(),
        numbers: to_json(&numbers, WHAT)?,
        words,
    }))
}
