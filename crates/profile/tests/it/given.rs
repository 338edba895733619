//! Records to fold, made in one line each.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use profile::{fold::fold, linked::LinkedRecord, rules::ProfileRules, view::Profile};
use records::{
    country::Country,
    document::DocumentNumber,
    envelope::{ContentDigest, Evidence, Record},
    key::{ProfileId, RecordKey, SourceName, SourceRecordId},
    partial_date::PartialDate,
    payload::{ArrivalNotice, Crossing, Direction, Host, Payload, Purpose, RegistrationType},
    region::RegionCode,
    span::Span,
    subject::{Birth, Document, DocumentKind, Name, Sex, Subject, UnknownParts},
};

pub(crate) fn rules() -> ProfileRules {
    ProfileRules::parse(include_str!("../../../../packs/ru/profile.toml")).unwrap()
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn midnight(day: Date) -> Timestamp {
    TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).unwrap()
}

pub(crate) fn subject() -> Subject {
    Subject {
        latin: Some(Name {
            surname: "KARIMOV".into(),
            given: "JASUR".into(),
            ..Name::default()
        }),
        birth: Some(Birth {
            date: PartialDate::parse_iso("1985-03-09").unwrap(),
            unknown_parts: UnknownParts::Kept,
        }),
        sex: Some(Sex::Male),
        citizenship: Some(Country::constant(b"UZB")),
        document: Some(Document {
            number: DocumentNumber::parse("FA1234567").unwrap(),
            issuer: Some(Country::constant(b"UZB")),
            kind: DocumentKind::Passport,
        }),
        ..Subject::default()
    }
}

pub(crate) fn record(
    source: &str,
    id: &str,
    recorded_on: Date,
    subject: Subject,
    payload: Payload,
) -> Record {
    let key = RecordKey {
        source: SourceName::parse(source).unwrap(),
        id: SourceRecordId::parse(id).unwrap(),
    };
    let digest = ContentDigest::of(&key, 1, recorded_on, &subject, &payload).unwrap();
    Record {
        key,
        version: 1,
        recorded_on,
        received_at: midnight(recorded_on),
        valid: payload.valid(recorded_on),
        subject,
        payload,
        doubts: Vec::new(),
        evidence: Evidence {
            file: "given".into(),
            line: 1,
        },
        digest,
    }
}

pub(crate) fn corrected(record: &Record, recorded_on: Date, change: impl FnOnce(&mut Record)) -> Record {
    let mut later = record.clone();
    later.version += 1;
    later.recorded_on = recorded_on;
    later.received_at = midnight(recorded_on);
    change(&mut later);
    later.valid = later.payload.valid(recorded_on);
    later.digest = ContentDigest::of(
        &later.key,
        later.version,
        recorded_on,
        &later.subject,
        &later.payload,
    )
    .unwrap();
    later
}

/// A crossing at `2025-03-09T14:05` local time (Moscow) on a migration card.
pub(crate) fn crossing(id: &str, at: &str, direction: Direction, card: Option<&str>) -> Record {
    let local: jiff::civil::DateTime = at.parse().unwrap();
    let zone = TimeZone::fixed(jiff::tz::offset(3));
    let payload = Payload::Crossing(Crossing {
        direction,
        crossed_on: local.date(),
        crossed_at: zone.to_timestamp(local).unwrap(),
        checkpoint: "A-SVO".into(),
        document_expiry: Some(day("2030-01-01")),
        mrz: None,
        purpose: Purpose::Work,
        migration_card: card.map(str::to_owned),
        visa_number: None,
    });
    record("border", id, local.date(), subject(), payload)
}

pub(crate) fn notice(
    id: &str,
    entered: &str,
    from: &str,
    until: &str,
    region: &[u8; 2],
    card: Option<&str>,
) -> Record {
    let payload = Payload::ArrivalNotice(Box::new(ArrivalNotice {
        registration_type: RegistrationType::First,
        entered_on: day(entered),
        stay: Span::new(day(from), Some(day(until))).unwrap(),
        address: "г. Самара, ул. Мира, д. 1".into(),
        region: RegionCode::constant(region),
        former_place: None,
        former_country: None,
        reason: Purpose::Work,
        employment_before: "employed".into(),
        employment_now: "employed".into(),
        social_security: "none".into(),
        education: None,
        marital_status: None,
        family_arrived: "alone".into(),
        family: Vec::new(),
        migration_card: card.map(str::to_owned),
        visa_number: None,
        host: Host::Person {
            name: "Хозяин".into(),
            phone: None,
        },
    }));
    record("arrival", id, day(from), subject(), payload)
}

pub(crate) fn linked(record: Record) -> LinkedRecord {
    LinkedRecord {
        linked_from: record.received_at,
        record,
        linked_until: None,
        weight: 20.0,
    }
}

pub(crate) fn folded(records: &[Record], on: &str) -> Profile {
    let linked: Vec<LinkedRecord> = records.iter().cloned().map(linked).collect();
    fold(
        ProfileId::from_random_bits(7),
        &linked,
        day(on),
        midnight(day("2030-01-01")),
        &rules(),
    )
}
