//! Opens and closes accounts.
//!
//! Invariant: the store never holds a secret, only its Argon2id hash with a salt of its own.

use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _, password_hash::phc::PasswordHash};
use records::key::ProfileId;

use crate::{
    access::{
        action::Action,
        actor::{AccountId, Actor, Asker},
        permit::AccessError,
    },
    port::{StoreError, accounts::Account, random::RandomError},
    registry::Registry,
    trace::Outcome,
    wording::{NAME_MAX, is_name},
};

/// Letters of a login at most; ASVS 5 has no upper bound, the hash's input needs one.
const LOGIN_MAX: usize = 64;
/// Shortest secret. ASVS 6.2.1
const SECRET_MIN: usize = 8;
/// Longest secret that is hashed; more is refused, never cut. ASVS 6.2.9
const SECRET_MAX: usize = 128;

/// What is typed to sign in. `Debug` hides it.
#[derive(Clone)]
pub struct Secret(String);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("a secret is {SECRET_MIN} to {SECRET_MAX} characters")]
pub struct SecretError;

impl Secret {
    pub fn parse(raw: &str) -> Result<Self, SecretError> {
        if (SECRET_MIN..=SECRET_MAX).contains(&raw.chars().count()) {
            Ok(Self(raw.to_owned()))
        } else {
            Err(SecretError)
        }
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// An account to be opened.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub login: String,
    pub secret: Secret,
    pub actor: Actor,
}

/// Why an account was not opened or closed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    #[error("a login is 1 to {LOGIN_MAX} characters without spaces")]
    Login,
    #[error("names are 1 to {NAME_MAX} characters, none of them for control")]
    Name,
    #[error("the login is taken")]
    LoginTaken,
    #[error("there is no such account")]
    Missing,
    #[error(transparent)]
    Hash(#[from] HashError),
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error("could not keep the account")]
    Store(#[from] StoreError),
}

/// Why a secret could not be hashed or compared.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    #[error("no randomness for a salt")]
    Random(#[from] RandomError),
    #[error("the hashing failed")]
    Hash,
    #[error("the hashing was cut off")]
    CutOff,
}

impl Registry {
    /// Opens an account. A holder's account names the profile, which must be there.
    pub async fn open_account(&self, asker: &Asker, new: NewAccount) -> Result<AccountId, AccountError> {
        let spoils = |c: char| c.is_whitespace() || c.is_control();
        if !(1..=LOGIN_MAX).contains(&new.login.chars().count()) || new.login.contains(spoils) {
            return Err(AccountError::Login);
        }
        if !new.actor.names().into_iter().all(is_name) {
            return Err(AccountError::Name);
        }
        let secret_hash = self.hash_secret(new.secret).await?;
        let id = AccountId::from_random_bits(self.random.bits128().map_err(HashError::from)?);
        let mut visit = self.enter(asker, Action::ManageAccounts, None).await?;
        let about = new.actor.own_profile();
        if let Some(profile) = about {
            visit.work.profile_since(profile).await?;
        }
        let created_at = visit.now;
        let account = Account {
            id,
            login: new.login,
            secret_hash,
            actor: new.actor,
            created_at,
            closed_at: None,
        };
        match visit.work.add_account(&account).await {
            Err(StoreError::Duplicate { .. }) => Err(AccountError::LoginTaken),
            Err(error) => Err(error.into()),
            Ok(()) => {
                visit.leave(about.into_iter().collect(), Outcome::Done).await?;
                Ok(id)
            }
        }
    }

    /// Closes an account and ends its sessions.
    pub async fn close_account(&self, asker: &Asker, login: &str) -> Result<(), AccountError> {
        let mut visit = self.enter(asker, Action::ManageAccounts, None).await?;
        let account = visit
            .work
            .find_account(login)
            .await?
            .ok_or(AccountError::Missing)?;
        visit.work.close_account(account.id, visit.now).await?;
        let about: Option<ProfileId> = account.actor.own_profile();
        visit.leave(about.into_iter().collect(), Outcome::Done).await?;
        Ok(())
    }

    pub(crate) async fn hash_secret(&self, secret: Secret) -> Result<String, HashError> {
        let salt: [u8; 16] = self.random.bytes()?;
        let hashing = tokio::task::spawn_blocking(move || {
            let hash = Argon2::default().hash_password_with_salt(secret.0.as_bytes(), &salt);
            hash.map(|hash| hash.to_string())
        });
        hashing
            .await
            .map_err(|_| HashError::CutOff)?
            .map_err(|_| HashError::Hash)
    }
}

/// Whether a secret is the one behind a hash. Takes as long for a wrong one.
pub(crate) async fn secret_fits(secret: Secret, hash: String) -> Result<bool, HashError> {
    let comparing = tokio::task::spawn_blocking(move || {
        let hash = PasswordHash::new(&hash).map_err(|_| HashError::Hash)?;
        Ok(Argon2::default()
            .verify_password(secret.0.as_bytes(), &hash)
            .is_ok())
    });
    comparing.await.map_err(|_| HashError::CutOff)?
}
