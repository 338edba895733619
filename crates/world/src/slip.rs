//! What happens to words and dates on their way through clerks' ears and hands.

use crate::{day_number::DayNumber, draw::Draw};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    Latin,
    Cyrillic,
}

/// Sounds that are written either way: what stands, what is written instead. Sample: substitutions seen between the
/// usual spelling of a name and that of a person's passport or papers.
const LATIN_SOUNDS: &[(&str, &str)] = &[
    ("A", "O"),
    ("O", "U"),
    ("U", "OU"),
    ("I", "Y"),
    ("Y", "I"),
    ("E", "IE"),
    ("K", "Q"),
    ("H", "KH"),
    ("V", "W"),
    ("CH", "TCH"),
    ("SH", "CH"),
    ("KH", "X"),
    ("ZH", "J"),
    ("F", "PH"),
];
const CYRILLIC_SOUNDS: &[(&str, &str)] = &[
    ("а", "о"),
    ("о", "а"),
    ("о", "у"),
    ("у", "о"),
    ("е", "и"),
    ("и", "ы"),
    ("ы", "и"),
    ("й", "и"),
    ("д", "т"),
    ("т", "д"),
    ("г", "к"),
    ("г", "х"),
    ("х", "г"),
    ("к", "г"),
    ("в", "ф"),
    ("ль", "л"),
    ("ё", "е"),
    ("я", "йа"),
    ("дж", "ж"),
    ("ж", "дж"),
    ("лл", "л"),
    ("мм", "м"),
    ("рр", "р"),
    ("нг", "н"),
    ("ия", "ья"),
    ("э", "е"),
];

/// `name` as somebody else would spell it: one sound written in another way, the first letter left alone.
pub fn respelt(name: &str, script: Script, draw: &mut Draw) -> String {
    let sounds = match script {
        Script::Latin => LATIN_SOUNDS,
        Script::Cyrillic => CYRILLIC_SOUNDS,
    };
    let mut chosen: Option<(usize, &str, &str)> = None;
    let mut seen = 0;
    for (at, _) in name.char_indices().skip(1) {
        for &(from, to) in sounds.iter().filter(|(from, _)| name[at..].starts_with(from)) {
            if script == Script::Latin && breaks_digraph(name, at, from) {
                continue;
            }
            seen += 1;
            if draw.below(seen) == 0 {
                chosen = Some((at, from, to));
            }
        }
    }
    match chosen {
        Some((at, from, to)) => format!("{}{to}{}", &name[..at], &name[at + from.len()..]),
        None => name.to_owned(),
    }
}

/// `H` of `SH` is no sound of its own.
fn breaks_digraph(name: &str, at: usize, from: &str) -> bool {
    from == "H" && matches!(name.as_bytes()[at - 1], b'S' | b'C' | b'K' | b'Z' | b'G' | b'T')
}

const QWERTY: [&str; 3] = ["QWERTYUIOP", "ASDFGHJKL", "ZXCVBNM"];
const JCUKEN: [&str; 3] = ["йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"];

/// The key beside that of `letter`, in the same row.
fn neighbour(letter: char, draw: &mut Draw) -> char {
    let lower: String = letter.to_lowercase().collect();
    let is_upper = letter.is_uppercase();
    for row in QWERTY.iter().chain(&JCUKEN) {
        let keys: Vec<char> = row.chars().collect();
        let found = keys
            .iter()
            .position(|&key| key == letter || lower.chars().eq([key]));
        if let Some(at) = found {
            let beside = match at {
                0 => 1,
                last if last + 1 == keys.len() => last - 1,
                _ if draw.chance(0.5) => at + 1,
                _ => at - 1,
            };
            let key = keys[beside];
            return if is_upper {
                key.to_uppercase().next().unwrap_or(key)
            } else {
                key
            };
        }
    }
    letter
}

/// `word` with one slip of the hand: a neighbouring key, two letters swapped, one lost or doubled. Sample: of 240 slips
/// 39, 24, 22 and 15 in 100.
pub fn mistyped(word: &str, draw: &mut Draw) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() < 3 {
        return word.to_owned();
    }
    let at = 1 + draw.index(letters.len() - 1);
    match draw.below(100) {
        0..39 => letters[at] = neighbour(letters[at], draw),
        39..63 => letters.swap(at - 1, at),
        63..85 => {
            letters.remove(at);
        }
        _ => letters.insert(at, letters[at]),
    }
    letters.into_iter().collect()
}

/// Letters and digits that a scanner or a hurried reader takes for one another.
const LOOK_ALIKE: &[(char, char)] = &[
    ('0', 'O'),
    ('O', '0'),
    ('1', 'I'),
    ('I', '1'),
    ('8', 'B'),
    ('B', '8'),
    ('5', 'S'),
    ('S', '5'),
    ('2', 'Z'),
    ('Z', '2'),
    ('6', 'G'),
];

/// A document number with one slip: a digit changed, two swapped, one lost, or a look-alike. Sample: of 280 slips 48,
/// 21, 26 and 5 in 100.
pub fn mistyped_number(number: &str, draw: &mut Draw) -> String {
    let mut signs: Vec<char> = number.chars().collect();
    if signs.len() < 4 {
        return number.to_owned();
    }
    let at = 2 + draw.index(signs.len() - 2);
    match draw.below(100) {
        0..48 => {
            if let Some(digit) = signs[at].to_digit(10) {
                let other = (digit + 1 + draw.below(9) as u32) % 10;
                signs[at] = char::from_digit(other, 10).unwrap_or('0');
            }
        }
        48..69 => signs.swap(at - 1, at),
        69..95 => {
            signs.remove(at);
        }
        _ => signs[at] = look_alike(signs[at]),
    }
    signs.into_iter().collect()
}

/// What a scanner may read for a sign; another digit or letter where there is no look-alike.
pub fn misread(sign: u8, draw: &mut Draw) -> u8 {
    let alike = look_alike(char::from(sign));
    if alike != char::from(sign) {
        return alike as u8;
    }
    match sign {
        b'<' => b'K',
        b'A'..=b'Z' => b'A' + (sign - b'A' + 1 + draw.below(25) as u8) % 26,
        b'0'..=b'9' => b'0' + (sign - b'0' + 1 + draw.below(9) as u8) % 10,
        other => other,
    }
}

fn look_alike(sign: char) -> char {
    LOOK_ALIKE
        .iter()
        .find(|(from, _)| *from == sign)
        .map_or(sign, |(_, to)| *to)
}

/// Latin letters of a number typed as the Cyrillic ones that look the same, one or all.
pub fn in_cyrillic(number: &str, draw: &mut Draw) -> String {
    let one_only = draw.chance(0.6);
    let mut done = false;
    number
        .chars()
        .map(|sign| {
            let cyrillic = match sign {
                'A' => 'А',
                'B' => 'В',
                'C' => 'С',
                'E' => 'Е',
                'H' => 'Н',
                'K' => 'К',
                'M' => 'М',
                'O' => 'О',
                'P' => 'Р',
                'T' => 'Т',
                'X' => 'Х',
                'Y' => 'У',
                _ => return sign,
            };
            if done && one_only {
                return sign;
            }
            done = true;
            cyrillic
        })
        .collect()
}

/// A birth date of which the day, or day and month, may be unknown (0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BirthDate {
    pub year: i32,
    pub month: i32,
    pub day: i32,
}

impl BirthDate {
    pub fn of(day: DayNumber) -> Self {
        let (year, month, day) = day.civil();
        Self { year, month, day }
    }

    /// The first day that it may be.
    pub fn earliest(self) -> DayNumber {
        DayNumber::of(self.year, self.month.max(1), self.day.max(1))
    }

    /// With one slip; never a day after `latest`, for the agency would see that. Sample: of 330 slips swapped 18,
    /// neighbouring day 33, 1 January 23, neighbouring year 20, ten years 6 in 100.
    pub fn mistaken(self, latest: DayNumber, draw: &mut Draw) -> Self {
        let full = self.day > 0;
        let changed = match draw.below(100) {
            0..18 if full && self.day <= 12 => Self {
                day: self.month,
                month: self.day,
                ..self
            },
            18..51 if full => Self::of(self.earliest().plus(if draw.chance(0.5) { 1 } else { -1 })),
            51..74 => Self {
                month: 1,
                day: 1,
                ..self
            },
            74..80 => Self {
                year: self.year + 10,
                ..self
            },
            _ if draw.chance(0.5) => Self {
                year: self.year - 1,
                ..self
            },
            _ => Self {
                year: self.year + 1,
                ..self
            },
        };
        // 29 February of a common year does not exist.
        let exists = !(changed.month == 2 && changed.day == 29) || changed.year % 4 == 0;
        if exists && changed.earliest() <= latest {
            changed
        } else {
            self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draw::Topic;

    fn draw() -> Draw {
        Draw::keyed(1, 1, Topic::Report)
    }

    #[test]
    fn the_first_letter_stays_and_something_else_changes() {
        let mut draw = draw();
        for _ in 0..100 {
            let spelt = respelt("Джамшед", Script::Cyrillic, &mut draw);
            assert!(spelt.starts_with('Д') && spelt != "Джамшед", "{spelt}");
            let latin = respelt("SHAHROM", Script::Latin, &mut draw);
            assert!(
                latin.starts_with('S') && latin != "SHAHROM" && !latin.contains("SKH"),
                "{latin}"
            );
        }
    }

    #[test]
    fn slips_change_a_word_by_little() {
        let mut draw = draw();
        for _ in 0..200 {
            let length = mistyped("КАРИМОВ", &mut draw).chars().count();
            assert!((6..=8).contains(&length));
            let number = mistyped_number("FA1234567", &mut draw);
            assert!(
                number.starts_with('F') && (8..=9).contains(&number.len()),
                "{number}"
            );
        }
    }

    #[test]
    fn a_mistaken_birth_date_is_still_one() {
        let mut draw = draw();
        let latest = DayNumber::of(2024, 3, 1);
        for born in [(1984, 2, 29), (2024, 2, 28), (1994, 0, 0), (1987, 11, 0)] {
            let (year, month, day) = born;
            for _ in 0..200 {
                let told = BirthDate { year, month, day }.mistaken(latest, &mut draw);
                let exact = DayNumber::of(told.year, told.month.max(1), told.day.max(1));
                assert_eq!(exact.civil(), (told.year, told.month.max(1), told.day.max(1)));
                assert!(exact <= latest);
            }
        }
    }
}
