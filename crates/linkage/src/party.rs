//! What a group of records, taken for one person's, says of that person together.

use records::{
    country::Country,
    region::RegionCode,
    subject::{Birth, Sex, UnknownParts},
};

use crate::{
    book::{Book, Id},
    claim::{Claim, Crossed, DocumentUse},
    fact::{Fact, Value, What},
    number::NumberKind,
    tally::{Tally, fold, shared},
};

/// Joint evidence of a group. Made of claims and other parties; the order does not matter.
#[derive(Clone, Default)]
pub(crate) struct Party {
    /// Index of the record with the least key.
    pub least: Id,
    pub size: u32,
    /// Each once, sorted.
    facts: Box<[Fact]>,
    /// By number and day.
    pub documents: Box<[DocumentUse]>,
    /// By time.
    pub crossings: Box<[Crossed]>,
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
        Self::of_all([(record, claim.clone())], book)
    }

    /// What records say together.
    pub(crate) fn of_all(records: impl IntoIterator<Item = (Id, Claim)>, book: &Book) -> Self {
        let (mut facts, mut documents, mut crossings) = (Vec::new(), Vec::new(), Vec::new());
        let (mut least, mut size) = (Id::MAX, 0);
        for (record, claim) in records {
            least = least.min(record);
            size += 1;
            push_facts(&claim, book, &mut facts);
            documents.extend(claim.document);
            crossings.extend(claim.crossing);
        }
        fold(&mut facts);
        documents.sort();
        crossings.sort();
        Self {
            least,
            size,
            facts: facts.into(),
            documents: documents.into(),
            crossings: crossings.into(),
        }
    }

    pub(crate) fn absorb(&mut self, other: &Self) {
        self.least = self.least.min(other.least);
        self.size += other.size;
        let mut facts = [&*self.facts, &*other.facts].concat();
        fold(&mut facts);
        self.facts = facts.into();
        let mut documents = [&*self.documents, &*other.documents].concat();
        documents.sort();
        self.documents = documents.into();
        let mut crossings = [&*self.crossings, &*other.crossings].concat();
        crossings.sort();
        self.crossings = crossings.into();
    }

    pub(crate) fn latin(&self) -> Tally<'_, Id> {
        self.tally(What::Latin)
    }

    pub(crate) fn cyrillic(&self) -> Tally<'_, Id> {
        self.tally(What::Cyrillic)
    }

    /// The spelling given most often, in Cyrillic letters if there is one.
    pub(crate) fn name(&self) -> Option<Id> {
        self.cyrillic()
            .first_choice()
            .or_else(|| self.latin().first_choice())
    }

    pub(crate) fn births(&self) -> Tally<'_, BirthKey> {
        self.tally(What::Birth)
    }

    pub(crate) fn sexes(&self) -> Tally<'_, Sex> {
        self.tally(What::Sex)
    }

    pub(crate) fn sexes_by_form(&self) -> Tally<'_, Sex> {
        self.tally(What::SexByForm)
    }

    pub(crate) fn citizenships(&self) -> Tally<'_, Country> {
        self.tally(What::Citizenship)
    }

    pub(crate) fn birth_places(&self) -> Tally<'_, Id> {
        self.tally(What::BirthPlace)
    }

    pub(crate) fn hosts(&self) -> Tally<'_, Id> {
        self.tally(What::Host)
    }

    pub(crate) fn episodes(&self) -> Tally<'_, Id> {
        self.tally(What::Episode)
    }

    pub(crate) fn regions(&self) -> Tally<'_, RegionCode> {
        self.tally(What::Region)
    }

    /// All numbers, by kind and id.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = (NumberKind, Id)> + '_ {
        self.number_facts().iter().filter_map(number)
    }

    /// Numbers that the other side has too, by kind and id.
    pub(crate) fn shared_numbers<'a>(
        &'a self,
        other: &'a Self,
    ) -> impl Iterator<Item = (NumberKind, Id)> + 'a {
        shared(self.number_facts(), other.number_facts()).filter_map(|fact| number(&fact))
    }

    pub(crate) fn numbers_of(&self, kind: NumberKind) -> impl Iterator<Item = Id> + Clone + '_ {
        self.tally::<Id>(What::Number(kind)).values()
    }

    /// Whether it holds a number that stands for one certain person.
    pub(crate) fn is_anchored(&self) -> bool {
        self.numbers().any(|(kind, _)| kind.is_anchor())
    }

    pub(crate) fn has(&self, kind: NumberKind) -> bool {
        self.numbers_of(kind).next().is_some()
    }

    /// Nothing by which it could be compared.
    pub(crate) fn says_nothing(&self) -> bool {
        self.number_facts().is_empty()
            && (self.births().is_empty() || self.latin().is_empty() && self.cyrillic().is_empty())
    }

    fn tally<'a, T: Value + 'a>(&'a self, what: What) -> Tally<'a, T> {
        let from = self.facts.partition_point(|fact| fact.what() < what.code());
        let until = self.facts.partition_point(|fact| fact.what() <= what.code());
        Tally::new(&self.facts[from..until])
    }

    fn number_facts(&self) -> &[Fact] {
        let from = self.facts.partition_point(|fact| fact.what() < What::NUMBERS);
        &self.facts[from..]
    }
}

fn number(fact: &Fact) -> Option<(NumberKind, Id)> {
    let kind = NumberKind::ALL.get(usize::from(fact.what().checked_sub(What::NUMBERS)?))?;
    Some((*kind, fact.value()))
}

fn push_facts(claim: &Claim, book: &Book, into: &mut Vec<Fact>) {
    into.extend(claim.latin.map(|name| Fact::new(What::Latin, name)));
    into.extend(claim.cyrillic.map(|name| Fact::new(What::Cyrillic, name)));
    into.extend(
        claim
            .birth
            .map(|birth| Fact::new(What::Birth, BirthKey::from(birth))),
    );
    into.extend(claim.sex.map(|sex| Fact::new(What::Sex, sex)));
    into.extend(claim.sex_by_form.map(|sex| Fact::new(What::SexByForm, sex)));
    into.extend(
        claim
            .citizenship
            .map(|country| Fact::new(What::Citizenship, country)),
    );
    into.extend(claim.birth_place.map(|place| Fact::new(What::BirthPlace, place)));
    into.extend(claim.region.map(|region| Fact::new(What::Region, region)));
    into.extend(claim.hosts.iter().map(|host| Fact::new(What::Host, *host)));
    into.extend(
        claim
            .episodes
            .iter()
            .map(|episode| Fact::new(What::Episode, *episode)),
    );
    let numbers = claim.numbers.iter();
    into.extend(numbers.map(|id| Fact::new(What::Number(book.number_kind(*id)), *id)));
}
