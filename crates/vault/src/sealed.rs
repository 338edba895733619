//! The content of one version of a record, sealed under the record's data key (AES-256-GCM, NIST SP 800-38D).
//!
//! Form: a byte for the form (1), nonce, ciphertext, tag. What it is the content of is authenticated beside it, so that
//! a row moved to another record, or to another version, does not open.

use crate::{
    key::{Key, Nonce, SealError},
    open_key,
};

const FORM: u8 = 1;

/// Which version of which record a content is of.
#[derive(Clone, Copy, Debug)]
pub struct ContentOf<'c> {
    pub source: &'c str,
    pub record: &'c str,
    pub version: u32,
}

impl ContentOf<'_> {
    /// Each part behind its length, so that no two records read alike.
    fn purpose(&self) -> Vec<u8> {
        let mut purpose = Vec::with_capacity(24 + self.source.len() + self.record.len());
        purpose.push(FORM);
        for part in [self.source, self.record] {
            purpose.extend_from_slice(&(part.len() as u64).to_be_bytes());
            purpose.extend_from_slice(part.as_bytes());
        }
        purpose.extend_from_slice(&self.version.to_be_bytes());
        purpose
    }
}

/// Seals a content; a nonce is never used twice with one key.
pub fn seal(data_key: &Key, nonce: Nonce, of: ContentOf<'_>, content: &[u8]) -> Result<Vec<u8>, SealError> {
    open_key::seal(data_key, nonce, &of.purpose(), content, &[FORM])
}

pub fn open(data_key: &Key, of: ContentOf<'_>, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    match sealed.split_first() {
        Some((&FORM, rest)) => open_key::open(data_key, &of.purpose(), rest),
        _ => Err(SealError::Form),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OF: ContentOf<'_> = ContentOf {
        source: "mvd.permits",
        record: "17",
        version: 2,
    };

    proptest! {
        #[test]
        fn what_was_sealed_opens(key: [u8; 32], nonce: Nonce, content: Vec<u8>) {
            let key = Key::from_bytes(&key);
            let sealed = seal(&key, nonce, OF, &content).unwrap();
            prop_assert_eq!(open(&key, OF, &sealed), Ok(content));
        }

        #[test]
        fn any_bit_that_changed_is_refused(key: [u8; 32], nonce: Nonce, content: Vec<u8>, bit: prop::sample::Index) {
            let key = Key::from_bytes(&key);
            let mut sealed = seal(&key, nonce, OF, &content).unwrap();
            let bit = bit.index(sealed.len() * 8);
            sealed[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(open(&key, OF, &sealed).is_err());
        }

        #[test]
        fn whatever_comes_never_opens_by_chance(key: [u8; 32], bytes: Vec<u8>) {
            prop_assert!(open(&Key::from_bytes(&key), OF, &bytes).is_err());
        }
    }

    #[test]
    fn another_record_version_source_or_key_does_not_open() {
        let key = Key::from_bytes(&[7; 32]);
        let sealed = seal(&key, [1; 12], OF, b"content").unwrap();
        let others = [
            ContentOf { version: 3, ..OF },
            ContentOf { record: "18", ..OF },
            ContentOf {
                source: "mvd.visas",
                ..OF
            },
            // the same letters, cut elsewhere
            ContentOf {
                source: "mvd.permits1",
                record: "7",
                version: 2,
            },
        ];
        for other in others {
            assert_eq!(open(&key, other, &sealed), Err(SealError::Refused));
        }
        assert_eq!(
            open(&Key::from_bytes(&[8; 32]), OF, &sealed),
            Err(SealError::Refused)
        );
    }

    /// NIST CAVP gcmEncryptExtIV256: test case 14 of McGrew and Viega's "The Galois/Counter Mode of Operation".
    #[test]
    fn the_cipher_is_aes_256_gcm() {
        let sealed = open_key::seal(&Key::from_bytes(&[0; 32]), [0; 12], &[], &[0; 16], &[]).unwrap();
        assert_eq!(
            hex::encode(&sealed[12..]),
            "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
        );
    }
}
