//! Checks a text against a trust list, as of a moment, without asking anyone.
//!
//! The order decides which reason is told: form, key, signature, content, times, and last whether the list was
//! fresh enough to say yes. A stale list can still refuse: what is forged or expired stays so.
//! Invariant: no verdict is kept; each call looks at the list and the moment anew.

use jiff::{SignedDuration, Timestamp};

use crate::{
    NotValid, Statement, TrustList, Undetermined, Verdict,
    claims::{self, ClaimsError},
    envelope::{self, EnvelopeError},
    text::{self, TextError},
    trust::TrustedKey,
};

/// How far the clocks of issuer and verifier may differ before a new credential seems to come from the future.
pub const CLOCK_SKEW: SignedDuration = SignedDuration::from_secs(120);

/// What `text` is worth at the moment `at`.
pub fn verify(text: &str, trust: &TrustList, at: Timestamp) -> Verdict {
    match examine(text, trust, at) {
        Ok(statement) => Verdict::Valid(Box::new(statement)),
        Err(Failure::NotValid(reason)) => Verdict::NotValid(reason),
        Err(Failure::Undetermined(reason)) => Verdict::Undetermined(reason),
    }
}

/// As [`verify`], with the trust list as it stands in its file. A list that cannot be read proves nothing against
/// the holder.
pub fn verify_with_file(text: &str, trust_json: &str, at: Timestamp) -> Verdict {
    match TrustList::parse(trust_json) {
        Ok(trust) => verify(text, &trust, at),
        Err(_) => Verdict::Undetermined(Undetermined::TrustListUnreadable),
    }
}

enum Failure {
    NotValid(NotValid),
    Undetermined(Undetermined),
}

fn examine(text: &str, trust: &TrustList, at: Timestamp) -> Result<Statement, Failure> {
    let sealed = envelope::open(&text::decode(text)?)?;
    let stale = trust.next_update() <= at;
    let out_of_date = Failure::Undetermined(Undetermined::TrustListOutOfDate(trust.next_update()));
    let Some(trusted) = sealed.key_id().and_then(|id| trust.key(id)) else {
        // A key made after the list was fetched is not yet on it.
        return Err(if stale {
            out_of_date
        } else {
            NotValid::UnknownKey.into()
        });
    };
    let claims = sealed.verified_by(&trusted.key).ok_or(NotValid::Signature)?;
    let statement = claims::decode(&claims)?;
    statement.check().map_err(NotValid::Contradiction)?;
    check_times(&statement, at)?;
    check_key(&statement, trusted, at)?;
    if stale { Err(out_of_date) } else { Ok(statement) }
}

fn check_times(statement: &Statement, at: Timestamp) -> Result<(), NotValid> {
    let is_ahead = |time: Timestamp| time.duration_since(at) > CLOCK_SKEW;
    if statement.expires_at <= at {
        return Err(NotValid::Expired(statement.expires_at));
    }
    if let Some(begin) = statement.not_before.filter(|&begin| is_ahead(begin)) {
        return Err(NotValid::NotYetValid(begin));
    }
    if is_ahead(statement.issued_at) {
        Err(NotValid::IssuedInFuture)
    } else {
        Ok(())
    }
}

fn check_key(statement: &Statement, trusted: &TrustedKey, at: Timestamp) -> Result<(), NotValid> {
    if statement.issuer != trusted.issuer {
        return Err(NotValid::Issuer);
    }
    if !trusted.purposes.contains(&statement.purpose) {
        return Err(NotValid::KeyPurpose);
    }
    let window = trusted.valid_from..trusted.valid_until;
    if window.contains(&statement.issued_at) && at < window.end {
        Ok(())
    } else {
        Err(NotValid::KeyPeriod)
    }
}

impl From<NotValid> for Failure {
    fn from(reason: NotValid) -> Self {
        Self::NotValid(reason)
    }
}

impl From<TextError> for Failure {
    fn from(error: TextError) -> Self {
        Self::NotValid(match error {
            TextError::Prefix => NotValid::NotOurs,
            TextError::TooLong | TextError::Inflate => NotValid::TooLarge,
            TextError::Base45 => NotValid::Text,
        })
    }
}

impl From<EnvelopeError> for Failure {
    fn from(error: EnvelopeError) -> Self {
        Self::NotValid(match error {
            EnvelopeError::Form | EnvelopeError::KeyId => NotValid::Form,
            EnvelopeError::Critical => NotValid::CriticalHeader,
            EnvelopeError::Algorithm => NotValid::Algorithm,
            EnvelopeError::Type => NotValid::Type,
            EnvelopeError::Header => NotValid::Header,
        })
    }
}

impl From<ClaimsError> for Failure {
    fn from(error: ClaimsError) -> Self {
        match error {
            ClaimsError::Form(_) => Self::NotValid(NotValid::Form),
            ClaimsError::Claim(name) => Self::NotValid(NotValid::Content(name)),
            ClaimsError::Unknown(place) => Self::Undetermined(Undetermined::NewerContent(place)),
            ClaimsError::StatusList => Self::Undetermined(Undetermined::StatusList),
        }
    }
}
