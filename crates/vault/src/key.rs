//! 256 bits that nobody may see.

use zeroize::{Zeroize as _, Zeroizing};

/// Bytes of every key here: AES-256.
pub const KEY_BYTES: usize = 32;
/// Bytes of the nonce of AES-GCM. Random, so one key may seal 2^32 times (NIST SP 800-38D section 8.3).
pub const NONCE_BYTES: usize = 12;

/// A number used once with a key.
pub type Nonce = [u8; NONCE_BYTES];

/// A key of AES-256. `Debug` hides it; it is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; KEY_BYTES]);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a key is 64 hexadecimal digits")]
pub struct KeyFormError;

impl Key {
    /// A key of random bytes, which the caller wipes.
    pub fn from_bytes(bytes: &[u8; KEY_BYTES]) -> Self {
        Self(*bytes)
    }

    /// A key as a file or a variable spells it; white space around it does not count.
    pub fn parse(text: &str) -> Result<Self, KeyFormError> {
        let mut key = Self([0; KEY_BYTES]);
        hex::decode_to_slice(text.trim(), &mut key.0).map_err(|_| KeyFormError)?;
        Ok(key)
    }

    /// The key as [`Key::parse`] reads it.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(self.0))
    }

    pub(crate) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(hidden)")
    }
}

/// Why nothing was opened: another key, another purpose, or changed bytes; which of them nobody can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    #[error("sealed by another key or for another purpose, or changed since")]
    Refused,
    #[error("sealed in a form that this program does not know")]
    Form,
    #[error("the cipher failed")]
    Cipher,
}
