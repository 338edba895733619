//! Writes an accepted correction as a record of the register itself, with whose word it is and by what law.
//!
//! Invariant: the record is appended and linked like any other; nothing that a source said is changed. An amendment
//! that would not take effect is refused.

use jiff::{SignedDuration, Timestamp};
use profile::{field::Difference, identity::DocumentState, view::Profile};
use records::{
    Day,
    envelope::{ContentDigest, Evidence, Record},
    key::{KeyError, ProfileId, RecordKey, SourceName, SourceRecordId},
    payload::{Amendment, Part, Payload, PersonField, REGISTER_SOURCE, Said, Settles, amended},
    subject::{Birth, Subject, UnknownParts},
};

use crate::{
    access::visit::Visit,
    contestable::{ContestableEvent, event_of, stated},
    port::{
        StoreError,
        contests::{ContestId, Contested},
        link_book::{LinkedBy, NewLink},
        review_queue::OfficialName,
    },
    registry::legal_day,
};

/// Why an amendment could not be written.
#[derive(Debug, thiserror::Error)]
pub enum AmendError {
    #[error("the profile does not say any more what was contested")]
    Gone,
    #[error("the amendment cannot be written")]
    Words(#[from] serde_json::Error),
    #[error("the amendment's key is not one")]
    Key(#[from] KeyError),
    #[error("could not keep the amendment")]
    Store(#[from] StoreError),
}

/// Who amends, by what law, in which case.
pub(crate) struct Authority<'a> {
    pub(crate) case: ContestId,
    pub(crate) official: &'a OfficialName,
    pub(crate) legal_basis: &'a str,
}

/// The records whose words the amendment takes the place of.
pub(crate) struct Amended {
    pub(crate) touched: Vec<RecordKey>,
}

/// Appends and links the amendment that puts right what was contested.
pub(crate) async fn amend(
    visit: &mut Visit,
    seen: &Profile,
    about: &Contested,
    authority: Authority<'_>,
) -> Result<Amended, AmendError> {
    let today = legal_day(visit.now);
    let (settles, subject, touched) = match about {
        Contested::Person { field, value, right } => person(seen, *field, value, right.as_deref())?,
        Contested::Part {
            record,
            at,
            was,
            right,
            ..
        } => {
            let ContestableEvent { payload, reports, .. } = event_of(seen, record).ok_or(AmendError::Gone)?;
            let parts = parts_to_change(&payload, at, was, right).ok_or(AmendError::Gone)?;
            amended(&payload, &parts).ok_or(AmendError::Gone)?;
            let records: Vec<RecordKey> = reports.into_iter().map(|cited| cited.key).collect();
            let settles = Settles::Event {
                records: records.clone(),
                parts,
            };
            (settles, Subject::default(), records)
        }
        Contested::NoEvent { record, .. } => {
            let ContestableEvent { reports, .. } = event_of(seen, record).ok_or(AmendError::Gone)?;
            let said: Vec<Said> = reports
                .iter()
                .map(|cited| Said {
                    record: cited.key.clone(),
                    version: cited.version,
                })
                .collect();
            let records = reports.into_iter().map(|cited| cited.key).collect();
            (Settles::NoEvent { said }, Subject::default(), records)
        }
        Contested::Link { .. } => return Err(AmendError::Gone),
    };
    let record = record(visit.now, today, subject, settles, &authority)?;
    append(visit, seen.id, record, &authority).await?;
    Ok(Amended { touched })
}

/// The value contested and, where a person has one only, the others that cannot be reconciled with the right one.
fn person(
    seen: &Profile,
    field: PersonField,
    value: &Subject,
    right: Option<&Subject>,
) -> Result<(Settles, Subject, Vec<RecordKey>), AmendError> {
    let values = stated(seen, field);
    if !values.iter().any(|stated| stated.value == *value) {
        return Err(AmendError::Gone);
    }
    let mut touched = Vec::new();
    let mut wrong = Vec::new();
    for stated in &values {
        if stated.value == *value || has_no_room_beside(field, stated.difference, &stated.value, right) {
            wrong.push(stated.value.clone());
            touched.extend(stated.cited.iter().map(|cited| cited.key.clone()));
        }
    }
    let mut subject = subject_of(seen);
    match right {
        Some(right) => field.set(&mut subject, right),
        None => field.set(&mut subject, &Subject::default()),
    }
    Ok((Settles::Person { field, wrong }, subject, touched))
}

/// Names and citizenships change lawfully, documents and numbers are several: there the others are left to the rules.
/// A person is born once and has one sex, so that what contradicts the right value is settled with it.
fn has_no_room_beside(
    field: PersonField,
    difference: Option<Difference>,
    value: &Subject,
    right: Option<&Subject>,
) -> bool {
    if right == Some(value) {
        return false;
    }
    match field {
        PersonField::BirthDate | PersonField::BirthPlace | PersonField::Sex => {
            !matches!(difference, Some(Difference::Spelling | Difference::LessPrecise))
        }
        // The chosen value would go on being chosen.
        PersonField::Latin | PersonField::Cyrillic | PersonField::Citizenship => difference.is_none(),
        PersonField::Document | PersonField::Inn | PersonField::Snils | PersonField::Enp => false,
    }
}

/// The person as the profile now says: what the amendment is found by.
fn subject_of(seen: &Profile) -> Subject {
    let who = &seen.identity;
    let document = who
        .documents
        .iter()
        .find(|held| held.state == DocumentState::Current);
    Subject {
        latin: who.latin.as_ref().map(|field| field.value.clone()),
        cyrillic: who.cyrillic.as_ref().map(|field| field.value.clone()),
        birth: who.birth_date.as_ref().map(|field| Birth {
            date: field.value,
            unknown_parts: UnknownParts::Kept,
        }),
        birth_place: who.birth_place.as_ref().map(|field| field.value.clone()),
        sex: who.sex.as_ref().map(|field| field.value),
        citizenship: who.citizenship.as_ref().map(|field| field.value),
        document: document.map(|held| held.document.clone()),
        inn: None,
        snils: None,
        enp: None,
        student_id: None,
    }
}

/// The part with what hangs on it: the moment of a crossing moves with its day.
pub(crate) fn parts_to_change(
    payload: &Payload,
    at: &str,
    was: &serde_json::Value,
    right: &serde_json::Value,
) -> Option<Vec<Part>> {
    let mut parts = vec![Part {
        at: at.to_owned(),
        was: was.clone(),
        is: right.clone(),
    }];
    if let (Payload::Crossing(crossing), "/crossed_on") = (payload, at) {
        let right: Day = right.as_str()?.parse().ok()?;
        let days = records::calendar::days_between(crossing.crossed_on, right);
        let moved = SignedDuration::from_hours(24 * i64::from(days));
        let moment = crossing.crossed_at.checked_add(moved).ok()?;
        parts.push(Part {
            at: "/crossed_at".to_owned(),
            was: serde_json::to_value(crossing.crossed_at).ok()?,
            is: serde_json::to_value(moment).ok()?,
        });
    }
    Some(parts)
}

fn record(
    now: Timestamp,
    today: Day,
    subject: Subject,
    settles: Settles,
    authority: &Authority<'_>,
) -> Result<Record, AmendError> {
    let key = RecordKey {
        source: SourceName::parse(REGISTER_SOURCE)?,
        id: SourceRecordId::parse(&format!("case-{}", authority.case))?,
    };
    let payload = Payload::Amendment(Box::new(Amendment {
        case: authority.case.0,
        decided_on: today,
        official: authority.official.name.clone(),
        office: authority.official.office.clone(),
        legal_basis: authority.legal_basis.to_owned(),
        settles,
    }));
    Ok(Record {
        digest: ContentDigest::of(&key, 1, today, &subject, &payload)?,
        key,
        version: 1,
        recorded_on: today,
        received_at: now,
        valid: payload.valid(today),
        subject,
        payload,
        doubts: Vec::new(),
        evidence: Evidence {
            file: "cases".to_owned(),
            line: authority.case.0,
        },
    })
}

async fn append(
    visit: &mut Visit,
    profile: ProfileId,
    record: Record,
    authority: &Authority<'_>,
) -> Result<(), StoreError> {
    let link = NewLink {
        record: record.key.clone(),
        profile,
        by: LinkedBy::Official {
            name: authority.official.name.clone(),
            office: authority.official.office.clone(),
        },
        weight: 0.0,
        explanation: serde_json::json!({ "basis": "amended", "case": authority.case.0 }),
    };
    visit.work.append(&[record]).await?;
    visit.work.assign(&[link], visit.now).await?;
    Ok(())
}
