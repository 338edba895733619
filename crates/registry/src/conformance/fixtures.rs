//! Records and times that the checks work with. All persons are invented.

use std::sync::Arc;

use jiff::{Timestamp, ToSpan as _, civil::date};
use records::{
    country::Country,
    document::DocumentNumber,
    envelope::{ContentDigest, Doubt, Evidence, Record},
    key::{ProfileId, RecordKey, SourceName, SourceRecordId},
    partial_date::PartialDate,
    payload::{Payload, TaxAdvance},
    region::RegionCode,
    subject::{Birth, Document, DocumentKind, Name, Sex, Subject, UnknownParts},
};

use crate::port::{
    Store, Transaction,
    link_book::{LinkedBy, NewLink},
    record_log::Appended,
};

/// A time of the checks: so many minutes after they begin.
pub fn minute(minutes: i64) -> Timestamp {
    let start: Timestamp = "2025-03-09T11:05:11.123456Z".parse().unwrap();
    start.checked_add(minutes.minutes()).unwrap()
}

pub fn profile(number: u128) -> ProfileId {
    ProfileId::from_random_bits(number << 80 | number)
}

pub fn key(source: &str, id: &str) -> RecordKey {
    RecordKey {
        source: SourceName::parse(source).unwrap(),
        id: SourceRecordId::parse(id).unwrap(),
    }
}

/// A payment of `amount` by the bearer of a document, received in a minute.
pub fn record(key: &RecordKey, version: u32, amount: i64, received: i64) -> Record {
    record_of(key, version, amount, received, "FA1234567")
}

pub fn record_of(key: &RecordKey, version: u32, amount: i64, received: i64, document: &str) -> Record {
    let subject = Subject {
        latin: Some(Name {
            surname: "KARIMOV".to_owned(),
            given: "JASUR".to_owned(),
            patronymic: None,
            unsplit: None,
        }),
        birth: Some(Birth {
            date: PartialDate::parse_iso("1985-03").unwrap(),
            unknown_parts: UnknownParts::Kept,
        }),
        sex: Some(Sex::Male),
        citizenship: Some(Country::constant(b"UZB")),
        document: Some(Document {
            number: DocumentNumber::parse(document).unwrap(),
            issuer: Some(Country::constant(b"UZB")),
            kind: DocumentKind::Passport,
        }),
        ..Subject::default()
    };
    let payload = Payload::TaxAdvance(TaxAdvance {
        paid_on: date(2025, 3, 1),
        amount_kopecks: amount,
        region: RegionCode::constant(b"77"),
        patent_number: Some("770699632730".to_owned()),
    });
    let recorded_on = date(2025, 3, 2);
    let digest = ContentDigest::of(key, version, recorded_on, &subject, &payload).unwrap();
    Record {
        key: key.clone(),
        version,
        recorded_on,
        received_at: minute(received),
        valid: payload.valid(recorded_on),
        subject,
        payload,
        doubts: vec![Doubt {
            field: "inn".to_owned(),
            reason: "check digit".to_owned(),
        }],
        evidence: Evidence {
            file: "fns/pit_advances.csv".to_owned(),
            line: 7,
        },
        digest,
    }
}

pub fn link(record: &RecordKey, profile: ProfileId) -> NewLink {
    NewLink {
        record: record.clone(),
        profile,
        by: LinkedBy::Engine {
            version: "linkage/1".to_owned(),
        },
        weight: 17.25,
        explanation: serde_json::json!({ "basis": "alone" }),
    }
}

/// Appends in a transaction of its own.
pub async fn append(store: &Arc<dyn Store>, records: Vec<Record>) -> Vec<Appended> {
    let mut work = store.begin().await.unwrap();
    let appended = work.append(&records).await.unwrap();
    work.commit().await.unwrap();
    appended
}

/// Links in a transaction of its own.
pub async fn assign(store: &Arc<dyn Store>, links: &[NewLink], at: i64) {
    let mut work = store.begin().await.unwrap();
    work.assign(links, minute(at)).await.unwrap();
    work.commit().await.unwrap();
}

pub async fn reading(store: &Arc<dyn Store>) -> Box<dyn Transaction> {
    store.begin_read().await.unwrap()
}
