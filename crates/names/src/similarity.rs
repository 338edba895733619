//! How alike two spellings are: the least price of the confusions and slips that lead from one to the other.
//!
//! A price of [`SLIP`] is one wrong, lost, added or displaced letter; sounds that clerks confuse cost less
//! (А/О, И/Ы/Е, О/У, Г/Х/К, Д/Т, В/Ф, Б/П, З/С, Ж/Ч/Ш).

use crate::sounds::{Sounds, is_vowel};

/// Price of one slip of the hand.
pub const SLIP: u32 = 10;

/// How alike, in grades. The order is from most to least alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    Same,
    /// One slip in a word long enough to bear it, or a few cheap confusions.
    Close,
    /// Two slips or so.
    Alike,
    Different,
}

/// A word longer than this is compared by its head: no name part is longer, and the work stays bounded.
const LENGTH_MAX: usize = 48;

/// Least price from one to the other: edit distance with neighbours swapped (optimal string alignment).
pub fn price(one: &Sounds, other: &Sounds) -> u32 {
    let (a, b) = (head(one), head(other));
    let width = b.len() + 1;
    // Three rows suffice: this one, the one before, and the one before that for a swap of neighbours.
    let mut before = [0_u32; LENGTH_MAX + 1];
    let mut above = [0_u32; LENGTH_MAX + 1];
    let mut row = [0_u32; LENGTH_MAX + 1];
    for j in 1..width {
        above[j] = above[j - 1] + lost(b[j - 1]);
    }
    for i in 1..=a.len() {
        row[0] = above[0] + lost(a[i - 1]);
        for j in 1..width {
            let mut best = (above[j - 1] + confused(a[i - 1], b[j - 1]))
                .min(above[j] + lost(a[i - 1]))
                .min(row[j - 1] + lost(b[j - 1]));
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(before[j - 2] + 8);
            }
            row[j] = best;
        }
        std::mem::swap(&mut before, &mut above);
        std::mem::swap(&mut above, &mut row);
    }
    above[width - 1]
}

/// Grade of likeness of two names or name parts. Two empty ones are the same.
pub fn grade(one: &Sounds, other: &Sounds) -> Grade {
    if one == other {
        return Grade::Same;
    }
    if one.is_empty() || other.is_empty() {
        return Grade::Different;
    }
    grade_of(price(one, other), one.len().max(other.len()))
}

fn grade_of(price: u32, length: usize) -> Grade {
    // lengths are bounded by LENGTH_MAX
    let length = length.min(LENGTH_MAX) as u32;
    if price == 0 {
        Grade::Same
    } else if price <= SLIP + 3 && price * 4 <= length * SLIP {
        Grade::Close
    } else if price <= 3 * SLIP && price * 5 <= length * SLIP * 2 {
        Grade::Alike
    } else {
        Grade::Different
    }
}

fn head(sounds: &Sounds) -> &[u8] {
    let bytes = sounds.as_bytes();
    &bytes[..bytes.len().min(LENGTH_MAX)]
}

/// Price of a sound that one side lacks. Й comes and goes before vowels, Г/Х at the beginning of Armenian names.
fn lost(sound: u8) -> u32 {
    match sound {
        b'i' | b'h' => 5,
        _ if is_vowel(sound) => 8,
        _ => SLIP,
    }
}

fn confused(one: u8, other: u8) -> u32 {
    if one == other {
        return 0;
    }
    match (one.min(other), one.max(other)) {
        (b'a', b'o') | (b'e', b'i') | (b'o', b'u') => 3,
        (b'a', b'e') => 4,
        (a, b) if is_vowel(a) && is_vowel(b) => 6,
        (b'g', b'k' | b'h') | (b'd', b't') | (b'f', b'v') | (b'b', b'p') | (b's', b'z') => 3,
        (b'h', b'k') | (b'C', b'J' | b'S') | (b'J', b'S') | (b'C', b'c') | (b'c', b's') => 4,
        // MRZ drops the marks of Ş, Ž and Ç; Serbian J is a glide.
        (b'S', b's') | (b'J', b'z') => 4,
        (b'C', b'k') | (b'b', b'v') | (b'u', b'v') | (b'c', b't') => 6,
        (b'J', b'i') => 6,
        _ => SLIP,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn grade_text(one: &str, other: &str) -> Grade {
        grade(&Sounds::of(one), &Sounds::of(other))
    }

    #[test]
    fn clerks_confusions_are_cheap() {
        for (one, other) in [
            ("Собиров", "Сабыров"),
            ("Рахимов", "Рохимов"),
            ("Ахметов", "Агметов"),
            ("Рустам", "RUSTOM"),
            ("Гусейнов", "HUSEYNOV"),
            ("Саркисян", "SARGSYAN"),
            ("Шахин", "SAHIN"),
            ("Козлов", "KAZLOU"),
        ] {
            assert_eq!(grade_text(one, other), Grade::Close, "{one} {other}");
        }
    }

    #[test]
    fn one_slip_needs_a_word_that_bears_it() {
        assert_eq!(grade_text("НУРЛАН", "НУРЛАГ"), Grade::Close);
        assert_eq!(grade_text("РАХИМОВ", "РХАИМОВ"), Grade::Close);
        assert_eq!(grade_text("LI", "LIU"), Grade::Alike.max(grade_text("LI", "LIU")));
        assert_eq!(grade_text("ЛИ", "МА"), Grade::Different);
    }

    #[test]
    fn other_names_are_different() {
        for (one, other) in [("Ислом", "Азиз"), ("Сабина", "Анар"), ("Каримов", "Юсупов")]
        {
            assert_eq!(grade_text(one, other), Grade::Different, "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn price_is_symmetric_and_zero_only_for_the_same(a in "[А-Я]{0,12}", b in "[A-Z]{0,12}") {
            let (a, b) = (Sounds::of(&a), Sounds::of(&b));
            prop_assert_eq!(price(&a, &b), price(&b, &a));
            prop_assert_eq!(price(&a, &b) == 0, a == b);
        }

        #[test]
        fn one_letter_lost_costs_at_most_one_slip(word in "[БВГДЗКЛМНПРСТ]{4,10}", at in 0_usize..4) {
            let mut shorter: Vec<char> = word.chars().collect();
            shorter.remove(at);
            let shorter: String = shorter.into_iter().collect();
            prop_assert!(price(&Sounds::of(&word), &Sounds::of(&shorter)) <= 2 * SLIP);
        }
    }
}
