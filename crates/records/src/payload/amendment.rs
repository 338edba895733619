//! An official's word on what was contested: it puts right values in the place of wrong ones, whoever states them.
//!
//! Invariant: it replaces values, not records. A source that repeats the wrong value changes nothing; a source that
//! says something new is heard again.

use serde::{Deserialize, Serialize};

use super::Payload;
use crate::{Day, key::RecordKey, subject::Subject};

/// Name of the source whose records are amendments: the register itself.
pub const REGISTER_SOURCE: &str = "sojourn";

/// An accepted correction (152-FZ art. 20 p. 3, art. 21 p. 2).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amendment {
    /// Number of the case in which it was decided.
    pub case: u64,
    pub decided_on: Day,
    pub official: String,
    pub office: String,
    pub legal_basis: String,
    pub settles: Settles,
}

/// What the decision is about.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "settles", rename_all = "snake_case", deny_unknown_fields)]
pub enum Settles {
    /// A field of the person: the amendment's own subject says what is right, and `wrong` what is not.
    Person { field: PersonField, wrong: Vec<Subject> },
    /// Parts of one event, in every record that reports it.
    Event {
        records: Vec<RecordKey>,
        parts: Vec<Part>,
    },
    /// What these records tell never happened.
    NoEvent { said: Vec<Said> },
}

/// A record in the version that the decision looked at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    pub record: RecordKey,
    pub version: u32,
}

/// A part of an event, what was said of it and what is right.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// JSON pointer (RFC 6901) into the payload: `/valid_until`, `/stay/until`.
    pub at: String,
    pub was: serde_json::Value,
    pub is: serde_json::Value,
}

/// The payload with its parts put right; none where its source no longer says what was found wrong.
pub fn amended(payload: &Payload, parts: &[Part]) -> Option<Payload> {
    let mut words = serde_json::to_value(payload).ok()?;
    for part in parts {
        let said = words.pointer(&part.at).unwrap_or(&serde_json::Value::Null);
        if *said != part.was {
            return None;
        }
        put(&mut words, &part.at, part.is.clone())?;
    }
    serde_json::from_value(words).ok()
}

/// Puts a value in its place, which may be empty so far; null empties it.
fn put(words: &mut serde_json::Value, at: &str, value: serde_json::Value) -> Option<()> {
    let (holder, name) = at.rsplit_once('/')?;
    let holder = words.pointer_mut(holder)?.as_object_mut()?;
    if value.is_null() {
        holder.remove(name);
    } else {
        holder.insert(name.to_owned(), value);
    }
    Some(())
}

/// A field of a person that can be contested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonField {
    Latin,
    Cyrillic,
    BirthDate,
    BirthPlace,
    Sex,
    Citizenship,
    Document,
    Inn,
    Snils,
    Enp,
}

impl PersonField {
    pub const ALL: [Self; 10] = [
        Self::Latin,
        Self::Cyrillic,
        Self::BirthDate,
        Self::BirthPlace,
        Self::Sex,
        Self::Citizenship,
        Self::Document,
        Self::Inn,
        Self::Snils,
        Self::Enp,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Latin => "latin",
            Self::Cyrillic => "cyrillic",
            Self::BirthDate => "birth_date",
            Self::BirthPlace => "birth_place",
            Self::Sex => "sex",
            Self::Citizenship => "citizenship",
            Self::Document => "document",
            Self::Inn => "inn",
            Self::Snils => "snils",
            Self::Enp => "enp",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.as_str() == text)
    }

    /// What of a subject is about this field, and nothing else.
    pub fn of(self, subject: &Subject) -> Subject {
        let mut only = Subject::default();
        match self {
            Self::Latin => only.latin = subject.latin.clone(),
            Self::Cyrillic => only.cyrillic = subject.cyrillic.clone(),
            Self::BirthDate => only.birth = subject.birth,
            Self::BirthPlace => only.birth_place = subject.birth_place.clone(),
            Self::Sex => only.sex = subject.sex,
            Self::Citizenship => only.citizenship = subject.citizenship,
            Self::Document => only.document = subject.document.clone(),
            Self::Inn => only.inn = subject.inn.clone(),
            Self::Snils => only.snils = subject.snils.clone(),
            Self::Enp => only.enp = subject.enp.clone(),
        }
        only
    }

    /// Whether the subject says nothing else and does say this.
    pub fn is_all_of(self, subject: &Subject) -> bool {
        *subject != Subject::default() && self.of(subject) == *subject
    }

    /// Takes this field over from another subject.
    pub fn set(self, subject: &mut Subject, from: &Subject) {
        match self {
            Self::Latin => subject.latin = from.latin.clone(),
            Self::Cyrillic => subject.cyrillic = from.cyrillic.clone(),
            Self::BirthDate => subject.birth = from.birth,
            Self::BirthPlace => subject.birth_place = from.birth_place.clone(),
            Self::Sex => subject.sex = from.sex,
            Self::Citizenship => subject.citizenship = from.citizenship,
            Self::Document => subject.document = from.document.clone(),
            Self::Inn => subject.inn = from.inn.clone(),
            Self::Snils => subject.snils = from.snils.clone(),
            Self::Enp => subject.enp = from.enp.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        payload::{Permit, PermitState, PermitType},
        region::RegionCode,
    };

    fn permit() -> Payload {
        let day = jiff::civil::date(2025, 5, 12);
        Payload::Permit(Permit {
            permit_type: PermitType::Patent,
            series: "77".to_owned(),
            number: "2500000001".to_owned(),
            issued_on: day,
            valid_from: day,
            valid_until: None,
            region: RegionCode::constant(b"77"),
            profession: None,
            state: PermitState::InForce,
            annulled_on: None,
        })
    }

    fn part(at: &str, was: serde_json::Value, is: serde_json::Value) -> Part {
        Part {
            at: at.to_owned(),
            was,
            is,
        }
    }

    #[test]
    fn a_part_is_put_right_while_the_source_says_what_was_wrong() {
        let until = part(
            "/valid_until",
            serde_json::Value::Null,
            serde_json::json!("2026-05-11"),
        );
        let right = amended(&permit(), std::slice::from_ref(&until)).unwrap();
        assert!(
            matches!(&right, Payload::Permit(p) if p.valid_until == Some(jiff::civil::date(2026, 5, 11)))
        );
        assert!(
            amended(&right, &[until]).is_none(),
            "it says something else already"
        );
        let back = part(
            "/valid_until",
            serde_json::json!("2026-05-11"),
            serde_json::Value::Null,
        );
        assert!(amended(&right, &[back]).unwrap() == permit());
    }

    #[test]
    fn what_is_no_such_payload_amends_nothing() {
        let wrong = |at: &str, was, is| amended(&permit(), &[part(at, was, is)]);
        let null = serde_json::Value::Null;
        assert!(wrong("/valid_until", null.clone(), serde_json::json!("soon")).is_none());
        assert!(wrong("/series", serde_json::json!("77"), null.clone()).is_none());
        assert!(wrong("/nothing", null.clone(), serde_json::json!(1)).is_none());
        assert!(wrong("", null, serde_json::json!({})).is_none());
    }

    #[test]
    fn a_field_is_cut_out_and_put_in() {
        let whole = Subject {
            birth_place: Some("Ташкент".to_owned()),
            sex: Some(crate::subject::Sex::Male),
            ..Subject::default()
        };
        for field in PersonField::ALL {
            assert_eq!(PersonField::parse(field.as_str()), Some(field));
            let mut copy = Subject::default();
            field.set(&mut copy, &whole);
            assert!(copy == field.of(&whole));
        }
        assert!(PersonField::Sex.is_all_of(&PersonField::Sex.of(&whole)));
        assert!(!PersonField::Sex.is_all_of(&whole));
        assert!(!PersonField::Inn.is_all_of(&PersonField::Inn.of(&whole)));
    }
}
