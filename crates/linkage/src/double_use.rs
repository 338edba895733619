//! One document, two people: stays that overlap although each has its own entry and exit.
//!
//! Nobody enters twice without leaving. Where two migration cards, each with entry and exit, overlap on one document,
//! somebody else used it, and which of the two stays is the owner's no record says. The stay that fewer records speak
//! of is set apart and put before an official, so that neither person carries the other's history.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use records::payload::Direction;

use crate::{
    book::{Book, Id},
    claim::Claim,
    number::NumberKind,
};

/// A stay set apart: all records that carry its migration card.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Detached {
    pub(crate) document: Id,
    pub(crate) card: Id,
    /// The card of the stay with which it overlaps.
    pub(crate) kept: Id,
}

/// A crossing of each direction under one card.
#[derive(Clone, Copy, Default)]
struct Stay {
    entered: Option<Timestamp>,
    left: Option<Timestamp>,
}

/// Overlapping stays of one document are compared with so many next ones; a document has one stay at a time.
const NEIGHBOURS: usize = 4;

pub(crate) fn find(claims: &[Claim], book: &Book) -> Vec<Detached> {
    let mut stays: BTreeMap<Id, BTreeMap<Id, Stay>> = BTreeMap::new();
    let mut records: BTreeMap<Id, u32> = BTreeMap::new();
    for claim in claims {
        for &number in &claim.numbers {
            if book.numbers[number as usize].kind == NumberKind::MigrationCard {
                *records.entry(number).or_default() += 1;
            }
        }
        let (Some(document), Some(crossing)) = (claim.document, claim.crossing) else {
            continue;
        };
        let Some(card) = crossing.card else { continue };
        let stay = stays.entry(document.number).or_default().entry(card).or_default();
        match crossing.direction {
            Direction::In => stay.entered = stay.entered.min(Some(crossing.on)).or(Some(crossing.on)),
            Direction::Out => stay.left = stay.left.max(Some(crossing.on)),
        }
    }
    let mut detached = BTreeSet::new();
    for (document, of_document) in &stays {
        detached.extend(overlapping(*document, of_document, &records));
    }
    detached.into_iter().collect()
}

fn overlapping(document: Id, stays: &BTreeMap<Id, Stay>, records: &BTreeMap<Id, u32>) -> Vec<Detached> {
    let mut complete: Vec<(Timestamp, Timestamp, Id)> = stays
        .iter()
        .filter_map(|(card, stay)| Some((stay.entered?, stay.left?, *card)))
        .filter(|(entered, left, _)| entered < left)
        .collect();
    complete.sort();
    let mut detached = Vec::new();
    for (at, (_, left, card)) in complete.iter().enumerate() {
        for (entered, _, later) in complete[at + 1..].iter().take(NEIGHBOURS) {
            if entered >= left {
                break;
            }
            let count = |card| records.get(card).copied().unwrap_or(0);
            let (kept, gone) = if count(card) >= count(later) {
                (*card, *later)
            } else {
                (*later, *card)
            };
            detached.push(Detached {
                document,
                card: gone,
                kept,
            });
        }
    }
    detached
}

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

    #[test]
    fn the_stay_with_fewer_records_is_set_apart() {
        let stays = BTreeMap::from([(1, stay(0, 100)), (2, stay(20, 80)), (3, stay(100, 120))]);
        let records = BTreeMap::from([(1, 5), (2, 3), (3, 9)]);
        assert_eq!(
            overlapping(7, &stays, &records),
            [Detached {
                document: 7,
                card: 2,
                kept: 1
            }]
        );
    }

    #[test]
    fn stays_one_after_the_other_are_one_persons() {
        let stays = BTreeMap::from([(1, stay(0, 100)), (2, stay(110, 180))]);
        assert!(overlapping(7, &stays, &BTreeMap::new()).is_empty());
    }
}
