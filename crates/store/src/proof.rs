//! Receipts, withdrawals and share codes as rows.

use std::collections::BTreeSet;

use credential::CredentialId;
use records::key::RecordKey;
use registry::{
    answer::Matter,
    port::{
        StoreError,
        proofs::{Door, Receipt, ShareCode, Withdrawal},
    },
};
use sqlx::FromRow;

use crate::column::{corrupt, to_bytes, to_day, to_json, to_profile, to_time, to_time_if};

pub(crate) const RECEIPT: &str = "receipt";
pub(crate) const CODE: &str = "share code";
const WITHDRAWAL: &str = "withdrawal";

#[derive(FromRow)]
pub(crate) struct ReceiptRow {
    pub(crate) id: Vec<u8>,
    pub(crate) profile: Vec<u8>,
    pub(crate) matter: String,
    pub(crate) door: String,
    pub(crate) on_day: String,
    pub(crate) known_at: i64,
    pub(crate) given_at: i64,
    pub(crate) edition: String,
    pub(crate) inputs: String,
    pub(crate) answer: String,
}

impl TryFrom<ReceiptRow> for Receipt {
    type Error = StoreError;
    fn try_from(row: ReceiptRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: CredentialId::from_random_bytes(to_bytes(&row.id, RECEIPT)?),
            profile: to_profile(&row.profile, RECEIPT)?,
            matter: to_matter(&row.matter, RECEIPT)?,
            door: to_door(&row.door)?,
            on: to_day(&row.on_day, RECEIPT)?,
            known_at: to_time(row.known_at, RECEIPT)?,
            given_at: to_time(row.given_at, RECEIPT)?,
            edition: row.edition,
            inputs: to_json(&row.inputs, RECEIPT)?,
            answer: to_json(&row.answer, RECEIPT)?,
        })
    }
}

/// The records that an answer rests on, each once.
pub(crate) fn records_of(receipt: &Receipt) -> BTreeSet<&RecordKey> {
    receipt.inputs.iter().map(|input| &input.record).collect()
}

#[derive(FromRow)]
pub(crate) struct CodeRow {
    pub(crate) code_hash: Vec<u8>,
    pub(crate) profile: Vec<u8>,
    pub(crate) matter: String,
    pub(crate) made_at: i64,
    pub(crate) expires_at: i64,
    pub(crate) withdrawn_at: Option<i64>,
}

impl TryFrom<CodeRow> for ShareCode {
    type Error = StoreError;
    fn try_from(row: CodeRow) -> Result<Self, StoreError> {
        Ok(Self {
            code_hash: to_bytes(&row.code_hash, CODE)?,
            profile: to_profile(&row.profile, CODE)?,
            matter: to_matter(&row.matter, CODE)?,
            made_at: to_time(row.made_at, CODE)?,
            expires_at: to_time(row.expires_at, CODE)?,
            withdrawn_at: to_time_if(row.withdrawn_at, CODE)?,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct WithdrawalRow {
    credential: Vec<u8>,
    withdrawn_at: i64,
    expires_at: i64,
}

impl TryFrom<WithdrawalRow> for Withdrawal {
    type Error = StoreError;
    fn try_from(row: WithdrawalRow) -> Result<Self, StoreError> {
        Ok(Self {
            credential: CredentialId::from_random_bytes(to_bytes(&row.credential, WITHDRAWAL)?),
            at: to_time(row.withdrawn_at, WITHDRAWAL)?,
            expires_at: to_time(row.expires_at, WITHDRAWAL)?,
        })
    }
}

pub(crate) fn to_matter(column: &str, what: &'static str) -> Result<Matter, StoreError> {
    let known = Matter::ALL.into_iter().find(|matter| matter.name() == column);
    known.ok_or_else(|| corrupt(what)("no such matter"))
}

pub(crate) fn from_door(door: Door) -> &'static str {
    match door {
        Door::Qr => "qr",
        Door::Code => "code",
        Door::OnlineCheck => "online_check",
    }
}

pub(crate) fn to_door(column: &str) -> Result<Door, StoreError> {
    match column {
        "qr" => Ok(Door::Qr),
        "code" => Ok(Door::Code),
        "online_check" => Ok(Door::OnlineCheck),
        _ => Err(corrupt(RECEIPT)("no such door")),
    }
}
