//! Crossings in order, each once.

use records::payload::{Crossing, Direction};

use crate::{
    duplicates::{reports, speak_as_one},
    event::Event,
    known::Known,
    rules::DuplicateRule,
};

/// All crossings by the moment they happened, reports of one crossing folded.
pub(crate) fn crossings(known: &Known<'_>, rule: &DuplicateRule) -> Vec<Event<Crossing>> {
    let mut reports = reports::<Crossing>(known);
    reports.sort_by(|a, b| {
        let key = |event: &Event<Crossing>| (event.fact.crossed_at, event.fact.direction == Direction::In);
        key(a).cmp(&key(b)).then_with(|| a.cited.cmp(&b.cited))
    });
    let mut clusters: Vec<Vec<Event<Crossing>>> = Vec::new();
    for report in reports {
        match clusters.last_mut() {
            Some(cluster)
                if cluster
                    .last()
                    .is_some_and(|last| same_crossing(&last.fact, &report.fact, rule)) =>
            {
                cluster.push(report);
            }
            _ => clusters.push(vec![report]),
        }
    }
    let fullness = |c: &Crossing| {
        [
            c.mrz.is_some(),
            c.migration_card.is_some(),
            c.visa_number.is_some(),
        ]
        .iter()
        .filter(|&&given| given)
        .count()
    };
    clusters
        .into_iter()
        .filter_map(|cluster| speak_as_one(cluster, fullness))
        .collect()
}

/// `a` comes before `b` and nothing lies between them.
fn same_crossing(a: &Crossing, b: &Crossing, rule: &DuplicateRule) -> bool {
    let near = b.crossed_at.duration_since(a.crossed_at).as_hours() < rule.crossing_within_hours;
    let same_card = a.migration_card.is_some() && a.migration_card == b.migration_card;
    a.direction == b.direction && near && (a.checkpoint == b.checkpoint || same_card)
}
