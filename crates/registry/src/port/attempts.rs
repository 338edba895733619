//! Failed attempts, counted so that guessing ends.

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;

/// What was guessed at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Guessed {
    /// A secret at sign-in, by one account from one place.
    SignInFromPlace,
    /// A secret at sign-in, by one account from anywhere.
    SignIn,
    /// A share code, by one verifier.
    CodeByVerifier,
    /// One share code, by anyone.
    Code,
}

impl Guessed {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignInFromPlace => "sign_in_from_place",
            Self::SignIn => "sign_in",
            Self::CodeByVerifier => "code_by_verifier",
            Self::Code => "code",
        }
    }
}

/// Counts of failures. `at_what` is a hash: the log holds neither names nor codes.
#[async_trait]
pub trait Attempts {
    async fn record_failure(
        &mut self,
        guessed: Guessed,
        at_what: [u8; 32],
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Takes back one failure recorded for `at`: the attempt went well.
    async fn take_back_failure(
        &mut self,
        guessed: Guessed,
        at_what: [u8; 32],
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Failures at one thing since a time.
    async fn failures(
        &mut self,
        guessed: Guessed,
        at_what: [u8; 32],
        since: Timestamp,
    ) -> Result<u32, StoreError>;

    /// Failures of one kind since a time, whatever was guessed at.
    async fn failures_in_all(&mut self, guessed: Guessed, since: Timestamp) -> Result<u32, StoreError>;

    /// Forgets failures from before a time: they count no more.
    async fn sweep_failures(&mut self, before: Timestamp) -> Result<(), StoreError>;
}
