//! Which groups are worth comparing: those that share a key.
//!
//! Keys: each number; birth date with one name part; both name parts with the birth year, or with day and month.
//! Whatever single slip hits a record, one key is left that it does not touch.
//! Invariant: no block costs more than its bound; what is left uncompared is counted.

use rayon::prelude::*;
use records::{
    identifier::{PersonInn, SocialNumber},
    partial_date::PartialDate,
};

use crate::{
    assignment::BlockStatistics,
    book::{Book, Id},
    number::{NumberKind, repairs},
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

/// What the groups of a block share, by its tag; places that a tag does not need are zero.
type Key = [Id; 3];

/// In a block too large for all its pairs, each group is compared with so many next ones in the order of the further key.
const NEIGHBOURS: usize = 16;

pub(crate) fn candidates(parties: &[Party], book: &Book, block_max: usize) -> Candidates {
    let mut candidates = Candidates {
        pairs: Vec::new(),
        statistics: Vec::new(),
    };
    // one tag after the other: the entries of all of them at once would be the largest thing in memory
    for (tag, name) in TAGS {
        let statistics = candidates.take(tag, parties, book, block_max);
        candidates.statistics.push(BlockStatistics {
            key: name.to_owned(),
            ..statistics
        });
    }
    candidates
}

impl Candidates {
    /// Adds the pairs of one tag.
    fn take(&mut self, tag: Tag, parties: &[Party], book: &Book, block_max: usize) -> BlockStatistics {
        let mut entries: Vec<(Key, Id)> = parties
            .par_iter()
            .enumerate()
            .flat_map_iter(|(at, party)| keys(tag, party, book).into_iter().map(move |key| (key, at as Id)))
            .collect();
        entries.par_sort_unstable();
        let blocks: Vec<&[(Key, Id)]> = entries
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|block| block.len() > 1)
            .collect();
        let mut statistics = BlockStatistics {
            blocks: blocks.len() as u64,
            largest: blocks.iter().map(|block| block.len()).max().unwrap_or(0) as u64,
            ..BlockStatistics::default()
        };
        let mut found: Vec<(Id, Id)> = Vec::new();
        for blocks in blocks.chunks(BLOCKS_AT_ONCE) {
            let cut: Vec<Cut> = blocks
                .par_iter()
                .map(|block| cut(block, parties, book, block_max))
                .collect();
            for part in cut {
                statistics.bounded += u64::from(part.bounded);
                statistics.pairs_left_out += part.left_out;
                let known = &self.pairs;
                found.extend(
                    part.pairs
                        .into_iter()
                        .filter(|pair| known.binary_search(pair).is_err()),
                );
            }
        }
        drop(entries);
        found.par_sort_unstable();
        found.dedup();
        statistics.pairs = found.len() as u64;
        self.pairs.append(&mut found);
        self.pairs.par_sort_unstable();
        statistics
    }
}

/// Blocks whose pairs are held before they are looked through for those that another key has brought.
const BLOCKS_AT_ONCE: usize = 100_000;

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
    let parts = party.name().map(|id| book.sorted_parts(id));
    let birth = party.births().first_choice().map(|key| date_code(key.date));
    (parts, birth, party.numbers_of(NumberKind::Document).next())
}

/// Each once.
fn keys(tag: Tag, party: &Party, book: &Book) -> Vec<Key> {
    let mut keys: Vec<Key> = if tag == Tag::Number {
        let numbers = party.numbers().map(|(_, id)| id);
        numbers
            .chain(repaired(party, book))
            .map(|id| [id, 0, 0])
            .collect()
    } else {
        let names = party.latin().values().chain(party.cyrillic().values());
        names
            .flat_map(|name| party.births().values().map(move |birth| (name, birth.date)))
            .flat_map(|(name, birth)| named_keys(tag, name, birth, book))
            .flatten()
            .collect()
    };
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn named_keys(tag: Tag, name: Id, birth: PartialDate, book: &Book) -> [Option<Key>; 2] {
    let [least, greatest] = book.sorted_parts(name);
    let date = date_code(birth);
    match tag {
        Tag::Number => [None; 2],
        Tag::BirthAndPart => [Some([date, least, 0]), Some([date, greatest, 0])],
        Tag::BirthAndWhole => [Some([date, book.whole(name), 0]), None],
        Tag::NamesAndYear => [Some([least, greatest, year_code(birth)]), None],
        Tag::NamesAndDay => [day_code(birth).map(|day| [least, greatest, day]), None],
    }
}

/// Sound numbers in the book to which one slip leads from the doubtful ones of the group.
fn repaired<'a>(party: &'a Party, book: &'a Book) -> impl Iterator<Item = Id> + 'a {
    let of_kind = |doubtful, sound, repairs: fn(&[u8]) -> Vec<String>| {
        party
            .numbers_of(doubtful)
            .flat_map(move |id| repairs(book.number_text(id)))
            .filter_map(move |text| book.number_id(sound, &text))
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

fn date_code(date: PartialDate) -> Id {
    let part = |part: Option<i8>| Id::from(part.unwrap_or(0).unsigned_abs());
    (year_code(date) * 16 + part(date.month())) * 32 + part(date.day())
}

fn year_code(date: PartialDate) -> Id {
    Id::from(date.year().unsigned_abs())
}

/// Day and month in either order, so that swapping them changes nothing.
fn day_code(date: PartialDate) -> Option<Id> {
    let (month, day) = (
        Id::from(date.month()?.unsigned_abs()),
        Id::from(date.day()?.unsigned_abs()),
    );
    Some(month.min(day) * 32 + month.max(day))
}
