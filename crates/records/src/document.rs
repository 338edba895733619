//! Numbers of travel and identity documents.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::country::Country;

/// Number of a document as its machine-readable zone spells it. Personal data: `Debug` hides it.
///
/// Cyrillic letters that look Latin are folded: clerks type them on the wrong keyboard.
/// Invariant: 1 to 20 characters out of A-Z and 0-9.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DocumentNumber(String);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentNumberError {
    #[error("holds something other than Latin letters and digits")]
    Alphabet,
    #[error("is not of 1 to 20 characters")]
    Length,
}

impl DocumentNumber {
    pub fn parse(raw: &str) -> Result<Self, DocumentNumberError> {
        let kept: String = raw
            .chars()
            .filter(|c| !matches!(c, ' ' | '-' | '<' | '№' | '\u{a0}'))
            .flat_map(char::to_uppercase)
            .map(latin_look_alike)
            .collect();
        if !kept.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(DocumentNumberError::Alphabet);
        }
        match kept.len() {
            1..=20 => Ok(Self(kept)),
            _ => Err(DocumentNumberError::Length),
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the number has the shape that this country's passports or cards have had since about 2000.
    /// `None`: the shapes of that country are not known here.
    pub fn fits(&self, issuer: Country) -> Option<bool> {
        let shapes = SHAPES.iter().find(|(country, _)| *country == issuer.as_str())?.1;
        Some(shapes.iter().any(|shape| self.has_shape(shape)))
    }

    /// `A` stands for a letter, `9` for a digit.
    fn has_shape(&self, shape: &str) -> bool {
        self.0.len() == shape.len()
            && self.0.bytes().zip(shape.bytes()).all(|(have, want)| match want {
                b'A' => have.is_ascii_uppercase(),
                b'9' => have.is_ascii_digit(),
                other => have == other,
            })
    }
}

/// Shapes of document numbers by issuing state (public samples of the PRADO register and ICAO's issuers).
const SHAPES: &[(&str, &[&str])] = &[
    ("ARM", &["AA9999999", "999999999"]),
    ("AZE", &["A99999999", "AA9999999", "AA999999"]),
    ("BLR", &["AA9999999"]),
    ("CHN", &["A99999999", "AA9999999"]),
    ("GEO", &["99AA99999", "9999999"]),
    ("IND", &["A9999999"]),
    ("KAZ", &["A99999999", "999999999"]),
    ("KGZ", &["AA9999999", "A99999999"]),
    ("MDA", &["AA9999999", "A99999999"]),
    ("TJK", &["999999999", "A9999999"]),
    ("TKM", &["A99999999", "A9999999"]),
    ("TUR", &["A99999999"]),
    ("UKR", &["AA999999", "999999999"]),
    ("UZB", &["AA9999999"]),
    ("VNM", &["A9999999", "A99999999"]),
];

fn latin_look_alike(c: char) -> char {
    match c {
        'А' => 'A',
        'В' => 'B',
        'С' => 'C',
        'Е' => 'E',
        'Н' => 'H',
        'К' => 'K',
        'М' => 'M',
        'О' => 'O',
        'Р' => 'P',
        'Т' => 'T',
        'Х' => 'X',
        'У' => 'Y',
        other => other,
    }
}

impl fmt::Debug for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DocumentNumber(hidden)")
    }
}

impl TryFrom<String> for DocumentNumber {
    type Error = DocumentNumberError;
    fn try_from(raw: String) -> Result<Self, DocumentNumberError> {
        Self::parse(&raw)
    }
}

impl From<DocumentNumber> for String {
    fn from(number: DocumentNumber) -> String {
        number.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_number_however_a_clerk_types_it() {
        let number = DocumentNumber::parse("FA1234567").unwrap();
        for raw in ["FA 1234567", "fa1234567", "FА1234567", "FA-1234567", "FA1234567<"] {
            assert_eq!(DocumentNumber::parse(raw).as_ref(), Ok(&number), "{raw}");
        }
        assert_eq!(
            DocumentNumber::parse("Ж1234567"),
            Err(DocumentNumberError::Alphabet)
        );
        assert_eq!(DocumentNumber::parse(" - "), Err(DocumentNumberError::Length));
    }

    #[test]
    fn shape_by_country() {
        let number = DocumentNumber::parse("FA1234567").unwrap();
        assert_eq!(number.fits(Country::constant(b"UZB")), Some(true));
        assert_eq!(number.fits(Country::constant(b"IND")), Some(false));
        assert_eq!(number.fits(Country::constant(b"ZWE")), None);
    }

    proptest! {
        #[test]
        fn parsing_again_changes_nothing(raw in ".{0,24}") {
            if let Ok(once) = DocumentNumber::parse(&raw) {
                prop_assert_eq!(DocumentNumber::parse(once.as_str()), Ok(once));
            }
        }
    }
}
