//! Which script a word is in, and letters of one script typed for their doubles in the other.

/// Script of a word, by most of its letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Script {
    Latin,
    Cyrillic,
    /// Armenian, Georgian, Arabic, Han and all the rest: kept, not compared across scripts.
    Other,
    /// No letter at all.
    None,
}

/// Script of `text` by most of its letters; Cyrillic when there are as many of both, because the files are Russian.
pub fn detect(text: &str) -> Script {
    let (mut latin, mut cyrillic, mut other) = (0_usize, 0_usize, 0_usize);
    for letter in text.chars().filter(|c| c.is_alphabetic()) {
        match letter {
            _ if is_latin(letter) => latin += 1,
            _ if is_cyrillic(letter) => cyrillic += 1,
            _ => other += 1,
        }
    }
    if latin + cyrillic + other == 0 {
        Script::None
    } else if other > latin.max(cyrillic) {
        Script::Other
    } else if latin > cyrillic {
        Script::Latin
    } else {
        Script::Cyrillic
    }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

fn is_cyrillic(c: char) -> bool {
    matches!(c, '\u{400}'..='\u{52f}')
}

/// Capital Latin letters and the Cyrillic ones that look the same.
const LOOK_ALIKE: &[(char, char)] = &[
    ('A', 'А'),
    ('B', 'В'),
    ('C', 'С'),
    ('E', 'Е'),
    ('H', 'Н'),
    ('I', 'І'),
    ('J', 'Ј'),
    ('K', 'К'),
    ('M', 'М'),
    ('O', 'О'),
    ('P', 'Р'),
    ('S', 'Ѕ'),
    ('T', 'Т'),
    ('X', 'Х'),
    ('Y', 'У'),
];

/// A capital Cyrillic letter where `c` is its Latin double.
pub fn to_cyrillic_double(c: char) -> Option<char> {
    LOOK_ALIKE
        .iter()
        .find(|(latin, _)| *latin == c)
        .map(|&(_, cyrillic)| cyrillic)
}

/// A capital Latin letter where `c` is its Cyrillic double.
pub fn to_latin_double(c: char) -> Option<char> {
    LOOK_ALIKE
        .iter()
        .find(|(_, cyrillic)| *cyrillic == c)
        .map(|&(latin, _)| latin)
}

/// In capitals, each word wholly in the script of most of its letters as far as look-alikes allow.
pub fn capitals_in_one_script(text: &str) -> String {
    let capitals: String = text.chars().flat_map(char::to_uppercase).collect();
    let words: Vec<String> = capitals
        .split_whitespace()
        .map(|word| match detect(word) {
            Script::Latin => word.chars().map(|c| to_latin_double(c).unwrap_or(c)).collect(),
            Script::Cyrillic => word.chars().map(|c| to_cyrillic_double(c).unwrap_or(c)).collect(),
            Script::Other | Script::None => word.to_owned(),
        })
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn most_letters_decide() {
        assert_eq!(detect("KARIMOV"), Script::Latin);
        assert_eq!(detect("Каримов"), Script::Cyrillic);
        assert_eq!(detect("Kаримов"), Script::Cyrillic);
        assert_eq!(detect("Սարգսյան"), Script::Other);
        assert_eq!(detect("Əliyev"), Script::Latin);
        assert_eq!(detect(" - 12"), Script::None);
    }

    #[test]
    fn a_letter_of_the_wrong_keyboard_is_folded() {
        assert_eq!(capitals_in_one_script("КAРИМOВ"), "КАРИМОВ");
        assert_eq!(capitals_in_one_script("KARIМOV"), "KARIMOV");
        assert_eq!(capitals_in_one_script("Аli  Каримов"), "ALI КАРИМОВ");
    }

    #[test]
    fn doubles_lead_back() {
        for (latin, cyrillic) in LOOK_ALIKE {
            assert_eq!(to_cyrillic_double(*latin), Some(*cyrillic));
            assert_eq!(to_latin_double(*cyrillic), Some(*latin));
        }
    }
}
