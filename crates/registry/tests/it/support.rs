//! A registry over the store in memory, a clock that is set by hand, and a few invented persons.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use credential::{Es256Signer, IssuerId, Purpose as Matter, TrustList, trust::TrustedKey};
use jiff::{SignedDuration, Timestamp, civil::date};
use records::{
    Day,
    country::Country,
    document::DocumentNumber,
    envelope::{ContentDigest, Evidence, Record},
    key::{ProfileId, RecordKey, SourceName, SourceRecordId},
    partial_date::PartialDate,
    payload::{
        Crossing, Decision, DecisionType, Direction, MedicalCertificate, MedicalResult, Payload, Permit,
        PermitState, PermitType, Purpose, TaxAdvance,
    },
    region::RegionCode,
    subject::{Birth, Document, DocumentKind, Name, Sex, Subject, UnknownParts},
};
use registry::{
    access::{
        actor::{Actor, Asker, CaseNumber},
        purpose::{PurposeId, Purposes},
    },
    ingest::{Batch, IngestReport},
    memory::MemoryStore,
    port::{Clock, Random, Store, random::RandomError},
    registry::{Issuing, Keys, Ports, Registry, Rules, SecretKey, Terms},
};

/// Noon in Moscow on the day on which the tests play.
pub(crate) const START: &str = "2025-06-10T09:00:00Z";

pub(crate) struct HandClock(AtomicI64);

impl HandClock {
    pub(crate) fn advance(&self, by: SignedDuration) {
        self.0
            .fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }

    pub(crate) fn set_back(&self, by: SignedDuration) {
        self.advance(-by);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// Numbers that repeat from run to run (splitmix64).
struct CountedRandom(AtomicU64);

impl Random for CountedRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        for chunk in bytes.chunks_mut(8) {
            let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_be_bytes()[..chunk.len()]);
        }
        Ok(())
    }
}

pub(crate) struct World {
    pub(crate) registry: Registry,
    pub(crate) clock: Arc<HandClock>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) trust: TrustList,
}

fn pack_file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../packs/ru")
        .join(name);
    std::fs::read_to_string(path).unwrap()
}

pub(crate) fn purposes() -> Purposes {
    Purposes::parse(&pack_file("purposes.toml")).unwrap()
}

pub(crate) fn world() -> World {
    world_with_statistics_key(7)
}

pub(crate) fn world_with_statistics_key(statistics: u8) -> World {
    let start: Timestamp = START.parse().unwrap();
    let clock = Arc::new(HandClock(AtomicI64::new(start.as_microsecond())));
    let signer = Es256Signer::from_pem(Es256Signer::generate().unwrap().as_str()).unwrap();
    let issuer = IssuerId::parse("SOJOURN").unwrap();
    let year = SignedDuration::from_hours(24 * 365);
    let key = TrustedKey {
        issuer: issuer.clone(),
        key: signer.public_key().clone(),
        valid_from: start - year,
        valid_until: start + year,
        purposes: Matter::ALL.to_vec(),
    };
    let trust = TrustList::new(start, start + year, [key]).unwrap();
    let status_files: status::pack::PackFiles = status::pack::PackFiles::names()
        .iter()
        .map(|name| (*name, pack_file(name)))
        .collect();
    let rules = Rules {
        purposes: purposes(),
        profile: profile::rules::ProfileRules::parse(&pack_file("profile.toml")).unwrap(),
        status: status::pack::Pack::load(&status_files).unwrap(),
        linkage: linkage::settings::Settings::default(),
    };
    let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
    let ports = Ports {
        store: Arc::clone(&store),
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        random: Arc::new(CountedRandom(AtomicU64::new(1))),
        signer: Arc::new(signer),
    };
    let keys = Keys {
        statistics: SecretKey::new(&[statistics; 32]),
        codes: SecretKey::new(&[9; 32]),
    };
    let issuing = Issuing {
        issuer,
        trust: trust.clone(),
    };
    World {
        registry: Registry::new(ports, rules, issuing, keys, Terms::default()),
        clock,
        store,
        trust,
    }
}

impl World {
    pub(crate) fn minutes(&self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
    }

    pub(crate) async fn ingest(&self, records: Vec<Record>) -> IngestReport {
        self.minutes(1);
        self.registry
            .ingest(
                &operator("operation"),
                Batch {
                    records,
                    ..Batch::default()
                },
            )
            .await
            .unwrap()
    }

    pub(crate) async fn link(&self) -> registry::link::LinkReport {
        self.minutes(1);
        self.registry.link_all(&operator("operation")).await.unwrap()
    }

    /// The profile that a record stands in now.
    pub(crate) async fn profile_of(&self, record: &RecordKey) -> ProfileId {
        let mut work = self.store.begin_read().await.unwrap();
        work.find_link(record, self.clock.now())
            .await
            .unwrap()
            .unwrap()
            .profile
    }
}

pub(crate) fn asker(actor: Actor, purpose: &str) -> Asker {
    let case = CaseNumber::parse("12/345-25").unwrap();
    Asker {
        case: Some(case),
        ..Asker::new(actor, PurposeId::parse(purpose).unwrap())
    }
}

pub(crate) fn operator(purpose: &str) -> Asker {
    asker(
        Actor::Operator {
            name: "root".to_owned(),
        },
        purpose,
    )
}

pub(crate) fn official(purpose: &str) -> Asker {
    named_official("Орлова", purpose)
}

pub(crate) fn named_official(name: &str, purpose: &str) -> Asker {
    asker(
        Actor::Official {
            name: name.to_owned(),
            office: "УВМ по г. Москве".to_owned(),
        },
        purpose,
    )
}

pub(crate) fn verifier(organisation: &str) -> Asker {
    asker(
        Actor::Verifier {
            organisation: organisation.to_owned(),
        },
        "employment_check",
    )
}

pub(crate) fn holder(profile: ProfileId) -> Asker {
    asker(Actor::Holder { profile }, "own_data")
}

pub(crate) fn key(source: &str, id: &str) -> RecordKey {
    RecordKey {
        source: SourceName::parse(source).unwrap(),
        id: SourceRecordId::parse(id).unwrap(),
    }
}

/// An invented person, as agencies know them.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) surname: &'static str,
    pub(crate) given: &'static str,
    pub(crate) born: &'static str,
    pub(crate) document: &'static str,
}

pub(crate) const JASUR: Person = Person {
    surname: "KARIMOV",
    given: "JASUR",
    born: "1985-03-09",
    document: "FA1234567",
};
pub(crate) const MALIKA: Person = Person {
    surname: "YUSUPOVA",
    given: "MALIKA",
    born: "1991-11-23",
    document: "AB7654321",
};

impl Person {
    pub(crate) fn born(&self) -> PartialDate {
        PartialDate::parse_iso(self.born).unwrap()
    }

    pub(crate) fn number(&self) -> DocumentNumber {
        DocumentNumber::parse(self.document).unwrap()
    }

    fn subject(&self) -> Subject {
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

    pub(crate) fn record(&self, source: &str, id: &str, version: u32, payload: Payload) -> Record {
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

    pub(crate) fn entered(&self, id: &str, on: Day) -> Record {
        self.record("border", id, 1, self.crossing(Direction::In, on))
    }

    /// A worker with a patent: entered, examined, permitted and paid up.
    pub(crate) fn worker(&self, tag: &str) -> Vec<Record> {
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

    pub(crate) fn crossing(&self, direction: Direction, on: Day) -> Payload {
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
    pub(crate) fn ban(&self, id: &str) -> Record {
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
