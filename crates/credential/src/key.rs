//! Keys: who signs, with what, and how a credential names the key.
//!
//! Invariant: a key id is computed from the public key, so no list can give one key the id of another.
//! Not here: where private keys are kept (a file, a hardware module); they come as arguments.

use std::fmt;

use aws_lc_rs::{
    digest,
    rand::SystemRandom,
    signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, ParsedPublicKey,
    },
};
use base64::{Engine as _, engine::general_purpose};

/// Length of an ES256 signature: r and s, 32 bytes each. RFC 9053 section 2.1
pub const SIGNATURE_LENGTH: usize = 64;
/// Length of an uncompressed point of P-256, its first byte `04` included.
const POINT_LENGTH: usize = 65;
const COORDINATE_LENGTH: usize = 32;

const PEM_BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const PEM_END: &str = "-----END PRIVATE KEY-----";
const PEM_LINE: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("a private key is a PKCS#8 block between '{PEM_BEGIN}' and '{PEM_END}'")]
    Pem,
    #[error("is not a private key of the curve P-256")]
    Private,
    #[error("is not a point of the curve P-256")]
    Public,
    #[error("a key id is 16 hexadecimal digits")]
    KeyId,
    #[error("no key could be made")]
    Generate,
}

/// Why nothing was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    #[error("the signing key cannot be reached")]
    Unreachable,
    #[error("the signing key refused to sign")]
    Refused,
}

/// What signs credentials: a key in memory, or one inside a hardware module.
pub trait Signer: Send + Sync {
    fn key_id(&self) -> KeyId;
    /// ES256 over `message`: SHA-256, then ECDSA on P-256, as `r` and `s` of 32 bytes each.
    fn sign(&self, message: &[u8]) -> Result<[u8; SIGNATURE_LENGTH], SignError>;
}

/// First eight bytes of the thumbprint of a public key (RFC 7638).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; Self::LENGTH]);

impl KeyId {
    pub const LENGTH: usize = 8;

    pub fn parse(raw: &str) -> Result<Self, KeyError> {
        let mut bytes = [0; Self::LENGTH];
        hex::decode_to_slice(raw, &mut bytes).map_err(|_| KeyError::KeyId)?;
        Ok(Self(bytes))
    }

    pub(crate) fn from_wire(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    pub(crate) const fn as_bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A public key of P-256 that has been found to lie on the curve.
#[derive(Clone)]
pub struct PublicKey {
    point: [u8; POINT_LENGTH],
    parsed: ParsedPublicKey,
}

impl PublicKey {
    /// From the two coordinates of a JWK, base64url without padding (RFC 7518 section 6.2.1).
    pub fn from_coordinates(x: &str, y: &str) -> Result<Self, KeyError> {
        let mut point = [4_u8; POINT_LENGTH];
        for (coordinate, at) in [(x, 1), (y, 1 + COORDINATE_LENGTH)] {
            let bytes = general_purpose::URL_SAFE_NO_PAD
                .decode(coordinate)
                .map_err(|_| KeyError::Public)?;
            if bytes.len() != COORDINATE_LENGTH {
                return Err(KeyError::Public);
            }
            point[at..at + COORDINATE_LENGTH].copy_from_slice(&bytes);
        }
        Self::from_point(&point)
    }

    /// From the uncompressed point: `04`, x, y.
    pub fn from_point(bytes: &[u8]) -> Result<Self, KeyError> {
        let point = bytes.try_into().map_err(|_| KeyError::Public)?;
        let parsed = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, bytes).map_err(|_| KeyError::Public)?;
        Ok(Self { point, parsed })
    }

    /// The coordinates x and y as a JWK spells them.
    pub fn coordinates(&self) -> (String, String) {
        let (x, y) = self.point[1..].split_at(COORDINATE_LENGTH);
        (
            general_purpose::URL_SAFE_NO_PAD.encode(x),
            general_purpose::URL_SAFE_NO_PAD.encode(y),
        )
    }

    pub fn id(&self) -> KeyId {
        let (x, y) = self.coordinates();
        let members = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
        let thumbprint = digest::digest(&digest::SHA256, members.as_bytes());
        let mut id = [0; KeyId::LENGTH];
        id.copy_from_slice(&thumbprint.as_ref()[..KeyId::LENGTH]);
        KeyId(id)
    }

    pub(crate) fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.parsed.verify_sig(message, signature).is_ok()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", self.id())
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.point == other.point
    }
}

impl Eq for PublicKey {}

/// Text of a private key. `Debug` hides it.
pub struct PrivateKeyPem(String);

impl PrivateKeyPem {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PrivateKeyPem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKeyPem(hidden)")
    }
}

/// A signing key held in memory.
pub struct Es256Signer {
    pair: EcdsaKeyPair,
    public: PublicKey,
}

impl Es256Signer {
    /// A new key, as the text to keep.
    pub fn generate() -> Result<PrivateKeyPem, KeyError> {
        let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        let encoded = general_purpose::STANDARD.encode(made.map_err(|_| KeyError::Generate)?);
        let mut pem = String::with_capacity(encoded.len() + 64);
        pem.push_str(PEM_BEGIN);
        for (at, letter) in encoded.chars().enumerate() {
            if at % PEM_LINE == 0 {
                pem.push('\n');
            }
            pem.push(letter);
        }
        pem.extend(["\n", PEM_END, "\n"]);
        Ok(PrivateKeyPem(pem))
    }

    /// From PKCS#8 in PEM (RFC 7468), as `openssl genpkey` and [`Es256Signer::generate`] write it.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let inner = pem
            .trim()
            .strip_prefix(PEM_BEGIN)
            .and_then(|rest| rest.strip_suffix(PEM_END));
        let encoded: String = inner.ok_or(KeyError::Pem)?.split_ascii_whitespace().collect();
        let document = general_purpose::STANDARD
            .decode(encoded)
            .map_err(|_| KeyError::Pem)?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &document)
            .map_err(|_| KeyError::Private)?;
        let public = PublicKey::from_point(pair.public_key().as_ref())?;
        Ok(Self { pair, public })
    }

    pub fn public_key(&self) -> &PublicKey {
        &self.public
    }
}

impl Signer for Es256Signer {
    fn key_id(&self) -> KeyId {
        self.public.id()
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; SIGNATURE_LENGTH], SignError> {
        let signature = self
            .pair
            .sign(&SystemRandom::new(), message)
            .map_err(|_| SignError::Refused)?;
        signature.as_ref().try_into().map_err(|_| SignError::Refused)
    }
}

impl fmt::Debug for Es256Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Es256Signer({})", self.key_id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_being_written_and_read() {
        let pem = Es256Signer::generate().unwrap();
        let signer = Es256Signer::from_pem(pem.as_str()).unwrap();
        let again = Es256Signer::from_pem(&pem.as_str().replace('\n', "\r\n")).unwrap();
        assert_eq!(signer.public_key(), again.public_key());
        assert!(pem.as_str().lines().all(|line| line.len() <= PEM_LINE));
        let signature = signer.sign(b"message").unwrap();
        assert!(again.public_key().has_signed(b"message", &signature));
        assert!(!again.public_key().has_signed(b"massage", &signature));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        assert_eq!(Es256Signer::from_pem("").unwrap_err(), KeyError::Pem);
        let empty = format!("{PEM_BEGIN}\nAAAA\n{PEM_END}");
        assert_eq!(Es256Signer::from_pem(&empty).unwrap_err(), KeyError::Private);
        let signer = Es256Signer::from_pem(Es256Signer::generate().unwrap().as_str()).unwrap();
        let (x, y) = signer.public_key().coordinates();
        assert!(PublicKey::from_coordinates(&x, &y).is_ok());
        assert_eq!(
            PublicKey::from_coordinates(&x, &x).unwrap_err(),
            KeyError::Public,
            "not on the curve"
        );
        assert_eq!(
            PublicKey::from_coordinates(&x, &y[1..]).unwrap_err(),
            KeyError::Public
        );
    }

    #[test]
    fn the_key_id_is_the_start_of_the_thumbprint() {
        // RFC 7517 appendix A.1; thumbprint computed by another program
        let key = PublicKey::from_coordinates(
            "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
        )
        .unwrap();
        assert_eq!(key.id().to_string(), "727f88fd634c0a57");
    }
}
