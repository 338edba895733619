//! A key that stands in the store, wrapped by another.
//!
//! * data keys by AES Key Wrap (RFC 3394): 40 bytes, no nonce; a wrap moved to another record opens no content there
//! * keys of persons and days by AES-256-GCM, bound to their id: a wrap moved to another row does not open

use aws_lc_rs::key_wrap::{AES_256, AesKek, KeyWrap as _};

use crate::{
    key::{KEY_BYTES, Key, Nonce, SealError},
    open_key,
};

/// Bytes of a wrapped data key.
pub const WRAPPED_BYTES: usize = KEY_BYTES + 8;

/// A data key under the key of a person or of a day.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct WrappedDataKey([u8; WRAPPED_BYTES]);

impl WrappedDataKey {
    pub fn wrap(data_key: &Key, under: &Key) -> Result<Self, SealError> {
        let mut wrapped = [0; WRAPPED_BYTES];
        AesKek::new(&AES_256, under.bytes())
            .and_then(|under| under.wrap(data_key.bytes(), &mut wrapped).map(|_| ()))
            .map_err(|_| SealError::Cipher)?;
        Ok(Self(wrapped))
    }

    pub fn unwrap(&self, under: &Key) -> Result<Key, SealError> {
        // the library wants room for a block more than comes out
        let mut plain = zeroize::Zeroizing::new([0; WRAPPED_BYTES]);
        let under = AesKek::new(&AES_256, under.bytes()).map_err(|_| SealError::Cipher)?;
        let key = under
            .unwrap(&self.0, plain.as_mut_slice())
            .map_err(|_| SealError::Refused)?;
        Key::from_slice(key).ok_or(SealError::Form)
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, SealError> {
        bytes.try_into().map(Self).map_err(|_| SealError::Form)
    }
}

impl std::fmt::Debug for WrappedDataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WrappedDataKey(hidden)")
    }
}

/// Wraps the key of a person or of a day; `id` is the id of its row.
pub fn wrap_key(key: &Key, under: &Key, id: &[u8], nonce: Nonce) -> Result<Vec<u8>, SealError> {
    open_key::seal(under, nonce, id, key.bytes(), &[])
}

pub fn unwrap_key(wrapped: &[u8], under: &Key, id: &[u8]) -> Result<Key, SealError> {
    let plain = zeroize::Zeroizing::new(open_key::open(under, id, wrapped)?);
    Key::from_slice(&plain).ok_or(SealError::Form)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_wrapped_key_comes_back(data: [u8; 32], under: [u8; 32], nonce: Nonce, id: Vec<u8>) {
            let (data, under) = (Key::from_bytes(&data), Key::from_bytes(&under));
            let wrapped = WrappedDataKey::wrap(&data, &under).unwrap();
            prop_assert_eq!(wrapped.unwrap(&under), Ok(data.clone()));
            let wrapped = wrap_key(&data, &under, &id, nonce).unwrap();
            prop_assert_eq!(unwrap_key(&wrapped, &under, &id), Ok(data));
        }

        #[test]
        fn any_bit_that_changed_is_refused(data: [u8; 32], under: [u8; 32], bit in 0..WRAPPED_BYTES * 8) {
            let (data, under) = (Key::from_bytes(&data), Key::from_bytes(&under));
            let mut wrapped = WrappedDataKey::wrap(&data, &under).unwrap();
            wrapped.0[bit / 8] ^= 1 << (bit % 8);
            prop_assert_eq!(wrapped.unwrap(&under), Err(SealError::Refused));
        }

        /// A key goes from the day it came in to a person, and on to another: it stays the key it was.
        #[test]
        fn a_data_key_goes_from_hand_to_hand(data: [u8; 32], holders in prop::collection::vec(any::<[u8; 32]>(), 1..5)) {
            let data = Key::from_bytes(&data);
            let mut held = data.clone();
            for holder in &holders {
                let holder = Key::from_bytes(holder);
                held = WrappedDataKey::wrap(&held, &holder).unwrap().unwrap(&holder).unwrap();
            }
            prop_assert_eq!(held, data);
        }
    }

    #[test]
    fn another_key_or_another_row_does_not_open() {
        let [data, under, other] = [1, 2, 3].map(|byte| Key::from_bytes(&[byte; 32]));
        let wrapped = WrappedDataKey::wrap(&data, &under).unwrap();
        assert_eq!(wrapped.unwrap(&other), Err(SealError::Refused));
        let wrapped = wrap_key(&data, &under, b"row 1", [9; 12]).unwrap();
        assert_eq!(unwrap_key(&wrapped, &other, b"row 1"), Err(SealError::Refused));
        assert_eq!(unwrap_key(&wrapped, &under, b"row 2"), Err(SealError::Refused));
    }

    /// RFC 3394 section 4.6: 256 bits of key data under a 256-bit key.
    #[test]
    fn the_wrap_is_that_of_rfc_3394() {
        let under = Key::parse("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f").unwrap();
        let data = Key::parse("00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f").unwrap();
        assert_eq!(
            hex::encode(WrappedDataKey::wrap(&data, &under).unwrap().as_bytes()),
            "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"
        );
    }

    #[test]
    fn nobody_sees_a_key() {
        let key = Key::from_bytes(&[0xab; 32]);
        let wrapped = WrappedDataKey::wrap(&key, &key).unwrap();
        assert_eq!(
            format!("{key:?} {wrapped:?}"),
            "Key(hidden) WrappedDataKey(hidden)"
        );
    }
}
