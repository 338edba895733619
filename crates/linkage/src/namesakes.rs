//! How common namesakes born on one day are in the data at hand, against people who took a new document.
//!
//! Two documents, one name and one birth date: a renewed passport or a namesake? Where both sides hold a number for life
//! the answer is known, and those cases tell how to weigh the ones where it is not. Learned without labels.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    book::{Book, Id},
    number::{NumberKind, one_slip_apart},
    party::{BirthKey, Party},
    people::People,
    weight::Weight,
};

/// Counts assumed before any are seen: of 65 such pairs one is of namesakes.
const RENEWED_ASSUMED: f64 = 64.0;
const NAMESAKES_ASSUMED: f64 = 1.0;

/// Namesakes with known numbers that are compared each with each; of more the share is clear anyway.
const NAMESAKES_MAX: usize = 64;

/// What a guessed person's groups say together, as far as it matters here.
#[derive(Default)]
struct Person {
    documents: BTreeMap<Id, u32>,
    inn: Option<Id>,
    snils: Option<Id>,
}

impl Person {
    fn has_lifelong(&self) -> bool {
        self.inn.is_some() || self.snils.is_some()
    }

    fn differs(&self, other: &Self) -> bool {
        let differ = |a: Option<Id>, b: Option<Id>| a.is_some() && b.is_some() && a != b;
        differ(self.inn, other.inn) || differ(self.snils, other.snils)
    }

    /// Two documents used twice or more, neither a slip of the other.
    fn has_renewed(&self, book: &Book) -> bool {
        let used: Vec<&[u8]> = self
            .documents
            .iter()
            .filter(|(_, uses)| **uses > 1)
            .map(|(id, _)| book.number_text(*id))
            .collect();
        used.iter()
            .enumerate()
            .any(|(at, one)| used[at + 1..].iter().any(|other| !one_slip_apart(one, other)))
    }
}

/// Odds that two documents under one name and birth date are one person's.
pub(crate) fn odds(groups: &[Party], people: &People, book: &Book) -> Weight {
    let mut persons: BTreeMap<Id, Person> = BTreeMap::new();
    for (group, root) in groups.iter().zip(&people.roots) {
        let person = persons.entry(*root).or_default();
        person.inn = person.inn.or_else(|| group.numbers_of(NumberKind::Inn).next());
        person.snils = person
            .snils
            .or_else(|| group.numbers_of(NumberKind::Snils).next());
        for document in &*group.documents {
            *person.documents.entry(document.number).or_default() += 1;
        }
    }
    persons.retain(|_, person| !person.documents.is_empty());
    let all = persons.len().max(1) as f64;
    let known = persons.values().filter(|person| person.has_lifelong()).count() as f64;
    let renewed = persons
        .values()
        .filter(|person| person.has_lifelong() && person.has_renewed(book))
        .count();
    // Of a namesake pair both must have a number to be seen, of a renewal one: hence the correction.
    let seen = namesakes(groups, people, &persons, book) as f64;
    let namesakes = seen * all / known.max(1.0);
    Weight::bits(((renewed as f64 + RENEWED_ASSUMED) / (namesakes + NAMESAKES_ASSUMED)).log2())
}

/// Pairs of persons of one name and birth date whose numbers prove them two.
fn namesakes(groups: &[Party], people: &People, persons: &BTreeMap<Id, Person>, book: &Book) -> usize {
    let mut by_name: BTreeMap<(BirthKey, [Id; 2]), BTreeSet<Id>> = BTreeMap::new();
    for &head in &people.heads {
        let group = &groups[head as usize];
        let root = people.roots[head as usize];
        if let (Some(name), Some(birth)) = (group.name(), group.births().first_choice())
            && persons.get(&root).is_some_and(Person::has_lifelong)
        {
            let parts = book.sorted_parts(name);
            by_name.entry((birth, parts)).or_default().insert(root);
        }
    }
    let pairs = |roots: &BTreeSet<Id>| {
        let persons: Vec<&Person> = roots
            .iter()
            .take(NAMESAKES_MAX)
            .filter_map(|root| persons.get(root))
            .collect();
        let each = persons.iter().enumerate();
        each.map(|(at, one)| {
            persons[at + 1..]
                .iter()
                .filter(|other| one.differs(other))
                .count()
        })
        .sum::<usize>()
    };
    by_name.values().map(pairs).sum()
}
