//! A registry over any store, with a clock that is set by hand.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use credential::{Es256Signer, IssuerId, Purpose as Matter, TrustList, trust::TrustedKey};
use jiff::{SignedDuration, Timestamp};
use records::{
    envelope::Record,
    key::{ProfileId, RecordKey},
};

use crate::{
    access::{
        actor::{Actor, Asker, CaseNumber},
        purpose::{PurposeId, Purposes},
    },
    find::{FindError, Found, Query},
    ingest::{Batch, IngestReport},
    memory::MemoryStore,
    port::{Clock, Random, Store, random::RandomError},
    registry::{AsOf, Issuing, Keys, Ports, Registry, Rules, SecretKey, Terms},
};

/// Noon in Moscow on the day on which the tests play.
pub const START: &str = "2025-06-10T09:00:00Z";

pub struct HandClock {
    now_us: AtomicI64,
    /// How far each reading moves it on.
    step_us: AtomicI64,
}

impl HandClock {
    pub fn advance(&self, by: SignedDuration) {
        self.now_us
            .fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }

    /// From now on time passes, so much from reading to reading.
    pub fn run(&self, step: SignedDuration) {
        self.step_us
            .store(i64::try_from(step.as_micros()).unwrap(), Ordering::SeqCst);
    }

    pub fn set_back(&self, by: SignedDuration) {
        self.advance(-by);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        let step = self.step_us.load(Ordering::SeqCst);
        Timestamp::from_microsecond(self.now_us.fetch_add(step, Ordering::SeqCst)).unwrap()
    }
}

/// Numbers that repeat from run to run (splitmix64).
pub struct CountedRandom(AtomicU64);

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

pub struct World {
    pub registry: Registry,
    pub clock: Arc<HandClock>,
    pub store: Arc<dyn Store>,
    pub trust: TrustList,
}

fn pack_file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../packs/ru")
        .join(name);
    std::fs::read_to_string(path).unwrap()
}

pub fn purposes() -> Purposes {
    Purposes::parse(&pack_file("purposes.toml")).unwrap()
}

pub fn world() -> World {
    world_with_statistics_key(7)
}

pub fn world_with_statistics_key(statistics: u8) -> World {
    world_of(Arc::new(MemoryStore::default()), statistics)
}

/// A registry over a store of the caller's.
pub fn world_over(store: Arc<dyn Store>) -> World {
    world_of(store, 7)
}

fn world_of(store: Arc<dyn Store>, statistics: u8) -> World {
    let start: Timestamp = START.parse().unwrap();
    let clock = Arc::new(HandClock {
        now_us: AtomicI64::new(start.as_microsecond()),
        step_us: AtomicI64::new(0),
    });
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
    let ports = Ports {
        store: Arc::clone(&store),
        clock: Arc::clone(&clock) as Arc<dyn Clock>,
        random: Arc::new(CountedRandom(AtomicU64::new(1))),
        signer: Arc::new(signer),
    };
    let keys = Keys {
        statistics: SecretKey::new(&[statistics; 32]),
        codes: SecretKey::new(&[9; 32]),
        sectors: SecretKey::new(&[11; 32]),
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
    pub fn minutes(&self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
    }

    pub async fn ingest(&self, records: Vec<Record>) -> IngestReport {
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

    pub async fn link(&self) -> crate::link::LinkReport {
        self.minutes(1);
        self.registry.link_all(&operator("operation")).await.unwrap()
    }

    /// Candidates today, by all that is known now.
    pub async fn find(&self, asker: &Asker, query: &Query) -> Result<Vec<Found>, FindError> {
        self.registry.find(asker, query, AsOf::now(&self.registry)).await
    }

    /// The profile that a record stands in now.
    pub async fn profile_of(&self, record: &RecordKey) -> ProfileId {
        let mut work = self.store.begin_read().await.unwrap();
        work.find_link(record, self.clock.now())
            .await
            .unwrap()
            .unwrap()
            .profile
    }
}

pub fn asker(actor: Actor, purpose: &str) -> Asker {
    let case = CaseNumber::parse("12/345-25").unwrap();
    Asker {
        case: Some(case),
        ..Asker::new(actor, PurposeId::parse(purpose).unwrap())
    }
}

pub fn operator(purpose: &str) -> Asker {
    asker(
        Actor::Operator {
            name: "root".to_owned(),
        },
        purpose,
    )
}

pub fn official(purpose: &str) -> Asker {
    named_official("Орлова", purpose)
}

pub fn named_official(name: &str, purpose: &str) -> Asker {
    asker(
        Actor::Official {
            name: name.to_owned(),
            office: "УВМ по г. Москве".to_owned(),
        },
        purpose,
    )
}

pub fn verifier(organisation: &str) -> Asker {
    asker(
        Actor::Verifier {
            organisation: organisation.to_owned(),
        },
        "employment_check",
    )
}

pub fn holder(profile: ProfileId) -> Asker {
    asker(Actor::Holder { profile }, "own_data")
}
