//! What a run gives back: clusters, why each record is where it is, what waits for an official, and counts.

use rayon::prelude::*;
use records::key::{ProfileId, RecordKey};
use serde::{Deserialize, Serialize};

use crate::{
    evidence::{Evidence, Field},
    reasons::Reasons,
    standing::Ruling,
    weight::Weight,
};

/// The outcome of a run. Records are known by their place in the order of keys, clusters by that of their least record.
pub struct Assignment {
    pub engine: String,
    pub clusters: Vec<Cluster>,
    /// Heaviest first.
    pub review: Vec<ReviewItem>,
    /// Rulings that could not be kept because they contradict another one.
    pub broken_rulings: Vec<Ruling>,
    pub statistics: Statistics,
    pub(crate) reasons: Reasons,
}

impl Assignment {
    /// How many records were assigned.
    pub fn records(&self) -> u32 {
        self.reasons.material.keys.len()
    }

    /// The place of a record.
    pub fn find(&self, key: &RecordKey) -> Option<u32> {
        self.reasons.material.keys.find(key)
    }

    /// The cluster of the record at a place, by its place in [`Assignment::clusters`].
    pub fn cluster_of(&self, record: u32) -> Option<u32> {
        self.reasons.cluster_of_record.get(record as usize).copied()
    }

    /// The profile in which the record at a place stood before.
    pub fn stood_in(&self, record: u32) -> Option<ProfileId> {
        self.reasons.material.holding.of(record)
    }

    /// Why records are in their clusters. Those that are not among the records are left out.
    pub fn explain(&self, records: &[u32]) -> Vec<Explanation> {
        let explain = |record: &u32| {
            Some(Explanation {
                record: self.reasons.key(*record)?,
                cluster: self.cluster_of(*record)?,
                basis: self.reasons.basis(*record),
            })
        };
        records.par_iter().filter_map(explain).collect()
    }
}

/// Records taken for one person's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cluster {
    /// How many; never none.
    pub records: u32,
    /// Profiles in which these records stood, the one with most of them first.
    pub standing: Vec<Brought>,
    /// The standing profile whose id this cluster goes on with: no two clusters keep the same one.
    pub keeps: Option<ProfileId>,
}

/// How many records of a cluster stood in a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    pub profile: ProfileId,
    pub records: u32,
}

/// Why a record is in its cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    pub record: RecordKey,
    /// Index into [`Assignment::clusters`].
    pub cluster: u32,
    pub basis: Basis,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "basis", rename_all = "snake_case")]
pub enum Basis {
    /// No other record was taken for the same person's.
    Alone,
    /// Joined to the group of `with` on this evidence.
    Joined {
        with: RecordKey,
        weight: Weight,
        evidence: Vec<Evidence>,
    },
    /// An official said so.
    Ruled { with: RecordKey },
}

/// Something an official should look at: may these two groups be one person's?
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewItem {
    /// The record, or the least record of the smaller group.
    pub record: RecordKey,
    /// The least record of the group that it may belong to.
    pub candidate: RecordKey,
    /// Indices of both groups into [`Assignment::clusters`]; the same when one cluster is in doubt.
    pub clusters: [u32; 2],
    /// One of both records harms.
    pub harmful: bool,
    pub weight: Weight,
    pub evidence: Vec<Evidence>,
    pub waits: WaitReason,
}

/// Why the engine did not decide by itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum WaitReason {
    /// Likely, not certain.
    BetweenThresholds,
    /// Likely, but these fields contradict.
    Contradicted { fields: Vec<Field> },
    /// Fits more than one person about equally well.
    SeveralCandidates { candidates: u32 },
    /// The record harms, and no strong identifier agrees without contradiction (design: a wrong merge is worse).
    Harmful { contradicting: Vec<Field> },
    /// One document seems to be used by two people.
    SharedDocument,
    /// Other personal data, yet traces of the same person: document history, identifier, address and host.
    OtherIdentity,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    pub records: u64,
    /// Groups of records that say the same of their person; what is compared are groups.
    pub groups: u64,
    pub clusters: u64,
    pub blocks: Vec<BlockStatistics>,
    pub candidate_pairs: u64,
    pub automatic_links: u64,
    pub contradicted: u64,
    pub review_dropped: u64,
    /// Records that say nothing by which they could be compared.
    pub unlinkable: u64,
}

/// What one blocking key brought.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockStatistics {
    pub key: String,
    pub blocks: u64,
    pub largest: u64,
    /// Pairs that this key alone brought first.
    pub pairs: u64,
    /// Blocks above the bound, cut by a further key.
    pub bounded: u64,
    /// Pairs left uncompared because even the cut block was too large.
    pub pairs_left_out: u64,
}
