//! Accounts and sessions, in memory.

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

use super::MemoryTransaction;
use crate::{
    access::actor::AccountId,
    port::{
        StoreError,
        accounts::{Account, Accounts, SESSIONS_MAX, Session},
    },
};

#[async_trait]
impl Accounts for MemoryTransaction {
    async fn add_account(&mut self, account: &Account) -> Result<(), StoreError> {
        self.may_write()?;
        if self.find_account(&account.login).await?.is_some()
            || self.tables.accounts.contains_key(&account.id)
        {
            return Err(StoreError::Duplicate { what: "account" });
        }
        Arc::make_mut(&mut self.tables.accounts).insert(account.id, account.clone());
        Ok(())
    }

    async fn find_account(&mut self, login: &str) -> Result<Option<Account>, StoreError> {
        let login = login.to_lowercase();
        Ok(self
            .tables
            .accounts
            .values()
            .find(|account| account.login.to_lowercase() == login)
            .cloned())
    }

    async fn load_account(&mut self, id: AccountId) -> Result<Account, StoreError> {
        self.tables
            .accounts
            .get(&id)
            .cloned()
            .ok_or(StoreError::Missing { what: "account" })
    }

    async fn close_account(&mut self, id: AccountId, at: Timestamp) -> Result<(), StoreError> {
        self.may_write()?;
        let account = Arc::make_mut(&mut self.tables.accounts).get_mut(&id);
        let account = account.ok_or(StoreError::Missing { what: "account" })?;
        account.closed_at = account.closed_at.or(Some(at));
        self.end_sessions_of(id).await.map(|_ended| ())
    }

    async fn open_session(&mut self, session: &Session) -> Result<(), StoreError> {
        self.may_write()?;
        self.load_account(session.account).await?;
        let open = self
            .tables
            .sessions
            .values()
            .filter(|other| other.account == session.account)
            .count();
        if open >= SESSIONS_MAX as usize {
            return Err(StoreError::TooMany {
                what: "sessions of an account",
                limit: SESSIONS_MAX,
            });
        }
        let sessions = Arc::make_mut(&mut self.tables.sessions);
        match sessions.insert(session.token_hash, session.clone()) {
            None => Ok(()),
            Some(_) => Err(StoreError::Duplicate { what: "session" }),
        }
    }

    async fn find_session(&mut self, token_hash: [u8; 32]) -> Result<Option<Session>, StoreError> {
        Ok(self.tables.sessions.get(&token_hash).cloned())
    }

    async fn touch_session(
        &mut self,
        token_hash: [u8; 32],
        used_at: Timestamp,
        idle_until: Timestamp,
    ) -> Result<(), StoreError> {
        self.may_write()?;
        let session = Arc::make_mut(&mut self.tables.sessions).get_mut(&token_hash);
        let session = session.ok_or(StoreError::Missing { what: "session" })?;
        session.last_used_at = used_at;
        session.idle_until = idle_until;
        Ok(())
    }

    async fn end_session(&mut self, token_hash: [u8; 32]) -> Result<(), StoreError> {
        self.may_write()?;
        Arc::make_mut(&mut self.tables.sessions).remove(&token_hash);
        Ok(())
    }

    async fn end_sessions_of(&mut self, account: AccountId) -> Result<u32, StoreError> {
        self.may_write()?;
        let sessions = Arc::make_mut(&mut self.tables.sessions);
        let before = sessions.len();
        sessions.retain(|_, session| session.account != account);
        Ok(u32::try_from(before - sessions.len()).unwrap_or(u32::MAX))
    }

    async fn sweep_sessions(&mut self, now: Timestamp) -> Result<u32, StoreError> {
        self.may_write()?;
        let sessions = Arc::make_mut(&mut self.tables.sessions);
        let before = sessions.len();
        sessions.retain(|_, session| now < session.idle_until && now < session.ends_at);
        Ok(u32::try_from(before - sessions.len()).unwrap_or(u32::MAX))
    }
}
