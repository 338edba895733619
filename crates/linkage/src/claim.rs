//! What one record claims of its person, compiled for comparison: names as sounds, numbers as ids.
//!
//! In: records sorted by key. Out: one [`Claim`] a record and the [`Book`] of everything that claims refer to.
//! Invariant: the same records give the same ids, whatever the number of threads.

use std::{collections::HashMap, hash::Hash};

use names::{
    skeleton::skeleton,
    sounds::Sounds,
    spelled::{Spelled, sex_by_form},
};
use rayon::prelude::*;
use records::{
    Day,
    country::Country,
    envelope::Record,
    payload::{Direction, EmploymentEvent, Host, Payload},
    region::RegionCode,
    subject::{Birth, DocumentKind, Sex, Subject},
};

use crate::number::{Number, numbers};

/// Index of a thing in its table of the [`Book`].
pub(crate) type Id = u32;

/// One record, compiled.
#[derive(Clone, Default)]
pub(crate) struct Claim {
    pub latin: Option<Id>,
    pub cyrillic: Option<Id>,
    pub birth: Option<Birth>,
    pub sex: Option<Sex>,
    /// Where the sex is not given: as the form of the name has it.
    pub sex_by_form: Option<Sex>,
    pub citizenship: Option<Country>,
    pub birth_place: Option<Id>,
    pub numbers: Vec<Id>,
    pub document: Option<DocumentUse>,
    pub crossing: Option<Crossed>,
    /// Employer, host, institution, by every number that names it.
    pub hosts: Vec<Id>,
    /// A host together with the day on which it all began there.
    pub episodes: Vec<Id>,
    pub region: Option<RegionCode>,
    pub harms: bool,
}

/// One use of a person's own document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DocumentUse {
    pub number: Id,
    pub on: Day,
    pub expires: Option<Day>,
    pub issuer: Option<Country>,
}

/// A crossing of the border.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Crossed {
    pub on: jiff::Timestamp,
    pub day: Day,
    pub direction: Direction,
    pub card: Option<Id>,
}

/// A name part with its lookup key.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Part {
    pub sounds: Sounds,
    /// Id of these very sounds.
    pub sound: Id,
    /// Id of the key that they share with confusable ones.
    pub skeleton: Id,
}

/// A spelling with its parts' lookup keys.
#[derive(Clone)]
pub(crate) struct NameEntry {
    pub surname: Part,
    pub given: Part,
    pub father: Part,
    /// Surname and given names as one word.
    pub whole: Part,
    pub guessed: bool,
}

/// Everything that claims refer to by id.
#[derive(Default)]
pub(crate) struct Book {
    pub names: Vec<NameEntry>,
    pub numbers: Vec<Number>,
    number_ids: HashMap<Number, Id>,
    sound_ids: HashMap<Sounds, Id>,
    skeleton_ids: HashMap<String, Id>,
    place_ids: HashMap<Sounds, Id>,
    host_ids: HashMap<String, Id>,
    episode_ids: HashMap<String, Id>,
}

impl Book {
    pub(crate) fn number_id(&self, number: &Number) -> Option<Id> {
        self.number_ids.get(number).copied()
    }

    fn part(&mut self, sounds: Sounds) -> Part {
        let skeleton = intern(&mut self.skeleton_ids, skeleton(&sounds));
        let sound = intern(&mut self.sound_ids, sounds.clone());
        Part {
            sounds,
            sound,
            skeleton,
        }
    }
}

/// A record's words before they get ids; made in parallel.
struct Draft {
    latin: Option<Spelled>,
    cyrillic: Option<Spelled>,
    numbers: Vec<Number>,
    place: Option<Sounds>,
    hosts: Vec<String>,
    began: Option<Day>,
}

/// Compiles records, which come sorted by key.
pub(crate) fn compile(records: &[&Record]) -> (Vec<Claim>, Book) {
    let drafts: Vec<Draft> = records.par_iter().map(|record| draft(record)).collect();
    let mut book = Book::default();
    let mut name_ids: HashMap<Spelled, Id> = HashMap::new();
    let mut claims = Vec::with_capacity(records.len());
    for (record, draft) in records.iter().zip(drafts) {
        let mut name = |spelled: Option<Spelled>, book: &mut Book| {
            let spelled = spelled.filter(|s| !s.is_empty())?;
            Some(
                *name_ids
                    .entry(spelled.clone())
                    .or_insert_with(|| enter_name(book, &spelled)),
            )
        };
        let latin = name(draft.latin, &mut book);
        let cyrillic = name(draft.cyrillic, &mut book);
        let numbers: Vec<Id> = draft
            .numbers
            .into_iter()
            .map(|n| enter_number(&mut book, n))
            .collect();
        claims.push(Claim {
            latin,
            cyrillic,
            birth_place: draft.place.map(|place| intern(&mut book.place_ids, place)),
            episodes: draft
                .began
                .into_iter()
                .flat_map(|day| draft.hosts.iter().map(move |host| format!("{host} {day}")))
                .map(|episode| intern(&mut book.episode_ids, episode))
                .collect(),
            hosts: draft
                .hosts
                .into_iter()
                .map(|host| intern(&mut book.host_ids, host))
                .collect(),
            document: document_use(record, &book),
            crossing: crossed(record, &book),
            numbers,
            ..plain(record)
        });
    }
    (claims, book)
}

fn draft(record: &Record) -> Draft {
    let subject = &record.subject;
    Draft {
        latin: subject.latin.as_ref().map(Spelled::of),
        cyrillic: subject.cyrillic.as_ref().map(Spelled::of),
        numbers: numbers(record),
        place: subject
            .birth_place
            .as_deref()
            .map(Sounds::of)
            .filter(|s| !s.is_empty()),
        hosts: hosts(&record.payload),
        began: began(&record.payload),
    }
}

fn plain(record: &Record) -> Claim {
    let subject = &record.subject;
    Claim {
        birth: subject.birth,
        sex: subject.sex,
        sex_by_form: subject.sex.or_else(|| form_sex(subject)),
        citizenship: subject.citizenship,
        region: region(&record.payload),
        harms: record.payload.harms(),
        ..Claim::default()
    }
}

fn form_sex(subject: &Subject) -> Option<Sex> {
    let cyrillic = subject.cyrillic.as_ref().and_then(sex_by_form);
    cyrillic.or_else(|| subject.latin.as_ref().and_then(sex_by_form))
}

fn enter_name(book: &mut Book, spelled: &Spelled) -> Id {
    let entry = NameEntry {
        surname: book.part(spelled.surname.clone()),
        given: book.part(spelled.given.clone()),
        father: book.part(spelled.father.clone()),
        whole: book.part(spelled.whole()),
        guessed: spelled.cut == names::spelled::Cut::Guessed,
    };
    book.names.push(entry);
    (book.names.len() - 1) as Id
}

fn enter_number(book: &mut Book, number: Number) -> Id {
    let next = book.numbers.len() as Id;
    let id = *book.number_ids.entry(number.clone()).or_insert(next);
    if id == next {
        book.numbers.push(number);
    }
    id
}

fn intern<K: Eq + Hash>(ids: &mut HashMap<K, Id>, key: K) -> Id {
    let next = ids.len() as Id;
    *ids.entry(key).or_insert(next)
}

fn document_use(record: &Record, book: &Book) -> Option<DocumentUse> {
    let document = record.subject.document.as_ref()?;
    if document.kind == DocumentKind::ParentsDocument {
        return None;
    }
    let number = Number {
        kind: crate::number::NumberKind::Document,
        text: document.number.as_str().to_owned(),
    };
    let expires = match &record.payload {
        Payload::Crossing(crossing) => crossing.document_expiry,
        _ => None,
    };
    Some(DocumentUse {
        number: book.number_id(&number)?,
        on: record.valid.from,
        expires,
        issuer: document.issuer,
    })
}

fn crossed(record: &Record, book: &Book) -> Option<Crossed> {
    let Payload::Crossing(crossing) = &record.payload else {
        return None;
    };
    let card = numbers(record)
        .into_iter()
        .find(|number| number.kind == crate::number::NumberKind::MigrationCard)
        .and_then(|number| book.number_id(&number));
    Some(Crossed {
        on: crossing.crossed_at,
        day: crossing.crossed_on,
        direction: crossing.direction,
        card,
    })
}

/// Who took the person in. Insurance names an employer by OGRN, others by INN; a notice of employment has both.
fn hosts(payload: &Payload) -> Vec<String> {
    match payload {
        Payload::ArrivalNotice(notice) => match &notice.host {
            Host::Legal { name, inn } => {
                vec![inn.as_ref().map_or(name.clone(), |inn| inn.as_str().to_owned())]
            }
            Host::Person { phone, .. } => phone.iter().cloned().collect(),
        },
        Payload::EmploymentNotice(notice) => {
            let inn = notice.employer.inn.as_ref().map(|inn| inn.as_str().to_owned());
            inn.into_iter()
                .chain(notice.employer.ogrn.as_ref().map(|ogrn| ogrn.as_str().to_owned()))
                .collect()
        }
        Payload::Insurance(insurance) => vec![insurance.employer_ogrn.as_str().to_owned()],
        Payload::Enrolment(enrolment) => vec![enrolment.institution.clone()],
        _ => Vec::new(),
    }
}

/// The day on which work with an employer began.
fn began(payload: &Payload) -> Option<Day> {
    match payload {
        Payload::EmploymentNotice(notice) if notice.event == EmploymentEvent::Concluded => {
            Some(notice.event_on)
        }
        Payload::Insurance(insurance) => Some(insurance.insured.from),
        _ => None,
    }
}

fn region(payload: &Payload) -> Option<RegionCode> {
    match payload {
        Payload::ArrivalNotice(notice) => Some(notice.region),
        Payload::Permit(permit) => Some(permit.region),
        Payload::TaxAdvance(advance) => Some(advance.region),
        Payload::Enrolment(enrolment) => Some(enrolment.region),
        Payload::Residence(residence) => Some(residence.region),
        Payload::EmploymentNotice(notice) => Some(notice.employer.region),
        _ => None,
    }
}
