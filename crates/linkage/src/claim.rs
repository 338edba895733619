//! What one record claims of its person, compiled for comparison: names as sounds, numbers as ids.
//!
//! In: records, page by page. Out: one [`Claim`] a record, and the [`Book`] of everything that claims refer to.
//! Invariant: words are read in parallel but entered in order, so threads change nothing.

use names::{
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

use crate::{
    book::{Book, Id},
    number::{Number, NumberKind, numbers},
};

/// One record, compiled.
#[derive(Clone, Default, PartialEq)]
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
    /// First day on which it holds.
    pub since: Option<Day>,
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
    pub direction: Direction,
    pub card: Option<Id>,
}

/// A record's words before they get ids; made in parallel.
pub(crate) struct Draft {
    latin: Option<Spelled>,
    cyrillic: Option<Spelled>,
    numbers: Vec<Number>,
    place: Option<Sounds>,
    hosts: Vec<String>,
    began: Option<Day>,
}

impl Draft {
    pub(crate) fn of_subject(subject: &Subject, numbers: Vec<Number>) -> Self {
        let place = subject.birth_place.as_deref().map(Sounds::of);
        Self {
            latin: subject.latin.as_ref().map(Spelled::of),
            cyrillic: subject.cyrillic.as_ref().map(Spelled::of),
            numbers,
            place: place.filter(|sounds| !sounds.is_empty()),
            hosts: Vec::new(),
            began: None,
        }
    }

    fn of_record(record: &Record) -> Self {
        Self {
            hosts: hosts(&record.payload),
            began: began(&record.payload),
            ..Self::of_subject(&record.subject, numbers(record))
        }
    }
}

/// Compiles records in their order.
pub(crate) fn compile(records: &[&Record], book: &mut Book) -> Vec<Claim> {
    let drafts: Vec<Draft> = records
        .par_iter()
        .map(|record| Draft::of_record(record))
        .collect();
    records
        .iter()
        .zip(drafts)
        .map(|(record, draft)| {
            let claim = enter(draft, &record.subject, book);
            Claim {
                document: document_use(record, book),
                crossing: crossed(record, &claim, book),
                region: region(&record.payload),
                since: Some(record.valid.from),
                harms: record.payload.harms(),
                ..claim
            }
        })
        .collect()
}

/// Enters a draft's words into the book.
pub(crate) fn enter(draft: Draft, subject: &Subject, book: &mut Book) -> Claim {
    let episodes = draft
        .began
        .into_iter()
        .flat_map(|day| draft.hosts.iter().map(move |host| format!("{host} {day}")));
    Claim {
        episodes: episodes.map(|episode| book.enter_episode(&episode)).collect(),
        hosts: draft.hosts.iter().map(|host| book.enter_host(host)).collect(),
        latin: draft.latin.and_then(|name| book.enter_name(&name)),
        cyrillic: draft.cyrillic.and_then(|name| book.enter_name(&name)),
        numbers: draft
            .numbers
            .into_iter()
            .map(|number| book.enter_number(&number))
            .collect(),
        birth_place: draft.place.map(|place| book.enter_place(&place)),
        birth: subject.birth,
        sex: subject.sex,
        sex_by_form: subject.sex.or_else(|| form_sex(subject)),
        citizenship: subject.citizenship,
        ..Claim::default()
    }
}

fn form_sex(subject: &Subject) -> Option<Sex> {
    let cyrillic = subject.cyrillic.as_ref().and_then(sex_by_form);
    cyrillic.or_else(|| subject.latin.as_ref().and_then(sex_by_form))
}

fn document_use(record: &Record, book: &Book) -> Option<DocumentUse> {
    let document = record.subject.document.as_ref()?;
    if document.kind == DocumentKind::ParentsDocument {
        return None;
    }
    let expires = if let Payload::Crossing(crossing) = &record.payload {
        crossing.document_expiry
    } else {
        None
    };
    Some(DocumentUse {
        number: book.number_id(NumberKind::Document, document.number.as_str())?,
        on: record.valid.from,
        expires,
        issuer: document.issuer,
    })
}

fn crossed(record: &Record, claim: &Claim, book: &Book) -> Option<Crossed> {
    let Payload::Crossing(crossing) = &record.payload else {
        return None;
    };
    let is_card = |id: &Id| book.number_kind(*id) == NumberKind::MigrationCard;
    Some(Crossed {
        on: crossing.crossed_at,
        direction: crossing.direction,
        card: claim.numbers.iter().copied().find(is_card),
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
        Payload::Crossing(_)
        | Payload::Permit(_)
        | Payload::Decision(_)
        | Payload::TaxAdvance(_)
        | Payload::Benefit(_)
        | Payload::MedicalPolicy(_)
        | Payload::MedicalCertificate(_)
        | Payload::Visa(_)
        | Payload::Accreditation(_)
        | Payload::Residence(_)
        | Payload::Amendment(_) => Vec::new(),
    }
}

/// The day on which work with an employer began.
fn began(payload: &Payload) -> Option<Day> {
    if let Payload::EmploymentNotice(notice) = payload {
        (notice.event == EmploymentEvent::Concluded).then_some(notice.event_on)
    } else if let Payload::Insurance(insurance) = payload {
        Some(insurance.insured.from)
    } else {
        None
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
        // The region of a decision is that of the body that took it.
        Payload::Crossing(_)
        | Payload::Decision(_)
        | Payload::Insurance(_)
        | Payload::Benefit(_)
        | Payload::MedicalPolicy(_)
        | Payload::MedicalCertificate(_)
        | Payload::Visa(_)
        | Payload::Accreditation(_)
        | Payload::Amendment(_) => None,
    }
}
