//! A key made ready for AES-256-GCM.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce as GcmNonce, UnboundKey};

use crate::key::{Key, NONCE_BYTES, Nonce, SealError};

const TAG_BYTES: usize = 16;

fn ready(key: &Key) -> Result<LessSafeKey, SealError> {
    UnboundKey::new(&AES_256_GCM, key.bytes())
        .map(LessSafeKey::new)
        .map_err(|_| SealError::Cipher)
}

/// `head`, nonce, ciphertext and tag.
pub(crate) fn seal(
    key: &Key,
    nonce: Nonce,
    purpose: &[u8],
    plain: &[u8],
    head: &[u8],
) -> Result<Vec<u8>, SealError> {
    let mut out = Vec::with_capacity(head.len() + NONCE_BYTES + plain.len() + TAG_BYTES);
    out.extend_from_slice(head);
    out.extend_from_slice(&nonce);
    let begin = out.len();
    out.extend_from_slice(plain);
    let tag = ready(key)?
        .seal_in_place_separate_tag(GcmNonce::from(&nonce), Aad::from(purpose), &mut out[begin..])
        .map_err(|_| SealError::Cipher)?;
    out.extend_from_slice(tag.as_ref());
    Ok(out)
}

/// What was sealed, out of nonce, ciphertext and tag.
pub(crate) fn open(key: &Key, purpose: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    let (nonce, rest) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(SealError::Form)?;
    let mut plain = rest.to_vec();
    let length = ready(key)?
        .open_in_place(GcmNonce::from(nonce), Aad::from(purpose), &mut plain)
        .map_err(|_| SealError::Refused)?
        .len();
    plain.truncate(length);
    Ok(plain)
}
