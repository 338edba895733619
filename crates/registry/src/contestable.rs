//! What of a profile can be contested: which fields and parts, what they say, in which group they stand.
//!
//! In: a profile as far as the asker sees it. Invariant: what the asker does not see cannot be contested, and a
//! contested thing says nothing about whether anything else is on record.

use profile::{
    cite::Citation,
    event::Event,
    field::{Difference, Field},
    identity::{DocumentState, Held, Soundness},
    view::Profile,
};
use records::{
    Day,
    key::RecordKey,
    payload::{Payload, PersonField},
    region::RegionCode,
    subject::{Birth, Subject, UnknownParts},
};

use crate::access::action::FieldGroup;

/// Letters of a text that is said to be right, at most.
const TEXT_MAX: usize = 300;

/// A part of an event that can be contested.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartOfEvent {
    /// JSON pointer into the payload.
    pub at: &'static str,
    pub form: PartForm,
}

/// In which form a part is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartForm {
    Day,
    /// A day, or nothing: without end, never.
    DayOrNone,
    Text,
    Region,
    Kopecks,
}

impl PartForm {
    /// The value that somebody wrote; none where it is not in the form.
    pub fn read(self, written: &str) -> Option<serde_json::Value> {
        let written = written.trim();
        match self {
            Self::DayOrNone if written.is_empty() => Some(serde_json::Value::Null),
            Self::Day | Self::DayOrNone => {
                let day: Day = written.parse().ok()?;
                Some(day.to_string().into())
            }
            Self::Text => {
                let fits = (1..=TEXT_MAX).contains(&written.chars().count());
                (fits && !written.chars().any(char::is_control)).then(|| written.into())
            }
            Self::Region => RegionCode::parse(written)
                .ok()
                .map(|region| region.as_str().into()),
            Self::Kopecks => {
                let kopecks: i64 = written.parse().ok()?;
                (kopecks >= 0).then(|| kopecks.into())
            }
        }
    }
}

impl PartForm {
    /// Whether a value is in the form.
    pub(crate) fn allows(self, value: &serde_json::Value) -> bool {
        let read = match value {
            serde_json::Value::Null => self.read(""),
            serde_json::Value::String(text) if self != Self::Kopecks => self.read(text),
            serde_json::Value::Number(number) if self == Self::Kopecks => self.read(&number.to_string()),
            _ => None,
        };
        read.as_ref() == Some(value)
    }
}

const fn part(at: &'static str, form: PartForm) -> PartOfEvent {
    PartOfEvent { at, form }
}

const CROSSING: &[PartOfEvent] = &[
    part("/crossed_on", PartForm::Day),
    part("/checkpoint", PartForm::Text),
];
const ARRIVAL_NOTICE: &[PartOfEvent] = &[
    part("/stay/from", PartForm::Day),
    part("/stay/until", PartForm::DayOrNone),
    part("/address", PartForm::Text),
    part("/region", PartForm::Region),
];
const PERMIT: &[PartOfEvent] = &[
    part("/issued_on", PartForm::Day),
    part("/valid_from", PartForm::Day),
    part("/valid_until", PartForm::DayOrNone),
    part("/annulled_on", PartForm::DayOrNone),
    part("/region", PartForm::Region),
    part("/profession", PartForm::Text),
];
const DECISION: &[PartOfEvent] = &[
    part("/decided_on", PartForm::Day),
    part("/valid_from", PartForm::Day),
    part("/valid_until", PartForm::DayOrNone),
    part("/revoked_on", PartForm::DayOrNone),
];
const TAX_ADVANCE: &[PartOfEvent] = &[
    part("/paid_on", PartForm::Day),
    part("/amount_kopecks", PartForm::Kopecks),
    part("/region", PartForm::Region),
    part("/patent_number", PartForm::Text),
];
const INSURANCE: &[PartOfEvent] = &[
    part("/insured/from", PartForm::Day),
    part("/insured/until", PartForm::DayOrNone),
];
const BENEFIT: &[PartOfEvent] = &[
    part("/paid_for/from", PartForm::Day),
    part("/paid_for/until", PartForm::DayOrNone),
];
const MEDICAL_POLICY: &[PartOfEvent] = &[
    part("/cover/from", PartForm::Day),
    part("/cover/until", PartForm::DayOrNone),
    part("/policy_number", PartForm::Text),
];
const MEDICAL_CERTIFICATE: &[PartOfEvent] = &[part("/issued_on", PartForm::Day)];
const ENROLMENT: &[PartOfEvent] = &[
    part("/studies/from", PartForm::Day),
    part("/studies/until", PartForm::DayOrNone),
    part("/institution", PartForm::Text),
];
const VISA: &[PartOfEvent] = &[
    part("/validity/from", PartForm::Day),
    part("/validity/until", PartForm::DayOrNone),
    part("/visa_number", PartForm::Text),
];
const ACCREDITATION: &[PartOfEvent] = &[
    part("/validity/from", PartForm::Day),
    part("/validity/until", PartForm::DayOrNone),
];
const RESIDENCE: &[PartOfEvent] = &[part("/region", PartForm::Region)];
const EMPLOYMENT_NOTICE: &[PartOfEvent] = &[
    part("/event_on", PartForm::Day),
    part("/profession", PartForm::Text),
];

/// The parts of an event that can be contested by name; anything else is contested as a whole.
pub fn parts_of(payload: &Payload) -> &'static [PartOfEvent] {
    match payload {
        Payload::Crossing(_) => CROSSING,
        Payload::ArrivalNotice(_) => ARRIVAL_NOTICE,
        Payload::Permit(_) => PERMIT,
        Payload::Decision(_) => DECISION,
        Payload::TaxAdvance(_) => TAX_ADVANCE,
        Payload::Insurance(_) => INSURANCE,
        Payload::Benefit(_) => BENEFIT,
        Payload::MedicalPolicy(_) => MEDICAL_POLICY,
        Payload::MedicalCertificate(_) => MEDICAL_CERTIFICATE,
        Payload::Enrolment(_) => ENROLMENT,
        Payload::Visa(_) => VISA,
        Payload::Accreditation(_) => ACCREDITATION,
        Payload::Residence(_) => RESIDENCE,
        Payload::EmploymentNotice(_) => EMPLOYMENT_NOTICE,
        Payload::Amendment(_) => &[],
    }
}

/// The group of fields in which an event shows.
pub fn group_of(payload: &Payload) -> FieldGroup {
    match payload {
        Payload::Crossing(_) => FieldGroup::Stays,
        Payload::ArrivalNotice(_) | Payload::Residence(_) => FieldGroup::Address,
        Payload::Permit(_) => FieldGroup::Permits,
        Payload::Decision(_) => FieldGroup::Decisions,
        Payload::TaxAdvance(_) => FieldGroup::Payments,
        Payload::Insurance(_) | Payload::EmploymentNotice(_) => FieldGroup::Work,
        Payload::Benefit(_) | Payload::MedicalPolicy(_) | Payload::MedicalCertificate(_) => {
            FieldGroup::Medical
        }
        Payload::Enrolment(_) => FieldGroup::Studies,
        Payload::Visa(_) | Payload::Accreditation(_) => FieldGroup::Visas,
        Payload::Amendment(_) => FieldGroup::Identity,
    }
}

/// The group in which a field of the person shows.
pub fn group_of_field(field: PersonField) -> FieldGroup {
    match field {
        PersonField::Latin
        | PersonField::Cyrillic
        | PersonField::BirthDate
        | PersonField::BirthPlace
        | PersonField::Sex
        | PersonField::Citizenship => FieldGroup::Identity,
        PersonField::Document => FieldGroup::Documents,
        PersonField::Inn | PersonField::Snils | PersonField::Enp => FieldGroup::Numbers,
    }
}

/// A value that the profile states in a field.
pub struct StatedValue {
    pub value: Subject,
    pub cited: Vec<Citation>,
    /// How it differs from the chosen one; none for the chosen one, and where a person may have several.
    pub difference: Option<Difference>,
}

/// Every value that the profile states in a field, the chosen one first; those found wrong before are left out.
pub fn stated(profile: &Profile, field: PersonField) -> Vec<StatedValue> {
    let who = &profile.identity;
    let subject = Subject::default;
    match field {
        PersonField::Latin => of_field(who.latin.as_ref(), |name| Subject {
            latin: Some(name.clone()),
            ..subject()
        }),
        PersonField::Cyrillic => of_field(who.cyrillic.as_ref(), |name| Subject {
            cyrillic: Some(name.clone()),
            ..subject()
        }),
        PersonField::BirthDate => of_field(who.birth_date.as_ref(), |date| Subject {
            birth: Some(Birth {
                date: *date,
                unknown_parts: UnknownParts::Kept,
            }),
            ..subject()
        }),
        PersonField::BirthPlace => of_field(who.birth_place.as_ref(), |place| Subject {
            birth_place: Some(place.clone()),
            ..subject()
        }),
        PersonField::Sex => of_field(who.sex.as_ref(), |sex| Subject {
            sex: Some(*sex),
            ..subject()
        }),
        PersonField::Citizenship => of_field(who.citizenship.as_ref(), |country| Subject {
            citizenship: Some(*country),
            ..subject()
        }),
        PersonField::Document | PersonField::Inn | PersonField::Snils | PersonField::Enp => {
            held(profile, field)
        }
    }
}

fn of_field<T>(field: Option<&Field<T>>, read: impl Fn(&T) -> Subject) -> Vec<StatedValue> {
    let Some(field) = field else { return Vec::new() };
    let chosen = StatedValue {
        value: read(&field.value),
        cited: field.cited.clone(),
        difference: None,
    };
    let others = field.others.iter().filter(|other| other.settled_by.is_none());
    let others = others.map(|other| StatedValue {
        value: read(&other.value),
        cited: other.cited.clone(),
        difference: Some(other.difference),
    });
    std::iter::once(chosen).chain(others).collect()
}

/// Documents and numbers, of which a person may have several.
fn held(profile: &Profile, field: PersonField) -> Vec<StatedValue> {
    let who = &profile.identity;
    match field {
        PersonField::Inn => numbers(&who.inn, |number| Subject {
            inn: Some(number),
            ..Subject::default()
        }),
        PersonField::Snils => numbers(&who.snils, |number| Subject {
            snils: Some(number),
            ..Subject::default()
        }),
        PersonField::Enp => numbers(&who.enp, |number| Subject {
            enp: Some(number),
            ..Subject::default()
        }),
        _ => {
            let documents = who.documents.iter();
            documents
                .filter(|held| held.state != DocumentState::Overruled)
                .map(|held| StatedValue {
                    value: Subject {
                        document: Some(held.document.clone()),
                        ..Subject::default()
                    },
                    cited: held.cited.clone(),
                    difference: None,
                })
                .collect()
        }
    }
}

fn numbers<T: Clone>(held: &[Held<T>], read: impl Fn(T) -> Subject) -> Vec<StatedValue> {
    held.iter()
        .filter(|held| held.soundness != Soundness::Overruled)
        .map(|held| StatedValue {
            value: read(held.value.clone()),
            cited: held.cited.clone(),
            difference: None,
        })
        .collect()
}

/// An event of the profile, as it can be contested.
pub struct ContestableEvent {
    /// What happened, after the decisions on it.
    pub payload: Payload,
    /// The record that the profile takes it from.
    pub cited: Citation,
    /// Every record that reports it, the cited one first.
    pub reports: Vec<Citation>,
}

/// The event that a record reports.
pub fn event_of(profile: &Profile, record: &RecordKey) -> Option<ContestableEvent> {
    fn find<T: Clone>(
        events: &[Event<T>],
        record: &RecordKey,
        payload: impl FnOnce(T) -> Payload,
    ) -> Option<ContestableEvent> {
        let event = events
            .iter()
            .find(|event| event.reported_by().any(|cited| cited.key == *record))?;
        Some(ContestableEvent {
            payload: payload(event.fact.clone()),
            cited: event.cited.clone(),
            reports: event.reported_by().cloned().collect(),
        })
    }
    let events = &profile.events;
    find(&events.crossings, record, Payload::Crossing)
        .or_else(|| {
            find(&events.notices, record, |fact| {
                Payload::ArrivalNotice(Box::new(fact))
            })
        })
        .or_else(|| find(&events.permits, record, Payload::Permit))
        .or_else(|| {
            find(&events.decisions, record, |fact| {
                Payload::Decision(Box::new(fact))
            })
        })
        .or_else(|| find(&events.payments, record, Payload::TaxAdvance))
        .or_else(|| find(&events.insured, record, Payload::Insurance))
        .or_else(|| find(&events.benefits, record, Payload::Benefit))
        .or_else(|| find(&events.policies, record, Payload::MedicalPolicy))
        .or_else(|| find(&events.certificates, record, Payload::MedicalCertificate))
        .or_else(|| find(&events.studies, record, Payload::Enrolment))
        .or_else(|| find(&events.visas, record, Payload::Visa))
        .or_else(|| find(&events.accreditations, record, Payload::Accreditation))
        .or_else(|| find(&events.residences, record, Payload::Residence))
        .or_else(|| find(&events.employment_notices, record, Payload::EmploymentNotice))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_read_in_their_form() {
        let read = |form: PartForm, text: &str| form.read(text);
        assert_eq!(read(PartForm::Day, " 2025-03-09 "), Some("2025-03-09".into()));
        assert_eq!(read(PartForm::Day, ""), None);
        assert_eq!(read(PartForm::DayOrNone, ""), Some(serde_json::Value::Null));
        assert_eq!(read(PartForm::DayOrNone, "2025-02-30"), None);
        assert_eq!(read(PartForm::Region, "77"), Some("77".into()));
        assert_eq!(read(PartForm::Region, "Москва"), None);
        assert_eq!(read(PartForm::Kopecks, "-1"), None);
        assert_eq!(read(PartForm::Kopecks, "670000"), Some(670_000.into()));
        assert_eq!(read(PartForm::Text, "a\nb"), None);
        assert_eq!(read(PartForm::Text, &"x".repeat(TEXT_MAX + 1)), None);
        assert!(PartForm::DayOrNone.allows(&serde_json::Value::Null));
        assert!(PartForm::Kopecks.allows(&7.into()) && !PartForm::Kopecks.allows(&"7".into()));
        for wrong in [
            serde_json::json!(-1),
            serde_json::json!(1.5),
            serde_json::json!([1]),
        ] {
            assert!(!PartForm::Kopecks.allows(&wrong) && !PartForm::Text.allows(&wrong));
        }
        assert!(
            !PartForm::Day.allows(&" 2025-03-09".into()),
            "as it is kept, not as it is typed"
        );
    }
}
