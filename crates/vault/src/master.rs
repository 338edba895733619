//! A master key: kept outside the store, it wraps the working keys and nothing else.

use sha2::{Digest as _, Sha256};

use crate::{
    key::{Key, Nonce, SealError},
    place::PlaceError,
    wrapped::{unwrap_key, wrap_key},
};

/// By what a working key says which master key wrapped it. Tells nothing of the key.
pub type MasterId = String;

#[derive(Debug, thiserror::Error)]
pub enum MasterError {
    #[error(transparent)]
    Seal(#[from] SealError),
    #[error(transparent)]
    Place(#[from] PlaceError),
    #[error("the security module failed")]
    Module(#[from] cryptoki::error::Error),
    #[error("the security module has no {what}")]
    Absent { what: &'static str },
    #[error("the security module has more than one {what}")]
    Several { what: &'static str },
    #[error("a call into the security module was broken off")]
    Interrupted,
}

/// Wraps working keys. A security module does so without giving its key away.
pub trait Master: Send + Sync {
    fn id(&self) -> &MasterId;

    /// `purpose` is authenticated beside the key: unwrapping demands the same.
    fn wrap(&self, key: &Key, purpose: &[u8], nonce: Nonce) -> Result<Vec<u8>, MasterError>;

    fn unwrap(&self, wrapped: &[u8], purpose: &[u8]) -> Result<Key, MasterError>;
}

/// A master key in this program's memory, from a file or from the environment.
pub struct LocalMaster {
    key: Key,
    id: MasterId,
}

impl LocalMaster {
    pub fn new(key: Key) -> Self {
        // a key of 256 random bits is not found from its hash
        let hash = Sha256::new()
            .chain_update(b"sojourn master key\0")
            .chain_update(key.bytes())
            .finalize();
        Self {
            id: format!("local:{}", hex::encode(&hash[..8])),
            key,
        }
    }
}

impl Master for LocalMaster {
    fn id(&self) -> &MasterId {
        &self.id
    }

    fn wrap(&self, key: &Key, purpose: &[u8], nonce: Nonce) -> Result<Vec<u8>, MasterError> {
        Ok(wrap_key(key, &self.key, purpose, nonce)?)
    }

    fn unwrap(&self, wrapped: &[u8], purpose: &[u8]) -> Result<Key, MasterError> {
        Ok(unwrap_key(wrapped, &self.key, purpose)?)
    }
}
