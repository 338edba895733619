//! Records that say the same of their person, gathered before anything is scored.
//!
//! Same document (or national number), same birth date, same name as far as its lookup key: to compare them would be
//! to compare a thing with itself. Scoring then works on groups, a quarter of the records.
//! Invariant: groups are numbered by their least record; a record under a ruling, or one that harms, is a group alone.

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use crate::{
    book::{Book, Id},
    claim::Claim,
    claims::Claims,
    number::NumberKind,
    party::{BirthKey, Party},
};

/// Groups of records.
pub(crate) struct Groups {
    /// Group of each record.
    pub of_record: Vec<Id>,
    /// Records by group, each group's in order.
    records: Vec<Id>,
    /// Where each group ends among `records`.
    ends: Vec<Id>,
}

impl Groups {
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn of(&self, record: Id) -> Id {
        self.of_record[record as usize]
    }

    /// Sorted, never empty.
    pub(crate) fn members(&self, group: Id) -> &[Id] {
        let at = group as usize;
        let from = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.records[from as usize..self.ends[at] as usize]
    }

    /// The record with the least key.
    pub(crate) fn least(&self, group: Id) -> Id {
        self.members(group)[0]
    }

    /// What each group says.
    pub(crate) fn parties(&self, claims: &Claims, book: &Book) -> Vec<Party> {
        let groups = (0..self.len() as Id).into_par_iter();
        groups
            .map(|group| {
                let members = self.members(group).iter();
                Party::of_all(members.map(|&record| (record, claims.get(record))), book)
            })
            .collect()
    }

    fn of_records(of_record: Vec<Id>, groups: usize) -> Self {
        let mut ends: Vec<Id> = vec![0; groups];
        for &group in &of_record {
            ends[group as usize] += 1;
        }
        let mut end = 0;
        for of_group in &mut ends {
            end += *of_group;
            *of_group = end;
        }
        let mut next = ends.clone();
        let mut records = vec![0; of_record.len()];
        for (record, &group) in of_record.iter().enumerate().rev() {
            let place = &mut next[group as usize];
            *place -= 1;
            records[*place as usize] = record as Id;
        }
        Self {
            of_record,
            records,
            ends,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Words {
    Same {
        anchor: Id,
        birth: BirthKey,
        parts: [Id; 2],
    },
    Stay((Id, Id)),
}

/// What records say, each saying once and by number.
#[derive(Default)]
struct Sayings {
    numbers: HashMap<Words, Id>,
    /// Of each record.
    of_record: Vec<Option<Id>>,
    /// Of each saying: the first lifelong numbers that came with it.
    lifelong: Vec<[Option<Id>; 2]>,
    /// Sayings under which records hold different numbers that a person has for life: whatever else is the same, they
    /// are not one person's.
    contradictory: Vec<bool>,
}

impl Sayings {
    fn add(&mut self, words: Option<Words>, lifelong: [Option<Id>; 2]) {
        let saying = words.map(|words| {
            let next = self.numbers.len() as Id;
            *self.numbers.entry(words).or_insert(next)
        });
        self.of_record.push(saying);
        let Some(saying) = saying.map(|saying| saying as usize) else {
            return;
        };
        if saying == self.lifelong.len() {
            self.lifelong.push([None; 2]);
            self.contradictory.push(false);
        }
        for (seen, number) in self.lifelong[saying].iter_mut().zip(lifelong) {
            match (*seen, number) {
                (Some(one), Some(other)) if one != other => self.contradictory[saying] = true,
                (None, Some(number)) => *seen = Some(number),
                _ => {}
            }
        }
    }
}

/// `alone`: records that stand alone. `stays`: document and migration card of stays whose records stand together and
/// with no others.
pub(crate) fn gather(
    claims: &Claims,
    book: &Book,
    alone: &BTreeSet<Id>,
    stays: &BTreeSet<(Id, Id)>,
) -> Groups {
    let mut sayings = Sayings::default();
    for (record, claim) in claims.iter() {
        let words = if claim.harms || alone.contains(&record) {
            None
        } else {
            stay_set_apart(&claim, stays)
                .map(Words::Stay)
                .or_else(|| same_words(&claim, book))
        };
        sayings.add(words, lifelong(&claim, book));
    }
    sayings.numbers = HashMap::new();
    let mut known: HashMap<(Id, [Option<Id>; 2]), Id> = HashMap::new();
    let mut groups: Id = 0;
    let mut of_record = Vec::with_capacity(claims.len());
    for (saying, record) in sayings.of_record.iter().zip(0..) {
        let group = saying.map_or(groups, |saying| {
            let numbers = if sayings.contradictory[saying as usize] {
                lifelong(&claims.get(record), book)
            } else {
                [None; 2]
            };
            *known.entry((saying, numbers)).or_insert(groups)
        });
        groups += Id::from(group == groups);
        of_record.push(group);
    }
    Groups::of_records(of_record, groups as usize)
}

/// Sound INN and SNILS.
fn lifelong(claim: &Claim, book: &Book) -> [Option<Id>; 2] {
    let of_kind = |kind| {
        claim
            .numbers
            .iter()
            .copied()
            .find(|id| book.number_kind(*id) == kind)
    };
    [of_kind(NumberKind::Inn), of_kind(NumberKind::Snils)]
}

/// The stay, set apart, of which the record speaks.
pub(crate) fn stay_set_apart(claim: &Claim, stays: &BTreeSet<(Id, Id)>) -> Option<(Id, Id)> {
    let document = claim.document?.number;
    claim
        .numbers
        .iter()
        .map(|card| (document, *card))
        .find(|stay| stays.contains(stay))
}

fn same_words(claim: &Claim, book: &Book) -> Option<Words> {
    let parts = spelled_parts(claim, book)?;
    Some(Words::Same {
        anchor: anchor(claim, book)?,
        birth: claim.birth?.into(),
        parts,
    })
}

/// Lookup keys of surname and given name, whichever of them stands first.
pub(crate) fn spelled_parts(claim: &Claim, book: &Book) -> Option<[Id; 2]> {
    Some(book.sorted_parts(claim.cyrillic.or(claim.latin)?))
}

/// The number that holds the group together: the document itself, else a number that a person has for life.
fn anchor(claim: &Claim, book: &Book) -> Option<Id> {
    let of_kind = |wanted| {
        claim
            .numbers
            .iter()
            .copied()
            .find(|id| book.number_kind(*id) == wanted)
    };
    claim
        .document
        .map(|document| document.number)
        .or_else(|| of_kind(NumberKind::Snils))
        .or_else(|| of_kind(NumberKind::Inn))
        .or_else(|| of_kind(NumberKind::Enp))
        .or_else(|| of_kind(NumberKind::Student))
}
