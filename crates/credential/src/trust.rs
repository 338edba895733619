//! The trust list: whose keys may answer which question, and between which moments.
//!
//! In: JSON, as handed to verifiers ahead of time. Its authenticity is the carrier's business (a file put on the
//! reader, a page over TLS); a list that anyone can replace protects nobody.
//! Invariant: read strictly or not at all; a half-understood list would trust too much or too little.

use std::{collections::BTreeMap, fmt};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    IssuerId, KeyId, Purpose,
    key::{KeyError, PublicKey},
    statement::StatementError,
};

const FORMAT: &str = "sojourn-trust/1";
/// One key an office and month, a thousand offices, a few years.
const KEYS_MAX: usize = 50_000;
const JSON_MAX: usize = 32 << 20;

/// One signing key of one issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedKey {
    pub issuer: IssuerId,
    pub key: PublicKey,
    pub valid_from: Timestamp,
    /// From this moment nothing that the key has signed is accepted, whatever date it bears: a stolen old key
    /// can date back.
    pub valid_until: Timestamp,
    pub purposes: Vec<Purpose>,
}

/// Trusted keys, and until when the list itself may be relied on.
#[derive(Clone, PartialEq, Eq)]
pub struct TrustList {
    issued_at: Timestamp,
    next_update: Timestamp,
    keys: BTreeMap<KeyId, TrustedKey>,
}

#[derive(Debug, thiserror::Error)]
pub enum TrustListError {
    #[error("the trust list is larger than {JSON_MAX} bytes or {KEYS_MAX} keys")]
    TooLarge,
    #[error("the trust list is not JSON of the expected shape")]
    Json(#[from] serde_json::Error),
    #[error("the trust list has another format than {FORMAT}")]
    Format,
    #[error("the trust list ends before it begins")]
    Period,
    #[error("trusted key {number}: {problem}")]
    Key { number: usize, problem: KeyProblem },
}

#[derive(Debug, thiserror::Error)]
pub enum KeyProblem {
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Issuer(#[from] StatementError),
    #[error("the key is not of type EC, curve P-256, algorithm ES256")]
    Algorithm,
    #[error("the key id is not the start of the key's thumbprint")]
    KeyId,
    #[error("the key stands twice")]
    Twice,
    #[error("the key ends before it begins")]
    Period,
    #[error("the key has no purpose, a purpose that is not known here, or one twice")]
    Purposes,
}

impl TrustList {
    pub fn new(
        issued_at: Timestamp,
        next_update: Timestamp,
        keys: impl IntoIterator<Item = TrustedKey>,
    ) -> Result<Self, TrustListError> {
        if next_update <= issued_at {
            return Err(TrustListError::Period);
        }
        let mut list = Self {
            issued_at,
            next_update,
            keys: BTreeMap::new(),
        };
        for (at, key) in keys.into_iter().enumerate() {
            list.add(key).map_err(|problem| TrustListError::Key {
                number: at + 1,
                problem,
            })?;
        }
        if list.keys.len() > KEYS_MAX {
            Err(TrustListError::TooLarge)
        } else {
            Ok(list)
        }
    }

    fn add(&mut self, key: TrustedKey) -> Result<(), KeyProblem> {
        if key.valid_until <= key.valid_from {
            return Err(KeyProblem::Period);
        }
        let twice = key
            .purposes
            .iter()
            .enumerate()
            .any(|(at, purpose)| key.purposes[..at].contains(purpose));
        if key.purposes.is_empty() || twice {
            return Err(KeyProblem::Purposes);
        }
        match self.keys.insert(key.key.id(), key) {
            Some(_) => Err(KeyProblem::Twice),
            None => Ok(()),
        }
    }

    pub fn parse(json: &str) -> Result<Self, TrustListError> {
        if json.len() > JSON_MAX {
            return Err(TrustListError::TooLarge);
        }
        let wire: ListWire = serde_json::from_str(json)?;
        if wire.format != FORMAT {
            return Err(TrustListError::Format);
        }
        let keys = wire.keys.into_iter().enumerate().map(|(at, key)| {
            TrustedKey::try_from(key).map_err(|problem| TrustListError::Key {
                number: at + 1,
                problem,
            })
        });
        let keys = keys.collect::<Result<Vec<_>, _>>()?;
        Self::new(wire.issued_at, wire.next_update, keys)
    }

    pub fn to_json(&self) -> Result<String, TrustListError> {
        let keys = self.keys.values().map(KeyWire::from).collect();
        let wire = ListWire {
            format: FORMAT.to_owned(),
            issued_at: self.issued_at,
            next_update: self.next_update,
            keys,
        };
        Ok(serde_json::to_string_pretty(&wire)?)
    }

    pub fn key(&self, id: KeyId) -> Option<&TrustedKey> {
        self.keys.get(&id)
    }

    /// From this moment keys may have been withdrawn or added without this list knowing.
    pub fn next_update(&self) -> Timestamp {
        self.next_update
    }
}

impl fmt::Debug for TrustList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "TrustList({} keys, next update {})",
            self.keys.len(),
            self.next_update
        )
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListWire {
    format: String,
    issued_at: Timestamp,
    next_update: Timestamp,
    keys: Vec<KeyWire>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyWire {
    issuer: String,
    kid: String,
    jwk: JwkWire,
    valid_from: Timestamp,
    valid_until: Timestamp,
    purposes: Vec<String>,
}

/// RFC 7517. A private member (`d`) is an unknown field, so a list that leaks a key is refused.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct JwkWire {
    kty: String,
    crv: String,
    alg: String,
    x: String,
    y: String,
}

impl From<&TrustedKey> for KeyWire {
    fn from(key: &TrustedKey) -> Self {
        let (x, y) = key.key.coordinates();
        Self {
            issuer: key.issuer.to_string(),
            kid: key.key.id().to_string(),
            jwk: JwkWire {
                kty: "EC".to_owned(),
                crv: "P-256".to_owned(),
                alg: "ES256".to_owned(),
                x,
                y,
            },
            valid_from: key.valid_from,
            valid_until: key.valid_until,
            purposes: key
                .purposes
                .iter()
                .map(|purpose| purpose.name().to_owned())
                .collect(),
        }
    }
}

impl TryFrom<KeyWire> for TrustedKey {
    type Error = KeyProblem;

    fn try_from(wire: KeyWire) -> Result<Self, KeyProblem> {
        if (
            wire.jwk.kty.as_str(),
            wire.jwk.crv.as_str(),
            wire.jwk.alg.as_str(),
        ) != ("EC", "P-256", "ES256")
        {
            return Err(KeyProblem::Algorithm);
        }
        let key = PublicKey::from_coordinates(&wire.jwk.x, &wire.jwk.y)?;
        if KeyId::parse(&wire.kid)? != key.id() {
            return Err(KeyProblem::KeyId);
        }
        let purpose = |name: &String| Purpose::ALL.into_iter().find(|purpose| purpose.name() == name);
        let purposes = wire
            .purposes
            .iter()
            .map(purpose)
            .collect::<Option<_>>()
            .ok_or(KeyProblem::Purposes)?;
        let issuer = IssuerId::parse(&wire.issuer)?;
        Ok(Self {
            issuer,
            key,
            valid_from: wire.valid_from,
            valid_until: wire.valid_until,
            purposes,
        })
    }
}
