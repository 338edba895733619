//! What a group of records, taken for one person's, says of that person together.

use records::{
    country::Country,
    region::RegionCode,
    subject::{Birth, Sex, UnknownParts},
};

use crate::{
    book::{Book, Id},
    claim::{Claim, Crossed, DocumentUse},
    number::NumberKind,
    tally::Tally,
};

/// Joint evidence of a group. Made by absorbing claims and other parties; the order does not matter.
#[derive(Clone, Default)]
pub(crate) struct Party {
    /// Index of the record with the least key.
    pub least: Id,
    pub size: u32,
    pub latin: Tally<Id>,
    pub cyrillic: Tally<Id>,
    pub births: Tally<BirthKey>,
    pub sexes: Tally<Sex>,
    pub sexes_by_form: Tally<Sex>,
    pub citizenships: Tally<Country>,
    pub birth_places: Tally<Id>,
    /// By kind and id.
    pub numbers: Tally<(NumberKind, Id)>,
    /// By number and day.
    pub documents: Vec<DocumentUse>,
    /// By time.
    pub crossings: Vec<Crossed>,
    pub hosts: Tally<Id>,
    pub episodes: Tally<Id>,
    pub regions: Tally<RegionCode>,
}

/// A birth date that sorts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BirthKey {
    pub date: records::partial_date::PartialDate,
    pub as_one: bool,
}

impl From<Birth> for BirthKey {
    fn from(birth: Birth) -> Self {
        Self {
            date: birth.date,
            as_one: birth.unknown_parts == UnknownParts::WrittenAsOne,
        }
    }
}

impl From<BirthKey> for Birth {
    fn from(key: BirthKey) -> Self {
        let unknown_parts = if key.as_one {
            UnknownParts::WrittenAsOne
        } else {
            UnknownParts::Kept
        };
        Self {
            date: key.date,
            unknown_parts,
        }
    }
}

impl Party {
    pub(crate) fn of(record: Id, claim: &Claim, book: &Book) -> Self {
        let numbers = claim
            .numbers
            .iter()
            .map(|&id| (book.numbers[id as usize].kind, id))
            .collect();
        Self {
            least: record,
            size: 1,
            latin: Tally::of(claim.latin),
            cyrillic: Tally::of(claim.cyrillic),
            births: Tally::of(claim.birth.map(BirthKey::from)),
            sexes: Tally::of(claim.sex),
            sexes_by_form: Tally::of(claim.sex_by_form),
            citizenships: Tally::of(claim.citizenship),
            birth_places: Tally::of(claim.birth_place),
            numbers,
            documents: claim.document.into_iter().collect(),
            crossings: claim.crossing.into_iter().collect(),
            hosts: claim.hosts.iter().copied().collect(),
            episodes: claim.episodes.iter().copied().collect(),
            regions: Tally::of(claim.region),
        }
    }

    pub(crate) fn absorb(&mut self, other: &Self) {
        self.least = self.least.min(other.least);
        self.size += other.size;
        self.latin.absorb(&other.latin);
        self.cyrillic.absorb(&other.cyrillic);
        self.births.absorb(&other.births);
        self.sexes.absorb(&other.sexes);
        self.sexes_by_form.absorb(&other.sexes_by_form);
        self.citizenships.absorb(&other.citizenships);
        self.birth_places.absorb(&other.birth_places);
        self.numbers.absorb(&other.numbers);
        self.hosts.absorb(&other.hosts);
        self.episodes.absorb(&other.episodes);
        self.regions.absorb(&other.regions);
        self.documents.extend_from_slice(&other.documents);
        self.documents.sort();
        self.crossings.extend_from_slice(&other.crossings);
        self.crossings.sort();
    }

    pub(crate) fn numbers_of(&self, kind: NumberKind) -> impl Iterator<Item = Id> + '_ {
        self.numbers
            .values()
            .filter(move |(have, _)| *have == kind)
            .map(|(_, id)| id)
    }

    /// Whether it holds a number that stands for one certain person.
    pub(crate) fn is_anchored(&self) -> bool {
        self.numbers.values().any(|(kind, _)| kind.is_anchor())
    }

    pub(crate) fn has(&self, kind: NumberKind) -> bool {
        self.numbers_of(kind).next().is_some()
    }
}
