//! Types of values: how a source writes one, and the canonical form that `records` reads.
//!
//! In: text of one field. Out: a canonical JSON value, perhaps with a doubt; or the reason why there is none.
//! A slip that leaves the record readable (a check digit, a shape) is a doubt; what has no meaning at all is a fault.

mod date;

use std::{borrow::Cow, collections::BTreeMap};

use records::{
    country::{Countries, Country},
    document::DocumentNumber,
    identifier::{
        Claimed, FirmInn, Identifier, IdentifierError, PersonInn, PolicyNumber, RegisterNumber, SocialNumber,
    },
    key::SourceRecordId,
    mrz::{Checked, MrzLines},
    region::{RegionCode, Regions},
    subject::UnknownParts,
};
use serde_json::{Value, json};

pub(crate) use self::date::DateForm;
use crate::{
    fault::{Fault, Reason},
    shape::Shape,
};

/// The longest text of one field. Addresses and names of firms stay far below.
const TEXT_BYTES_MAX: usize = 4096;

/// Digits of roubles that are read; more than the money of the world.
const ROUBLE_DIGITS_MAX: usize = 12;

/// Code lists that records are read against.
#[derive(Clone, Debug, Default)]
pub struct Reference {
    pub countries: Countries,
    pub regions: Regions,
}

#[derive(Clone, Debug)]
pub(crate) enum ValueType {
    Id(Shape),
    Whole { min: u64, max: u64 },
    Text(Vec<Shape>),
    Code(BTreeMap<String, String>),
    Day(DateForm),
    Birth(DateForm, UnknownParts),
    PartialDate(DateForm),
    Instant,
    LocalDay,
    Money,
    Region(RegionList),
    Country(CountryList),
    Document,
    PermitNumber(Vec<Shape>),
    Identifier(IdentifierKind),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RegionList {
    TaxService,
    Okato,
    Oktmo,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CountryList {
    Alpha2,
    Alpha3,
    Numeric,
    Russian,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IdentifierKind {
    PersonInn,
    FirmInn,
    RegisterNumber,
    SocialNumber,
    PolicyNumber,
}

/// A value in canonical form; none when only a doubt is left of it.
pub(crate) struct Canonical {
    pub(crate) value: Option<Value>,
    pub(crate) doubt: Option<Cow<'static, str>>,
}

impl Canonical {
    fn sound(value: impl Into<Value>) -> Self {
        Self {
            value: Some(value.into()),
            doubt: None,
        }
    }

    fn doubtful(value: Option<Value>, doubt: impl Into<Cow<'static, str>>) -> Self {
        Self {
            value,
            doubt: Some(doubt.into()),
        }
    }
}

impl ValueType {
    /// Reads what stands in a field; `text` is not empty.
    pub(crate) fn read(&self, text: &str, reference: &Reference) -> Result<Canonical, Reason> {
        check_text(text)?;
        match self {
            Self::Id(shape) => read_id(text, shape),
            Self::Whole { min, max } => read_whole(text, *min, *max),
            Self::Text(shapes) => Ok(shaped(text.to_owned(), shapes)),
            Self::Code(codes) => match codes.get(text) {
                Some(code) => Ok(Canonical::sound(code.as_str())),
                None => Err(Fault::UnknownCode.because("is not on the list of the mapping")),
            },
            Self::Day(form) => form.read_day(text).map(|day| Canonical::sound(day.to_string())),
            Self::Birth(form, unknown_parts) => {
                let date = form.read_partial(text, *unknown_parts)?;
                Ok(Canonical::sound(
                    json!({"date": date, "unknown_parts": unknown_parts}),
                ))
            }
            Self::PartialDate(form) => {
                let date = form.read_partial(text, UnknownParts::Kept)?;
                Ok(Canonical::sound(date.to_string()))
            }
            Self::Instant => date::read_instant(text).map(|(at, _)| Canonical::sound(at.to_string())),
            Self::LocalDay => date::read_instant(text).map(|(_, day)| Canonical::sound(day.to_string())),
            Self::Money => read_money(text).map(Canonical::sound),
            Self::Region(list) => list.read(text, &reference.regions),
            Self::Country(list) => list.read(text, &reference.countries),
            Self::Document => Ok(read_document(text)),
            Self::PermitNumber(shapes) => Ok(shaped(text.split_whitespace().collect(), shapes)),
            Self::Identifier(kind) => Ok(kind.read(text)),
        }
    }

    /// A value of this type in canonical form, to prove a mapping with.
    pub(crate) fn specimen(&self) -> Value {
        match self {
            Self::Id(shape) => shape.specimen().into(),
            Self::Whole { min, .. } => (*min).into(),
            Self::Text(_) | Self::PermitNumber(_) | Self::Identifier(_) => "text".into(),
            Self::Code(codes) => codes
                .values()
                .next()
                .map_or(Value::Null, |code| code.as_str().into()),
            Self::Day(_) | Self::PartialDate(_) | Self::LocalDay => "2000-01-01".into(),
            Self::Birth(_, unknown_parts) => json!({"date": "2000-01-01", "unknown_parts": unknown_parts}),
            Self::Instant => "2000-01-01T00:00:00Z".into(),
            Self::Money => 1.into(),
            Self::Region(_) => RegionCode::constant(b"77").as_str().into(),
            Self::Country(_) => Country::constant(b"UZB").as_str().into(),
            Self::Document => "A1".into(),
        }
    }

    pub(crate) fn read_whole_number(&self, number: u64) -> Result<Canonical, Reason> {
        match self {
            Self::Whole { min, max } => in_range(number, *min, *max),
            _ => Err(Fault::WrongType.because("is a number where text is expected")),
        }
    }
}

/// The two or three lines of a machine-readable zone, as the scanner read them.
pub(crate) fn read_mrz(lines: Vec<String>) -> Result<Canonical, Reason> {
    lines.iter().try_for_each(|line| check_text(line))?;
    let lines = MrzLines(lines);
    let doubt = match lines.read() {
        Ok(mrz) if mrz.failed_checks.is_empty() => None,
        Ok(mrz) => {
            let failed: Vec<&str> = mrz.failed_checks.iter().map(|check| check_name(*check)).collect();
            Some(Cow::Owned(format!(
                "check_digit: does not match for {}",
                failed.join(", ")
            )))
        }
        Err(error) => Some(Cow::Owned(format!("odd_shape: {error}"))),
    };
    Ok(Canonical {
        value: Some(Value::from(lines.0)),
        doubt,
    })
}

fn check_name(check: Checked) -> &'static str {
    match check {
        Checked::DocumentNumber => "the document number",
        Checked::BirthDate => "the birth date",
        Checked::ExpiryDate => "the expiry date",
        Checked::OptionalData => "the optional data",
        Checked::Composite => "the whole zone",
    }
}

/// No field holds a line break, a NUL or another control character; a terminal or a page would act on it.
fn check_text(text: &str) -> Result<(), Reason> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(Fault::TooLong.because("is longer than a field may be"));
    }
    match text.chars().any(char::is_control) {
        true => Err(Fault::ControlCharacter.because("holds a control character")),
        false => Ok(()),
    }
}

fn read_id(text: &str, shape: &Shape) -> Result<Canonical, Reason> {
    match SourceRecordId::parse(text) {
        Ok(id) if shape.fits(text) => Ok(Canonical::sound(String::from(id))),
        Ok(_) | Err(_) => Err(Fault::BadId.because("is not of the shape that this source's ids have")),
    }
}

fn read_whole(text: &str, min: u64, max: u64) -> Result<Canonical, Reason> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    match text.parse() {
        Ok(number) if digits => in_range(number, min, max),
        Ok(_) | Err(_) => Err(Fault::UnreadableNumber.because("is not a whole number")),
    }
}

fn in_range(number: u64, min: u64, max: u64) -> Result<Canonical, Reason> {
    if (min..=max).contains(&number) {
        Ok(Canonical::sound(number))
    } else {
        Err(Fault::OutOfRange.because(format!("is not within {min} to {max}")))
    }
}

fn shaped(text: String, shapes: &[Shape]) -> Canonical {
    if shapes.is_empty() || shapes.iter().any(|shape| shape.fits(&text)) {
        Canonical::sound(text)
    } else {
        Canonical::doubtful(
            Some(text.into()),
            "odd_shape: has not the shape that such numbers have",
        )
    }
}

/// Roubles with a decimal comma and two places, in kopecks.
fn read_money(text: &str) -> Result<u64, Reason> {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let unreadable = || Fault::UnreadableNumber.because("is not an amount with a comma and two places");
    let (roubles, kopecks) = text.split_once(',').ok_or_else(unreadable)?;
    let sound = (1..=ROUBLE_DIGITS_MAX).contains(&roubles.len()) && kopecks.len() == 2;
    if !sound || !digits(roubles) || !digits(kopecks) {
        return Err(unreadable());
    }
    [roubles, kopecks].concat().parse().map_err(|_| unreadable())
}

/// A number beyond reading leaves the record good for all else it says.
fn read_document(text: &str) -> Canonical {
    match DocumentNumber::parse(text) {
        Ok(number) => Canonical::sound(String::from(number)),
        Err(error) => Canonical::doubtful(None, format!("odd_shape: {error}")),
    }
}

impl RegionList {
    fn read(self, text: &str, regions: &Regions) -> Result<Canonical, Reason> {
        let found = match self {
            Self::TaxService => regions.code(text),
            Self::Okato => regions.okato(text),
            Self::Oktmo => regions.oktmo(text),
        };
        found
            .map(|code| Canonical::sound(code.as_str()))
            .ok_or_else(|| Fault::UnknownCode.because("is not on the list of regions"))
    }
}

impl CountryList {
    fn read(self, text: &str, countries: &Countries) -> Result<Canonical, Reason> {
        let found = match self {
            Self::Alpha2 => countries.alpha2(text),
            Self::Alpha3 => countries.alpha3(text),
            Self::Numeric => countries.numeric(text),
            Self::Russian => countries.russian_name(text),
        };
        found
            .map(|country| Canonical::sound(country.as_str()))
            .ok_or_else(|| Fault::UnknownCode.because("is not on the list of countries"))
    }
}

impl IdentifierKind {
    fn read(self, text: &str) -> Canonical {
        match self {
            Self::PersonInn => claimed::<PersonInn>(text),
            Self::FirmInn => claimed::<FirmInn>(text),
            Self::RegisterNumber => claimed::<RegisterNumber>(text),
            Self::SocialNumber => claimed::<SocialNumber>(text),
            Self::PolicyNumber => claimed::<PolicyNumber>(text),
        }
    }
}

fn claimed<T: Identifier>(text: &str) -> Canonical {
    let claimed = Claimed::<T>::new(text);
    let doubt = claimed.doubt().map(|error| match error {
        IdentifierError::CheckDigit => format!("check_digit: {error}"),
        IdentifierError::Length | IdentifierError::Alphabet => format!("odd_shape: {error}"),
    });
    Canonical {
        doubt: doubt.map(Cow::Owned),
        value: Some(claimed.as_str().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: &ValueType, text: &str) -> Result<Option<Value>, Fault> {
        let read = kind.read(text, &Reference::default());
        read.map(|canonical| canonical.value)
            .map_err(|reason| reason.fault)
    }

    #[test]
    fn money_is_read_to_the_kopeck() {
        assert_eq!(read(&ValueType::Money, "6250,07"), Ok(Some(625_007.into())));
        for raw in [
            "6250",
            "6250.00",
            "6250,0",
            "-1,00",
            ",00",
            "1 000,00",
            "9999999999999,00",
            "1,0a",
            "١,00",
        ] {
            assert_eq!(
                read(&ValueType::Money, raw),
                Err(Fault::UnreadableNumber),
                "{raw}"
            );
        }
    }

    #[test]
    fn a_whole_number_has_a_range() {
        let version = ValueType::Whole { min: 1, max: 4 };
        assert_eq!(read(&version, "2"), Ok(Some(2.into())));
        assert_eq!(read(&version, "0"), Err(Fault::OutOfRange));
        for raw in ["+1", "-1", "1.0", "99999999999999999999999", "1e3", "٢"] {
            assert_eq!(read(&version, raw), Err(Fault::UnreadableNumber), "{raw}");
        }
        assert!(ValueType::Text(Vec::new()).read_whole_number(1).is_err());
    }

    #[test]
    fn a_failed_check_is_a_doubt_and_an_unreadable_number_no_fault() {
        let inn = ValueType::Identifier(IdentifierKind::PersonInn);
        let slip = inn.read("521500105642", &Reference::default()).unwrap();
        assert_eq!(slip.value, Some("521500105642".into()));
        assert_eq!(
            slip.doubt.as_deref(),
            Some("check_digit: its check digit does not match")
        );
        let document = ValueType::Document.read("ЖЖ1", &Reference::default()).unwrap();
        assert!(document.value.is_none() && document.doubt.is_some());
        let folded = ValueType::Document
            .read("FА 1234567", &Reference::default())
            .unwrap();
        assert_eq!(folded.value, Some("FA1234567".into()));
    }

    #[test]
    fn a_field_has_a_bound_and_no_control_characters() {
        let text = ValueType::Text(Vec::new());
        assert_eq!(read(&text, &"x".repeat(TEXT_BYTES_MAX + 1)), Err(Fault::TooLong));
        assert_eq!(read(&text, "a\u{0}b"), Err(Fault::ControlCharacter));
        assert_eq!(read(&text, "a\u{1b}[2Jb"), Err(Fault::ControlCharacter));
    }

    #[test]
    fn an_odd_zone_is_kept_with_a_doubt() {
        let zone = read_mrz(vec!["P<".into(), String::new()]).unwrap();
        assert!(zone.value.is_some());
        assert!(zone.doubt.unwrap().starts_with("odd_shape: "));
    }
}
