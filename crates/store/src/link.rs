//! Links as rows, and what becomes of those to be made.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;
use records::key::{ProfileId, RecordKey};
use registry::port::{
    StoreError,
    link_book::{Assigned, LINKS_MAX, Link, LinkedBy, NewLink, OpenLink},
};
use sqlx::FromRow;

use crate::column::{corrupt, to_json, to_key, to_profile, to_time, to_time_if};

pub(crate) const WHAT: &str = "link";

#[derive(FromRow)]
pub(crate) struct LinkRow {
    pub(crate) source: String,
    pub(crate) record_id: String,
    pub(crate) profile: Vec<u8>,
    pub(crate) known_from: i64,
    pub(crate) known_until: Option<i64>,
    pub(crate) engine: Option<String>,
    pub(crate) official: Option<String>,
    pub(crate) office: Option<String>,
    pub(crate) weight: f64,
    pub(crate) explanation: String,
}

impl TryFrom<LinkRow> for Link {
    type Error = StoreError;
    fn try_from(row: LinkRow) -> Result<Self, StoreError> {
        let by = match (row.engine, row.official, row.office) {
            (Some(version), None, None) => LinkedBy::Engine { version },
            (None, Some(name), Some(office)) => LinkedBy::Official { name, office },
            _ => return Err(corrupt(WHAT)("a link has one author")),
        };
        Ok(Self {
            record: to_key(&row.source, &row.record_id, WHAT)?,
            profile: to_profile(&row.profile, WHAT)?,
            known_from: to_time(row.known_from, WHAT)?,
            known_until: to_time_if(row.known_until, WHAT)?,
            by,
            weight: row.weight,
            explanation: to_json(&row.explanation, WHAT)?,
        })
    }
}

/// Columns of an author: engine, official, office.
pub(crate) fn from_author(by: &LinkedBy) -> [Option<&str>; 3] {
    match by {
        LinkedBy::Engine { version } => [Some(version.as_str()), None, None],
        LinkedBy::Official { name, office } => [None, Some(name.as_str()), Some(office.as_str())],
    }
}

/// A record and the profile that holds it.
#[derive(FromRow)]
pub(crate) struct OpenRow {
    pub(crate) source: String,
    pub(crate) record_id: String,
    pub(crate) profile: Vec<u8>,
}

impl TryFrom<OpenRow> for OpenLink {
    type Error = StoreError;
    fn try_from(row: OpenRow) -> Result<Self, StoreError> {
        Ok(Self {
            record: to_key(&row.source, &row.record_id, WHAT)?,
            profile: to_profile(&row.profile, WHAT)?,
        })
    }
}

pub(crate) fn to_profiles(rows: Vec<Vec<u8>>) -> Result<Vec<ProfileId>, StoreError> {
    rows.iter().map(|profile| to_profile(profile, WHAT)).collect()
}

/// A record that there is, and its open link if it has one.
#[derive(FromRow)]
pub(crate) struct HoldingRow {
    pub(crate) source: String,
    pub(crate) record_id: String,
    pub(crate) profile: Option<Vec<u8>>,
    pub(crate) known_from: Option<i64>,
}

/// The link that holds a record.
struct Held {
    profile: ProfileId,
    since: Timestamp,
    /// Its place among those that this call begins.
    begun: Option<usize>,
}

/// The open link of each record that there is.
pub(crate) struct Holding(HashMap<RecordKey, Option<Held>>);

impl TryFrom<Vec<HoldingRow>> for Holding {
    type Error = StoreError;
    fn try_from(rows: Vec<HoldingRow>) -> Result<Self, StoreError> {
        let mut holding = HashMap::with_capacity(rows.len());
        for row in rows {
            let held = match (row.profile, row.known_from) {
                (Some(profile), Some(since)) => Some(Held {
                    profile: to_profile(&profile, WHAT)?,
                    since: to_time(since, WHAT)?,
                    begun: None,
                }),
                _ => None,
            };
            holding.insert(to_key(&row.source, &row.record_id, WHAT)?, held);
        }
        Ok(Self(holding))
    }
}

/// A link that begins, and ends at once if the same call moves its record on.
pub(crate) struct Begun<'l> {
    pub(crate) new: &'l NewLink,
    pub(crate) until: Option<Timestamp>,
}

/// What has to be done so that the links stand: first `ended`, then `begun` in its order.
#[derive(Default)]
pub(crate) struct Assigning<'l> {
    pub(crate) answers: Vec<Assigned>,
    /// Records whose stored link ends.
    pub(crate) ended: Vec<&'l RecordKey>,
    pub(crate) begun: Vec<Begun<'l>>,
}

impl<'l> Assigning<'l> {
    pub(crate) fn of(links: &'l [NewLink], holding: Holding, at: Timestamp) -> Result<Self, StoreError> {
        let Holding(mut holding) = holding;
        let mut assigning = Self::default();
        for new in links {
            let held = holding
                .get_mut(&new.record)
                .ok_or(StoreError::Missing { what: "record" })?;
            let assigned = match held {
                None => Assigned::Linked,
                Some(held) if held.profile == new.profile => Assigned::Unchanged,
                Some(held) if at < held.since => return Err(StoreError::ClockBack { known: held.since }),
                Some(held) => {
                    assigning.end(&new.record, held.begun, at);
                    Assigned::Moved { from: held.profile }
                }
            };
            assigning.answers.push(assigned);
            if assigned != Assigned::Unchanged {
                *held = Some(Held {
                    profile: new.profile,
                    since: at,
                    begun: Some(assigning.begun.len()),
                });
                assigning.begun.push(Begun { new, until: None });
            }
        }
        Ok(assigning)
    }

    /// Profiles to which a record comes, or from which one goes.
    pub(crate) fn changed(&self) -> BTreeSet<ProfileId> {
        let left = self.answers.iter().filter_map(|answer| match answer {
            Assigned::Moved { from } => Some(*from),
            Assigned::Linked | Assigned::Unchanged => None,
        });
        left.chain(self.begun.iter().map(|begun| begun.new.profile))
            .collect()
    }

    fn end(&mut self, record: &'l RecordKey, begun: Option<usize>, at: Timestamp) {
        match begun {
            // a record named twice in one call ends the link that this call began
            Some(place) => self.begun[place].until = Some(at),
            None => self.ended.push(record),
        }
    }
}

pub(crate) fn check_links(links: &[NewLink]) -> Result<(), StoreError> {
    if links.len() > LINKS_MAX as usize {
        Err(StoreError::TooMany {
            what: "links at once",
            limit: LINKS_MAX,
        })
    } else {
        Ok(())
    }
}
