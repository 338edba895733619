//! The signature around the claims: COSE_Sign1 (RFC 9052 section 4.2), tagged, every header protected.
//!
//! Protected headers are exactly `alg` ES256, `kid`, and `typ` application/cwt (RFC 9596), so that what the same
//! key signs for another use is never taken for a credential.

use ciborium::Value;
use coset::{
    CoseSign1, CoseSign1Builder, Header, HeaderBuilder, Label, RegisteredLabelWithPrivate,
    TaggedCborSerializable as _, iana,
};

use crate::{
    cbor,
    key::{KeyId, PublicKey, SIGNATURE_LENGTH, SignError, Signer},
};

/// Label of `crit`. RFC 9052 section 3.1
const CRIT: i64 = 2;
/// Label of `typ`. RFC 9596 section 2
const TYP: i64 = 16;
/// CoAP content format of application/cwt. RFC 8392 section 9.3
const APPLICATION_CWT: u64 = 61;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum EnvelopeError {
    #[error("is not a tagged COSE_Sign1 in the deterministic encoding")]
    Form,
    #[error("demands a header that is not understood here")]
    Critical,
    #[error("is signed by another algorithm than ES256")]
    Algorithm,
    #[error("is not marked as a credential")]
    Type,
    #[error("names no key by eight bytes")]
    KeyId,
    #[error("carries a header that does not belong there")]
    Header,
}

/// A credential whose signature has not been looked at. Nothing can be read from it but the key that it names.
pub(crate) struct Unverified(CoseSign1);

#[derive(Debug, thiserror::Error)]
pub(crate) enum SealError {
    #[error(transparent)]
    Sign(#[from] SignError),
    #[error("the envelope cannot be encoded")]
    Encode,
}

/// Signs `claims`.
pub(crate) fn seal(claims: Vec<u8>, signer: &dyn Signer) -> Result<Vec<u8>, SealError> {
    let sealed = CoseSign1Builder::new()
        .protected(header(signer.key_id()))
        .payload(claims)
        .try_create_signature(b"", |message| signer.sign(message).map(Vec::from))?
        .build();
    sealed.to_tagged_vec().map_err(|_| SealError::Encode)
}

fn header(key: KeyId) -> Header {
    HeaderBuilder::new()
        .algorithm(iana::Algorithm::ES256)
        .key_id(key.as_bytes().to_vec())
        .value(TYP, APPLICATION_CWT.into())
        .build()
}

pub(crate) fn open(bytes: &[u8]) -> Result<Unverified, EnvelopeError> {
    let whole = cbor::decode(bytes).map_err(|_| EnvelopeError::Form)?;
    if demands_more(&whole)? {
        return Err(EnvelopeError::Critical);
    }
    let sealed = CoseSign1::from_tagged_slice(bytes).map_err(|_| EnvelopeError::Form)?;
    check_headers(&sealed)?;
    if sealed.payload.is_none() || sealed.signature.len() != SIGNATURE_LENGTH {
        return Err(EnvelopeError::Form);
    }
    Ok(Unverified(sealed))
}

/// Whether a header lists others that must be understood. We demand none, so any is one too many.
fn demands_more(whole: &Value) -> Result<bool, EnvelopeError> {
    let parts = whole
        .as_tag()
        .and_then(|(_, parts)| parts.as_array())
        .ok_or(EnvelopeError::Form)?;
    let [Value::Bytes(protected), unprotected, ..] = &parts[..] else {
        return Err(EnvelopeError::Form);
    };
    let protected = match &protected[..] {
        [] => Value::Map(Vec::new()), // RFC 9052 section 3: no headers at all
        bytes => cbor::decode(bytes).map_err(|_| EnvelopeError::Form)?,
    };
    let lists = |headers: &Value| {
        headers
            .as_map()
            .is_some_and(|headers| headers.iter().any(|(label, _)| *label == Value::from(CRIT)))
    };
    Ok(lists(&protected) || lists(unprotected))
}

fn check_headers(sealed: &CoseSign1) -> Result<(), EnvelopeError> {
    let found = &sealed.protected.header;
    if found.alg != Some(RegisteredLabelWithPrivate::Assigned(iana::Algorithm::ES256)) {
        return Err(EnvelopeError::Algorithm);
    }
    let typ = found.rest.iter().find(|(label, _)| *label == Label::Int(TYP));
    if typ.is_none_or(|(_, value)| *value != Value::from(APPLICATION_CWT)) || found.content_type.is_some() {
        return Err(EnvelopeError::Type);
    }
    let key = KeyId::from_wire(&found.key_id).ok_or(EnvelopeError::KeyId)?;
    if *found != header(key) || !sealed.unprotected.is_empty() {
        return Err(EnvelopeError::Header);
    }
    Ok(())
}

impl Unverified {
    pub(crate) fn key_id(&self) -> Option<KeyId> {
        KeyId::from_wire(&self.0.protected.header.key_id)
    }

    /// The claims, if `key` has signed them.
    pub(crate) fn verified_by(self, key: &PublicKey) -> Option<Vec<u8>> {
        let verified = self.0.verify_signature(b"", |signature, message| {
            if key.has_signed(message, signature) {
                Ok(())
            } else {
                Err(())
            }
        });
        verified.ok().and(self.0.payload)
    }
}
