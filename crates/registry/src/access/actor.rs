//! Who asks.

use records::key::ProfileId;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::purpose::PurposeId;

/// Which account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(Uuid);

impl AccountId {
    pub fn from_random_bits(bits: u128) -> Self {
        Self(uuid::Builder::from_random_bytes(bits.to_be_bytes()).into_uuid())
    }

    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }

    pub fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }
}

impl std::fmt::Display for AccountId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Who acts. An official, a verifier, an operator and an analyst are named, because the person sees who looked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "role", rename_all = "snake_case")]
pub enum Actor {
    /// The person whom the profile is about.
    Holder {
        profile: ProfileId,
    },
    Official {
        name: String,
        office: String,
    },
    /// An employer, a landlord, a patrol: asks one question, gets one answer.
    Verifier {
        organisation: String,
    },
    /// Whoever runs the machine, at its command line.
    Operator {
        name: String,
    },
    /// Reads the pseudonymised extract, never a person.
    Analyst {
        name: String,
        office: String,
    },
}

/// What an actor is, without who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Holder,
    Official,
    Verifier,
    Operator,
    Analyst,
}

impl Actor {
    pub fn role(&self) -> Role {
        match self {
            Self::Holder { .. } => Role::Holder,
            Self::Official { .. } => Role::Official,
            Self::Verifier { .. } => Role::Verifier,
            Self::Operator { .. } => Role::Operator,
            Self::Analyst { .. } => Role::Analyst,
        }
    }

    /// What the person sees of the actor.
    pub(crate) fn names(&self) -> Vec<&str> {
        match self {
            Self::Holder { .. } => Vec::new(),
            Self::Verifier { organisation } => vec![organisation],
            Self::Operator { name } => vec![name],
            Self::Official { name, office } | Self::Analyst { name, office } => vec![name, office],
        }
    }

    /// The person whom the actor is, if it acts as a holder.
    pub fn own_profile(&self) -> Option<ProfileId> {
        match self {
            Self::Holder { profile } => Some(*profile),
            Self::Official { .. } | Self::Verifier { .. } | Self::Operator { .. } | Self::Analyst { .. } => {
                None
            }
        }
    }
}

/// Who asks, what for, and in which case of the office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asker {
    pub actor: Actor,
    pub purpose: PurposeId,
    /// The office's number of the matter; purposes may demand one.
    pub case: Option<CaseNumber>,
}

impl Asker {
    pub fn new(actor: Actor, purpose: PurposeId) -> Self {
        Self {
            actor,
            purpose,
            case: None,
        }
    }
}

/// Number of the matter on which an office works, as it writes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseNumber(String);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a case number is 1 to 64 characters without line breaks")]
pub struct CaseNumberError;

impl CaseNumber {
    pub fn parse(raw: &str) -> Result<Self, CaseNumberError> {
        let kept = raw.trim();
        if (1..=64).contains(&kept.chars().count()) && !kept.chars().any(char::is_control) {
            Ok(Self(kept.to_owned()))
        } else {
            Err(CaseNumberError)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CaseNumber {
    type Error = CaseNumberError;
    fn try_from(raw: String) -> Result<Self, CaseNumberError> {
        Self::parse(&raw)
    }
}

impl From<CaseNumber> for String {
    fn from(case: CaseNumber) -> String {
        case.0
    }
}
