//! One event reported several times becomes one event with several citations.
//!
//! A source may send an event again under another id, with other slips and no mark. Two reports are one event when
//! they come from one source, say the same in every part that identifies the event, contradict each other in none,
//! and were recorded near each other. Crossings have a rule of their own (`crossings`).

use std::collections::BTreeMap;

use records::{Day, key::SourceName};

use crate::{
    cite::Citation,
    event::{Earlier, Event},
    kinds::Kind,
    known::{Known, Told},
    rules::DuplicateRule,
};

/// All events of one kind, duplicates folded, in order of their first valid day.
pub(crate) fn events<T: Kind>(known: &Known<'_>, rule: &DuplicateRule) -> Vec<Event<T>> {
    let mut groups: BTreeMap<(SourceName, T::Sameness), Vec<Event<T>>> = BTreeMap::new();
    for event in reports::<T>(known) {
        groups
            .entry((event.cited.source().clone(), event.fact.sameness()))
            .or_default()
            .push(event);
    }
    let mut events: Vec<Event<T>> = groups
        .into_values()
        .flat_map(|reports| fold_reports(reports, rule.recorded_within_days))
        .collect();
    events.sort_by(|a, b| (a.valid, &a.cited).cmp(&(b.valid, &b.cited)));
    events
}

/// Every record of one kind as an event of its own.
pub(crate) fn reports<T: Kind>(known: &Known<'_>) -> Vec<Event<T>> {
    known.with_history().filter_map(report).collect()
}

fn report<T: Kind>(told: Told<'_>) -> Option<Event<T>> {
    let Told {
        now: record,
        earlier,
        amended_by,
    } = told;
    Some(Event {
        fact: T::of(&record.payload)?.clone(),
        valid: record.valid,
        cited: Citation::of(record),
        repeated_by: Vec::new(),
        doubts: record.doubts.clone(),
        amended_by: amended_by.to_vec(),
        earlier: earlier
            .iter()
            .filter_map(|said| {
                let fact = T::of(&said.payload)?.clone();
                Some(Earlier {
                    fact,
                    valid: said.valid,
                    cited: Citation::of(said),
                })
            })
            .collect(),
    })
}

fn fold_reports<T: Kind>(mut reports: Vec<Event<T>>, within_days: i32) -> Vec<Event<T>> {
    reports.sort_by(|a, b| (a.cited.recorded_on, &a.cited.key).cmp(&(b.cited.recorded_on, &b.cited.key)));
    let mut clusters: Vec<Vec<Event<T>>> = Vec::new();
    for report in reports {
        let near = |cluster: &Vec<Event<T>>| {
            cluster
                .first()
                .is_some_and(|first| days_between(&first.cited, &report.cited) <= within_days)
                && cluster.iter().all(|other| other.fact.agrees(&report.fact))
        };
        match clusters.iter_mut().find(|cluster| near(cluster)) {
            Some(cluster) => cluster.push(report),
            None => clusters.push(vec![report]),
        }
    }
    clusters
        .into_iter()
        .filter_map(|cluster| speak_as_one(cluster, Kind::fullness))
        .collect()
}

fn days_between(a: &Citation, b: &Citation) -> i32 {
    days(a.recorded_on, b.recorded_on).abs()
}

/// Days from `a` to `b`.
pub(crate) fn days(a: Day, b: Day) -> i32 {
    // a span of civil days within the years -9999..=9999 fits
    (b.duration_since(a).as_hours() / 24) as i32
}

/// The report that speaks for all: a corrected one, else the fullest, else the first recorded.
pub(crate) fn speak_as_one<T>(
    mut reports: Vec<Event<T>>,
    fullness: impl Fn(&T) -> usize,
) -> Option<Event<T>> {
    let at = (0..reports.len()).max_by(|&a, &b| {
        let key = |event: &Event<T>| (event.cited.version, fullness(&event.fact));
        let first = |event: &Event<T>| (event.cited.recorded_on, event.cited.key.clone());
        key(&reports[a])
            .cmp(&key(&reports[b]))
            .then_with(|| first(&reports[b]).cmp(&first(&reports[a])))
    })?;
    let mut speaker = reports.swap_remove(at);
    speaker.repeated_by.extend(reports.into_iter().flat_map(|event| {
        speaker.amended_by.extend(event.amended_by);
        let mut cited = event.repeated_by;
        cited.push(event.cited);
        cited
    }));
    speaker.repeated_by.sort_unstable();
    speaker.amended_by.sort_unstable();
    speaker.amended_by.dedup();
    Some(speaker)
}
