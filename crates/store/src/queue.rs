//! Queue items and decisions as rows, and what a run of linkage does to the queue.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use registry::port::{
    StoreError,
    review_queue::{
        Item, ItemId, ItemState, NewItem, OfficialName, Pair, RAISED_MAX, Raised, StandingDecision, Verdict,
    },
};
use sqlx::FromRow;

use crate::column::{corrupt, to_count, to_json, to_key, to_time};

pub(crate) const ITEM: &str = "queue item";
pub(crate) const DECISION: &str = "decision";

#[derive(FromRow)]
pub(crate) struct ItemRow {
    pub(crate) id: i64,
    pub(crate) left_source: String,
    pub(crate) left_id: String,
    pub(crate) right_source: String,
    pub(crate) right_id: String,
    pub(crate) harmful: bool,
    pub(crate) weight: f64,
    pub(crate) explanation: String,
    pub(crate) raised_at: i64,
    pub(crate) state: String,
    pub(crate) state_since: i64,
    pub(crate) taken_by: Option<String>,
    pub(crate) taken_office: Option<String>,
}

impl TryFrom<ItemRow> for Item {
    type Error = StoreError;
    fn try_from(row: ItemRow) -> Result<Self, StoreError> {
        let at = to_time(row.state_since, ITEM)?;
        let state = match (row.state.as_str(), row.taken_by, row.taken_office) {
            ("waiting", _, _) => ItemState::Waiting,
            ("taken", Some(name), Some(office)) => ItemState::Taken {
                by: OfficialName { name, office },
                at,
            },
            ("decided", _, _) => ItemState::Decided { at },
            ("withdrawn", _, _) => ItemState::Withdrawn { at },
            _ => return Err(corrupt(ITEM)("no such state")),
        };
        let left = to_key(&row.left_source, &row.left_id, ITEM)?;
        Ok(Self {
            id: ItemId(to_count(row.id)),
            pair: Pair::of(left, to_key(&row.right_source, &row.right_id, ITEM)?),
            harmful: row.harmful,
            weight: row.weight,
            explanation: to_json(&row.explanation, ITEM)?,
            raised_at: to_time(row.raised_at, ITEM)?,
            state,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct DecisionRow {
    pub(crate) left_source: String,
    pub(crate) left_id: String,
    pub(crate) right_source: String,
    pub(crate) right_id: String,
    pub(crate) verdict: String,
    pub(crate) official: String,
    pub(crate) office: String,
    pub(crate) reason: String,
    pub(crate) purpose: String,
    pub(crate) legal_basis: String,
    pub(crate) decided_at: i64,
}

impl TryFrom<DecisionRow> for StandingDecision {
    type Error = StoreError;
    fn try_from(row: DecisionRow) -> Result<Self, StoreError> {
        let left = to_key(&row.left_source, &row.left_id, DECISION)?;
        Ok(Self {
            pair: Pair::of(left, to_key(&row.right_source, &row.right_id, DECISION)?),
            verdict: match row.verdict.as_str() {
                "same" => Verdict::Same,
                "different" => Verdict::Different,
                _ => return Err(corrupt(DECISION)("no such verdict")),
            },
            official: OfficialName {
                name: row.official,
                office: row.office,
            },
            reason: row.reason,
            purpose: row.purpose,
            legal_basis: row.legal_basis,
            decided_at: to_time(row.decided_at, DECISION)?,
        })
    }
}

pub(crate) fn from_verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Same => "same",
        Verdict::Different => "different",
    }
}

/// Columns of a state: its word, who has the item, since when if that is told.
pub(crate) fn from_state(state: &ItemState) -> (&'static str, Option<&OfficialName>, Option<Timestamp>) {
    match state {
        ItemState::Waiting => ("waiting", None, None),
        ItemState::Taken { by, at } => ("taken", Some(by), Some(*at)),
        ItemState::Decided { at } => ("decided", None, Some(*at)),
        ItemState::Withdrawn { at } => ("withdrawn", None, Some(*at)),
    }
}

/// Columns by which a list of pairs goes on after one; what comes before all pairs if there is none.
pub(crate) fn place(after: Option<&Pair>) -> [&str; 4] {
    after.map_or([""; 4], |pair| {
        let (left, right) = (pair.left(), pair.right());
        [
            left.source.as_str(),
            left.id.as_str(),
            right.source.as_str(),
            right.id.as_str(),
        ]
    })
}

/// An item that there is: its number, pair and state.
#[derive(FromRow)]
pub(crate) struct KnownRow {
    pub(crate) id: i64,
    pub(crate) left_source: String,
    pub(crate) left_id: String,
    pub(crate) right_source: String,
    pub(crate) right_id: String,
    pub(crate) state: String,
}

/// What has to be done so that the queue holds exactly what was raised.
#[derive(Default)]
pub(crate) struct Raising<'i> {
    pub(crate) new: Vec<&'i NewItem>,
    /// Open items, with what linkage says now.
    pub(crate) kept: Vec<(i64, &'i NewItem)>,
    /// Items that were withdrawn and wait again.
    pub(crate) again: Vec<(i64, &'i NewItem)>,
    pub(crate) withdrawn: Vec<i64>,
}

impl<'i> Raising<'i> {
    pub(crate) fn of(items: &'i [NewItem], known: Vec<KnownRow>) -> Result<Self, StoreError> {
        let mut by_pair = BTreeMap::new();
        for row in known {
            let left = to_key(&row.left_source, &row.left_id, ITEM)?;
            let pair = Pair::of(left, to_key(&row.right_source, &row.right_id, ITEM)?);
            by_pair.insert(pair, (row.id, row.state));
        }
        let mut raising = Self::default();
        for new in items {
            match by_pair.get(&new.pair).map(|(id, state)| (*id, state.as_str())) {
                None => raising.new.push(new),
                Some((id, "withdrawn")) => raising.again.push((id, new)),
                Some((id, "waiting" | "taken")) => raising.kept.push((id, new)),
                Some(_decided) => {}
            }
        }
        let asked: BTreeSet<&Pair> = items.iter().map(|new| &new.pair).collect();
        let open = by_pair
            .iter()
            .filter(|(_, (_, state))| matches!(state.as_str(), "waiting" | "taken"));
        raising.withdrawn = open
            .filter(|(pair, _)| !asked.contains(pair))
            .map(|(_, (id, _))| *id)
            .collect();
        Ok(raising)
    }

    pub(crate) fn raised(&self) -> Raised {
        Raised {
            new: (self.new.len() + self.again.len()) as u64,
            kept: self.kept.len() as u64,
            withdrawn: self.withdrawn.len() as u64,
        }
    }
}

pub(crate) fn check_raised(items: &[NewItem]) -> Result<(), StoreError> {
    if items.len() > RAISED_MAX as usize {
        Err(StoreError::TooMany {
            what: "queue items at once",
            limit: RAISED_MAX,
        })
    } else {
        Ok(())
    }
}
