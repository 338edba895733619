//! Finding persons: ranks profiles by how well they fit what somebody asks for.
//!
//! In: a question and the records of profiles that share a search key with it. Out: profiles, the best first, each with
//! its evidence. Invariant: the same weights as in linking, so a search and a run never disagree on what is alike.

use std::collections::{BTreeMap, BTreeSet};

use names::{script, skeleton::skeleton, sounds::Sounds, spelled::Spelled};
use records::{
    country::Country,
    document::DocumentNumber,
    envelope::Record,
    identifier::{Inn, Snils},
    key::ProfileId,
    subject::{Birth, Document, DocumentKind, Name, Sex, Subject},
};
use serde::{Deserialize, Serialize};

use crate::{
    book::{Book, Id},
    claim::{Draft, compile, enter},
    compare::compare,
    evidence::{Evidence, Level},
    model::Model,
    number::{Number, NumberKind, numbers},
    party::Party,
    weight::Weight,
};

/// What somebody asks for. What is not given is not compared. Personal data: no `Debug`.
#[derive(Clone, Default)]
pub struct Query {
    pub document: Option<DocumentNumber>,
    pub issuer: Option<Country>,
    pub inn: Option<Inn>,
    pub snils: Option<Snils>,
    /// In one piece and any script: surname first, then given names, then perhaps the patronymic.
    pub name: Option<String>,
    pub birth: Option<Birth>,
    pub sex: Option<Sex>,
    pub citizenship: Option<Country>,
}

/// A profile that may be the one asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub profile: ProfileId,
    pub weight: Weight,
    pub evidence: Vec<Evidence>,
}

/// A key under which a store keeps records findable. Personal data in plain form: a store may hash it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SearchKey(String);

impl SearchKey {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn number(number: &Number) -> Self {
        Self(format!("{:?}:{}", number.kind, number.text))
    }

    fn born(birth: Birth, part: &Sounds) -> Self {
        Self(format!("born:{}:{}", birth.date, skeleton(part)))
    }

    /// Whatever the order of the parts.
    fn named(one: &Sounds, other: &Sounds) -> Self {
        let mut parts = [skeleton(one), skeleton(other)];
        parts.sort();
        Self(format!("named:{}:{}", parts[0], parts[1]))
    }
}

/// Keys under which a record is found.
pub fn record_keys(record: &Record) -> BTreeSet<SearchKey> {
    subject_keys(&record.subject, &numbers(record))
}

/// Keys under which to look for what is asked for.
pub fn query_keys(query: &Query) -> BTreeSet<SearchKey> {
    let subject = query.subject();
    let numbers = query_numbers(&subject);
    subject_keys(&subject, &numbers)
}

fn subject_keys(subject: &Subject, numbers: &[Number]) -> BTreeSet<SearchKey> {
    let mut keys: BTreeSet<SearchKey> = numbers.iter().map(SearchKey::number).collect();
    for spelled in [&subject.latin, &subject.cyrillic]
        .into_iter()
        .flatten()
        .map(Spelled::of)
    {
        let parts = [&spelled.surname, &spelled.given];
        if let Some(birth) = subject.birth {
            keys.extend(
                parts
                    .iter()
                    .filter(|part| !part.is_empty())
                    .map(|part| SearchKey::born(birth, part)),
            );
        }
        keys.insert(SearchKey::named(parts[0], parts[1]));
    }
    keys
}

/// Ranks the profiles of `candidates`, best first; equal ones by id. `people` is how many persons are known in all.
pub fn find(query: &Query, candidates: &[(ProfileId, &Record)], people: usize) -> Vec<Found> {
    let mut ordered: Vec<(ProfileId, &Record)> = candidates.to_vec();
    ordered.sort_by(|a, b| (&a.1.key, b.1.version, a.0).cmp(&(&b.1.key, a.1.version, b.0)));
    ordered.dedup_by(|a, b| a.0 == b.0 && a.1.key == b.1.key);
    let records: Vec<&Record> = ordered.iter().map(|(_, record)| *record).collect();
    let mut book = Book::default();
    let claims = compile(&records, &mut book);
    let mut parties: BTreeMap<ProfileId, Party> = BTreeMap::new();
    for (at, ((profile, _), claim)) in ordered.iter().zip(&claims).enumerate() {
        let single = Party::of(at as Id, claim, &book);
        parties
            .entry(*profile)
            .and_modify(|party| party.absorb(&single))
            .or_insert(single);
    }
    let asked = query.party(&mut book, records.len() as Id);
    let model = Model::assumed(people);
    let mut found: Vec<Found> = parties
        .into_iter()
        .map(|(profile, party)| {
            let comparison = compare(&asked, &party, &model, &book);
            Found {
                profile,
                weight: comparison.weight,
                evidence: comparison.evidence,
            }
        })
        .filter(|found| found.evidence.iter().any(says_so))
        .collect();
    found.sort_by(|a, b| b.weight.cmp(&a.weight).then(a.profile.cmp(&b.profile)));
    found
}

fn says_so(step: &Evidence) -> bool {
    step.level != Level::Prior && step.weight > Weight::ZERO
}

impl Query {
    fn subject(&self) -> Subject {
        let name = |wanted| {
            self.name
                .clone()
                .filter(|text| script::detect(text) == wanted)
                .map(|text| Name {
                    unsplit: Some(text),
                    ..Name::default()
                })
        };
        Subject {
            latin: name(script::Script::Latin),
            cyrillic: name(script::Script::Cyrillic),
            birth: self.birth,
            sex: self.sex,
            citizenship: self.citizenship,
            document: self.document.clone().map(|number| Document {
                number,
                issuer: self.issuer,
                kind: DocumentKind::Unstated,
            }),
            inn: self.inn.clone(),
            snils: self.snils.clone(),
            ..Subject::default()
        }
    }

    fn party(&self, book: &mut Book, at: Id) -> Party {
        let subject = self.subject();
        let draft = Draft::of_subject(&subject, query_numbers(&subject));
        let claim = enter(draft, &subject, book);
        Party::of(at, &claim, book)
    }
}

/// Numbers asked for. Whether a document is the person's own or a parent's the asker need not know.
fn query_numbers(subject: &Subject) -> Vec<Number> {
    let mut found = crate::number::subject_numbers(subject);
    let parents: Vec<Number> = found
        .iter()
        .filter(|number| number.kind == NumberKind::Document)
        .map(|number| Number {
            kind: NumberKind::ParentsDocument,
            text: number.text.clone(),
        })
        .collect();
    found.extend(parents);
    found
}
