//! Records that say the same of their person, gathered before anything is scored.
//!
//! Same document (or national number), same birth date, same name as far as its lookup key: to compare them would be
//! to compare a thing with itself. Scoring then works on groups, a quarter of the records.
//! Invariant: groups are numbered by their least record; a record under a ruling, or one that harms, is a group alone.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::{
    book::{Book, Id},
    claim::Claim,
    number::NumberKind,
    party::{BirthKey, Party},
};

/// Groups of records, by index into the sorted records.
pub(crate) struct Groups<'a> {
    pub claims: &'a [Claim],
    pub members: Vec<Vec<Id>>,
    pub parties: Vec<Party>,
    /// Group of each record.
    pub of_record: Vec<Id>,
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

/// `alone`: records that stand alone. `stays`: document and migration card of stays whose records stand together and
/// with no others.
pub(crate) fn gather<'a>(
    claims: &'a [Claim],
    book: &Book,
    alone: &BTreeSet<Id>,
    stays: &BTreeSet<(Id, Id)>,
) -> Groups<'a> {
    let words: Vec<Option<Words>> = claims
        .iter()
        .enumerate()
        .map(|(record, claim)| {
            if claim.harms || alone.contains(&(record as Id)) {
                return None;
            }
            stay_set_apart(claim, stays)
                .map(Words::Stay)
                .or_else(|| same_words(claim, book))
        })
        .collect();
    let contradictory = contradictory(claims, &words, book);
    let mut members: Vec<Vec<Id>> = Vec::new();
    let mut of_record = Vec::with_capacity(claims.len());
    let mut known: HashMap<(Words, [Option<Id>; 2]), Id> = HashMap::new();
    for (at, (claim, words)) in claims.iter().zip(words).enumerate() {
        let next = members.len() as Id;
        let group = words.map_or(next, |words| {
            let numbers = if contradictory.contains(&words) {
                lifelong(claim, book)
            } else {
                [None; 2]
            };
            *known.entry((words, numbers)).or_insert(next)
        });
        if group == next {
            members.push(Vec::new());
        }
        members[group as usize].push(at as Id);
        of_record.push(group);
    }
    let parties = members
        .iter()
        .map(|records| {
            let mut party = Party::default();
            for (nth, &record) in records.iter().enumerate() {
                let single = Party::of(record, &claims[record as usize], book);
                if nth == 0 {
                    party = single;
                } else {
                    party.absorb(&single);
                }
            }
            party
        })
        .collect();
    Groups {
        claims,
        members,
        parties,
        of_record,
    }
}

/// Words under which records hold different numbers that a person has for life: whatever else is the same, they are not
/// one person's.
fn contradictory(claims: &[Claim], words: &[Option<Words>], book: &Book) -> HashSet<Words> {
    let mut first: HashMap<Words, [Option<Id>; 2]> = HashMap::new();
    let mut contradictory = HashSet::new();
    for (claim, words) in claims.iter().zip(words) {
        let Some(words) = words else { continue };
        let seen = first.entry(*words).or_default();
        for (seen, number) in seen.iter_mut().zip(lifelong(claim, book)) {
            match (*seen, number) {
                (Some(one), Some(other)) if one != other => {
                    contradictory.insert(*words);
                }
                (None, Some(number)) => *seen = Some(number),
                _ => {}
            }
        }
    }
    contradictory
}

/// Sound INN and SNILS.
fn lifelong(claim: &Claim, book: &Book) -> [Option<Id>; 2] {
    let of_kind = |kind| {
        claim
            .numbers
            .iter()
            .copied()
            .find(|id| book.numbers[*id as usize].kind == kind)
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
    let name = &book.names[claim.cyrillic.or(claim.latin)? as usize];
    let mut parts = [name.surname.skeleton, name.given.skeleton];
    parts.sort_unstable();
    Some(parts)
}

/// The number that holds the group together: the document itself, else a number that a person has for life.
fn anchor(claim: &Claim, book: &Book) -> Option<Id> {
    let of_kind = |wanted| {
        claim
            .numbers
            .iter()
            .copied()
            .find(|id| book.numbers[*id as usize].kind == wanted)
    };
    claim
        .document
        .map(|document| document.number)
        .or_else(|| of_kind(NumberKind::Snils))
        .or_else(|| of_kind(NumberKind::Inn))
        .or_else(|| of_kind(NumberKind::Enp))
        .or_else(|| of_kind(NumberKind::Student))
}
