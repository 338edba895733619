//! How two stated values differ: another spelling, a slip, or a conflict.
//!
//! Cheap and without dictionaries: it sorts what an official should look at first, it never decides who is who
//! (that is `linkage`, with `names`).

use records::{
    partial_date::PartialDate,
    subject::{Birth, Name, UnknownParts},
};

use crate::field::Difference;

/// Whether one insertion, deletion, substitution or swap of neighbours turns `a` into `b`.
pub(crate) fn one_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    if a == b || long.len() - short.len() > 1 {
        return false;
    }
    let head = short.iter().zip(long).take_while(|(x, y)| x == y).count();
    let tail = short[head..]
        .iter()
        .rev()
        .zip(long[head..].iter().rev())
        .take_while(|(x, y)| x == y)
        .count();
    let (left_short, left_long) = (&short[head..short.len() - tail], &long[head..long.len() - tail]);
    match (left_short, left_long) {
        ([], [_]) | ([_], [_]) => true,
        ([w, x], [y, z]) => w == z && x == y,
        _ => false,
    }
}

pub(crate) fn between_names(chosen: &Name, other: &Name) -> Difference {
    let (a, b) = (words(chosen), words(other));
    let (mut sorted_a, mut sorted_b) = (a.clone(), b.clone());
    sorted_a.sort_unstable();
    sorted_b.sort_unstable();
    if sorted_a == sorted_b || a.concat() == b.concat() {
        return Difference::Spelling;
    }
    if sorted_a.iter().all(|word| sorted_b.contains(word))
        || sorted_b.iter().all(|word| sorted_a.contains(word))
    {
        return Difference::LessPrecise;
    }
    if pairs_up(&a, &b) || pairs_up(&sorted_a, &sorted_b) {
        Difference::Slip
    } else {
        Difference::Conflict
    }
}

/// Each word has its like in the other name, at most a slip away; words without a partner (a patronymic that one
/// of them lacks) do not count, two at least must agree or slip.
fn pairs_up(a: &[String], b: &[String]) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    !short.is_empty()
        && short
            .iter()
            .all(|x| long.iter().any(|y| x == y || one_slip(x, y)))
}

/// The words of a name without case, Ё, hyphens and the many endings of one patronymic.
fn words(name: &Name) -> Vec<String> {
    let parts = [
        Some(&name.surname),
        Some(&name.given),
        name.patronymic.as_ref(),
        name.unsplit.as_ref(),
    ];
    parts
        .into_iter()
        .flatten()
        .flat_map(|part| part.split(|c: char| c.is_whitespace() || matches!(c, '-' | '\'' | '’' | '`')))
        .map(|word| word.to_lowercase().replace('ё', "е"))
        .filter(|word| !word.is_empty() && !PATRONYMIC_WORDS.contains(&word.as_str()))
        .map(|word| patronymic_stem(&word).to_owned())
        .collect()
}

/// Words that only mark a patronymic: `Нурали кизи`, `ALI QIZI`.
const PATRONYMIC_WORDS: [&str; 12] = [
    "угли", "ўғли", "оглы", "огли", "кизи", "кызы", "гызы", "улы", "уулу", "oglu", "ogli", "qizi",
];

const PATRONYMIC_ENDINGS: [&str; 4] = ["ович", "евич", "овна", "евна"];

fn patronymic_stem(word: &str) -> &str {
    PATRONYMIC_ENDINGS
        .iter()
        .find_map(|ending| word.strip_suffix(ending))
        .filter(|stem| !stem.is_empty())
        .unwrap_or(word)
}

pub(crate) fn between_births(chosen: &PartialDate, other: &PartialDate) -> Difference {
    if chosen.may_equal(other) {
        return Difference::LessPrecise;
    }
    let (a, b) = (parts(chosen), parts(other));
    let differing = [a.0 != b.0, a.1 != b.1, a.2 != b.2]
        .into_iter()
        .filter(|&x| x)
        .count();
    let swapped = a.0 == b.0 && a.1 == b.2 && a.2 == b.1;
    let text = one_slip(&chosen.to_string(), &other.to_string());
    let unknown_as_one = [chosen, other]
        .iter()
        .any(|date| date.month() == Some(1) && date.day() == Some(1));
    let ten_years = a.0.abs_diff(b.0) == 10 && differing == 1;
    if swapped || text || ten_years || (a.0 == b.0 && (differing == 1 || unknown_as_one)) {
        Difference::Slip
    } else {
        Difference::Conflict
    }
}

fn parts(date: &PartialDate) -> (i16, i8, i8) {
    (date.year(), date.month().unwrap_or(0), date.day().unwrap_or(0))
}

/// A birth date as its source can mean it: where it writes 1 for an unknown part, the first of a month is no more
/// than the month, 1 January no more than the year.
pub(crate) fn meant(birth: Birth) -> PartialDate {
    let date = birth.date;
    let shorter = match (birth.unknown_parts, date.month(), date.day()) {
        (UnknownParts::WrittenAsOne, Some(1), Some(1)) => PartialDate::new(date.year(), None, None),
        (UnknownParts::WrittenAsOne, month, Some(1)) => PartialDate::new(date.year(), month, None),
        _ => Ok(date),
    };
    // a shorter form of a date that exists also exists
    shorter.unwrap_or(date)
}

pub(crate) fn between_texts(chosen: &str, other: &str) -> Difference {
    let fold = |text: &str| text.to_lowercase().replace('ё', "е");
    match (fold(chosen), fold(other)) {
        (a, b) if a == b => Difference::Spelling,
        (a, b) if one_slip(&a, &b) => Difference::Slip,
        _ => Difference::Conflict,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn name(surname: &str, given: &str, patronymic: Option<&str>) -> Name {
        Name {
            surname: surname.to_owned(),
            given: given.to_owned(),
            patronymic: patronymic.map(str::to_owned),
            unsplit: None,
        }
    }

    #[test]
    fn names_differ_by_spelling_slip_or_person() {
        let chosen = name("Семёнов", "Джамшед", Some("Нуралиевич"));
        let cases = [
            (
                name("СЕМЕНОВ", "Джамшед", Some("Нурали угли")),
                Difference::Spelling,
            ),
            (
                name("Джамшед", "Семенов", Some("Нуралиевич")),
                Difference::Spelling,
            ),
            (name("Семёнов", "Джамшед", None), Difference::LessPrecise),
            (name("Семенов", "Джамшид", None), Difference::Slip),
            (
                name("Каримов", "Джамшед", Some("Нуралиевич")),
                Difference::Conflict,
            ),
        ];
        for (at, (other, expected)) in cases.into_iter().enumerate() {
            assert_eq!(between_names(&chosen, &other), expected, "case {at}");
        }
        let unsplit = Name {
            unsplit: Some("СЕМЕНОВ ДЖАМШЕД НУРАЛИЕВИЧ".to_owned()),
            ..Name::default()
        };
        assert_eq!(between_names(&chosen, &unsplit), Difference::Spelling);
    }

    #[test]
    fn births_differ_by_precision_slip_or_person() {
        let date = |raw| PartialDate::parse_iso(raw).unwrap();
        let chosen = date("1985-03-09");
        for (other, expected) in [
            ("1985-03", Difference::LessPrecise),
            ("1985-09-03", Difference::Slip),
            ("1985-03-08", Difference::Slip),
            ("1986-03-09", Difference::Slip),
            ("1995-03-09", Difference::Slip),
            ("1985-01-01", Difference::Slip),
            ("1979-11-20", Difference::Conflict),
        ] {
            assert_eq!(between_births(&chosen, &date(other)), expected, "{other}");
        }
    }

    #[test]
    fn a_source_without_unknown_parts_means_less() {
        let birth = |raw, unknown_parts| Birth {
            date: PartialDate::parse_iso(raw).unwrap(),
            unknown_parts,
        };
        assert_eq!(
            meant(birth("1985-01-01", UnknownParts::WrittenAsOne)).to_string(),
            "1985"
        );
        assert_eq!(
            meant(birth("1985-03-01", UnknownParts::WrittenAsOne)).to_string(),
            "1985-03"
        );
        assert_eq!(
            meant(birth("1985-01-01", UnknownParts::Kept)).to_string(),
            "1985-01-01"
        );
    }

    proptest! {
        #[test]
        fn one_edit_is_a_slip_both_ways(word in "[A-Z0-9]{2,12}", at in 0_usize..12, letter in "[a-z]") {
            let at = at % word.len();
            let mut typed: Vec<char> = word.chars().collect();
            typed[at] = letter.chars().next().unwrap_or('x');
            let typed: String = typed.into_iter().collect();
            let lost: String = word.chars().enumerate().filter(|(i, _)| *i != at).map(|(_, c)| c).collect();
            prop_assert!(one_slip(&word, &typed) && one_slip(&typed, &word));
            prop_assert!(one_slip(&word, &lost) && one_slip(&lost, &word));
            prop_assert!(!one_slip(&word, &word));
        }
    }
}
