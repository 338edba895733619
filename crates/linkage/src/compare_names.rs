//! Comparing names: part by part, in each other's place, or cut into words in another way.

use names::{
    equivalents::are_equivalent,
    similarity::{Grade, grade},
};
use records::country::Country;

use crate::{
    book::{Book, Id, NameEntry, Part},
    evidence::{Evidence, Field, Level, total},
    model::{Model, PartKind, odds, weigh},
    party::Party,
    tally::Tally,
    weight::Weight,
};

/// Spellings of a group that are compared; the rarest of more are slips that its common ones outweigh.
const SPELLINGS_MAX: usize = 6;

/// Evidence of surname and given name between two groups, in the script that both have, and of the father's name.
pub(crate) fn compare(one: &Party, other: &Party, model: &Model, book: &Book) -> Vec<Evidence> {
    let country = shared_country(one, other);
    let names = Names { model, book, country };
    let same_script = [(one.latin(), other.latin()), (one.cyrillic(), other.cyrillic())];
    let across = [(one.latin(), other.cyrillic()), (one.cyrillic(), other.latin())];
    let best = names.best_of(&same_script).or_else(|| names.best_of(&across));
    let mut evidence = best.unwrap_or_default();
    evidence.extend(names.fathers(one, other));
    evidence
}

fn shared_country(one: &Party, other: &Party) -> Option<Country> {
    one.citizenships().shares_with(other.citizenships()).next()
}

struct Names<'a> {
    model: &'a Model,
    book: &'a Book,
    country: Option<Country>,
}

impl Names<'_> {
    fn best_of(&self, pairs: &[(Tally<'_, Id>, Tally<'_, Id>)]) -> Option<Vec<Evidence>> {
        pairs
            .iter()
            .filter(|(a, b)| !a.is_empty() && !b.is_empty())
            .map(|(a, b)| self.best(*a, *b))
            .max_by_key(|evidence| total(evidence))
    }

    fn best(&self, one: Tally<'_, Id>, other: Tally<'_, Id>) -> Vec<Evidence> {
        let shared: Vec<Id> = one.shares_with(other).take(SPELLINGS_MAX).collect();
        let best = |pairs: &mut dyn Iterator<Item = (Id, Id)>| {
            pairs
                .map(|(a, b)| self.pair(self.book.name(a), self.book.name(b)))
                .max_by_key(|evidence| total(evidence))
        };
        if !shared.is_empty() {
            return best(&mut shared.into_iter().map(|id| (id, id))).unwrap_or_default();
        }
        let (ones, others) = (
            one.most_frequent(SPELLINGS_MAX),
            other.most_frequent(SPELLINGS_MAX),
        );
        best(&mut ones.iter().flat_map(|&a| others.iter().map(move |&b| (a, b)))).unwrap_or_default()
    }

    /// The reading that explains two spellings best.
    fn pair(&self, one: &NameEntry, other: &NameEntry) -> Vec<Evidence> {
        let straight = vec![
            self.part(PartKind::Surname, one.surname, other.surname),
            self.part(PartKind::Given, one.given, other.given),
        ];
        if straight
            .iter()
            .all(|step| matches!(step.level, Level::SameSound | Level::Close))
        {
            return straight;
        }
        [
            Some(straight),
            self.swapped(one, other),
            self.rearranged(one, other),
        ]
        .into_iter()
        .flatten()
        .max_by_key(|evidence| total(evidence))
        .unwrap_or_default()
    }

    fn part(&self, kind: PartKind, one: Part, other: Part) -> Evidence {
        let field = field(kind);
        let [ones, others] = [one, other].map(|part| self.book.sounds(part));
        if ones.is_empty() || others.is_empty() {
            return Evidence {
                field,
                level: Level::Partial,
                weight: Weight::ZERO,
            };
        }
        let likeness = grade(ones, others);
        let likeness = if likeness > Grade::Close && self.is_one_name(kind, one, other) {
            Grade::Close
        } else {
            likeness
        };
        let (level, weight) = match likeness {
            Grade::Same => (
                Level::SameSound,
                weigh(odds::NAME_SAME, self.model.sound_share(kind, one, self.country)),
            ),
            Grade::Close => (
                Level::Close,
                weigh(odds::NAME_CLOSE, self.close_share(kind, one, other)),
            ),
            Grade::Alike => (Level::Alike, weigh(odds::NAME_ALIKE, odds::STRANGER_ALIKE)),
            Grade::Different => (Level::Different, weigh(other_share(kind), 1.0)),
        };
        Evidence { field, level, weight }
    }

    /// Whether two unlike spellings are one name all the same: by the table of equivalents, or because records that give
    /// both scripts pair them.
    fn is_one_name(&self, kind: PartKind, one: Part, other: Part) -> bool {
        kind == PartKind::Given && are_equivalent(self.book.sounds(one), self.book.sounds(other))
            || self.model.are_paired(kind, one, other)
    }

    /// Chance that a stranger's name is as close as this: at least that it has the same key.
    fn close_share(&self, kind: PartKind, one: Part, other: Part) -> f64 {
        let share = |part: Part| self.model.skeleton_share(kind, part, self.country);
        odds::STRANGER_CLOSE + share(one).max(share(other))
    }

    /// Surname in the place of the given name and the other way round; a person of one name has no other place.
    fn swapped(&self, one: &NameEntry, other: &NameEntry) -> Option<Vec<Evidence>> {
        let parts = [one.surname, one.given, other.surname, other.given];
        if parts.into_iter().any(|part| self.book.sounds(part).is_empty()) {
            return None;
        }
        let close = |a: Part, b: Part| grade(self.book.sounds(a), self.book.sounds(b)) <= Grade::Close;
        if !close(one.surname, other.given) || !close(one.given, other.surname) {
            return None;
        }
        let step = |field, a: Part, b: Part| Evidence {
            field,
            level: Level::Swapped,
            weight: self.swapped_weight(a, b),
        };
        let mut evidence = vec![
            step(Field::Surname, one.surname, other.given),
            step(Field::GivenName, one.given, other.surname),
        ];
        evidence[1].weight += weigh(odds::NAME_SWAPPED, 1.0);
        Some(evidence)
    }

    /// A name out of its place is as common as it is in its own place, and which that is nobody says.
    fn swapped_weight(&self, one: Part, other: Part) -> Weight {
        let as_kind = |kind| self.part(kind, one, other).weight;
        as_kind(PartKind::Surname).min(as_kind(PartKind::Given))
    }

    /// The same letters in the same order, cut into words in another way.
    fn rearranged(&self, one: &NameEntry, other: &NameEntry) -> Option<Vec<Evidence>> {
        let joined = |first, second| self.book.sounds(first).then(self.book.sounds(second));
        let whole = joined(one.surname, one.given);
        let straight = grade(&whole, &joined(other.surname, other.given));
        let turned = || grade(&whole, &joined(other.given, other.surname));
        if straight.min(turned()) > Grade::Close {
            return None;
        }
        // The cut that a source made tells how rare the parts are.
        let known = if one.guessed { other } else { one };
        let worth = |kind, part: Part| {
            if self.book.sounds(part).is_empty() {
                Weight::ZERO
            } else {
                weigh(
                    odds::NAME_CLOSE,
                    odds::STRANGER_CLOSE + self.model.skeleton_share(kind, part, self.country),
                )
            }
        };
        let step = |field, weight| Evidence {
            field,
            level: Level::Rearranged,
            weight,
        };
        let guessed = one.guessed || other.guessed;
        let price = if guessed {
            Weight::ZERO
        } else {
            weigh(odds::NAME_SWAPPED, 1.0)
        };
        Some(vec![
            step(Field::Surname, worth(PartKind::Surname, known.surname)),
            step(Field::GivenName, worth(PartKind::Given, known.given) + price),
        ])
    }

    fn fathers(&self, one: &Party, other: &Party) -> Option<Evidence> {
        let ones = self.fathers_of(one);
        let others = self.fathers_of(other);
        let best = ones
            .iter()
            .flat_map(|a| others.iter().map(move |b| (*a, *b)))
            .map(|(a, b)| (grade(self.book.sounds(a), self.book.sounds(b)), a, b))
            .min_by_key(|(grade, ..)| *grade)?;
        let kind = PartKind::Father;
        let (level, weight) = match best {
            (Grade::Same, a, _) => (
                Level::SameSound,
                weigh(
                    odds::NAME_SAME,
                    self.model.sound_share(PartKind::Given, a, self.country),
                ),
            ),
            (Grade::Close, a, b) => (
                Level::Close,
                weigh(odds::NAME_CLOSE, self.close_share(PartKind::Given, a, b)),
            ),
            // A patronymic keeps less of the father's name than a given name does of itself.
            (Grade::Alike, ..) => (Level::Alike, Weight::ZERO),
            (Grade::Different, ..) => (Level::Different, weigh(other_share(kind), 1.0)),
        };
        Some(Evidence {
            field: field(kind),
            level,
            weight,
        })
    }

    fn fathers_of(&self, party: &Party) -> Vec<Part> {
        let spellings = party.cyrillic().most_frequent(SPELLINGS_MAX);
        let spellings = spellings
            .into_iter()
            .chain(party.latin().most_frequent(SPELLINGS_MAX));
        let mut fathers: Vec<Part> = spellings
            .map(|id| self.book.name(id).father)
            .filter(|part| !self.book.sounds(*part).is_empty())
            .collect();
        fathers.sort_by_key(|part| self.book.sounds(*part));
        fathers.dedup();
        fathers
    }
}

fn field(kind: PartKind) -> Field {
    match kind {
        PartKind::Surname => Field::Surname,
        PartKind::Given => Field::GivenName,
        PartKind::Father => Field::Patronymic,
    }
}

fn other_share(kind: PartKind) -> f64 {
    match kind {
        PartKind::Surname => odds::SURNAME_OTHER,
        PartKind::Given => odds::GIVEN_OTHER,
        PartKind::Father => odds::FATHER_OTHER,
    }
}
