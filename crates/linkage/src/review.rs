//! The queue for officials: what the engine would not decide by itself, and why.

use std::cmp::Reverse;

use records::key::RecordKey;

use crate::{
    assemble::Outcome,
    assignment::{ReviewItem, WaitReason},
    book::Id,
    clusters::Open,
    compare::Comparison,
    double_use::Detached,
    evidence::{Evidence, Field, Level},
    harm::Placed,
    party::Party,
};

/// Items in order, heaviest first, and how many the bound left out.
pub(crate) fn queue(
    outcome: &Outcome<'_>,
    roots: &[Id],
    cluster_of_record: &[u32],
) -> (Vec<ReviewItem>, u64) {
    let desk = Desk {
        outcome,
        cluster_of_record,
    };
    let mut items: Vec<ReviewItem> = outcome.open.iter().map(|open| desk.open(open)).collect();
    for placed in &outcome.harmed {
        // An official may have placed it meanwhile.
        if roots[placed.group as usize] == placed.group {
            items.extend(desk.harming(placed));
        }
    }
    items.extend(outcome.detached.iter().filter_map(|stay| desk.detached(stay)));
    items.sort_by(|a, b| {
        b.weight
            .cmp(&a.weight)
            .then_with(|| (&a.record, &a.candidate).cmp(&(&b.record, &b.candidate)))
    });
    items.dedup_by(|later, kept| (&later.record, &later.candidate) == (&kept.record, &kept.candidate));
    let dropped = items.len().saturating_sub(outcome.settings.review_max) as u64;
    items.truncate(outcome.settings.review_max);
    (items, dropped)
}

struct Desk<'a> {
    outcome: &'a Outcome<'a>,
    cluster_of_record: &'a [u32],
}

impl Desk<'_> {
    fn key(&self, record: Id) -> RecordKey {
        self.outcome.records[record as usize].key.clone()
    }

    fn item(&self, record: Id, candidate: Id, comparison: &Comparison, waits: WaitReason) -> ReviewItem {
        ReviewItem {
            record: self.key(record),
            candidate: self.key(candidate),
            clusters: [record, candidate].map(|record| self.cluster_of_record[record as usize]),
            weight: comparison.weight,
            evidence: comparison.evidence.clone(),
            waits,
        }
    }

    fn open(&self, open: &Open) -> ReviewItem {
        let [one, other] = open.roots.map(|root| self.outcome.clustering.party(root));
        // The one that is nobody in particular, or the smaller, or the later, is asked about.
        let rank = |party: &Party| (party.is_anchored(), party.size, Reverse(party.least));
        let (small, large) = if rank(one) <= rank(other) {
            (one, other)
        } else {
            (other, one)
        };
        self.item(small.least, large.least, &open.comparison, reason(open))
    }

    fn harming(&self, placed: &Placed) -> Vec<ReviewItem> {
        let record = self.outcome.groups.members[placed.group as usize][0];
        placed
            .waits
            .iter()
            .map(|(root, comparison, against)| {
                let waits = WaitReason::Harmful {
                    contradicting: against.clone(),
                };
                self.item(
                    record,
                    self.outcome.clustering.party(*root).least,
                    comparison,
                    waits,
                )
            })
            .collect()
    }

    /// The stay set apart, against the person who has the other stay.
    fn detached(&self, stay: &Detached) -> Option<ReviewItem> {
        let groups = self.outcome.groups;
        let with_card = |card: Id| {
            let on_document = |claim: &crate::claim::Claim| {
                claim.document.is_some_and(|d| d.number == stay.document) && claim.numbers.contains(&card)
            };
            groups
                .claims
                .iter()
                .position(on_document)
                .map(|record| record as Id)
        };
        let (record, other) = (with_card(stay.card)?, with_card(stay.kept)?);
        let root = |record: Id| self.outcome.clustering.root(groups.of_record[record as usize]);
        if root(record) == root(other) {
            return None;
        }
        let comparison = self.outcome.clustering.compared(root(record), root(other));
        let candidate = self.outcome.clustering.party(root(other)).least;
        Some(self.item(record, candidate, &comparison, WaitReason::SharedDocument))
    }
}

fn reason(open: &Open) -> WaitReason {
    let fields = open.contradicting.clone();
    if is_other_identity(&open.comparison.evidence) {
        WaitReason::OtherIdentity
    } else if !fields.is_empty() {
        WaitReason::Contradicted { fields }
    } else if open.rivals > 0 {
        WaitReason::SeveralCandidates {
            candidates: open.rivals + 1,
        }
    } else {
        WaitReason::BetweenThresholds
    }
}

/// Another document and other personal data, and yet so much agrees: renamed, or come again under another name.
fn is_other_identity(evidence: &[Evidence]) -> bool {
    let has = |fields: &[Field], levels: &[Level]| {
        evidence
            .iter()
            .any(|step| fields.contains(&step.field) && levels.contains(&step.level))
    };
    has(
        &[Field::Document],
        &[Level::Renewed, Level::OtherDocument, Level::Unordered],
    ) && has(
        &[Field::Surname, Field::GivenName, Field::BirthDate],
        &[Level::Different],
    )
}
