//! What a credential says: the answer to one purpose, and no more than that purpose needs.
//!
//! Invariant: a statement holds no name, document or birth date; what ties it to a person is the truncated
//! [`Binding`].

use std::{collections::BTreeSet, fmt};

use jiff::{SignedDuration, Timestamp, ToSpan as _, tz::TimeZone};
use records::{Day, region::RegionCode};
use serde::{Deserialize, Serialize, Serializer};

use crate::Binding;

/// Most regions that one answer may list; keeps the symbol printable.
pub const REGIONS_MAX: usize = 14;
/// Longest life of a credential. It cannot be revoked, so it must die by itself.
pub const LIFETIME_MAX: SignedDuration = SignedDuration::from_hours(31 * 24);
/// Where on Earth a day ends last (UTC-12) and begins first (UTC+14).
const LAST_ZONE: SignedDuration = SignedDuration::from_hours(12);
const FIRST_ZONE: SignedDuration = SignedDuration::from_hours(14);

/// The answer to one purpose about one holder, as its issuer gave it at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    pub issuer: IssuerId,
    pub credential: CredentialId,
    pub purpose: Purpose,
    pub answer: Answer,
    /// `None`: the holder has no document that can be named, so nothing ties the answer to whoever shows it.
    /// Written as whether there is one: the bits themselves narrow down a document.
    #[serde(rename = "bound", serialize_with = "serialize_presence")]
    pub binding: Option<Binding>,
    /// Times are whole seconds; fractions are cut when the statement is signed.
    pub issued_at: Timestamp,
    pub not_before: Option<Timestamp>,
    /// After this moment the answer has to be asked for again, whatever it was.
    pub expires_at: Timestamp,
}

fn serialize_presence<S: Serializer>(binding: &Option<Binding>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bool(binding.is_some())
}

/// A statement that contradicts itself. Neither signed nor believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatementFault {
    #[error("expires before it begins")]
    Empty,
    #[error("lives longer than 31 days, and cannot be revoked")]
    Lifetime,
    #[error("expires after the last day on which the answer holds")]
    OutlivesAnswer,
    #[error("is undetermined since a day that has not come")]
    SinceFuture,
    #[error("lists more than {REGIONS_MAX} regions")]
    Regions,
}

impl Statement {
    /// What must be so in every statement, whoever has signed it.
    pub fn check(&self) -> Result<(), StatementFault> {
        if self.expires_at <= self.issued_at || self.not_before.is_some_and(|begin| self.expires_at <= begin)
        {
            return Err(StatementFault::Empty);
        }
        if self.expires_at.duration_since(self.issued_at) > LIFETIME_MAX {
            return Err(StatementFault::Lifetime);
        }
        match &self.answer {
            Answer::Yes(grant) => grant.check(self.expires_at),
            Answer::Undetermined { since, .. } if starts_after(*since, self.issued_at) => {
                Err(StatementFault::SinceFuture)
            }
            Answer::Undetermined { .. } | Answer::No { .. } => Ok(()),
        }
    }
}

impl Grant {
    fn check(&self, expires_at: Timestamp) -> Result<(), StatementFault> {
        if self.until.is_some_and(|until| ends_before(until, expires_at)) {
            return Err(StatementFault::OutlivesAnswer);
        }
        if self.regions.len() > REGIONS_MAX {
            Err(StatementFault::Regions)
        } else {
            Ok(())
        }
    }
}

/// Whether `day` is over everywhere before `moment`. A day too late for the calendar never is.
fn ends_before(day: Day, moment: Timestamp) -> bool {
    let next = day
        .checked_add(1.day())
        .and_then(|next| TimeZone::UTC.to_timestamp(next.at(0, 0, 0, 0)));
    next.is_ok_and(|next| moment.duration_since(next) > LAST_ZONE)
}

/// Whether `day` has begun nowhere at `moment`.
fn starts_after(day: Day, moment: Timestamp) -> bool {
    let start = TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0));
    start.is_ok_and(|start| start.duration_since(moment) > FIRST_ZONE)
}

/// The question that a statement answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    Stay,
    Work,
}

impl Purpose {
    pub const ALL: [Self; 2] = [Self::Stay, Self::Work];

    /// Name in the trust list.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stay => "stay",
            Self::Work => "work",
        }
    }
}

/// Three answers, never two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum Answer {
    Yes(Grant),
    No {
        reason: ReasonCode,
    },
    /// The issuer could not tell: why, and since which day.
    Undetermined {
        reason: ReasonCode,
        since: Day,
    },
}

/// What is allowed, and within which bounds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Last day on which it holds if nothing new happens; `None`: no end.
    pub until: Option<Day>,
    /// Regions in which it holds; empty: the whole country.
    pub regions: BTreeSet<RegionCode>,
    /// Bounds that the document behind the answer spells out.
    pub conditions: BTreeSet<Condition>,
}

/// A bound that the verifier reads from the permit itself, so that the answer need not carry it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Only for the employer named in the permit. 115-FZ art. 13 and 13.2
    NamedEmployer,
    /// Only in the profession named in the patent or permit. 115-FZ art. 13.3
    NamedProfession,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    #[error("an issuer is 1 to 16 characters out of A-Z, 0-9 and '-'")]
    Issuer,
    #[error("a reason code is 1 to 32 characters out of a-z, 0-9, '_' and '.'")]
    ReasonCode,
    #[error("a credential id is 16 hexadecimal digits")]
    CredentialId,
}

/// Short name of an issuer as the trust list spells it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct IssuerId(String);

impl IssuerId {
    pub fn parse(raw: &str) -> Result<Self, StatementError> {
        let allowed = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-';
        if (1..=16).contains(&raw.len()) && raw.bytes().all(allowed) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(StatementError::Issuer)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for IssuerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why the answer is not a plain yes, as a code that every door translates alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ReasonCode(String);

impl ReasonCode {
    pub fn parse(raw: &str) -> Result<Self, StatementError> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'.';
        if (1..=32).contains(&raw.len()) && raw.bytes().all(allowed) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(StatementError::ReasonCode)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ReasonCode {
    type Error = StatementError;
    fn try_from(raw: String) -> Result<Self, StatementError> {
        Self::parse(&raw)
    }
}

impl fmt::Display for ReasonCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which credential: eight random bytes drawn by the caller, never used twice. The receipt is kept under it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CredentialId([u8; Self::LENGTH]);

impl CredentialId {
    pub const LENGTH: usize = 8;

    pub const fn from_random_bytes(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes)
    }

    pub fn parse(raw: &str) -> Result<Self, StatementError> {
        let mut bytes = [0; Self::LENGTH];
        hex::decode_to_slice(raw, &mut bytes).map_err(|_| StatementError::CredentialId)?;
        Ok(Self(bytes))
    }

    pub const fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }
}

impl fmt::Display for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for CredentialId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
