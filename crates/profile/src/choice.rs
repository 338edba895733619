//! Chooses one value among claims, by the configured steps, and keeps the others.
//!
//! Invariant: depends on the set of claims, never on their order.

use std::collections::BTreeMap;

use records::Day;

use crate::{
    cite::Citation,
    field::{ChosenBy, Difference, Field, Other},
    rules::{FieldRule, Step},
};

/// One record's word on one field.
#[derive(Clone)]
pub(crate) struct Claim<T> {
    pub value: T,
    /// Day of the event that the record speaks of.
    pub on: Day,
    pub cited: Citation,
}

/// All claims of one value.
struct Candidate<T> {
    value: T,
    rank: usize,
    /// Claims by sources of the candidate's best rank.
    support: usize,
    latest: Day,
    cited: Vec<Citation>,
}

pub(crate) fn choose<T: Ord + Clone>(
    claims: Vec<Claim<T>>,
    rule: &FieldRule,
    difference: impl Fn(&T, &T) -> Difference,
) -> Option<Field<T>> {
    let mut candidates = gather(claims, rule);
    let (at, chosen_by) = settle(&candidates, &rule.order)?;
    let chosen = candidates.swap_remove(at);
    candidates.sort_by(|a, b| {
        b.cited
            .len()
            .cmp(&a.cited.len())
            .then_with(|| a.value.cmp(&b.value))
    });
    let others = candidates
        .into_iter()
        .map(|other| Other {
            difference: difference(&chosen.value, &other.value),
            value: other.value,
            cited: other.cited,
            settled_by: None,
        })
        .collect();
    Some(Field {
        value: chosen.value,
        chosen_by,
        cited: chosen.cited,
        others,
    })
}

fn gather<T: Ord + Clone>(claims: Vec<Claim<T>>, rule: &FieldRule) -> Vec<Candidate<T>> {
    let mut by_value: BTreeMap<T, Vec<Claim<T>>> = BTreeMap::new();
    for claim in claims {
        by_value.entry(claim.value.clone()).or_default().push(claim);
    }
    by_value
        .into_iter()
        .map(|(value, claims)| {
            let ranks: Vec<usize> = claims
                .iter()
                .map(|claim| rule.rank(claim.cited.source()))
                .collect();
            let rank = ranks.iter().copied().min().unwrap_or(usize::MAX);
            let mut cited: Vec<Citation> = claims.iter().map(|claim| claim.cited.clone()).collect();
            cited.sort_unstable();
            cited.dedup();
            Candidate {
                value,
                rank,
                support: ranks.iter().filter(|&&r| r == rank).count(),
                latest: claims.iter().map(|claim| claim.on).max().unwrap_or(Day::MIN),
                cited,
            }
        })
        .collect()
}

/// Index of the value that is left, and the step that left it alone.
fn settle<T: Ord>(candidates: &[Candidate<T>], order: &[Step]) -> Option<(usize, ChosenBy)> {
    let mut left: Vec<usize> = (0..candidates.len()).collect();
    if let [only] = left[..] {
        return Some((only, ChosenBy::OnlyValue));
    }
    for step in order {
        left = match step {
            Step::Priority => keep_max(left, |at| std::cmp::Reverse(candidates[at].rank)),
            Step::Majority => keep_max(left, |at| candidates[at].support),
            Step::Latest => keep_max(left, |at| candidates[at].latest),
        };
        if let [only] = left[..] {
            let chosen_by = match step {
                Step::Priority => ChosenBy::SourcePriority,
                Step::Majority => ChosenBy::Majority,
                Step::Latest => ChosenBy::LatestRecorded,
            };
            return Some((only, chosen_by));
        }
    }
    left.into_iter()
        .min_by_key(|&at| &candidates[at].value)
        .map(|at| (at, ChosenBy::FixedOrder))
}

fn keep_max<K: Ord>(left: Vec<usize>, key: impl Fn(usize) -> K) -> Vec<usize> {
    let Some(best) = left.iter().map(|&at| key(at)).max() else {
        return left;
    };
    left.into_iter().filter(|&at| key(at) == best).collect()
}
