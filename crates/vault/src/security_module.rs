//! A master key in a security module (PKCS#11), which wraps by AES-256-GCM and does not give its key away.
//!
//! The module is a library loaded at run time. It is asked once for each working key, not for each record.

use std::sync::{Mutex, MutexGuard};

use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    error::{Error as ModuleError, RvError},
    mechanism::{Mechanism, aead::GcmParams},
    object::{Attribute, KeyType, ObjectClass, ObjectHandle},
    session::{Session, UserType},
    types::AuthPin,
};
use zeroize::Zeroizing;

use crate::{
    key::{Key, NONCE_BYTES, Nonce, SealError},
    master::{Master, MasterError, MasterId},
    place::ModulePlace,
};

const TAG_BITS: u64 = 128;

pub(crate) struct SecurityModule {
    id: MasterId,
    /// One call at a time: a session of PKCS#11 is not made for more.
    session: Mutex<Session>,
    key: ObjectHandle,
}

impl SecurityModule {
    pub(crate) fn open(place: &ModulePlace) -> Result<Self, MasterError> {
        let module = Pkcs11::new(&place.module)?;
        match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            // several master keys may be in one module
            Ok(()) | Err(ModuleError::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => return Err(error.into()),
        }
        let mut slots = Vec::new();
        for slot in module.get_slots_with_token()? {
            if module.get_token_info(slot)?.label() == place.token {
                slots.push(slot);
            }
        }
        let slot = only(slots, "token of this label")?;
        let session = module.open_ro_session(slot)?;
        let pin = place.pin.read()?;
        let pin = AuthPin::new(pin.trim().to_owned().into());
        match session.login(UserType::User, Some(&pin)) {
            Ok(()) | Err(ModuleError::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => {}
            Err(error) => return Err(error.into()),
        }
        let keys = session.find_objects(&[
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::KeyType(KeyType::AES),
            Attribute::Label(place.object.as_bytes().to_vec()),
        ])?;
        Ok(Self {
            id: format!("pkcs11:token={};object={}", place.token, place.object),
            key: only(keys, "AES key of this label")?,
            session: Mutex::new(session),
        })
    }

    fn session(&self) -> Result<MutexGuard<'_, Session>, MasterError> {
        self.session.lock().map_err(|_| MasterError::Interrupted)
    }
}

fn only<T>(mut found: Vec<T>, what: &'static str) -> Result<T, MasterError> {
    match (found.pop(), found.is_empty()) {
        (None, _) => Err(MasterError::Absent { what }),
        (Some(one), true) => Ok(one),
        (Some(_), false) => Err(MasterError::Several { what }),
    }
}

impl Master for SecurityModule {
    fn id(&self) -> &MasterId {
        &self.id
    }

    fn wrap(&self, key: &Key, purpose: &[u8], mut nonce: Nonce) -> Result<Vec<u8>, MasterError> {
        let mut wrapped = nonce.to_vec();
        let params = GcmParams::new(&mut nonce, purpose, TAG_BITS.into())?;
        let sealed = self
            .session()?
            .encrypt(&Mechanism::AesGcm(params), self.key, key.bytes())?;
        wrapped.extend(sealed);
        Ok(wrapped)
    }

    fn unwrap(&self, wrapped: &[u8], purpose: &[u8]) -> Result<Key, MasterError> {
        let (nonce, sealed) = wrapped
            .split_first_chunk::<NONCE_BYTES>()
            .ok_or(SealError::Form)?;
        let mut nonce = *nonce;
        let params = GcmParams::new(&mut nonce, purpose, TAG_BITS.into())?;
        let opened = self
            .session()?
            .decrypt(&Mechanism::AesGcm(params), self.key, sealed);
        let plain = Zeroizing::new(opened.map_err(|error| match error {
            ModuleError::Pkcs11(
                RvError::EncryptedDataInvalid | RvError::EncryptedDataLenRange | RvError::GeneralError,
                _,
            ) => MasterError::Seal(SealError::Refused),
            other => MasterError::Module(other),
        })?);
        Ok(Key::from_slice(&plain).ok_or(SealError::Form)?)
    }
}
