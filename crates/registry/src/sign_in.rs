//! Signs in and out.
//!
//! Invariant: an unknown login, a closed account and a wrong secret give one answer, after the same work.
//! Invariant: guessing ends, and a guesser does not lock the owner out: the narrow bound counts one place's failures
//! only, the wide one is far above what a guesser from many places needs to be noticed (ASVS 6.3.1, 6.3.8).

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use crate::{
    access::actor::{AccountId, Actor, Role},
    account::{HashError, Secret, secret_fits},
    port::{
        StoreError,
        accounts::{Account, Session},
        attempts::Guessed,
        random::RandomError,
    },
    registry::Registry,
};

/// Failures count for this long.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Failures of every kind are kept for this long: as long as the longest of the windows that count them.
pub(crate) const FAILURES_KEPT: SignedDuration = SignedDuration::from_hours(1);
const FAILURES_FROM_PLACE_MAX: u32 = 5;
const FAILURES_MAX: u32 = 50;
const FAILURES_IN_ALL_MAX: u32 = 2_000;

/// Hash of a secret that nobody has, made with the parameters of all others: compared when there is no account.
const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyB0aGlzIQ$L9u4sN8Kc1JtJm6YqHk3Jm0n8Zb1nT5o6C0mY1h6dKk";

/// What the browser keeps: 256 random bits in hexadecimal. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken(String);

impl SessionToken {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionToken(hidden)")
    }
}

/// Someone signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    pub account: AccountId,
    pub actor: Actor,
    pub idle_until: Timestamp,
    pub ends_at: Timestamp,
}

#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The same for an unknown login, a closed account and a wrong secret.
    #[error("login and secret do not fit")]
    NotFitting,
    #[error("too many failed attempts; try again later")]
    TooManyAttempts,
    #[error(transparent)]
    Hash(#[from] HashError),
    #[error("no randomness for a session")]
    Random(#[from] RandomError),
    #[error("could not sign in")]
    Store(#[from] StoreError),
}

/// What an attempt is counted under.
struct Attempt {
    by_account: [u8; 32],
    from_place: [u8; 32],
}

/// How long a session lives: unused, and in all. ASVS 7.3.1, 7.3.2
fn lifetimes(role: Role) -> (SignedDuration, SignedDuration) {
    match role {
        Role::Holder | Role::Verifier => (SignedDuration::from_mins(30), SignedDuration::from_hours(12)),
        // a shift
        Role::Official | Role::Operator | Role::Analyst => {
            (SignedDuration::from_mins(15), SignedDuration::from_hours(9))
        }
    }
}

impl Registry {
    /// Signs in with a login and a secret. `place` is where the attempt comes from: an address, a terminal.
    pub async fn sign_in(
        &self,
        login: &str,
        secret: Secret,
        place: &str,
    ) -> Result<(SessionToken, SignedIn), SignInError> {
        let login = login.trim().to_lowercase();
        let attempt = Attempt {
            by_account: mark(&[&login]),
            from_place: mark(&[&login, place]),
        };
        let (account, at) = self.begin_attempt(&login, &attempt).await?;
        let hash = account
            .as_ref()
            .map_or(NOBODYS_HASH, |account| &account.secret_hash);
        let fits = secret_fits(secret, hash.to_owned()).await?;
        let account = account.filter(|_| fits).ok_or(SignInError::NotFitting)?;
        self.open_session(account, &attempt, at).await
    }

    /// Counts the attempt as failed before the secret is compared: many at once cannot slip past the bound.
    async fn begin_attempt(
        &self,
        login: &str,
        attempt: &Attempt,
    ) -> Result<(Option<Account>, Timestamp), SignInError> {
        let mut work = self.store.begin().await?;
        let now = self.now();
        let since = before(now, WINDOW);
        work.sweep_failures(before(now, FAILURES_KEPT)).await?;
        let from_place = work
            .failures(Guessed::SignInFromPlace, attempt.from_place, since)
            .await?;
        let from_anywhere = work.failures(Guessed::SignIn, attempt.by_account, since).await?;
        let in_all = work.failures_in_all(Guessed::SignIn, since).await?;
        if from_place >= FAILURES_FROM_PLACE_MAX
            || from_anywhere >= FAILURES_MAX
            || in_all >= FAILURES_IN_ALL_MAX
        {
            return Err(SignInError::TooManyAttempts);
        }
        work.record_failure(Guessed::SignInFromPlace, attempt.from_place, now)
            .await?;
        work.record_failure(Guessed::SignIn, attempt.by_account, now)
            .await?;
        let account = work.find_account(login).await?;
        work.commit().await?;
        Ok((account.filter(|account| account.closed_at.is_none()), now))
    }

    async fn open_session(
        &self,
        account: Account,
        attempt: &Attempt,
        attempted_at: Timestamp,
    ) -> Result<(SessionToken, SignedIn), SignInError> {
        let (idle, whole) = lifetimes(account.actor.role());
        let token = hex::encode(self.random.bytes::<32>()?);
        let mut work = self.store.begin().await?;
        // It may have been closed while the secret was being compared.
        if work.load_account(account.id).await?.closed_at.is_some() {
            return Err(SignInError::NotFitting);
        }
        let now = self.now();
        let session = Session {
            token_hash: mark(&[&token]),
            account: account.id,
            opened_at: now,
            last_used_at: now,
            idle_until: after(now, idle),
            ends_at: after(now, whole),
        };
        work.take_back_failure(Guessed::SignInFromPlace, attempt.from_place, attempted_at)
            .await?;
        work.take_back_failure(Guessed::SignIn, attempt.by_account, attempted_at)
            .await?;
        work.sweep_sessions(now).await?;
        work.open_session(&session).await?;
        work.commit().await?;
        Ok((SessionToken(token), signed_in(account.actor, &session)))
    }

    /// Who has this token, if the session is in force; keeps it from ending of idleness.
    pub async fn session(&self, token: &str) -> Result<Option<SignedIn>, StoreError> {
        let token_hash = mark(&[token]);
        let now = self.now();
        let in_force = |(session, account): &(Session, Account)| {
            now < session.idle_until && now < session.ends_at && account.closed_at.is_none()
        };
        let found = self.sessions.ask(token_hash).await?;
        let Some((mut session, account)) = found.filter(in_force) else {
            return Ok(None);
        };
        let (idle, _) = lifetimes(account.actor.role());
        if now.duration_since(session.last_used_at) >= TOUCH_AFTER {
            session.idle_until = after(now, idle);
            let mut work = self.store.begin().await?;
            match work.touch_session(token_hash, now, session.idle_until).await {
                // signed out meanwhile
                Err(StoreError::Missing { .. }) => return Ok(None),
                touched => touched?,
            }
            work.commit().await?;
        }
        Ok(Some(signed_in(account.actor, &session)))
    }

    /// Ends a session. Signing out twice is no error.
    pub async fn sign_out(&self, token: &str) -> Result<(), StoreError> {
        let mut work = self.store.begin().await?;
        work.end_session(mark(&[token])).await?;
        work.commit().await
    }

    /// Ends every session of an account: a lost phone.
    pub async fn sign_out_everywhere(&self, account: AccountId) -> Result<u32, StoreError> {
        let mut work = self.store.begin().await?;
        let ended = work.end_sessions_of(account).await?;
        work.commit().await?;
        Ok(ended)
    }
}

/// A session used again sooner than this is not written anew.
const TOUCH_AFTER: SignedDuration = SignedDuration::from_mins(1);

fn signed_in(actor: Actor, session: &Session) -> SignedIn {
    SignedIn {
        account: session.account,
        actor,
        idle_until: session.idle_until,
        ends_at: session.ends_at,
    }
}

/// Hash of some words, each marked off from the next.
pub(crate) fn mark(words: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for word in words {
        hash.update((word.len() as u64).to_be_bytes());
        hash.update(word);
    }
    hash.finalize().into()
}

/// Only the ends of time itself could overflow: then nothing is left out, or nothing ends.
pub(crate) fn before(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_sub(by).unwrap_or(Timestamp::MIN)
}

pub(crate) fn after(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}
