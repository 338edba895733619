//! The queue for officials: what the engine would not decide by itself, and why.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use crate::{
    assemble::Outcome,
    assignment::{ReviewItem, WaitReason},
    book::Id,
    clusters::Open,
    compare::Comparison,
    double_use::Detached,
    engine::Material,
    evidence::is_other_identity,
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
        first_of_stay: first_of_stays(outcome),
    };
    let mut items: Vec<ReviewItem> = outcome.open.iter().filter_map(|open| desk.open(open)).collect();
    for placed in &outcome.harmed {
        // An official may have placed it meanwhile.
        if roots[placed.group as usize] == placed.group {
            items.extend(desk.harming(placed));
        }
    }
    let cases = outcome.cases;
    items.extend(cases.detached.iter().filter_map(|stay| desk.detached(stay)));
    for (record, stay) in &cases.contested {
        items.extend(desk.shared(*record, &cases.detached[*stay]));
    }
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
    first_of_stay: BTreeMap<(Id, Id), Id>,
}

impl Desk<'_> {
    fn item(
        &self,
        record: Id,
        candidate: Id,
        comparison: &Comparison,
        waits: WaitReason,
    ) -> Option<ReviewItem> {
        let Material { keys, claims, .. } = self.outcome.material;
        Some(ReviewItem {
            record: keys.get(record)?,
            candidate: keys.get(candidate)?,
            clusters: [record, candidate].map(|record| self.cluster_of_record[record as usize]),
            harmful: claims.get(record).harms || claims.get(candidate).harms,
            weight: comparison.weight,
            evidence: comparison.evidence.clone(),
            waits,
        })
    }

    fn open(&self, open: &Open) -> Option<ReviewItem> {
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
        let record = self.outcome.cases.groups.least(placed.group);
        placed
            .waits
            .iter()
            .filter_map(|(root, comparison, against)| {
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
        self.shared(*self.first_of_stay.get(&(stay.document, stay.card))?, stay)
    }

    /// A record of a time in which two people used a document, against the person who has the stay that was kept.
    fn shared(&self, record: Id, stay: &Detached) -> Option<ReviewItem> {
        let root = |record: Id| self.outcome.clustering.root(self.outcome.cases.groups.of(record));
        let (one, other) = (
            root(record),
            root(*self.first_of_stay.get(&(stay.document, stay.kept))?),
        );
        if one == other {
            return None;
        }
        let comparison = self.outcome.clustering.compared(one, other);
        let candidate = self.outcome.clustering.party(other).least;
        self.item(record, candidate, &comparison, WaitReason::SharedDocument)
    }
}

/// The first record of each stay that shares a document, by document and card.
fn first_of_stays(outcome: &Outcome<'_>) -> BTreeMap<(Id, Id), Id> {
    let stays = outcome.cases.detached.iter();
    let wanted: BTreeSet<(Id, Id)> = stays
        .flat_map(|stay| [(stay.document, stay.card), (stay.document, stay.kept)])
        .collect();
    let mut first = BTreeMap::new();
    if wanted.is_empty() {
        return first;
    }
    for (record, claim) in outcome.material.claims.iter() {
        let Some(document) = claim.document else { continue };
        for card in &claim.numbers {
            let stay = (document.number, *card);
            if wanted.contains(&stay) {
                first.entry(stay).or_insert(record);
            }
        }
    }
    first
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
