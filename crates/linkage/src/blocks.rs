//! Which groups are worth comparing: those that share a key.
//!
//! Keys: each number; birth date with one name part; both name parts with the birth year, or with day and month.
//! Whatever single slip hits a record, one key is left that it does not touch.
//! Invariant: no block costs more than its bound; what is left uncompared is counted.

use rayon::prelude::*;
use records::identifier::{PersonInn, SocialNumber};

use crate::{
    assignment::BlockStatistics,
    book::{Book, Id},
    number::{Number, NumberKind, repairs},
    party::Party,
};

/// Pairs of groups, each once, the lesser first, sorted.
pub(crate) struct Candidates {
    pub pairs: Vec<(Id, Id)>,
    pub statistics: Vec<BlockStatistics>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tag {
    Number,
    BirthAndPart,
    BirthAndWhole,
    NamesAndYear,
    NamesAndDay,
}

const TAGS: [(Tag, &str); 5] = [
    (Tag::Number, "number"),
    (Tag::BirthAndPart, "birth date and a name part"),
    (Tag::BirthAndWhole, "birth date and the whole name"),
    (Tag::NamesAndYear, "both name parts and birth year"),
    (Tag::NamesAndDay, "both name parts, day and month"),
];

type Key = (Tag, Id, Id, Id);

/// In a block too large for all its pairs, each group is compared with so many next ones in the order of the further key.
const NEIGHBOURS: usize = 16;

pub(crate) fn candidates(parties: &[Party], book: &Book, block_max: usize) -> Candidates {
    let mut entries: Vec<(Key, Id)> = parties
        .par_iter()
        .enumerate()
        .flat_map_iter(|(at, party)| keys(party, book).into_iter().map(move |key| (key, at as Id)))
        .collect();
    entries.par_sort_unstable();
    entries.dedup();
    let blocks: Vec<&[(Key, Id)]> = entries
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|block| block.len() > 1)
        .collect();
    let mut pairs = Vec::new();
    let mut statistics = Vec::new();
    for (tag, name) in TAGS {
        let of_tag: Vec<&[(Key, Id)]> = blocks
            .iter()
            .copied()
            .filter(|block| block[0].0.0 == tag)
            .collect();
        let cut: Vec<Cut> = of_tag
            .par_iter()
            .map(|block| cut(block, parties, book, block_max))
            .collect();
        let before = pairs.len();
        for part in &cut {
            pairs.extend_from_slice(&part.pairs);
        }
        pairs.par_sort_unstable();
        pairs.dedup();
        statistics.push(BlockStatistics {
            key: name.to_owned(),
            blocks: of_tag.len() as u64,
            largest: of_tag.iter().map(|block| block.len()).max().unwrap_or(0) as u64,
            pairs: (pairs.len() - before) as u64,
            bounded: cut.iter().filter(|part| part.bounded).count() as u64,
            pairs_left_out: cut.iter().map(|part| part.left_out).sum(),
        });
    }
    Candidates { pairs, statistics }
}

#[derive(Default)]
struct Cut {
    pairs: Vec<(Id, Id)>,
    bounded: bool,
    left_out: u64,
}

fn cut(block: &[(Key, Id)], parties: &[Party], book: &Book, block_max: usize) -> Cut {
    let mut groups: Vec<Id> = block.iter().map(|(_, group)| *group).collect();
    let all = pair_count(groups.len());
    if groups.len() <= block_max {
        return Cut {
            pairs: each_with_each(&groups),
            ..Cut::default()
        };
    }
    groups.sort_by_key(|group| (further_key(&parties[*group as usize], book), *group));
    let mut pairs = Vec::new();
    for (at, &one) in groups.iter().enumerate() {
        for &other in groups[at + 1..].iter().take(NEIGHBOURS) {
            pairs.push((one.min(other), one.max(other)));
        }
    }
    let left_out = all - pairs.len() as u64;
    Cut {
        pairs,
        bounded: true,
        left_out,
    }
}

fn pair_count(groups: usize) -> u64 {
    let groups = groups as u64;
    groups * (groups - 1) / 2
}

fn each_with_each(groups: &[Id]) -> Vec<(Id, Id)> {
    let mut pairs = Vec::with_capacity(groups.len() * groups.len() / 2);
    for (at, &one) in groups.iter().enumerate() {
        for &other in &groups[at + 1..] {
            pairs.push((one.min(other), one.max(other)));
        }
    }
    pairs
}

/// Groups of one person come to stand side by side: name, then birth date, then document.
fn further_key(party: &Party, book: &Book) -> (Option<[Id; 2]>, Option<Id>, Option<Id>) {
    let name = party
        .cyrillic
        .first_choice()
        .or_else(|| party.latin.first_choice());
    let parts = name.map(|id| sorted_parts(book, id));
    let birth = party.births.first_choice().map(|key| date_code(key.date));
    (parts, birth, party.numbers_of(NumberKind::Document).next())
}

fn sorted_parts(book: &Book, name: Id) -> [Id; 2] {
    let name = &book.names[name as usize];
    let mut parts = [name.surname.skeleton, name.given.skeleton];
    parts.sort_unstable();
    parts
}

fn keys(party: &Party, book: &Book) -> Vec<Key> {
    let mut keys: Vec<Key> = party
        .numbers
        .values()
        .map(|(_, id)| (Tag::Number, id, 0, 0))
        .collect();
    keys.extend(repaired(party, book).map(|id| (Tag::Number, id, 0, 0)));
    let names = party.latin.values().chain(party.cyrillic.values());
    for name in names {
        let entry = &book.names[name as usize];
        let [least, greatest] = sorted_parts(book, name);
        for birth in party.births.values() {
            let date = date_code(birth.date);
            keys.push((Tag::BirthAndPart, date, least, 0));
            keys.push((Tag::BirthAndPart, date, greatest, 0));
            keys.push((Tag::BirthAndWhole, date, entry.whole.skeleton, 0));
            keys.push((Tag::NamesAndYear, least, greatest, year_code(birth.date)));
            if let Some(day) = day_code(birth.date) {
                keys.push((Tag::NamesAndDay, least, greatest, day));
            }
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Sound numbers in the book to which one slip leads from the doubtful ones of the group.
fn repaired<'a>(party: &'a Party, book: &'a Book) -> impl Iterator<Item = Id> + 'a {
    let of_kind = |doubtful, sound, repairs: fn(&str) -> Vec<String>| {
        party
            .numbers_of(doubtful)
            .flat_map(move |id| repairs(&book.numbers[id as usize].text))
            .filter_map(move |text| book.number_id(&Number { kind: sound, text }))
    };
    of_kind(
        NumberKind::DoubtfulSnils,
        NumberKind::Snils,
        repairs::<SocialNumber>,
    )
    .chain(of_kind(
        NumberKind::DoubtfulInn,
        NumberKind::Inn,
        repairs::<PersonInn>,
    ))
}

fn date_code(date: records::partial_date::PartialDate) -> Id {
    let part = |part: Option<i8>| Id::from(part.unwrap_or(0).unsigned_abs());
    (year_code(date) * 16 + part(date.month())) * 32 + part(date.day())
}

fn year_code(date: records::partial_date::PartialDate) -> Id {
    Id::from(date.year().unsigned_abs())
}

/// Day and month in either order, so that swapping them changes nothing.
fn day_code(date: records::partial_date::PartialDate) -> Option<Id> {
    let (month, day) = (
        Id::from(date.month()?.unsigned_abs()),
        Id::from(date.day()?.unsigned_abs()),
    );
    Some(month.min(day) * 32 + month.max(day))
}
