//! How each kind of event reads in one line.

use profile::{event::Event, view::Profile};
use records::payload::{
    Accreditation, ArrivalNotice, Decision, Direction, Enrolment, MedicalCertificate, MedicalPolicy, Permit,
    Visa,
};

use super::{
    contested::Contesting,
    facts::{Group, Item, event_item},
    words::{Words, code, host_name},
};

/// Groups of events in the order of the page, empty ones too.
pub(crate) fn groups(profile: &Profile, words: &Words<'_>) -> Vec<Group> {
    let events = &profile.events;
    let group = |key: &str, items: Vec<Item>| Group::new(words.language.say(key), items);
    vec![
        group("group-permits", latest_first(&events.permits, words, permit)),
        group("group-visas", latest_first(&events.visas, words, visa)),
        group("group-notices", latest_first(&events.notices, words, notice)),
        group("group-jobs", jobs(profile, words)),
        group("group-payments", payments(profile, words)),
        group(
            "group-decisions",
            latest_first(&events.decisions, words, decision),
        ),
        group("group-crossings", crossings(profile, words)),
        group("group-studies", latest_first(&events.studies, words, studies)),
        group("group-policies", latest_first(&events.policies, words, policy)),
        group(
            "group-certificates",
            latest_first(&events.certificates, words, certificate),
        ),
        group("group-insured", insured(profile, words)),
        group("group-benefits", benefits(profile, words)),
        group(
            "group-accreditations",
            latest_first(&events.accreditations, words, accreditation),
        ),
        group("group-residences", residences(profile, words)),
        group("group-family", family(profile, words)),
    ]
}

fn latest_first<T>(
    events: &[Event<T>],
    words: &Words<'_>,
    read: impl Fn(&Event<T>, &Words<'_>) -> (String, Vec<String>),
) -> Vec<Item> {
    let item = |event: &Event<T>| {
        let (says, lines) = read(event, words);
        event_item(event, says, lines, words)
    };
    events.iter().rev().map(item).collect()
}

fn permit(event: &Event<Permit>, words: &Words<'_>) -> (String, Vec<String>) {
    let permit = &event.fact;
    let number = permit.full_number();
    let says = words.language.say_with(
        &format!("permit-{}", code(&permit.permit_type)),
        &[("number", number.into())],
    );
    let mut lines = vec![format!(
        "{} · {}",
        words.between(permit.valid_from, permit.valid_until),
        words.region(permit.region)
    )];
    if let Some(profession) = &permit.profession {
        lines.push(
            words
                .language
                .say_with("profession-line", &[("profession", profession.as_str().into())]),
        );
    }
    if let Some(day) = permit.annulled_on {
        lines.push(
            words
                .language
                .say_with("permit-annulled", &[("day", words.language.day(day).into())]),
        );
    }
    (says, lines)
}

fn visa(event: &Event<Visa>, words: &Words<'_>) -> (String, Vec<String>) {
    let visa = &event.fact;
    let kind = words.of("visa", &visa.visa_type);
    let fills = [
        ("kind", kind.into()),
        ("number", visa.visa_number.as_str().into()),
    ];
    let entries = words
        .language
        .say_with("visa-entries", &[("n", visa.entries.into())]);
    (
        words.language.say_with("visa-line", &fills),
        vec![words.span(visa.validity), entries],
    )
}

fn notice(event: &Event<ArrivalNotice>, words: &Words<'_>) -> (String, Vec<String>) {
    let notice = &event.fact;
    let host = words
        .language
        .say_with("notice-host", &[("host", host_name(&notice.host).into())]);
    let says = words.of("notice", &notice.registration_type);
    (says, vec![words.span(notice.stay), notice.address.clone(), host])
}

fn decision(event: &Event<Decision>, words: &Words<'_>) -> (String, Vec<String>) {
    let decision = &event.fact;
    let mut lines = vec![
        words.between(decision.valid_from, decision.valid_until),
        words.language.say_with(
            "decision-basis",
            &[("basis", decision.legal_basis.as_str().into())],
        ),
        words
            .language
            .say_with("decision-body", &[("body", decision.body.as_str().into())]),
    ];
    if let Some(day) = decision.revoked_on {
        lines.push(
            words
                .language
                .say_with("decision-revoked", &[("day", words.language.day(day).into())]),
        );
    }
    (words.of("decision", &decision.decision_type), lines)
}

fn studies(event: &Event<Enrolment>, words: &Words<'_>) -> (String, Vec<String>) {
    let studies = &event.fact;
    let how = format!(
        "{}, {}",
        words.of("study", &studies.level),
        words.of("form", &studies.form)
    );
    (
        studies.institution.clone(),
        vec![how, words.span(studies.studies)],
    )
}

fn policy(event: &Event<MedicalPolicy>, words: &Words<'_>) -> (String, Vec<String>) {
    let policy = &event.fact;
    let key = format!("policy-{}", code(&policy.policy_type));
    let says = words
        .language
        .say_with(&key, &[("number", policy.policy_number.as_str().into())]);
    (says, vec![words.span(policy.cover), policy.insurer.clone()])
}

fn certificate(event: &Event<MedicalCertificate>, words: &Words<'_>) -> (String, Vec<String>) {
    let key = format!("certificate-{}", code(&event.fact.result));
    let day = words.language.day(event.fact.issued_on);
    (words.language.say_with(&key, &[("day", day.into())]), Vec::new())
}

fn accreditation(event: &Event<Accreditation>, words: &Words<'_>) -> (String, Vec<String>) {
    (
        event.fact.organisation.clone(),
        vec![words.span(event.fact.validity)],
    )
}

fn crossings(profile: &Profile, words: &Words<'_>) -> Vec<Item> {
    latest_first(&profile.events.crossings, words, |event, words| {
        let key = match event.fact.direction {
            Direction::In => "crossing-in",
            Direction::Out => "crossing-out",
        };
        let day = words.language.day(event.fact.crossed_on);
        let checkpoint = event.fact.checkpoint.as_str();
        let line = words
            .language
            .say_with("crossing-checkpoint", &[("checkpoint", checkpoint.into())]);
        (words.language.say_with(key, &[("day", day.into())]), vec![line])
    })
}

fn payments(profile: &Profile, words: &Words<'_>) -> Vec<Item> {
    latest_first(&profile.events.payments, words, |event, words| {
        let payment = &event.fact;
        let amount = words.language.roubles(payment.amount_kopecks);
        let fills = [
            ("amount", amount.into()),
            ("day", words.language.day(payment.paid_on).into()),
        ];
        (
            words.language.say_with("payment-line", &fills),
            vec![words.region(payment.region)],
        )
    })
}

fn insured(profile: &Profile, words: &Words<'_>) -> Vec<Item> {
    latest_first(&profile.events.insured, words, |event, words| {
        let ogrn = event.fact.employer_ogrn.as_str();
        let says = words.language.say_with("insured-line", &[("ogrn", ogrn.into())]);
        (says, vec![words.span(event.fact.insured)])
    })
}

fn benefits(profile: &Profile, words: &Words<'_>) -> Vec<Item> {
    latest_first(&profile.events.benefits, words, |event, words| {
        (
            words.of("benefit", &event.fact.benefit_type),
            vec![words.span(event.fact.paid_for)],
        )
    })
}

fn residences(profile: &Profile, words: &Words<'_>) -> Vec<Item> {
    latest_first(&profile.events.residences, words, |event, words| {
        (event.fact.address.clone(), vec![words.region(event.fact.region)])
    })
}

fn jobs(profile: &Profile, words: &Words<'_>) -> Vec<Item> {
    let item = |job: &profile::view::Job| {
        let mut lines = vec![job.profession.clone()];
        match (job.from, job.until) {
            (Some(from), until) => lines.push(words.between(from, until)),
            (None, Some(until)) => {
                lines.push(
                    words
                        .language
                        .say_with("job-ended", &[("day", words.language.day(until).into())]),
                );
            }
            (None, None) => {}
        }
        lines.push(words.region(job.employer.region));
        Item {
            says: job.employer.name.clone(),
            lines,
            doubts: Vec::new(),
            sources: words.sources(&job.cited),
            contest: Contesting::default(),
        }
    };
    profile.jobs.iter().rev().map(item).collect()
}

fn family(profile: &Profile, words: &Words<'_>) -> Vec<Item> {
    let item = |seen: &profile::view::FamilyMemberSeen| {
        let member = &seen.member;
        let key = format!("relation-{}", member.relation);
        let relation = words
            .language
            .find(&key)
            .unwrap_or_else(|| member.relation.clone());
        let name = super::words::name_line(&member.name);
        let fills = [("relation", relation.into()), ("name", name.into())];
        Item {
            says: words.language.say_with("relation-line", &fills),
            lines: member
                .birth_date
                .iter()
                .map(|date| words.partial_date(date))
                .collect(),
            doubts: Vec::new(),
            sources: words.sources(&seen.cited),
            contest: Contesting::default(),
        }
    };
    profile.family.iter().map(item).collect()
}
