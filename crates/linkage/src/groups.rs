//! Records that say the same of their person, gathered before anything is scored.
//!
//! Same document (or national number), same birth date, same name as far as its lookup key: to compare them would be
//! to compare a thing with itself. Scoring then works on groups, a quarter of the records.
//! Invariant: groups are numbered by their least record; a record under a ruling, or one that harms, is a group alone.

use std::collections::{BTreeSet, HashMap};

use crate::{
    claim::{Book, Claim, Id},
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

#[derive(PartialEq, Eq, Hash)]
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
    let mut members: Vec<Vec<Id>> = Vec::new();
    let mut of_record = Vec::with_capacity(claims.len());
    let mut known: HashMap<Words, Id> = HashMap::new();
    for (at, claim) in claims.iter().enumerate() {
        let record = at as Id;
        let words = if claim.harms || alone.contains(&record) {
            None
        } else {
            stay_set_apart(claim, stays)
                .map(Words::Stay)
                .or_else(|| same_words(claim, book))
        };
        let next = members.len() as Id;
        let group = words.map_or(next, |words| *known.entry(words).or_insert(next));
        if group == next {
            members.push(Vec::new());
        }
        members[group as usize].push(record);
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
    let name = &book.names[claim.cyrillic.or(claim.latin)? as usize];
    let mut parts = [name.surname.skeleton, name.given.skeleton];
    parts.sort_unstable();
    Some(Words::Same {
        anchor: anchor(claim, book)?,
        birth: claim.birth?.into(),
        parts,
    })
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
