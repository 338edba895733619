//! Accounts and sessions.

use async_trait::async_trait;
use jiff::Timestamp;
use registry::{
    access::actor::AccountId,
    port::{
        StoreError,
        accounts::{Account, Accounts, Session},
    },
};

use super::{
    failure::{failed, failed_for},
    transaction::SqliteTransaction,
};
use crate::{
    account::{ACCOUNT, AccountRow, SESSION, SessionRow, check_sessions, to_changed},
    column::{from_json, from_time},
};

#[async_trait]
impl Accounts for SqliteTransaction {
    async fn add_account(&mut self, account: &Account) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO account (id, login, login_folded, secret_hash, actor, created_at, closed_at) \
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(account.id.as_bytes().as_slice())
        .bind(account.login.as_str())
        .bind(account.login.to_lowercase())
        .bind(account.secret_hash.as_str())
        .bind(from_json(&account.actor, ACCOUNT)?)
        .bind(from_time(account.created_at))
        .bind(account.closed_at.map(from_time))
        .execute(self.connection())
        .await
        .map_err(failed_for(ACCOUNT))?;
        Ok(())
    }

    async fn find_account(&mut self, login: &str) -> Result<Option<Account>, StoreError> {
        let row: Option<AccountRow> = sqlx::query_as(
            "SELECT id, login, secret_hash, actor, created_at, closed_at FROM account WHERE login_folded = ?",
        )
        .bind(login.to_lowercase())
        .fetch_optional(self.connection())
        .await
        .map_err(failed)?;
        row.map(Account::try_from).transpose()
    }

    async fn load_account(&mut self, id: AccountId) -> Result<Account, StoreError> {
        let row: Option<AccountRow> = sqlx::query_as(
            "SELECT id, login, secret_hash, actor, created_at, closed_at FROM account WHERE id = ?",
        )
        .bind(id.as_bytes().as_slice())
        .fetch_optional(self.connection())
        .await
        .map_err(failed)?;
        row.ok_or(StoreError::Missing { what: ACCOUNT })?.try_into()
    }

    async fn close_account(&mut self, id: AccountId, at: Timestamp) -> Result<(), StoreError> {
        let closed = sqlx::query("UPDATE account SET closed_at = coalesce(closed_at, ?) WHERE id = ?")
            .bind(from_time(at))
            .bind(id.as_bytes().as_slice())
            .execute(self.connection())
            .await
            .map_err(failed)?;
        if closed.rows_affected() == 0 {
            return Err(StoreError::Missing { what: ACCOUNT });
        }
        self.end_sessions_of(id).await.map(|_ended| ())
    }

    async fn open_session(&mut self, session: &Session) -> Result<(), StoreError> {
        self.load_account(session.account).await?;
        let open: i64 = sqlx::query_scalar("SELECT count(*) FROM session WHERE account = ?")
            .bind(session.account.as_bytes().as_slice())
            .fetch_one(self.connection())
            .await
            .map_err(failed)?;
        check_sessions(open)?;
        sqlx::query(
            "INSERT INTO session (token_hash, account, opened_at, last_used_at, idle_until, ends_at) \
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(session.token_hash.as_slice())
        .bind(session.account.as_bytes().as_slice())
        .bind(from_time(session.opened_at))
        .bind(from_time(session.last_used_at))
        .bind(from_time(session.idle_until))
        .bind(from_time(session.ends_at))
        .execute(self.connection())
        .await
        .map_err(failed_for(SESSION))?;
        Ok(())
    }

    async fn find_session(&mut self, token_hash: [u8; 32]) -> Result<Option<Session>, StoreError> {
        let row: Option<SessionRow> = sqlx::query_as(
            "SELECT token_hash, account, opened_at, last_used_at, idle_until, ends_at \
             FROM session WHERE token_hash = ?",
        )
        .bind(token_hash.as_slice())
        .fetch_optional(self.connection())
        .await
        .map_err(failed)?;
        row.map(Session::try_from).transpose()
    }

    async fn touch_session(
        &mut self,
        token_hash: [u8; 32],
        used_at: Timestamp,
        idle_until: Timestamp,
    ) -> Result<(), StoreError> {
        let touched = sqlx::query("UPDATE session SET last_used_at = ?, idle_until = ? WHERE token_hash = ?")
            .bind(from_time(used_at))
            .bind(from_time(idle_until))
            .bind(token_hash.as_slice())
            .execute(self.connection())
            .await
            .map_err(failed)?;
        if touched.rows_affected() == 0 {
            Err(StoreError::Missing { what: SESSION })
        } else {
            Ok(())
        }
    }

    async fn end_session(&mut self, token_hash: [u8; 32]) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM session WHERE token_hash = ?")
            .bind(token_hash.as_slice())
            .execute(self.connection())
            .await
            .map_err(failed)?;
        Ok(())
    }

    async fn end_sessions_of(&mut self, account: AccountId) -> Result<u32, StoreError> {
        let ended = sqlx::query("DELETE FROM session WHERE account = ?")
            .bind(account.as_bytes().as_slice())
            .execute(self.connection())
            .await
            .map_err(failed)?;
        Ok(to_changed(ended.rows_affected()))
    }

    async fn sweep_sessions(&mut self, now: Timestamp) -> Result<u32, StoreError> {
        let swept = sqlx::query("DELETE FROM session WHERE idle_until <= ?1 OR ends_at <= ?1")
            .bind(from_time(now))
            .execute(self.connection())
            .await
            .map_err(failed)?;
        Ok(to_changed(swept.rows_affected()))
    }
}
