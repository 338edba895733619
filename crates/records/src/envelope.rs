//! The record: one source's word on one event or document, with its provenance and its times.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{Day, key::RecordKey, payload::Payload, span::Span, subject::Subject};

/// What one source said once. Append-only: a correction is a new version under the same key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    pub key: RecordKey,
    pub version: u32,
    /// Day on which the source took it in.
    pub recorded_on: Day,
    /// When we took it in. Known time of everything that follows from this record.
    pub received_at: Timestamp,
    /// When it holds in the world.
    pub valid: Span,
    pub subject: Subject,
    pub payload: Payload,
    /// What is odd about it though it can be read: a check digit that fails, a date before another.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<Doubt>,
    pub evidence: Evidence,
    pub digest: ContentDigest,
}

impl std::fmt::Debug for Record {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Record({} v{})", self.key, self.version)
    }
}

/// A reason to look twice at a field. Names the field, never its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    pub field: String,
    pub reason: String,
}

/// Where the words stand: the file as sent, and the line in it (from 1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub file: String,
    pub line: u64,
}

/// SHA-256 over what the source said; equal for the same words wherever they stood and whenever they came.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ContentDigest([u8; 32]);

impl ContentDigest {
    /// Digest of the parts of a record that its source is answerable for.
    pub fn of(
        key: &RecordKey,
        version: u32,
        recorded_on: Day,
        subject: &Subject,
        payload: &Payload,
    ) -> Result<Self, serde_json::Error> {
        let words = serde_json::to_vec(&(key, version, recorded_on, subject, payload))?;
        Ok(Self(Sha256::digest(words).into()))
    }

    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl std::fmt::Debug for ContentDigest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(&self.0[..4]))
    }
}

impl From<ContentDigest> for String {
    fn from(digest: ContentDigest) -> String {
        hex::encode(digest.0)
    }
}

impl TryFrom<String> for ContentDigest {
    type Error = hex::FromHexError;
    fn try_from(text: String) -> Result<Self, hex::FromHexError> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)?;
        Ok(Self(bytes))
    }
}
