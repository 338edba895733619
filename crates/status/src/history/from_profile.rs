//! From a profile to the facts that the Russian pack's rules look at; each fact points to the record it was taken from.
//!
//! In: a [`Profile`] of agency records. Out: a [`History`]. Invariant: says no more than the records do. What they leave
//! open (months bought by a payment, whether fingerprints were taken) stays open, and the rules answer "undetermined".

use profile::{
    cite::Citation,
    event::Event,
    presence::Entry,
    view::{Events, Profile},
};
use records::{
    country::Country,
    payload::{
        Accreditation, ArrivalNotice, Crossing, Decision, DecisionType, Direction, Employer, EmploymentEvent,
        EmploymentNotice, Enrolment, Insurance, MedicalCertificate, MedicalResult, Permit, PermitType,
        Purpose, RevocationReason, StudyForm, StudyLevel, TaxAdvance, Visa, VisaType,
    },
};

use super::History;
use crate::{
    citizenship::Citizenship,
    facts::{Fact, FactKind, RecordReference, Value},
    pack::Pack,
};

/// What no agency sends: its absence from a profile is no proof that it did not happen.
const UNOBSERVED: &[&str] = &[
    "contract_copy",
    "fingerprint_photo",
    "patent_applied",
    "place_of_stay",
    "residence_notice",
];

/// What an extract may lack though it happened: a payment that was never passed on, or not yet; a crossing.
const PARTLY_OBSERVED: &[&str] = &["border_in", "border_out", "patent_paid"];

/// The history of the person of a profile.
pub fn of_profile(profile: &Profile, pack: &Pack) -> History {
    let identity = &profile.identity;
    let treated_as = identity.citizenship.as_ref().map(|field| field.value);
    let held = identity.citizenships.iter().map(|held| held.country);
    let mut citizenships: Vec<Citizenship> = Vec::new();
    // Which citizenship counts, the profile has decided by the document of entry; the others change only whether the
    // person is a citizen of this country.
    for country in treated_as
        .into_iter()
        .chain(held.filter(|country| *country == RUSSIA))
    {
        citizenships.extend(
            pack.citizenship(country)
                .filter(|code| !citizenships.contains(code)),
        );
    }
    let mut history = History::new(
        citizenships,
        identity.birth_date.as_ref().map(|field| field.value),
        entries_by_notice(profile).chain(of_events(&profile.events)),
    );
    let kinds = |names: &[&str]| names.iter().map(|name| FactKind::new(name)).collect();
    history.unobserved = kinds(UNOBSERVED);
    history.partly_observed = kinds(PARTLY_OBSERVED);
    history
}

const RUSSIA: Country = Country::constant(b"RUS");

fn of_events(events: &Events) -> impl Iterator<Item = Fact> {
    let crossings = events.crossings.iter().map(crossing);
    let notices = events.notices.iter().map(arrival_notice);
    let permits = events.permits.iter().flat_map(permit);
    let payments = events.payments.iter().map(payment);
    let decisions = events.decisions.iter().flat_map(decision);
    let certificates = events.certificates.iter().filter_map(certificate);
    let studies = events.studies.iter().map(study);
    let visas = events.visas.iter().map(visa);
    let accreditations = events.accreditations.iter().map(accreditation);
    let work = events.employment_notices.iter().flat_map(employment);
    let insured = events.insured.iter().map(insured);
    crossings
        .chain(notices)
        .chain(permits)
        .chain(payments)
        .chain(decisions)
        .chain(certificates)
        .chain(studies)
        .chain(visas)
        .chain(accreditations)
        .chain(work)
        .chain(insured)
}

/// The fact with the record behind it.
fn cited(fact: Fact, citation: &Citation) -> Fact {
    Fact {
        recorded: citation.recorded_on,
        source: Some(citation.source().as_str().to_owned()),
        reference: Some(RecordReference {
            key: citation.key.clone(),
            version: citation.version,
        }),
        ..fact
    }
}

/// The fact as an event tells it; a decision that put it right stands behind it, while the source keeps its rank.
fn told<T>(fact: Fact, event: &Event<T>) -> Fact {
    let fact = cited(fact, &event.cited);
    match event.amended_by.last() {
        None => fact,
        Some(decision) => Fact {
            reference: Some(RecordReference {
                key: decision.key.clone(),
                version: decision.version,
            }),
            ..fact
        },
    }
}

fn crossing(event: &Event<Crossing>) -> Fact {
    let crossing = &event.fact;
    let kind = match crossing.direction {
        Direction::In => "border_in",
        Direction::Out => "border_out",
    };
    let fact = Fact::new(kind, crossing.crossed_on)
        .with_text("purpose", purpose(crossing.purpose))
        .with_text("checkpoint", &checkpoint(&crossing.checkpoint));
    told(fact, event)
}

/// `A-SVO` as the border service writes it, `air:SVO` in the pack.
fn checkpoint(code: &str) -> String {
    let Some((kind, name)) = code.split_once('-') else {
        return code.to_owned();
    };
    let transport = match kind {
        "A" => "air",
        "R" => "auto",
        "T" => "rail",
        "S" => "sea",
        _ => return code.to_owned(),
    };
    format!("{transport}:{name}")
}

/// Entries that no crossing shows but a notice of arrival names.
fn entries_by_notice(profile: &Profile) -> impl Iterator<Item = Fact> {
    profile.stays.iter().filter_map(|stay| match &stay.entry {
        Entry::Notified { on, cited: citations } => {
            let stated = stay.purpose.map(purpose);
            let fact = stated
                .into_iter()
                .fold(Fact::new("border_in", *on), |fact, word| {
                    fact.with_text("purpose", word)
                });
            citations.first().map(|citation| cited(fact, citation))
        }
        Entry::Crossed { .. } | Entry::Unrecorded { .. } => None,
    })
}

fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Official => "official",
        Purpose::Tourism => "tourism",
        Purpose::Business => "business",
        Purpose::Study => "study",
        Purpose::Work => "work",
        Purpose::Private => "private",
        Purpose::Transit => "transit",
    }
}

fn arrival_notice(event: &Event<ArrivalNotice>) -> Fact {
    let notice = &event.fact;
    let fact = Fact::new("arrival_notice", notice.stay.from)
        .holding(notice.stay.from, notice.stay.until)
        .with_text("region", notice.region.as_str());
    told(fact, event)
}

fn permit(event: &Event<Permit>) -> Vec<Fact> {
    let permit = &event.fact;
    let (kind, of) = match permit.permit_type {
        PermitType::Patent => ("patent_issued", "patent"),
        PermitType::WorkPermit => ("work_permit", "work_permit"),
        PermitType::TemporaryResidence => ("rvp", "rvp"),
        PermitType::PermanentResidence => ("vnzh", "vnzh"),
    };
    let number = permit.full_number();
    let until = permit.valid_until.filter(|until| *until >= permit.valid_from);
    let mut fact = Fact::new(kind, permit.issued_on)
        .holding(permit.valid_from, until)
        .with_text("region", permit.region.as_str())
        .with_text("number", &number);
    if let Some(profession) = permit
        .profession
        .as_deref()
        .filter(|_| fact.kind.as_str() != "rvp")
    {
        fact = fact.with_text("profession", profession);
    }
    if permit.permit_type == PermitType::Patent {
        // 115-FZ art. 13.3 p. 3: a patent is handed out against the receipt of the first payment.
        fact = fact.with("receipt_shown", Value::Flag(true));
    }
    let annulled = permit.annulled_on.map(|day| {
        Fact::new("decision", day)
            .with_text("kind", "annulled")
            .with_text("of", of)
            .with_text("number", &number)
    });
    std::iter::once(fact)
        .chain(annulled)
        .map(|fact| told(fact, event))
        .collect()
}

/// The tax service dates a payment by its crediting.
fn payment(event: &Event<TaxAdvance>) -> Fact {
    let payment = &event.fact;
    let fact = Fact::new("patent_paid", payment.paid_on)
        .with("kopecks", Value::Number(payment.amount_kopecks))
        .with("credited", Value::Flag(true))
        .with_text("region", payment.region.as_str());
    let numbered = payment
        .patent_number
        .iter()
        .fold(fact, |fact, number| fact.with_text("for", number));
    told(numbered, event)
}

/// A decision that was revoked because it hit the wrong person never was; one revoked later ends on that day.
fn decision(event: &Event<Decision>) -> Option<Fact> {
    let decision = &event.fact;
    let kind = match decision.decision_type {
        DecisionType::EntryBan => "entry_ban",
        DecisionType::ControlRegister => "register_entry",
        DecisionType::Deportation => "deportation",
        DecisionType::RefusalOfTemporaryResidence => "residence_refused",
    };
    let never_held = matches!(
        decision.revocation_reason,
        Some(RevocationReason::MistakenIdentity | RevocationReason::TechnicalError)
    );
    if never_held && decision.revoked_on.is_some() {
        return None;
    }
    let until = [decision.valid_until, decision.revoked_on]
        .into_iter()
        .flatten()
        .min();
    let fact = Fact::new("decision", decision.decided_on)
        .holding(
            decision.valid_from,
            until.map(|until| until.max(decision.valid_from)),
        )
        .with_text("kind", kind)
        .with_text("article", &decision.legal_basis)
        .with_text("region", decision.region.as_str());
    Some(told(fact, event))
}

fn certificate(event: &Event<MedicalCertificate>) -> Option<Fact> {
    match event.fact.result {
        MedicalResult::Fit => Some(told(Fact::new("medical_exam", event.fact.issued_on), event)),
        MedicalResult::Unfit => None,
    }
}

/// The education ministry lists enrolments in accredited programmes only.
fn study(event: &Event<Enrolment>) -> Fact {
    let study = &event.fact;
    let level = match study.level {
        StudyLevel::Preparatory => "preparatory",
        StudyLevel::Bachelor | StudyLevel::Master | StudyLevel::Specialist => "main",
    };
    let form = match study.form {
        StudyForm::FullTime => "full_time",
        StudyForm::PartTime => "part_time",
        StudyForm::Extramural => "extramural",
    };
    let fact = Fact::new("study", study.studies.from)
        .holding(study.studies.from, study.studies.until)
        .with_text("level", level)
        .with_text("form", form)
        .with("accredited", Value::Flag(true))
        .with_text("org", &study.institution)
        .with_text("region", study.region.as_str());
    told(fact, event)
}

fn visa(event: &Event<Visa>) -> Fact {
    let visa = &event.fact;
    let kind = match visa.visa_type {
        VisaType::Diplomatic
        | VisaType::Tourist
        | VisaType::Business
        | VisaType::Study
        | VisaType::Work
        | VisaType::Private
        | VisaType::Transit => "ordinary",
    };
    let fact = Fact::new("visa", visa.issued_on)
        .holding(visa.validity.from, visa.validity.until)
        .with_text("kind", kind)
        .with("entries", Value::Number(i64::from(visa.entries)))
        .with_text("number", &visa.visa_number);
    told(fact, event)
}

fn accreditation(event: &Event<Accreditation>) -> Fact {
    let accreditation = &event.fact;
    let fact = Fact::new("status", accreditation.validity.from)
        .holding(accreditation.validity.from, accreditation.validity.until)
        .with_text("kind", "accredited")
        .with_text("organisation", &accreditation.organisation);
    told(fact, event)
}

/// A notice tells of the contract, and that the employer has given notice. How long a contract is to last no notice
/// says, so a termination before anything else is known counts as early.
fn employment(event: &Event<EmploymentNotice>) -> [Fact; 2] {
    let notice = &event.fact;
    let employer = employer_key(&notice.employer);
    let (work, kind) = match notice.event {
        EmploymentEvent::Concluded => {
            let contract = Fact::new("contract", notice.event_on)
                .with_text("profession", &notice.profession)
                .with_text("region", notice.employer.region.as_str());
            (contract, "conclusion")
        }
        EmploymentEvent::Terminated => (
            Fact::new("contract_end", notice.event_on).with("early", Value::Flag(true)),
            "termination",
        ),
    };
    let given = Fact::new("employer_notice", notice.notified_on).with_text("kind", kind);
    [work, given].map(|fact| told(fact.with_text("employer", &employer), event))
}

/// Whoever is insured by an employer works under a contract, whether or not a notice of it is on record.
fn insured(event: &Event<Insurance>) -> Fact {
    let span = event.fact.insured;
    let fact = Fact::new("contract", span.from)
        .holding(span.from, span.until)
        .with_text("kind", "insured")
        .with_text("employer", event.fact.employer_ogrn.as_str());
    told(fact, event)
}

/// One employer however its name is spelt.
fn employer_key(employer: &Employer) -> String {
    let ogrn = employer.ogrn.as_ref().map(|ogrn| ogrn.as_str().to_owned());
    let inn = employer.inn.as_ref().map(|inn| inn.as_str().to_owned());
    ogrn.or(inn).unwrap_or_else(|| employer.name.to_lowercase())
}
