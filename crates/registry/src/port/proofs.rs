//! Answers that were given, and the codes by which a holder lets others ask.

use async_trait::async_trait;
use credential::{Answer, CredentialId};
use jiff::Timestamp;
use records::{
    Day,
    key::{ProfileId, RecordKey},
};
use serde::{Deserialize, Serialize};

use super::StoreError;
use crate::answer::Matter;

/// Share codes in force that one profile may have.
pub const LIVE_CODES_MAX: u32 = 20;

/// One version of one record that an answer rests on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Input {
    pub record: RecordKey,
    pub version: u32,
}

/// By which door the answer left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// Signed and given to the holder as a QR text.
    Qr,
    /// Told to a verifier who typed a share code.
    Code,
    /// Told to a verifier who scanned a QR text and asked for the present state.
    OnlineCheck,
}

/// What was answered, when, from what: enough to give the same answer again and to contest it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Random, and the id of the credential if one was signed. Says nothing about the person.
    pub id: CredentialId,
    pub profile: ProfileId,
    pub matter: Matter,
    pub door: Door,
    /// The day asked about.
    pub on: Day,
    /// What was known then went in.
    pub known_at: Timestamp,
    pub given_at: Timestamp,
    /// Edition of the pack of rules.
    pub edition: String,
    pub inputs: Vec<Input>,
    pub answer: Answer,
}

/// A code that lets whoever knows it and the birth date ask one question. The store has its keyed hash only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareCode {
    pub code_hash: [u8; 32],
    pub profile: ProfileId,
    pub matter: Matter,
    pub made_at: Timestamp,
    pub expires_at: Timestamp,
    pub withdrawn_at: Option<Timestamp>,
}

impl ShareCode {
    pub fn in_force(&self, now: Timestamp) -> bool {
        self.made_at <= now && now < self.expires_at && self.withdrawn_at.is_none_or(|at| now < at)
    }
}

/// A signed answer that no longer stands. Names nobody: the id is random.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    pub credential: CredentialId,
    pub at: Timestamp,
    /// When the signed answer ends by itself: no list need carry it longer.
    pub expires_at: Timestamp,
}

/// Receipts, append-only, withdrawals, and share codes.
#[async_trait]
pub trait Proofs {
    async fn keep_receipt(&mut self, receipt: &Receipt) -> Result<(), StoreError>;

    async fn find_receipt(&mut self, id: CredentialId) -> Result<Option<Receipt>, StoreError>;

    /// Receipts about a profile, the newest first.
    async fn receipts_about(&mut self, profile: ProfileId, limit: u32) -> Result<Vec<Receipt>, StoreError>;

    /// Receipts given since a time that rest on any version of these records, the newest first. More than `limit` is
    /// an error.
    async fn receipts_resting_on(
        &mut self,
        records: &[RecordKey],
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<Receipt>, StoreError>;

    /// Withdraws a signed answer; the first withdrawal stands.
    async fn withdraw_proof(&mut self, withdrawal: &Withdrawal) -> Result<(), StoreError>;

    async fn find_withdrawal(&mut self, credential: CredentialId) -> Result<Option<Withdrawal>, StoreError>;

    /// Withdrawals of answers that would still be good at `now`, by id; those after `after`.
    async fn withdrawals(
        &mut self,
        now: Timestamp,
        after: Option<CredentialId>,
        limit: u32,
    ) -> Result<Vec<Withdrawal>, StoreError>;

    async fn add_share_code(&mut self, code: &ShareCode) -> Result<(), StoreError>;

    async fn find_share_code(&mut self, code_hash: [u8; 32]) -> Result<Option<ShareCode>, StoreError>;

    /// Codes of a profile in force at `now`, the newest first. More than [`LIVE_CODES_MAX`] is an error.
    async fn live_share_codes(
        &mut self,
        profile: ProfileId,
        now: Timestamp,
    ) -> Result<Vec<ShareCode>, StoreError>;

    /// Ends a code of this profile from `at`; a code that is not the profile's is [`StoreError::Missing`].
    async fn withdraw_share_code(
        &mut self,
        profile: ProfileId,
        code_hash: [u8; 32],
        at: Timestamp,
    ) -> Result<(), StoreError>;
}
