//! Reads what a form says is wrong and what is right.

use profile::view::Profile;
use records::{
    country::Country,
    document::DocumentNumber,
    identifier::Claimed,
    partial_date::PartialDate,
    payload::PersonField,
    subject::{Birth, Document, DocumentKind, Name, Sex, Subject, UnknownParts},
};
use registry::{
    contestable::{PartForm, event_of, parts_of},
    port::contests::Contested,
};
use serde::Deserialize;

use super::{correction::Thing, forms::Errors};

/// What the form sent. Which fields count depends on the thing.
#[derive(Default, Deserialize)]
pub(crate) struct ObjectionForm {
    #[serde(default)]
    pub(super) thing: String,
    /// `value`, `none`, `part`, `no_event` or `link`.
    #[serde(default)]
    pub(super) kind: String,
    #[serde(default)]
    pub(super) part: String,
    #[serde(default)]
    pub(super) surname: String,
    #[serde(default)]
    pub(super) given: String,
    #[serde(default)]
    pub(super) patronymic: String,
    /// A date, a place, a number, the right value of a part.
    #[serde(default)]
    pub(super) right: String,
    /// Code of a country: the citizenship, or who issued a document.
    #[serde(default)]
    pub(super) country: String,
    #[serde(default)]
    pub(super) sex: String,
    #[serde(default)]
    pub(super) says: String,
}

/// What is contested, or which fields of the form are wrong.
pub(super) fn read(form: &ObjectionForm, thing: &Thing, seen: &Profile) -> Result<Contested, Errors> {
    let mut errors = Errors::default();
    if form.says.trim().is_empty() {
        errors.add("says", "error-says");
    }
    let about = match thing {
        Thing::Person { field, value } => {
            let right = match form.kind.as_str() {
                "none" => Ok(None),
                _ => right(form, *field, value).map(Some),
            };
            right.map(|right| Contested::Person {
                field: *field,
                value: value.clone(),
                right: right.map(Box::new),
            })
        }
        Thing::Event { record, version } => match form.kind.as_str() {
            "link" => Ok(Contested::Link {
                record: record.clone(),
            }),
            "no_event" => Ok(Contested::NoEvent {
                record: record.clone(),
                version: *version,
            }),
            "part" => part(form, thing, seen),
            _ => Err(("kind", "error-kind")),
        },
    };
    match about {
        Ok(about) if errors.is_empty() => Ok(about),
        Ok(_) => Err(errors),
        Err((field, text)) => {
            errors.add(field, text);
            Err(errors)
        }
    }
}

/// A field of the form, and the key of what is wrong with it.
type Wrong = (&'static str, &'static str);

fn part(form: &ObjectionForm, thing: &Thing, seen: &Profile) -> Result<Contested, Wrong> {
    let Thing::Event { record, version } = thing else {
        return Err(("kind", "error-kind"));
    };
    let event = event_of(seen, record).ok_or(("kind", "error-kind"))?;
    let part = parts_of(&event.payload).iter().find(|part| part.at == form.part);
    let part = part.ok_or(("part", "error-part"))?;
    let said = serde_json::to_value(&event.payload).map_err(|_| ("part", "error-part"))?;
    let right = match part.form {
        PartForm::Kopecks => kopecks(&form.right).map(Into::into),
        other => other.read(&form.right),
    };
    Ok(Contested::Part {
        record: record.clone(),
        version: *version,
        at: part.at.to_owned(),
        was: said.pointer(part.at).cloned().unwrap_or_default(),
        right: right.ok_or(("right", "error-right"))?,
    })
}

/// Roubles as people write them: `8900`, `8 900,50`.
fn kopecks(written: &str) -> Option<i64> {
    let kept: String = written.chars().filter(|c| !c.is_whitespace()).collect();
    let (roubles, part) = kept.split_once([',', '.']).unwrap_or((&kept, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(roubles) || !digits(part) || part.len() > 2 {
        return None;
    }
    let part: i64 = format!("{part:0<2}").parse().ok()?;
    roubles.parse::<i64>().ok()?.checked_mul(100)?.checked_add(part)
}

fn right(form: &ObjectionForm, field: PersonField, value: &Subject) -> Result<Subject, Wrong> {
    let mut subject = Subject::default();
    let text = form.right.trim();
    let wrong = ("right", "error-right");
    match field {
        PersonField::Latin => subject.latin = Some(name(form)?),
        PersonField::Cyrillic => subject.cyrillic = Some(name(form)?),
        PersonField::BirthDate => {
            subject.birth = Some(Birth {
                date: PartialDate::parse_iso(text).map_err(|_| ("right", "error-born"))?,
                unknown_parts: UnknownParts::Kept,
            });
        }
        PersonField::BirthPlace if text.is_empty() => return Err(wrong),
        PersonField::BirthPlace => subject.birth_place = Some(text.to_owned()),
        PersonField::Sex => {
            subject.sex = Some(match form.sex.as_str() {
                "female" => Sex::Female,
                "male" => Sex::Male,
                _ => return Err(("sex", "error-right")),
            });
        }
        PersonField::Citizenship => subject.citizenship = Some(country(form)?),
        PersonField::Document => {
            subject.document = Some(Document {
                number: DocumentNumber::parse(text).map_err(|_| ("right", "error-number"))?,
                issuer: Some(country(form)?),
                kind: value
                    .document
                    .as_ref()
                    .map_or(DocumentKind::Unstated, |document| document.kind),
            });
        }
        PersonField::Inn => subject.inn = Some(Claimed::new(text)),
        PersonField::Snils => subject.snils = Some(Claimed::new(text)),
        PersonField::Enp => subject.enp = Some(Claimed::new(text)),
    }
    Ok(subject)
}

fn name(form: &ObjectionForm) -> Result<Name, Wrong> {
    let kept = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = Name {
        surname: kept(&form.surname),
        given: kept(&form.given),
        patronymic: Some(kept(&form.patronymic)).filter(|name| !name.is_empty()),
        unsplit: None,
    };
    if name.surname.is_empty() && name.given.is_empty() {
        Err(("surname", "error-name"))
    } else {
        Ok(name)
    }
}

fn country(form: &ObjectionForm) -> Result<Country, Wrong> {
    Country::parse(&form.country).map_err(|_| ("country", "error-issuer"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roubles_are_read_as_people_write_them() {
        assert_eq!(kopecks("8900"), Some(890_000));
        assert_eq!(kopecks("8 900,5"), Some(890_050));
        assert_eq!(kopecks("0.07"), Some(7));
        for wrong in ["", "-1", "1,234", "1.", "x", "1e3", "99999999999999999999"] {
            assert_eq!(kopecks(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_name_needs_one_part_at_least() {
        let form = ObjectionForm {
            surname: "  VAN  DER ".to_owned(),
            ..ObjectionForm::default()
        };
        assert_eq!(name(&form).ok().unwrap().surname, "VAN DER");
        assert!(name(&ObjectionForm::default()).is_err());
    }
}
