//! Keys: which source, which of its records, whose profile.

pub mod list;

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Why a key was refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("a source name is 1 to 32 characters out of a-z, 0-9, '_' and '-'")]
    SourceName,
    #[error("a source record id is 1 to 64 visible ASCII characters")]
    RecordId,
    #[error("a profile id is 32 hexadecimal digits, with or without hyphens")]
    ProfileId,
}

/// Name of a source as mappings and links spell it: `border`, `permits`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SourceName(String);

impl SourceName {
    pub fn parse(raw: &str) -> Result<Self, KeyError> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
        if (1..=32).contains(&raw.len()) && raw.bytes().all(allowed) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(KeyError::SourceName)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The id that a source gave to its record; unique inside that source only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SourceRecordId(String);

impl SourceRecordId {
    pub fn parse(raw: &str) -> Result<Self, KeyError> {
        if (1..=64).contains(&raw.len()) && raw.bytes().all(|b| b.is_ascii_graphic()) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(KeyError::RecordId)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

macro_rules! text_key {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = KeyError;
            fn try_from(raw: String) -> Result<Self, KeyError> {
                Self::parse(&raw)
            }
        }
        impl From<$name> for String {
            fn from(key: $name) -> String {
                key.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
text_key!(SourceName);
text_key!(SourceRecordId);

/// One record of one source, whatever its version. Ids of two sources never collide: the source is part of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RecordKey {
    pub source: SourceName,
    pub id: SourceRecordId,
}

impl fmt::Display for RecordKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.source, self.id)
    }
}

/// Whose profile: 128 random bits that say nothing about the person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProfileId(Uuid);

impl ProfileId {
    /// From 128 random bits, drawn by whoever is allowed to draw (`registry`).
    pub fn from_random_bits(bits: u128) -> Self {
        Self(uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid())
    }

    /// As it was kept.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    pub fn parse(raw: &str) -> Result<Self, KeyError> {
        Uuid::parse_str(raw).map(Self).map_err(|_| KeyError::ProfileId)
    }

    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl fmt::Display for ProfileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
