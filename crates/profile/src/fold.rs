//! Records in, profile out.

use std::collections::BTreeMap;

use jiff::Timestamp;
use records::{
    Day,
    key::ProfileId,
    payload::{ArrivalNotice, FamilyMember},
};

use crate::{
    cite::Citation,
    crossings::crossings,
    duplicates::events,
    event::Event,
    identify::identity,
    jobs::jobs,
    known::Known,
    linked::LinkedRecord,
    presence::Stay,
    rules::ProfileRules,
    signs::signs,
    stays::stays,
    timeline,
    view::{Correction, Events, FamilyMemberSeen, Place, Profile},
};

/// The profile on valid day `on` as known at `known_at`.
///
/// Invariant: records received, or linked, after `known_at` change nothing; nor does the order or repetition of
/// records.
pub fn fold(
    id: ProfileId,
    records: &[LinkedRecord],
    on: Day,
    known_at: Timestamp,
    rules: &ProfileRules,
) -> Profile {
    let known = Known::at(records, known_at);
    let events = gather(&known, rules);
    let stays = stays(&events.crossings, &events.notices, &signs(&events));
    let mut profile = Profile {
        id,
        on,
        known_at,
        rules_edition: rules.edition.clone(),
        identity: identity(&known, &events.crossings, on, rules),
        place: place(&stays, &events.notices, on),
        family: family(&events.notices),
        jobs: jobs(&events.employment_notices),
        stays,
        events,
        corrections: corrections(&known),
        timeline: Vec::new(),
    };
    profile.timeline = timeline::of(&profile);
    profile
}

fn gather(known: &Known<'_>, rules: &ProfileRules) -> Events {
    let rule = &rules.duplicates;
    Events {
        crossings: crossings(known, rule),
        notices: events(known, rule),
        permits: events(known, rule),
        decisions: events(known, rule),
        payments: events(known, rule),
        insured: events(known, rule),
        benefits: events(known, rule),
        policies: events(known, rule),
        certificates: events(known, rule),
        studies: events(known, rule),
        visas: events(known, rule),
        accreditations: events(known, rule),
        residences: events(known, rule),
        employment_notices: events(known, rule),
    }
}

/// The place named by the latest notice of the stay that covers the day; without such a stay (nationals whose
/// crossings are not recorded) by the latest notice that covers the day itself.
fn place(stays: &[Stay], notices: &[Event<ArrivalNotice>], on: Day) -> Option<Place> {
    let stay = stays.iter().rev().find(|stay| stay.proven().contains(on));
    let speaks = |notice: &&Event<ArrivalNotice>| match stay {
        Some(stay) => notice.fact.stay.from <= on && stay.notices.contains(&notice.cited),
        None => stays.is_empty() && notice.holds_on(on),
    };
    let notice = notices.iter().filter(speaks).max_by(|a, b| {
        (a.fact.stay.from, a.fact.stay.until, &a.cited).cmp(&(b.fact.stay.from, b.fact.stay.until, &b.cited))
    })?;
    Some(Place {
        region: notice.fact.region,
        address: notice.fact.address.clone(),
        since: notice.fact.stay.from,
        until: notice.fact.stay.until,
        host: Some(notice.fact.host.clone()),
        cited: notice.citations().cloned().collect(),
    })
}

fn family(notices: &[Event<ArrivalNotice>]) -> Vec<FamilyMemberSeen> {
    let key = |member: &FamilyMember| (member.relation.clone(), member.name.clone(), member.birth_date);
    let mut seen: BTreeMap<_, (FamilyMember, Vec<Citation>)> = BTreeMap::new();
    for notice in notices {
        for member in &notice.fact.family {
            let entry = seen
                .entry(key(member))
                .or_insert_with(|| (member.clone(), Vec::new()));
            entry.1.extend(notice.citations().cloned());
        }
    }
    seen.into_values()
        .map(|(member, cited)| FamilyMemberSeen { member, cited })
        .collect()
}

/// Every version that a later one or an official's decision replaced, with what it said of the person.
fn corrections(known: &Known<'_>) -> Vec<Correction> {
    let replaced = known.replaced();
    replaced
        .map(|(was, by, event_changed)| Correction {
            superseded: Citation::of(was),
            by,
            said_of_person: was.subject.clone(),
            event_changed,
        })
        .collect()
}
