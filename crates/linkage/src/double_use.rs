//! One document, two people: crossings that one person cannot have made.
//!
//! Nobody enters twice without leaving. Where a stay that has entry and exit holds crossings under another migration
//! card, somebody else used the document, and which of the two stays is the owner's no record says. The stay that fewer
//! records speak of is set apart and put before an official, so that neither person carries the other's history; so are
//! records of those weeks that name the holder without a number.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use jiff::{Timestamp, tz::TimeZone};
use records::{Day, calendar::add_days, payload::Direction};

use crate::{
    book::{Book, Id},
    claim::{Claim, Crossed},
    claims::Claims,
    groups::spelled_parts,
    number::NumberKind,
    party::BirthKey,
};

/// A stay set apart: all records that carry its migration card.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Detached {
    pub document: Id,
    pub card: Id,
    /// The card of the stay with which it overlaps.
    pub kept: Id,
    /// From the first to the last crossing of the stay set apart.
    pub from: Day,
    pub until: Day,
}

/// Crossings under one card, by direction.
#[derive(Clone, Copy, Default)]
struct Stay {
    entered: Option<Timestamp>,
    left: Option<Timestamp>,
}

/// A stay in time; one of which only one end is known counts as that moment.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Interval {
    from: Timestamp,
    until: Timestamp,
    card: Id,
}

/// A stay is compared with so many next ones; a document has one stay at a time.
const NEIGHBOURS: usize = 4;

/// A crossing under a card.
type UnderCard = (Id, Id, Crossed);

pub(crate) fn find(claims: &Claims, book: &Book) -> Vec<Detached> {
    let mut crossings: Vec<UnderCard> = Vec::new();
    let mut records = vec![0; book.number_count()];
    for (_, claim) in claims.iter() {
        for &number in &claim.numbers {
            if book.number_kind(number) == NumberKind::MigrationCard {
                records[number as usize] += 1;
            }
        }
        if let (Some(document), Some(crossing)) = (claim.document, claim.crossing)
            && let Some(card) = crossing.card
        {
            crossings.push((document.number, card, crossing));
        }
    }
    crossings.sort_unstable();
    let of_documents = crossings.chunk_by(|one, next| one.0 == next.0);
    let detached: BTreeSet<Detached> = of_documents
        .flat_map(|of_document| {
            let document = of_document[0].0;
            overlapping(document, &stays(of_document), |card| records[card as usize])
        })
        .collect();
    detached.into_iter().collect()
}

/// Stays under one document, by card.
fn stays(crossings: &[UnderCard]) -> BTreeMap<Id, Stay> {
    let mut stays: BTreeMap<Id, Stay> = BTreeMap::new();
    for (_, card, crossing) in crossings {
        let stay = stays.entry(*card).or_default();
        match crossing.direction {
            Direction::In => stay.entered = Some(stay.entered.map_or(crossing.on, |on| on.min(crossing.on))),
            Direction::Out => stay.left = Some(stay.left.map_or(crossing.on, |on| on.max(crossing.on))),
        }
    }
    stays
}

/// `records`: how many there are under a card.
fn overlapping(document: Id, stays: &BTreeMap<Id, Stay>, records: impl Fn(Id) -> u32) -> Vec<Detached> {
    let mut intervals: Vec<Interval> = stays
        .iter()
        .filter_map(|(card, stay)| {
            let (from, until) = (stay.entered.or(stay.left)?, stay.left.or(stay.entered)?);
            (from <= until).then_some(Interval {
                from,
                until,
                card: *card,
            })
        })
        .collect();
    intervals.sort();
    let count = |stay: &Interval| records(stay.card);
    let mut detached = Vec::new();
    for (at, earlier) in intervals.iter().enumerate() {
        let inside = |later: &&Interval| earlier.from < later.from && later.from < earlier.until;
        for later in intervals[at + 1..].iter().take(NEIGHBOURS).filter(inside) {
            let (kept, gone) = if count(earlier) >= count(later) {
                (earlier, later)
            } else {
                (later, earlier)
            };
            detached.push(Detached {
                document,
                card: gone.card,
                kept: kept.card,
                from: day(gone.from),
                until: day(gone.until),
            });
        }
    }
    detached
}

fn day(at: Timestamp) -> Day {
    TimeZone::UTC.to_datetime(at).date()
}

/// Records without a number of their own that name the holder of a document while two people used it: whose they are
/// nobody can tell.
pub(crate) fn contested(claims: &Claims, book: &Book, detached: &[Detached]) -> BTreeMap<Id, usize> {
    let documents: HashSet<Id> = detached.iter().map(|stay| stay.document).collect();
    let mut holders: BTreeMap<(BirthKey, [Id; 2]), BTreeSet<Id>> = BTreeMap::new();
    if documents.is_empty() {
        return BTreeMap::new();
    }
    for (_, claim) in claims.iter() {
        if let Some(document) = claim
            .document
            .filter(|document| documents.contains(&document.number))
            && let (Some(birth), Some(parts)) = (claim.birth, spelled_parts(&claim, book))
        {
            holders
                .entry((birth.into(), parts))
                .or_default()
                .insert(document.number);
        }
    }
    let in_question = |claim: &Claim| -> Option<usize> {
        let anchored = claim.numbers.iter().any(|id| book.number_kind(*id).is_anchor());
        if anchored || holders.is_empty() {
            return None;
        }
        let held = holders.get(&(claim.birth?.into(), spelled_parts(claim, book)?))?;
        let since = claim.since?;
        detached.iter().position(|stay| {
            let at_least = add_days(stay.from, STAY_DAYS).unwrap_or(stay.until);
            held.contains(&stay.document) && stay.from <= since && since <= stay.until.max(at_least)
        })
    };
    claims
        .iter()
        .filter_map(|(record, claim)| Some((record, in_question(&claim)?)))
        .collect()
}

/// A stay of which only the entry is known is taken to have lasted at least so long.
const STAY_DAYS: i32 = 90;

#[cfg(test)]
mod tests {
    use super::*;

    fn stay(entered: i64, left: i64) -> Stay {
        let at = |second| Timestamp::from_second(second).ok();
        Stay {
            entered: at(entered),
            left: at(left),
        }
    }

    fn cards(detached: &[Detached]) -> Vec<(Id, Id)> {
        detached.iter().map(|stay| (stay.card, stay.kept)).collect()
    }

    #[test]
    fn the_stay_with_fewer_records_is_set_apart() {
        let stays = BTreeMap::from([(1, stay(0, 100)), (2, stay(20, 80)), (3, stay(100, 120))]);
        assert_eq!(
            cards(&overlapping(7, &stays, |card| [0, 5, 3, 9][card as usize])),
            [(2, 1)]
        );
    }

    #[test]
    fn an_entry_within_a_stay_is_enough() {
        let entry = Stay {
            left: None,
            ..stay(20, 0)
        };
        let stays = BTreeMap::from([(1, stay(0, 100)), (2, entry)]);
        assert_eq!(cards(&overlapping(7, &stays, |_| 0)), [(2, 1)]);
    }

    #[test]
    fn stays_one_after_the_other_are_one_persons() {
        let entry = Stay {
            left: None,
            ..stay(190, 0)
        };
        let stays = BTreeMap::from([(1, stay(0, 100)), (2, stay(110, 180)), (3, entry)]);
        assert!(overlapping(7, &stays, |_| 0).is_empty());
    }
}
