//! Accounts and sessions as rows; counts about them.

use registry::{
    access::actor::AccountId,
    port::{
        StoreError,
        accounts::{Account, SESSIONS_MAX, Session},
    },
};
use sqlx::FromRow;

use crate::column::{to_bytes, to_json, to_time, to_time_if};

pub(crate) const ACCOUNT: &str = "account";
pub(crate) const SESSION: &str = "session";

#[derive(FromRow)]
pub(crate) struct AccountRow {
    pub(crate) id: Vec<u8>,
    pub(crate) login: String,
    pub(crate) secret_hash: String,
    pub(crate) actor: String,
    pub(crate) created_at: i64,
    pub(crate) closed_at: Option<i64>,
}

impl TryFrom<AccountRow> for Account {
    type Error = StoreError;
    fn try_from(row: AccountRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: AccountId::from_bytes(to_bytes(&row.id, ACCOUNT)?),
            login: row.login,
            secret_hash: row.secret_hash,
            actor: to_json(&row.actor, ACCOUNT)?,
            created_at: to_time(row.created_at, ACCOUNT)?,
            closed_at: to_time_if(row.closed_at, ACCOUNT)?,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct SessionRow {
    pub(crate) token_hash: Vec<u8>,
    pub(crate) account: Vec<u8>,
    pub(crate) opened_at: i64,
    pub(crate) last_used_at: i64,
    pub(crate) idle_until: i64,
    pub(crate) ends_at: i64,
}

impl TryFrom<SessionRow> for Session {
    type Error = StoreError;
    fn try_from(row: SessionRow) -> Result<Self, StoreError> {
        Ok(Self {
            token_hash: to_bytes(&row.token_hash, SESSION)?,
            account: AccountId::from_bytes(to_bytes(&row.account, SESSION)?),
            opened_at: to_time(row.opened_at, SESSION)?,
            last_used_at: to_time(row.last_used_at, SESSION)?,
            idle_until: to_time(row.idle_until, SESSION)?,
            ends_at: to_time(row.ends_at, SESSION)?,
        })
    }
}

/// Refuses one session more than an account may have.
pub(crate) fn check_sessions(open: i64) -> Result<(), StoreError> {
    if open >= i64::from(SESSIONS_MAX) {
        Err(StoreError::TooMany {
            what: "sessions of an account",
            limit: SESSIONS_MAX,
        })
    } else {
        Ok(())
    }
}

/// Rows that a statement changed.
pub(crate) fn to_changed(rows: u64) -> u32 {
    u32::try_from(rows).unwrap_or(u32::MAX)
}

/// Failures that were counted.
pub(crate) fn to_failures(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
