//! Invented persons, and what agencies say of them.

use jiff::{Timestamp, civil::date};
use records::{
    Day,
    country::Country,
    document::DocumentNumber,
    envelope::{ContentDigest, Evidence, Record},
    partial_date::PartialDate,
    payload::{
        Crossing, Decision, DecisionType, Direction, MedicalCertificate, MedicalResult, Payload, Permit,
        PermitState, PermitType, Purpose, TaxAdvance,
    },
    region::RegionCode,
    subject::{Birth, Document, DocumentKind, Name, Sex, Subject, UnknownParts},
};

use super::fixtures::key;

/// An invented person, as agencies know them.
#[derive(Clone)]
pub struct Person {
    pub surname: &'static str,
    pub given: &'static str,
    pub born: &'static str,
    pub document: &'static str,
}

pub const JASUR: Person = Person {
    surname: "KARIMOV",
    given: "JASUR",
    born: "1985-03-09",
    document: "FA1234567",
};
pub const MALIKA: Person = Person {
    surname: "YUSUPOVA",
    given: "MALIKA",
    born: "1991-11-23",
    document: "AB7654321",
};

impl Person {
    pub fn born(&self) -> PartialDate {
        PartialDate::parse_iso(self.born).unwrap()
    }

    pub fn number(&self) -> DocumentNumber {
        DocumentNumber::parse(self.document).unwrap()
    }

    pub fn subject(&self) -> Subject {
        Subject {
            latin: Some(Name {
                surname: self.surname.to_owned(),
                given: self.given.to_owned(),
                patronymic: None,
                unsplit: None,
            }),
            birth: Some(Birth {
                date: self.born(),
                unknown_parts: UnknownParts::Kept,
            }),
            sex: Some(Sex::Male),
            citizenship: Some(Country::constant(b"UZB")),
            document: Some(Document {
                number: self.number(),
                issuer: Some(Country::constant(b"UZB")),
                kind: DocumentKind::Passport,
            }),
            ..Subject::default()
        }
    }

    pub fn record(&self, source: &str, id: &str, version: u32, payload: Payload) -> Record {
        let (key, subject, recorded_on) = (key(source, id), self.subject(), date(2025, 6, 1));
        let digest = ContentDigest::of(&key, version, recorded_on, &subject, &payload).unwrap();
        Record {
            key,
            version,
            recorded_on,
            received_at: Timestamp::UNIX_EPOCH,
            valid: payload.valid(recorded_on),
            subject,
            payload,
            doubts: Vec::new(),
            evidence: Evidence {
                file: format!("{source}.csv"),
                line: 2,
            },
            digest,
        }
    }

    pub fn entered(&self, id: &str, on: Day) -> Record {
        self.record("border", id, 1, self.crossing(Direction::In, on))
    }

    /// A worker with a patent: entered, examined, permitted and paid up.
    pub fn worker(&self, tag: &str) -> Vec<Record> {
        let day = date(2025, 5, 12);
        let patent = Permit {
            permit_type: PermitType::Patent,
            series: "77".to_owned(),
            number: format!("25{tag:0>8}"),
            issued_on: day,
            valid_from: day,
            valid_until: Some(date(2026, 5, 11)),
            region: RegionCode::constant(b"77"),
            profession: Some("Подсобный рабочий".to_owned()),
            state: PermitState::InForce,
            annulled_on: None,
        };
        let paid = TaxAdvance {
            paid_on: day,
            amount_kopecks: 2_670_000,
            region: RegionCode::constant(b"77"),
            patent_number: Some(patent.full_number()),
        };
        let examined = MedicalCertificate {
            issued_on: date(2025, 5, 5),
            result: MedicalResult::Fit,
            clinic_licence: "ЛО-77-01-001234".to_owned(),
        };
        vec![
            self.entered(&format!("BX{tag}"), date(2025, 4, 20)),
            self.record("permits", &format!("PM{tag}"), 1, Payload::Permit(patent)),
            self.record("pit", &format!("PY{tag}"), 1, Payload::TaxAdvance(paid)),
            self.record(
                "med",
                &format!("MC{tag}"),
                1,
                Payload::MedicalCertificate(examined),
            ),
        ]
    }

    pub fn crossing(&self, direction: Direction, on: Day) -> Payload {
        Payload::Crossing(Crossing {
            direction,
            crossed_on: on,
            crossed_at: on.at(12, 0, 0, 0).in_tz("UTC").unwrap().timestamp(),
            checkpoint: "A-SVO".to_owned(),
            document_expiry: Some(date(2030, 1, 1)),
            mrz: None,
            purpose: Purpose::Work,
            migration_card: Some(format!("0111 {}", &self.document[2..])),
            visa_number: None,
        })
    }

    /// A ban that names the person without a document.
    pub fn ban(&self, id: &str) -> Record {
        let ban = Decision {
            decision_type: DecisionType::EntryBan,
            legal_basis: "114-FZ art. 26".to_owned(),
            body: "МВД".to_owned(),
            region: RegionCode::constant(b"77"),
            official: "O12345".to_owned(),
            decided_on: date(2025, 5, 30),
            valid_from: date(2025, 5, 30),
            valid_until: Some(date(2030, 5, 30)),
            revoked_on: None,
            revocation_reason: None,
        };
        let mut record = self.record("decisions", id, 1, Payload::Decision(Box::new(ban)));
        record.subject.document = None;
        record.digest = ContentDigest::of(
            &record.key,
            1,
            record.recorded_on,
            &record.subject,
            &record.payload,
        )
        .unwrap();
        record
    }
}
