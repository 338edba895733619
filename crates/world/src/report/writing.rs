//! How days, birth dates and texts are written in the forms of extracts.

use std::fmt::{Display, Write as _};

use crate::{day_number::DayNumber, slip::BirthDate};

/// Writing to a `String` cannot fail.
pub(super) fn push(out: &mut String, value: impl Display) {
    if write!(out, "{value}").is_err() {
        out.push('?');
    }
}

fn push_digits(out: &mut String, value: i32, length: usize) {
    let mut rest = value;
    let mut digits = [b'0'; 4];
    for digit in digits[..length].iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.extend(digits[..length].iter().copied().map(char::from));
}

fn push_parts(out: &mut String, parts: [(i32, usize); 3], separator: &str) {
    for (at, (value, length)) in parts.into_iter().enumerate() {
        if at > 0 {
            out.push_str(separator);
        }
        push_digits(out, value, length);
    }
}

/// `2024-03-09`
pub(super) fn iso(out: &mut String, day: DayNumber) {
    let (year, month, day) = day.civil();
    push_parts(out, [(year, 4), (month, 2), (day, 2)], "-");
}

/// `09.03.2024`
pub(super) fn dmy(out: &mut String, day: DayNumber) {
    let (year, month, day) = day.civil();
    push_parts(out, [(day, 2), (month, 2), (year, 4)], ".");
}

/// `20240309`
pub(super) fn ymd(out: &mut String, day: DayNumber) {
    let (year, month, day) = day.civil();
    push_parts(out, [(year, 4), (month, 2), (day, 2)], "");
}

/// How a source writes a birth date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BirthForm {
    /// `1985-03`, `1985` when a part is unknown.
    Iso,
    /// Unknown parts become 1.
    IsoFull,
    /// `00.03.1985`
    Dmy,
    DmyFull,
    /// `19850300`
    Ymd,
}

pub(super) fn birth(out: &mut String, birth: BirthDate, form: BirthForm) {
    let BirthDate { year, month, day } = birth;
    let whole = |part: i32| part.max(1);
    match form {
        BirthForm::Iso => {
            push_digits(out, year, 4);
            for part in [month, day].into_iter().take_while(|part| *part > 0) {
                out.push('-');
                push_digits(out, part, 2);
            }
        }
        BirthForm::IsoFull => {
            push_parts(out, [(year, 4), (whole(month), 2), (whole(day), 2)], "-");
        }
        BirthForm::Dmy => push_parts(out, [(day, 2), (month, 2), (year, 4)], "."),
        BirthForm::DmyFull => {
            push_parts(out, [(whole(day), 2), (whole(month), 2), (year, 4)], ".");
        }
        BirthForm::Ymd => push_parts(out, [(year, 4), (month, 2), (day, 2)], ""),
    }
}

/// Text of an XML element or attribute.
pub(super) fn xml(out: &mut String, text: &str) {
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
}

pub(super) fn element(out: &mut String, name: &str, text: &str) {
    push(out, format_args!("<{name}>"));
    xml(out, text);
    push(out, format_args!("</{name}>"));
}

/// A JSON string with its quotes.
pub(super) fn json(out: &mut String, text: &str) {
    out.push('"');
    for sign in text.chars() {
        if matches!(sign, '"' | '\\') {
            out.push('\\');
        }
        out.push(sign);
    }
    out.push('"');
}

/// `, "name": "text"`
pub(super) fn member(out: &mut String, name: &str, text: &str) {
    push(out, format_args!(", \"{name}\": "));
    json(out, text);
}

/// `, "name": "text"`, or `null` for an empty one.
pub(super) fn member_or_null(out: &mut String, name: &str, text: &str) {
    if text.is_empty() {
        push(out, format_args!(", \"{name}\": null"));
    } else {
        member(out, name, text);
    }
}

pub(super) fn member_day(out: &mut String, name: &str, day: Option<DayNumber>) {
    match day {
        Some(day) => {
            push(out, format_args!(", \"{name}\": \""));
            iso(out, day);
            out.push('"');
        }
        None => push(out, format_args!(", \"{name}\": null")),
    }
}

/// One line of a separated file.
pub(super) struct Row<'o> {
    out: &'o mut String,
    separator: char,
    is_first: bool,
}

impl<'o> Row<'o> {
    pub(super) fn new(out: &'o mut String, separator: char) -> Self {
        Self {
            out,
            separator,
            is_first: true,
        }
    }

    /// The next field, for writing into.
    pub(super) fn next(&mut self) -> &mut String {
        if !std::mem::take(&mut self.is_first) {
            self.out.push(self.separator);
        }
        self.out
    }

    /// The field that was written last, for going on with it.
    pub(super) fn tail(&mut self) -> &mut String {
        self.out
    }

    pub(super) fn text(&mut self, text: &str) {
        let separator = self.separator;
        let out = self.next();
        if text.contains(separator) || text.contains('"') {
            out.push('"');
            out.push_str(&text.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(text);
        }
    }

    pub(super) fn value(&mut self, value: impl Display) {
        push(self.next(), value);
    }

    pub(super) fn iso(&mut self, day: DayNumber) {
        iso(self.next(), day);
    }

    pub(super) fn dmy(&mut self, day: DayNumber) {
        dmy(self.next(), day);
    }

    pub(super) fn iso_or_empty(&mut self, day: Option<DayNumber>) {
        let out = self.next();
        if let Some(day) = day {
            iso(out, day);
        }
    }

    pub(super) fn dmy_or_empty(&mut self, day: Option<DayNumber>) {
        let out = self.next();
        if let Some(day) = day {
            dmy(out, day);
        }
    }

    pub(super) fn birth(&mut self, date: BirthDate, form: BirthForm) {
        birth(self.next(), date, form);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl Fn(&mut String)) -> String {
        let mut out = String::new();
        write(&mut out);
        out
    }

    #[test]
    fn unknown_parts_of_birth_dates() {
        let day_unknown = BirthDate {
            year: 1985,
            month: 3,
            day: 0,
        };
        let year_only = BirthDate {
            month: 0,
            ..day_unknown
        };
        for (date, form, text) in [
            (day_unknown, BirthForm::Iso, "1985-03"),
            (year_only, BirthForm::Iso, "1985"),
            (day_unknown, BirthForm::IsoFull, "1985-03-01"),
            (year_only, BirthForm::Dmy, "00.00.1985"),
            (year_only, BirthForm::DmyFull, "01.01.1985"),
            (day_unknown, BirthForm::Ymd, "19850300"),
        ] {
            assert_eq!(written(|out| birth(out, date, form)), text);
        }
    }

    #[test]
    fn what_needs_quotes_gets_them() {
        let row = written(|out| {
            let mut row = Row::new(out, ',');
            row.text("ICRC, delegation");
            row.text("plain");
            row.value(7);
        });
        assert_eq!(row, "\"ICRC, delegation\",plain,7");
        assert_eq!(written(|out| json(out, "ООО \"Юг\"")), "\"ООО \\\"Юг\\\"\"");
        assert_eq!(
            written(|out| element(out, "name", "\"Юг\" & Ко")),
            "<name>&quot;Юг&quot; &amp; Ко</name>"
        );
    }
}
