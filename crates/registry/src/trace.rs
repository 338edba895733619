//! The trace: who looked at or changed what, why, and with what outcome. Append-only, chained by hashes.
//!
//! Leaf: `SHA-256(0x00 || entry)` as RFC 6962 section 2.1 hashes leaves, so that a Merkle tree can be built over them.
//! Chain: `SHA-256(0x01 || chain before || leaf)`. Invariant: an entry says who and why, never what was read.
//! Not here: cutting off the end of the log leaves a chain that holds; compare its head with one noted elsewhere.

use jiff::Timestamp;
use records::key::ProfileId;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    access::{
        action::Action,
        actor::{Actor, CaseNumber},
        purpose::PurposeId,
    },
    port::{StoreError, Transaction},
};

/// Profiles that one entry may name: as many as one search may open.
pub const ENTRY_PROFILES_MAX: usize = 1_000;

/// One look, change or refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub at: Timestamp,
    pub actor: Actor,
    pub action: Action,
    pub purpose: PurposeId,
    pub legal_basis: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<CaseNumber>,
    /// Whom it was about; empty when it was about nobody in particular.
    pub profiles: Vec<ProfileId>,
    pub outcome: Outcome,
    /// When the person may see it: `at`, unless a law keeps it back for a time.
    pub shown_from: Timestamp,
}

/// What came of it, in kinds and counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    Done,
    /// Done to this many records, lines or profiles.
    Counted {
        count: u64,
    },
    /// An answer was given under this receipt.
    Answered {
        receipt: String,
    },
    Refused {
        reason: String,
    },
}

/// Place of an entry in the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainHead {
    /// From 1.
    pub number: u64,
    pub chain: [u8; 32],
}

/// An entry as it is kept: its exact words, and the two hashes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainedEntry {
    pub number: u64,
    /// JSON of the [`Entry`]; hashed as it stands, so it is kept as it stands.
    pub words: String,
    pub leaf: [u8; 32],
    pub chain: [u8; 32],
    /// Whom it is about, so that the store can find it; the words say the same.
    pub profiles: Vec<ProfileId>,
}

/// Where a chain is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("entry {number} is missing")]
    Missing { number: u64 },
    #[error("the words of entry {number} were changed")]
    Words { number: u64 },
    #[error("entry {number} does not follow the one before it")]
    Order { number: u64 },
    #[error("entry {number} is listed under other profiles than its words name")]
    Profiles { number: u64 },
}

/// The chain before its first entry.
const BEGINNING: [u8; 32] = [0; 32];

fn leaf_hash(words: &str) -> [u8; 32] {
    Sha256::new()
        .chain_update([0])
        .chain_update(words)
        .finalize()
        .into()
}

fn chain_hash(before: [u8; 32], leaf: [u8; 32]) -> [u8; 32] {
    Sha256::new()
        .chain_update([1])
        .chain_update(before)
        .chain_update(leaf)
        .finalize()
        .into()
}

impl ChainedEntry {
    /// The entry that follows `head`.
    pub fn after(head: Option<ChainHead>, entry: &Entry) -> Result<Self, serde_json::Error> {
        let words = serde_json::to_string(entry)?;
        let leaf = leaf_hash(&words);
        let before = head.map_or(BEGINNING, |head| head.chain);
        Ok(Self {
            number: head.map_or(1, |head| head.number + 1),
            words,
            leaf,
            chain: chain_hash(before, leaf),
            profiles: entry.profiles.clone(),
        })
    }

    /// What the words say.
    pub fn entry(&self) -> Result<Entry, StoreError> {
        serde_json::from_str(&self.words).map_err(|source| StoreError::Corrupt {
            what: "trace entry",
            source: source.into(),
        })
    }

    pub fn head(&self) -> ChainHead {
        ChainHead {
            number: self.number,
            chain: self.chain,
        }
    }

    /// Whether this entry follows `head` unchanged.
    pub fn check(&self, head: Option<ChainHead>) -> Result<(), Broken> {
        let expected = head.map_or(1, |head| head.number + 1);
        if self.number != expected {
            return Err(Broken::Missing { number: expected });
        }
        if self.leaf != leaf_hash(&self.words) {
            return Err(Broken::Words { number: self.number });
        }
        if self.chain != chain_hash(head.map_or(BEGINNING, |head| head.chain), self.leaf) {
            return Err(Broken::Order { number: self.number });
        }
        let named = serde_json::from_str::<Entry>(&self.words).map(|entry| entry.profiles);
        if named.is_ok_and(|named| sorted(named) == sorted(self.profiles.clone())) {
            Ok(())
        } else {
            Err(Broken::Profiles { number: self.number })
        }
    }
}

fn sorted(mut profiles: Vec<ProfileId>) -> Vec<ProfileId> {
    profiles.sort_unstable();
    profiles.dedup();
    profiles
}

impl dyn Transaction + '_ {
    /// Appends an entry to the trace of this transaction.
    pub async fn trace(&mut self, entry: Entry) -> Result<(), StoreError> {
        self.trace_all(&[entry]).await
    }

    /// Appends entries to the trace of this transaction, in their order.
    pub async fn trace_all(&mut self, entries: &[Entry]) -> Result<(), StoreError> {
        if entries
            .iter()
            .any(|entry| entry.profiles.len() > ENTRY_PROFILES_MAX)
        {
            return Err(StoreError::TooMany {
                what: "profiles in a trace entry",
                limit: ENTRY_PROFILES_MAX as u32,
            });
        }
        let mut head = self.trace_head().await?;
        let mut chained = Vec::with_capacity(entries.len());
        for entry in entries {
            let next = ChainedEntry::after(head, entry).map_err(|source| StoreError::Corrupt {
                what: "trace entry",
                source: source.into(),
            })?;
            head = Some(next.head());
            chained.push(next);
        }
        self.append_traces(&chained).await
    }
}
