//! Documents of two groups: the same, one slip apart, one the renewal of the other, or two persons'.
//!
//! Passports run ten years, some five; a new one is taken when the old one is about to end, or soon after, and is used
//! only once it is issued. Two strangers' passports know nothing of each other.

use std::collections::BTreeMap;

use records::{
    Day,
    calendar::{add_months, add_years},
    country::Country,
};

use crate::{
    book::{Book, Id},
    claim::DocumentUse,
    evidence::{Evidence, Field, Level},
    number::{NumberKind, one_slip_apart},
    party::Party,
    weight::Weight,
};

/// The same digits, but issued by two states, whose numbers run independently.
const SHARED_DIGITS: Weight = Weight::whole(8);
const ONE_SLIP: Weight = Weight::whole(10);
/// Nine in ten renewals follow the end of the old document so closely; of strangers' documents one in five pairs.
const RENEWED: Weight = Weight::whole(2);
const UNORDERED: Weight = Weight::whole(-5);
/// A fifth of people take a new document within three years; two strangers always have different ones.
pub(crate) const OTHER: Weight = Weight::whole(-2);

/// How long before the old document ends, and after, a new one is taken.
const RENEWED_BEFORE_MONTHS: i32 = -24;
const RENEWED_AFTER_MONTHS: i32 = 18;
const VALIDITIES_YEARS: [i32; 2] = [10, 5];

/// How many numbers of a group are compared with each other for slips.
const NUMBERS_MAX: usize = 16;

pub(crate) fn compare(one: &Party, other: &Party, book: &Book) -> Option<Evidence> {
    let (ones, others) = (numbers(one), numbers(other));
    if ones.is_empty() || others.is_empty() {
        return None;
    }
    let (level, weight) = if let Some(shared) = ones.iter().find(|id| others.contains(id)) {
        if issued_by_one_state(one, other, *shared) {
            (Level::Equal, NumberKind::Document.shared())
        } else {
            (Level::Alike, SHARED_DIGITS)
        }
    } else if any_slip(&ones, &others, book) {
        (Level::Slip, ONE_SLIP)
    } else {
        succession(one, other)
    };
    Some(Evidence {
        field: Field::Document,
        level,
        weight,
    })
}

fn numbers(party: &Party) -> Vec<Id> {
    party.numbers_of(NumberKind::Document).take(NUMBERS_MAX).collect()
}

fn any_slip(ones: &[Id], others: &[Id], book: &Book) -> bool {
    let text = |id: &Id| book.number_text(*id);
    ones.iter()
        .any(|a| others.iter().any(|b| one_slip_apart(text(a), text(b))))
}

fn issued_by_one_state(one: &Party, other: &Party, number: Id) -> bool {
    let states = |party: &Party| {
        let mut states: Vec<Country> = party
            .documents
            .iter()
            .filter(|document| document.number == number)
            .filter_map(|document| document.issuer)
            .collect();
        if states.is_empty() {
            states.extend(party.citizenships().values());
        }
        states
    };
    let (ones, others) = (states(one), states(other));
    ones.is_empty() || others.is_empty() || ones.iter().any(|state| others.contains(state))
}

/// The life of a document as far as its uses show it.
#[derive(Clone, Copy)]
struct Life {
    first: Day,
    last: Day,
    expires: Option<Day>,
    uses: u32,
}

fn lives(documents: &[DocumentUse]) -> Vec<Life> {
    let mut lives: BTreeMap<Id, Life> = BTreeMap::new();
    let mut ends: BTreeMap<(Id, Day), u32> = BTreeMap::new();
    for document in documents {
        let life = lives.entry(document.number).or_insert(Life {
            first: document.on,
            last: document.on,
            expires: None,
            uses: 0,
        });
        life.first = life.first.min(document.on);
        life.last = life.last.max(document.on);
        life.uses += 1;
        if let Some(expires) = document.expires {
            *ends.entry((document.number, expires)).or_default() += 1;
        }
    }
    for (number, life) in &mut lives {
        life.expires = ends
            .iter()
            .filter(|((of, _), _)| of == number)
            .max_by_key(|((_, day), count)| (**count, std::cmp::Reverse(*day)))
            .map(|((_, day), _)| *day);
    }
    lives.into_values().collect()
}

fn succession(one: &Party, other: &Party) -> (Level, Weight) {
    let main = |documents| lives(documents).into_iter().max_by_key(|life| life.uses);
    let (Some(a), Some(b)) = (main(&one.documents), main(&other.documents)) else {
        return (Level::OtherDocument, OTHER);
    };
    if renews(a, b) || renews(b, a) {
        (Level::Renewed, RENEWED)
    } else if a.expires.is_some() && b.expires.is_some() {
        (Level::Unordered, UNORDERED)
    } else {
        (Level::OtherDocument, OTHER)
    }
}

/// Whether `new` was issued when `old` came to its end, and was used only then.
fn renews(old: Life, new: Life) -> bool {
    let slack = add_months(new.first, 1).unwrap_or(new.first);
    let Some(expires) = new.expires else {
        // When it was issued is unknown, so its first use stands in; the old one must have rested since.
        return old.expires.is_some_and(|end| about(end, new.first)) && old.last < new.first;
    };
    VALIDITIES_YEARS.iter().any(|years| {
        let Ok(issued) = add_years(expires, -years) else {
            return false;
        };
        let about_its_end = match old.expires {
            Some(end) => about(end, issued),
            None => old.first < issued && old.last < new.last,
        };
        about_its_end && issued <= slack && old.first <= slack
    })
}

fn about(end: Day, issued: Day) -> bool {
    let from = add_months(end, RENEWED_BEFORE_MONTHS);
    let until = add_months(end, RENEWED_AFTER_MONTHS);
    from.is_ok_and(|from| from <= issued) && until.is_ok_and(|until| issued <= until)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn life(first: Day, last: Day, expires: Option<Day>) -> Life {
        Life {
            first,
            last,
            expires,
            uses: 3,
        }
    }

    #[test]
    fn a_new_passport_is_issued_when_the_old_one_ends_and_used_after() {
        let old = life(date(2022, 1, 5), date(2024, 3, 1), Some(date(2024, 6, 1)));
        let new = life(date(2024, 3, 20), date(2025, 9, 1), Some(date(2034, 2, 25)));
        assert!(renews(old, new) && !renews(new, old));
        let five_years = life(date(2024, 3, 20), date(2025, 9, 1), Some(date(2029, 2, 25)));
        assert!(renews(old, five_years));
        let unknown_end = life(date(2024, 3, 20), date(2025, 9, 1), None);
        assert!(renews(old, unknown_end));
    }

    #[test]
    fn two_passports_that_run_beside_each_other_are_no_renewal() {
        let one = life(date(2022, 1, 5), date(2025, 3, 1), Some(date(2029, 6, 1)));
        let other = life(date(2022, 4, 5), date(2025, 5, 1), Some(date(2031, 2, 25)));
        assert!(!renews(one, other) && !renews(other, one));
        let before_issue = life(date(2022, 4, 5), date(2025, 5, 1), Some(date(2034, 2, 25)));
        assert!(!renews(
            life(date(2022, 1, 5), date(2025, 3, 1), Some(date(2024, 6, 1))),
            before_issue
        ));
    }
}
