//! Who may sign in, and who is signed in.

use async_trait::async_trait;
use jiff::Timestamp;

use super::StoreError;
use crate::access::actor::{AccountId, Actor};

/// Sessions that one account may have open.
pub const SESSIONS_MAX: u32 = 50;

/// Someone who may sign in. `Debug` hides the secret's hash.
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    /// What is typed at sign-in; unique, compared without regard to case.
    pub login: String,
    /// Argon2id, in the PHC form.
    pub secret_hash: String,
    /// As whom the account acts.
    pub actor: Actor,
    pub created_at: Timestamp,
    pub closed_at: Option<Timestamp>,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Account({})", self.id)
    }
}

/// A session in force or ended. Its token is known to the browser only; the store has the hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    pub token_hash: [u8; 32],
    pub account: AccountId,
    pub opened_at: Timestamp,
    pub last_used_at: Timestamp,
    /// Ends when not used until then.
    pub idle_until: Timestamp,
    /// Ends then in any case.
    pub ends_at: Timestamp,
}

/// Accounts and their sessions.
#[async_trait]
pub trait Accounts {
    /// A login that is taken is [`StoreError::Duplicate`].
    async fn add_account(&mut self, account: &Account) -> Result<(), StoreError>;

    async fn find_account(&mut self, login: &str) -> Result<Option<Account>, StoreError>;

    async fn load_account(&mut self, id: AccountId) -> Result<Account, StoreError>;

    /// Closes an account and ends its sessions; what it did stays in the trace.
    async fn close_account(&mut self, id: AccountId, at: Timestamp) -> Result<(), StoreError>;

    /// Opens a session; more than [`SESSIONS_MAX`] of one account is an error.
    async fn open_session(&mut self, session: &Session) -> Result<(), StoreError>;

    async fn find_session(&mut self, token_hash: [u8; 32]) -> Result<Option<Session>, StoreError>;

    /// Sessions by their tokens' hashes, each with its account.
    async fn find_sessions(
        &mut self,
        token_hashes: &[[u8; 32]],
    ) -> Result<Vec<Option<(Session, Account)>>, StoreError> {
        let mut found = Vec::with_capacity(token_hashes.len());
        for token_hash in token_hashes {
            found.push(match self.find_session(*token_hash).await? {
                None => None,
                Some(session) => {
                    let account = self.load_account(session.account).await?;
                    Some((session, account))
                }
            });
        }
        Ok(found)
    }

    /// Moves the end of idleness.
    async fn touch_session(
        &mut self,
        token_hash: [u8; 32],
        used_at: Timestamp,
        idle_until: Timestamp,
    ) -> Result<(), StoreError>;

    /// Ends a session; one that is not there is no error, for it has ended.
    async fn end_session(&mut self, token_hash: [u8; 32]) -> Result<(), StoreError>;

    async fn end_sessions_of(&mut self, account: AccountId) -> Result<u32, StoreError>;

    /// Removes sessions that ended before `now`.
    async fn sweep_sessions(&mut self, now: Timestamp) -> Result<u32, StoreError>;
}
