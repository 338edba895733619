//! Machine-readable zones of travel documents: ICAO Doc 9303 parts 3 to 6 (TD1, TD2, TD3).
//!
//! In: the lines as read by a scanner, slips and all. Out: the fields, and which check digits fail.
//! Invariant: reading never corrects; a field whose check digit fails is given as it stands.

use serde::{Deserialize, Serialize};

/// The lines as the scanner read them. Personal data: `Debug` hides them.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MrzLines(pub Vec<String>);

impl std::fmt::Debug for MrzLines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MrzLines(hidden)")
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Card: three lines of 30 (part 5).
    Td1,
    /// Two lines of 36 (part 6).
    Td2,
    /// Passport booklet: two lines of 44 (part 4).
    Td3,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MrzError {
    #[error("its lines are not those of TD1, TD2 or TD3")]
    Size,
    #[error("line {line} holds a character outside A-Z, 0-9 and '<'")]
    Alphabet { line: usize },
}

/// A field that carries a check digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Checked {
    DocumentNumber,
    BirthDate,
    ExpiryDate,
    OptionalData,
    Composite,
}

/// What the zone says. Texts keep no filler characters; dates stay `YYMMDD`, `<` for an unknown part.
#[derive(Clone, PartialEq, Eq)]
pub struct Mrz {
    pub format: Format,
    pub document_code: String,
    pub issuer: String,
    /// Primary identifier; empty when the holder has one name only and it stands as the secondary one.
    pub surname: String,
    pub given_names: String,
    pub document_number: String,
    pub nationality: String,
    pub birth_date: String,
    pub sex: char,
    pub expiry_date: String,
    pub optional_data: String,
    /// Fields whose check digit does not match, in the order of [`Checked`].
    pub failed_checks: Vec<Checked>,
}

impl std::fmt::Debug for Mrz {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Mrz({:?}, failed {:?})", self.format, self.failed_checks)
    }
}

/// Check digit by weights 7 3 1 over 0-9 = 0-9, A-Z = 10-35, filler = 0 (part 3 section 4.9).
pub fn check_digit(field: &str) -> Option<char> {
    let mut sum = 0;
    for (place, c) in field.chars().enumerate() {
        let value = match c {
            '<' => 0,
            _ if c.is_ascii_uppercase() || c.is_ascii_digit() => c.to_digit(36)?,
            _ => return None,
        };
        sum += value * [7, 3, 1][place % 3];
    }
    char::from_digit(sum % 10, 10)
}

impl MrzLines {
    pub fn read(&self) -> Result<Mrz, MrzError> {
        let lines: Vec<&str> = self.0.iter().map(String::as_str).collect();
        for (at, line) in lines.iter().enumerate() {
            if !line
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'<')
            {
                return Err(MrzError::Alphabet { line: at + 1 });
            }
        }
        match lines.as_slice() {
            [a, b, c] if [a, b, c].iter().all(|line| line.len() == 30) => Ok(read_td1(a, b, c)),
            [a, b] if a.len() == 36 && b.len() == 36 => Ok(read_td2(a, b)),
            [a, b] if a.len() == 44 && b.len() == 44 => Ok(read_td3(a, b)),
            _ => Err(MrzError::Size),
        }
    }
}

fn read_td1(one: &str, two: &str, three: &str) -> Mrz {
    let (document_number, number_field, number_digit, optional_1) = td1_number(one);
    let composite = [&one[5..30], &two[0..7], &two[8..15], &two[18..29]].concat();
    let checks = [
        (
            Checked::DocumentNumber,
            number_field.as_str(),
            number_digit.as_str(),
        ),
        (Checked::BirthDate, &two[0..6], &two[6..7]),
        (Checked::ExpiryDate, &two[8..14], &two[14..15]),
        (Checked::Composite, composite.as_str(), &two[29..30]),
    ];
    let (surname, given_names) = holder(three);
    Mrz {
        format: Format::Td1,
        document_code: plain(&one[0..2]),
        issuer: plain(&one[2..5]),
        surname,
        given_names,
        document_number,
        nationality: plain(&two[15..18]),
        birth_date: two[0..6].to_owned(),
        sex: first(&two[7..8]),
        expiry_date: two[8..14].to_owned(),
        optional_data: plain(&[optional_1.as_str(), &two[18..29]].concat()),
        failed_checks: failed(&checks),
    }
}

/// A number of more than nine characters runs on into the optional data, and `<` stands where its check digit would
/// (part 5 section 4.2.2.1 note j).
fn td1_number(one: &str) -> (String, String, String, String) {
    if &one[14..15] != "<" {
        return (
            plain(&one[5..14]),
            one[5..14].to_owned(),
            one[14..15].to_owned(),
            one[15..30].to_owned(),
        );
    }
    let tail = &one[15..30];
    let end = tail.find('<').unwrap_or(tail.len());
    let (rest, digit) = tail[..end].split_at(end.saturating_sub(1));
    let number = format!("{}{rest}", &one[5..14]);
    (plain(&number), number, digit.to_owned(), tail[end..].to_owned())
}

fn read_td2(one: &str, two: &str) -> Mrz {
    let composite = [&two[0..10], &two[13..20], &two[21..35]].concat();
    let checks = [
        (Checked::DocumentNumber, &two[0..9], &two[9..10]),
        (Checked::BirthDate, &two[13..19], &two[19..20]),
        (Checked::ExpiryDate, &two[21..27], &two[27..28]),
        (Checked::Composite, composite.as_str(), &two[35..36]),
    ];
    booklet(Format::Td2, one, two, plain(&two[28..35]), &checks)
}

fn read_td3(one: &str, two: &str) -> Mrz {
    let composite = [&two[0..10], &two[13..20], &two[21..43]].concat();
    // Empty optional data may carry 0 or a filler as their check digit (part 4 section 4.2.2.2).
    let optional = (Checked::OptionalData, &two[28..42], &two[42..43]);
    let empty = two[28..43].bytes().all(|b| b == b'<');
    let checks = [
        (Checked::DocumentNumber, &two[0..9], &two[9..10]),
        (Checked::BirthDate, &two[13..19], &two[19..20]),
        (Checked::ExpiryDate, &two[21..27], &two[27..28]),
        if empty {
            (Checked::OptionalData, "", "0")
        } else {
            optional
        },
        (Checked::Composite, composite.as_str(), &two[43..44]),
    ];
    booklet(Format::Td3, one, two, plain(&two[28..42]), &checks)
}

fn booklet(
    format: Format,
    one: &str,
    two: &str,
    optional_data: String,
    checks: &[(Checked, &str, &str)],
) -> Mrz {
    let (surname, given_names) = holder(&one[5..]);
    Mrz {
        format,
        document_code: plain(&one[0..2]),
        issuer: plain(&one[2..5]),
        surname,
        given_names,
        document_number: plain(&two[0..9]),
        nationality: plain(&two[10..13]),
        birth_date: two[13..19].to_owned(),
        sex: first(&two[20..21]),
        expiry_date: two[21..27].to_owned(),
        optional_data,
        failed_checks: failed(checks),
    }
}

fn failed(checks: &[(Checked, &str, &str)]) -> Vec<Checked> {
    let wrong = |(_, field, digit): &&(Checked, &str, &str)| {
        check_digit(field).map(String::from).as_deref() != Some(*digit)
    };
    checks
        .iter()
        .filter(wrong)
        .map(|(checked, _, _)| *checked)
        .collect()
}

fn holder(field: &str) -> (String, String) {
    let (surname, given) = field.split_once("<<").unwrap_or((field, ""));
    (plain(surname), plain(given))
}

fn plain(field: &str) -> String {
    field.trim_matches('<').replace('<', " ")
}

fn first(field: &str) -> char {
    field.chars().next().unwrap_or('<')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(lines: &[&str]) -> Mrz {
        MrzLines(lines.iter().map(|&line| line.to_owned()).collect())
            .read()
            .unwrap()
    }

    /// The specimen of Doc 9303 part 4, appendix B.
    #[test]
    fn td3_specimen() {
        let mrz = read(&[
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
            "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
        ]);
        assert_eq!(mrz.failed_checks, []);
        assert_eq!(
            (mrz.surname.as_str(), mrz.given_names.as_str()),
            ("ERIKSSON", "ANNA MARIA")
        );
        assert_eq!(
            (mrz.document_number.as_str(), mrz.nationality.as_str()),
            ("L898902C3", "UTO")
        );
        assert_eq!(
            (mrz.birth_date.as_str(), mrz.sex, mrz.optional_data.as_str()),
            ("740812", 'F', "ZE184226B")
        );
    }

    /// The specimen of Doc 9303 part 6, appendix B.
    #[test]
    fn td2_specimen() {
        let mrz = read(&[
            "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
            "D231458907UTO7408122F1204159<<<<<<<6",
        ]);
        assert_eq!(mrz.failed_checks, []);
        assert_eq!(mrz.document_number, "D23145890");
    }

    /// The specimen of Doc 9303 part 5, appendix B.
    #[test]
    fn td1_specimen() {
        let mrz = read(&[
            "I<UTOD231458907<<<<<<<<<<<<<<<",
            "7408122F1204159UTO<<<<<<<<<<<6",
            "ERIKSSON<<ANNA<MARIA<<<<<<<<<<",
        ]);
        assert_eq!(mrz.failed_checks, []);
        assert_eq!((mrz.issuer.as_str(), mrz.surname.as_str()), ("UTO", "ERIKSSON"));
    }

    #[test]
    fn a_long_td1_number_runs_on() {
        let mrz = read(&[
            "I<UTOD23145890<7349<<<<<<<<<<<",
            "3407127M9507122UTO<<<<<<<<<<<2",
            "STEVENSON<<PETER<JOHN<<<<<<<<<",
        ]);
        assert_eq!(mrz.document_number, "D23145890734");
        assert!(!mrz.failed_checks.contains(&Checked::DocumentNumber));
    }

    #[test]
    fn a_slip_is_named_and_nothing_is_corrected() {
        let mrz = read(&[
            "P<UZBMAMADALIYEV<<OTABEK<<<<<<<<<<<<<<<<<<<<",
            "AD4831S491UZB8101040M2803205<<<<<<<<<<<<<<<4",
        ]);
        assert_eq!(mrz.failed_checks, [Checked::DocumentNumber, Checked::Composite]);
        assert_eq!(mrz.document_number, "AD4831S49");
    }

    #[test]
    fn a_single_name_leaves_the_surname_empty() {
        let mrz = read(&[
            "P<IDN<<SUHARTO<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<",
            "AD48313491UZB8101040M2803205<<<<<<<<<<<<<<<4",
        ]);
        assert_eq!((mrz.surname.as_str(), mrz.given_names.as_str()), ("", "SUHARTO"));
    }

    #[test]
    fn what_is_no_zone_is_refused() {
        let lines = |texts: &[&str]| {
            MrzLines(texts.iter().map(|&t| t.to_owned()).collect())
                .read()
                .unwrap_err()
        };
        assert_eq!(lines(&["P<UZB", "X"]), MrzError::Size);
        assert_eq!(lines(&["p<uzb"]), MrzError::Alphabet { line: 1 });
        assert_eq!(lines(&[]), MrzError::Size);
    }

    proptest! {
        #[test]
        fn no_lines_make_it_panic(lines in prop::collection::vec("[A-Z0-9<]{28,46}|.{0,46}", 0..4)) {
            let read = MrzLines(lines).read();
            prop_assert!(read.is_ok() || read.is_err());
        }

        #[test]
        fn td1_of_any_content_is_read(a in "[A-Z0-9<]{30}", b in "[A-Z0-9<]{30}", c in "[A-Z0-9<]{30}") {
            prop_assert!(MrzLines(vec![a, b, c]).read().is_ok());
        }

        /// A changed character is seen unless the weight makes the change vanish modulo 10.
        #[test]
        fn a_changed_character_changes_the_sum(field in "[A-Z0-9<]{1,9}", place in 0_usize..9, other in "[0-9]") {
            let place = place % field.len();
            let mut slipped = field.clone();
            slipped.replace_range(place..=place, &other);
            let value = |c: &str| c.chars().next().and_then(|c| c.to_digit(36)).unwrap_or(0);
            let same = value(&field[place..=place]) % 10 == value(&other) % 10;
            prop_assert_eq!(check_digit(&field) == check_digit(&slipped), same);
        }
    }
}
