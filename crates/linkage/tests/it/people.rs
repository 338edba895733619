//! Records of invented people, made field by field, and a reader of worlds.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use jiff::{Timestamp, civil::date};
use linkage::{
    assignment::{Basis, Explanation, ReviewItem, Statistics},
    engine::Engine,
    settings::Settings,
    standing::Ruling,
};
use records::{
    Day,
    country::{Countries, Country},
    document::DocumentNumber,
    envelope::{ContentDigest, Evidence, Record},
    identifier::{Inn, Snils},
    key::{ProfileId, RecordKey, SourceName, SourceRecordId},
    partial_date::PartialDate,
    payload::{
        Benefit, BenefitType, Crossing, Decision, DecisionType, Direction, MedicalCertificate, MedicalPolicy,
        MedicalResult, Payload, PolicyType, Purpose,
    },
    region::{RegionCode, Regions},
    span::Span,
    subject::{Birth, Document, DocumentKind, Name, Sex, Subject, UnknownParts},
};
use sources::{
    extract::{Input, Reference, read},
    mapping_set::MappingSet,
    outcome::Outcome,
};

/// What a record says of its person, in the plainest words; empty is "not given".
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said {
    pub(crate) surname: &'static str,
    pub(crate) given: &'static str,
    pub(crate) father: &'static str,
    pub(crate) born: &'static str,
    pub(crate) sex: Option<Sex>,
    pub(crate) document: &'static str,
    pub(crate) snils: &'static str,
    pub(crate) inn: &'static str,
}

pub(crate) const KARIMOV: Said = Said {
    surname: "Каримов",
    given: "Жасур",
    father: "Рустам угли",
    born: "1990-05-17",
    sex: Some(Sex::Male),
    document: "FA1234567",
    snils: "",
    inn: "",
};

impl Said {
    pub(crate) fn subject(&self) -> Subject {
        let name = Name {
            surname: self.surname.to_owned(),
            given: self.given.to_owned(),
            patronymic: Some(self.father.to_owned()).filter(|father| !father.is_empty()),
            unsplit: None,
        };
        let latin = name.given.is_ascii();
        Subject {
            latin: Some(name.clone()).filter(|name| latin && !name.given.is_empty()),
            cyrillic: Some(name).filter(|_| !latin),
            birth: PartialDate::parse_iso(self.born).ok().map(|date| Birth {
                date,
                unknown_parts: UnknownParts::Kept,
            }),
            sex: self.sex,
            citizenship: Some(Country::constant(b"UZB")),
            document: DocumentNumber::parse(self.document).ok().map(|number| Document {
                number,
                issuer: Some(Country::constant(b"UZB")),
                kind: DocumentKind::Unstated,
            }),
            snils: Some(self.snils).filter(|s| !s.is_empty()).map(Snils::new),
            inn: Some(self.inn).filter(|s| !s.is_empty()).map(Inn::new),
            ..Subject::default()
        }
    }
}

pub(crate) fn key(source: &str, id: &str) -> RecordKey {
    RecordKey {
        source: SourceName::parse(source).unwrap(),
        id: SourceRecordId::parse(id).unwrap(),
    }
}

pub(crate) fn record(source: &str, id: &str, subject: Subject, payload: Payload) -> Record {
    let key = key(source, id);
    let recorded_on = date(2024, 6, 1);
    Record {
        version: 1,
        recorded_on,
        received_at: Timestamp::UNIX_EPOCH,
        valid: payload.valid(recorded_on),
        doubts: Vec::new(),
        evidence: Evidence {
            file: "test".to_owned(),
            line: 1,
        },
        digest: ContentDigest::of(&key, 1, recorded_on, &subject, &payload).unwrap(),
        key,
        subject,
        payload,
    }
}

pub(crate) fn certificate(id: &str, said: Said) -> Record {
    let payload = Payload::MedicalCertificate(MedicalCertificate {
        issued_on: date(2024, 5, 20),
        result: MedicalResult::Fit,
        clinic_licence: "ЛО-77-01-000001".to_owned(),
    });
    record("med", id, said.subject(), payload)
}

/// A policy of voluntary insurance: a name and a birth date, no document.
pub(crate) fn policy(id: &str, said: Said) -> Record {
    let payload = Payload::MedicalPolicy(MedicalPolicy {
        policy_type: PolicyType::Voluntary,
        policy_number: format!("DMS-{id}"),
        cover: Span::open(date(2024, 5, 1)),
        insurer: "insurer".to_owned(),
    });
    record("ffoms", id, Said { document: "", ..said }.subject(), payload)
}

/// A benefit: a SNILS and nothing else.
pub(crate) fn benefit(id: &str, snils: &str) -> Record {
    let payload = Payload::Benefit(Benefit {
        benefit_type: BenefitType::TemporaryDisability,
        paid_for: Span::single(date(2024, 5, 3)),
    });
    let subject = Subject {
        snils: Some(Snils::new(snils)),
        ..Subject::default()
    };
    record("fss", id, subject, payload)
}

pub(crate) fn crossing(
    id: &str,
    said: Said,
    direction: Direction,
    day: Day,
    card: &str,
    expiry: Day,
) -> Record {
    let payload = Payload::Crossing(Crossing {
        direction,
        crossed_on: day,
        crossed_at: jiff::tz::TimeZone::UTC.to_timestamp(day.at(12, 0, 0, 0)).unwrap(),
        checkpoint: "A-SVO".to_owned(),
        document_expiry: Some(expiry),
        mrz: None,
        purpose: Purpose::Work,
        migration_card: Some(card.to_owned()).filter(|card| !card.is_empty()),
        visa_number: None,
    });
    record("border", id, said.subject(), payload)
}

pub(crate) fn ban(id: &str, said: Said) -> Record {
    let payload = Payload::Decision(Box::new(Decision {
        decision_type: DecisionType::EntryBan,
        legal_basis: "114-FZ art. 26".to_owned(),
        body: "body".to_owned(),
        region: RegionCode::constant(b"77"),
        official: "O1".to_owned(),
        decided_on: date(2024, 5, 5),
        valid_from: date(2024, 5, 5),
        valid_until: None,
        revoked_on: None,
        revocation_reason: None,
    }));
    record("decisions", id, said.subject(), payload)
}

/// Other people in number, so that the population is not the handful of the test. None shares a name or a date with it.
pub(crate) fn crowd() -> Vec<Record> {
    const SURNAMES: [&str; 8] = [
        "Абдуллаев",
        "Бобоев",
        "Гуломов",
        "Давлатов",
        "Зокиров",
        "Мирзаев",
        "Норматов",
        "Юсупов",
    ];
    const GIVEN: [&str; 8] = [
        "Азиз",
        "Бахром",
        "Дилшод",
        "Зафар",
        "Ильхом",
        "Нодир",
        "Тимур",
        "Фаррух",
    ];
    (0..400)
        .map(|n| {
            let subject = Subject {
                cyrillic: Some(Name {
                    surname: SURNAMES[n % 8].to_owned(),
                    given: GIVEN[n / 8 % 8].to_owned(),
                    patronymic: Some(format!("{}ович", GIVEN[n / 64 % 8])),
                    unsplit: None,
                }),
                birth: PartialDate::new(
                    1960 + (n % 40) as i16,
                    Some(1 + (n / 40) as i8),
                    Some(1 + (n % 27) as i8),
                )
                .ok()
                .map(|date| Birth {
                    date,
                    unknown_parts: UnknownParts::Kept,
                }),
                document: DocumentNumber::parse(&format!("AD{:07}", n * 7_919))
                    .ok()
                    .map(|number| Document {
                        number,
                        issuer: Some(Country::constant(b"UZB")),
                        kind: DocumentKind::Unstated,
                    }),
                ..Said { ..KARIMOV }.subject()
            };
            let payload = certificate("x", KARIMOV).payload;
            record("crowd", &format!("C{n:04}"), subject, payload)
        })
        .collect()
}

/// What stands before a run.
#[derive(Default)]
pub(crate) struct Standing {
    pub(crate) links: BTreeMap<RecordKey, ProfileId>,
    pub(crate) rulings: Vec<Ruling>,
}

/// An assignment with all that it tells when asked.
#[derive(Debug, PartialEq)]
pub(crate) struct Told {
    pub(crate) clusters: Vec<ToldCluster>,
    pub(crate) explanations: Vec<Explanation>,
    pub(crate) review: Vec<ReviewItem>,
    pub(crate) broken_rulings: Vec<Ruling>,
    pub(crate) statistics: Statistics,
}

#[derive(Debug, PartialEq)]
pub(crate) struct ToldCluster {
    pub(crate) records: Vec<RecordKey>,
    pub(crate) standing: Vec<ProfileId>,
    pub(crate) keeps: Option<ProfileId>,
}

pub(crate) fn run(records: &[Record], standing: &Standing) -> Told {
    run_with(records, standing, Settings::default(), 7)
}

/// As a store gives them: by key, of each the highest version, so many at once.
pub(crate) fn run_with(records: &[Record], standing: &Standing, settings: Settings, page: usize) -> Told {
    let by_key: BTreeMap<&RecordKey, &Record> = {
        let mut sorted: Vec<&Record> = records.iter().collect();
        sorted.sort_by_key(|record| record.version);
        sorted.into_iter().map(|record| (&record.key, record)).collect()
    };
    let held: Vec<(Record, Option<ProfileId>)> = by_key
        .into_iter()
        .map(|(key, record)| (record.clone(), standing.links.get(key).copied()))
        .collect();
    let mut engine = Engine::new(settings);
    for page in held.chunks(page) {
        engine.add(page).unwrap();
    }
    tell(engine, &standing.rulings)
}

fn tell(engine: Engine, rulings: &[Ruling]) -> Told {
    let assignment = engine.finish(rulings);
    let records: Vec<u32> = (0..assignment.records()).collect();
    let explanations = assignment.explain(&records);
    let joined = explanations
        .iter()
        .filter(|told| matches!(told.basis, Basis::Joined { .. }));
    assert_eq!(joined.count() as u64, assignment.statistics.automatic_links);
    let mut clusters: Vec<ToldCluster> = assignment
        .clusters
        .iter()
        .map(|cluster| ToldCluster {
            records: Vec::new(),
            standing: cluster.standing.iter().map(|brought| brought.profile).collect(),
            keeps: cluster.keeps,
        })
        .collect();
    for told in &explanations {
        clusters[told.cluster as usize].records.push(told.record.clone());
    }
    for (told, cluster) in clusters.iter().zip(&assignment.clusters) {
        assert_eq!(told.records.len(), cluster.records as usize);
    }
    Told {
        clusters,
        explanations,
        review: assignment.review,
        broken_rulings: assignment.broken_rulings,
        statistics: assignment.statistics,
    }
}

/// Links the records among the crowd.
pub(crate) fn run_in_crowd(records: Vec<Record>) -> Told {
    run(&[records, crowd()].concat(), &Standing::default())
}

pub(crate) fn together(assignment: &Told, one: &Record, other: &Record) -> bool {
    assignment
        .clusters
        .iter()
        .any(|c| c.records.contains(&one.key) && c.records.contains(&other.key))
}

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Records of the small example world.
pub(crate) fn example_world() -> Vec<Record> {
    world_records(&root().join("examples/world"))
}

/// Records of a world, sorted.
pub(crate) fn world_records(world: &Path) -> Vec<Record> {
    let world = world.join("sources");
    let files = fs::read_dir(root().join("mappings")).unwrap().map(|file| {
        let path = file.unwrap().path();
        (path.display().to_string(), fs::read_to_string(&path).unwrap())
    });
    let mappings = MappingSet::parse(files).unwrap();
    let pack = |name: &str| fs::read_to_string(root().join("packs/ru").join(name)).unwrap();
    let reference = Reference {
        countries: Countries::parse(&pack("countries.csv"), &pack("country_names.csv")).unwrap(),
        regions: Regions::parse(&pack("regions_ru.csv")).unwrap(),
    };
    let mut records = Vec::new();
    for mapping in mappings.iter() {
        let path = mapping.path();
        let input = Input::seekable(File::open(world.join(path)).unwrap());
        let mut sink = |outcome| {
            if let Outcome::Record(record) = outcome {
                records.push(*record);
            }
            ControlFlow::Continue(())
        };
        read(mapping, &reference, Timestamp::UNIX_EPOCH, path, input, &mut sink).unwrap();
    }
    records.sort_by(|a, b| (&a.key, a.version).cmp(&(&b.key, b.version)));
    records
}
