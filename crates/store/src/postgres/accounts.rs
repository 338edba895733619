//! Accounts and sessions.

use std::collections::HashMap;

use async_trait::async_trait;
use jiff::Timestamp;
use registry::{
    access::actor::AccountId,
    port::{
        StoreError,
        accounts::{Account, Accounts, Session},
    },
};

use sqlx::FromRow;

use super::transaction::PostgresTransaction;
use crate::{
    account::{ACCOUNT, AccountRow, SESSION, SessionRow, check_sessions, to_changed},
    column::{from_json, from_time},
};

/// PostgreSQL keeps every character but this one, and answers a question that holds it with an error.
const NUL: char = '\0';

/// A session and whose it is.
#[derive(FromRow)]
struct SignedInRow {
    #[sqlx(flatten)]
    session: SessionRow,
    #[sqlx(flatten)]
    account: AccountRow,
}

#[async_trait]
impl Accounts for PostgresTransaction {
    async fn add_account(&mut self, account: &Account) -> Result<(), StoreError> {
        let add = sqlx::query(
            "INSERT INTO account (id, login, login_folded, secret_hash, actor, created_at, closed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
        )
        .bind(account.id.as_bytes().as_slice())
        .bind(account.login.as_str())
        .bind(account.login.to_lowercase())
        .bind(account.secret_hash.as_str())
        .bind(from_json(&account.actor, ACCOUNT)?)
        .bind(from_time(account.created_at))
        .bind(account.closed_at.map(from_time));
        self.insert_new(add, ACCOUNT).await
    }

    async fn find_account(&mut self, login: &str) -> Result<Option<Account>, StoreError> {
        if login.contains(NUL) {
            return Ok(None);
        }
        let find = sqlx::query_as(
            "SELECT id, login, secret_hash, actor, created_at, closed_at FROM account WHERE login_folded = $1",
        )
        .bind(login.to_lowercase());
        let row: Option<AccountRow> = self.optional(find).await?;
        row.map(Account::try_from).transpose()
    }

    async fn load_account(&mut self, id: AccountId) -> Result<Account, StoreError> {
        let load = sqlx::query_as(
            "SELECT id, login, secret_hash, actor, created_at, closed_at FROM account WHERE id = $1",
        )
        .bind(id.as_bytes().as_slice());
        let row: Option<AccountRow> = self.optional(load).await?;
        row.ok_or(StoreError::Missing { what: ACCOUNT })?.try_into()
    }

    async fn close_account(&mut self, id: AccountId, at: Timestamp) -> Result<(), StoreError> {
        let close = sqlx::query("UPDATE account SET closed_at = coalesce(closed_at, $1) WHERE id = $2")
            .bind(from_time(at))
            .bind(id.as_bytes().as_slice());
        if self.run(close).await? == 0 {
            return Err(StoreError::Missing { what: ACCOUNT });
        }
        self.end_sessions_of(id).await.map(|_ended| ())
    }

    async fn open_session(&mut self, session: &Session) -> Result<(), StoreError> {
        // The row is held, so that sessions of one account are counted one after another.
        let hold = sqlx::query("SELECT FROM account WHERE id = $1 FOR NO KEY UPDATE")
            .bind(session.account.as_bytes().as_slice());
        if self.run(hold).await? == 0 {
            return Err(StoreError::Missing { what: ACCOUNT });
        }
        let count = sqlx::query_as("SELECT count(*) FROM session WHERE account = $1")
            .bind(session.account.as_bytes().as_slice());
        let (open,): (i64,) = self.one(count).await?;
        check_sessions(open)?;
        let add = sqlx::query(
            "INSERT INTO session (token_hash, account, opened_at, last_used_at, idle_until, ends_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        )
        .bind(session.token_hash.as_slice())
        .bind(session.account.as_bytes().as_slice())
        .bind(from_time(session.opened_at))
        .bind(from_time(session.last_used_at))
        .bind(from_time(session.idle_until))
        .bind(from_time(session.ends_at));
        self.insert_new(add, SESSION).await
    }

    async fn find_session(&mut self, token_hash: [u8; 32]) -> Result<Option<Session>, StoreError> {
        let find = sqlx::query_as(
            "SELECT token_hash, account, opened_at, last_used_at, idle_until, ends_at \
             FROM session WHERE token_hash = $1",
        )
        .bind(token_hash.as_slice());
        let row: Option<SessionRow> = self.optional(find).await?;
        row.map(Session::try_from).transpose()
    }

    async fn find_sessions(
        &mut self,
        token_hashes: &[[u8; 32]],
    ) -> Result<Vec<Option<(Session, Account)>>, StoreError> {
        let hashes: Vec<&[u8]> = token_hashes.iter().map(<[u8; 32]>::as_slice).collect();
        let find = sqlx::query_as(
            "SELECT token_hash, account, opened_at, last_used_at, idle_until, ends_at, \
             id, login, secret_hash, actor, created_at, closed_at \
             FROM session JOIN account ON account.id = session.account WHERE token_hash = ANY($1)",
        )
        .bind(hashes);
        let rows: Vec<SignedInRow> = self.all(find).await?;
        let mut found = HashMap::with_capacity(rows.len());
        for row in rows {
            let (session, account): (Session, Account) = (row.session.try_into()?, row.account.try_into()?);
            found.insert(session.token_hash, (session, account));
        }
        Ok(token_hashes.iter().map(|hash| found.get(hash).cloned()).collect())
    }

    async fn touch_session(
        &mut self,
        token_hash: [u8; 32],
        used_at: Timestamp,
        idle_until: Timestamp,
    ) -> Result<(), StoreError> {
        let touch =
            sqlx::query("UPDATE session SET last_used_at = $1, idle_until = $2 WHERE token_hash = $3")
                .bind(from_time(used_at))
                .bind(from_time(idle_until))
                .bind(token_hash.as_slice());
        match self.run(touch).await? {
            0 => Err(StoreError::Missing { what: SESSION }),
            _ => Ok(()),
        }
    }

    async fn end_session(&mut self, token_hash: [u8; 32]) -> Result<(), StoreError> {
        let end = sqlx::query("DELETE FROM session WHERE token_hash = $1").bind(token_hash.as_slice());
        self.run(end).await.map(|_| ())
    }

    async fn end_sessions_of(&mut self, account: AccountId) -> Result<u32, StoreError> {
        let end = sqlx::query("DELETE FROM session WHERE account = $1").bind(account.as_bytes().as_slice());
        self.run(end).await.map(to_changed)
    }

    async fn sweep_sessions(&mut self, now: Timestamp) -> Result<u32, StoreError> {
        let sweep =
            sqlx::query("DELETE FROM session WHERE idle_until <= $1 OR ends_at <= $1").bind(from_time(now));
        self.run(sweep).await.map(to_changed)
    }
}
