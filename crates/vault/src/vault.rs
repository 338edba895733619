//! The master keys of an installation, and the working keys that they opened.
//!
//! The first master key wraps what is new; the others are accepted, so that a rotation stops nobody.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    key::{Key, Nonce},
    master::{Master, MasterError, MasterId},
};

/// Id of a key that stands in the store.
pub type KeyId = [u8; 16];

/// A working key as it stands in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkingKey {
    pub id: KeyId,
    pub master: MasterId,
    pub wrapped: Vec<u8>,
}

#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error("no master key is configured")]
    NoMaster,
    #[error("a working key is wrapped by the master key {master}, which is not configured")]
    OtherMaster { master: MasterId },
    #[error(transparent)]
    Master(#[from] MasterError),
}

/// Opens working keys, each once.
pub struct Vault {
    masters: Vec<Box<dyn Master>>,
    opened: Mutex<HashMap<KeyId, Arc<Key>>>,
}

impl Vault {
    /// The first of `masters` is the one that wraps.
    pub fn new(masters: Vec<Box<dyn Master>>) -> Result<Self, VaultError> {
        if masters.is_empty() {
            return Err(VaultError::NoMaster);
        }
        Ok(Self {
            masters,
            opened: Mutex::default(),
        })
    }

    /// The master key that wraps what is new.
    pub fn current(&self) -> Result<&MasterId, VaultError> {
        self.masters
            .first()
            .map(|master| master.id())
            .ok_or(VaultError::NoMaster)
    }

    /// A new working key under the current master key.
    pub fn wrap(&self, id: KeyId, key: &Key, nonce: Nonce) -> Result<WorkingKey, VaultError> {
        let master = self.masters.first().ok_or(VaultError::NoMaster)?;
        Ok(WorkingKey {
            id,
            master: master.id().clone(),
            wrapped: master.wrap(key, &id, nonce)?,
        })
    }

    /// The same working key under the current master key.
    pub fn rewrap(&self, working: &WorkingKey, nonce: Nonce) -> Result<WorkingKey, VaultError> {
        let key = self.unwrap(working)?;
        self.wrap(working.id, &key, nonce)
    }

    /// Opens a working key; asks the master key only the first time.
    pub fn open(&self, working: &WorkingKey) -> Result<Arc<Key>, VaultError> {
        let known = || self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = known().get(&working.id) {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(self.unwrap(working)?);
        known().insert(working.id, Arc::clone(&key));
        Ok(key)
    }

    /// Whether the master key of a working key is there and opens it, whatever was opened before.
    pub fn check(&self, working: &WorkingKey) -> Result<(), VaultError> {
        self.unwrap(working).map(|_| ())
    }

    fn unwrap(&self, working: &WorkingKey) -> Result<Key, VaultError> {
        let master = self
            .masters
            .iter()
            .find(|master| *master.id() == working.master)
            .ok_or_else(|| VaultError::OtherMaster {
                master: working.master.clone(),
            })?;
        Ok(master.unwrap(&working.wrapped, &working.id)?)
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let ids: Vec<_> = self.masters.iter().map(|master| master.id()).collect();
        f.debug_struct("Vault")
            .field("masters", &ids)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::master::LocalMaster;

    fn master(byte: u8) -> Box<dyn Master> {
        Box::new(LocalMaster::new(Key::from_bytes(&[byte; 32])))
    }

    #[test]
    fn a_rotation_stops_nobody() {
        let key = Key::from_bytes(&[3; 32]);
        let before = Vault::new(vec![master(1)]).unwrap();
        let old = before.wrap([5; 16], &key, [0; 12]).unwrap();
        let meanwhile = Vault::new(vec![master(2), master(1)]).unwrap();
        let new = meanwhile.rewrap(&old, [1; 12]).unwrap();
        assert_ne!(new.master, old.master);
        assert_eq!(*meanwhile.open(&new).unwrap(), key);
        let after = Vault::new(vec![master(2)]).unwrap();
        assert_eq!(*after.open(&new).unwrap(), key);
        assert!(matches!(after.check(&old), Err(VaultError::OtherMaster { .. })));
        assert!(matches!(before.open(&new), Err(VaultError::OtherMaster { .. })));
    }

    #[test]
    fn a_working_key_of_another_row_does_not_open() {
        let vault = Vault::new(vec![master(1)]).unwrap();
        let mut moved = vault.wrap([5; 16], &Key::from_bytes(&[3; 32]), [0; 12]).unwrap();
        moved.id = [6; 16];
        assert!(matches!(vault.open(&moved), Err(VaultError::Master(_))));
        assert!(matches!(Vault::new(Vec::new()), Err(VaultError::NoMaster)));
    }
}
