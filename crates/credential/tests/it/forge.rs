//! Builds credentials by hand, right or wrong, without the code under test: headers, claims and bytes as told.

use aws_lc_rs::hmac;
use ciborium::Value;
use credential::Signer;

use crate::support;

pub(crate) const ANSWER: i64 = -65_537;

pub(crate) fn bytes_of(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).unwrap();
    bytes
}

pub(crate) fn entry(key: i64, value: impl Into<Value>) -> (Value, Value) {
    (key.into(), value.into())
}

/// A credential in pieces. Starts as a right one; each test spoils one piece, and all but the seal stays right.
pub(crate) struct Forge {
    pub(crate) protected: Vec<(Value, Value)>,
    /// Written instead of `protected`.
    pub(crate) protected_bytes: Option<Vec<u8>>,
    pub(crate) unprotected: Vec<(Value, Value)>,
    pub(crate) claims: Vec<(Value, Value)>,
    pub(crate) answer: Vec<(Value, Value)>,
    /// Written instead of `claims` and `answer`.
    pub(crate) payload: Option<Vec<u8>>,
}

impl Forge {
    pub(crate) fn new() -> Self {
        let second = |time: jiff::Timestamp| time.as_second();
        let statement = support::may_work();
        Self {
            protected: vec![entry(1, -7), entry(4, key_id(&support::issuer())), entry(16, 61)],
            protected_bytes: None,
            unprotected: Vec::new(),
            claims: vec![
                entry(1, "RU-MVD"),
                entry(4, second(statement.expires_at)),
                entry(6, second(statement.issued_at)),
                entry(7, statement.credential.as_bytes().to_vec()),
            ],
            answer: vec![
                entry(0, 2),
                entry(1, 1),
                entry(2, 20_818),
                entry(3, Value::Array(vec!["50".into(), "77".into()])),
            ],
            payload: None,
        }
    }

    /// Puts `value` under `key`, in the place where the deterministic encoding wants it.
    pub(crate) fn with_claim(mut self, key: i64, value: impl Into<Value>) -> Self {
        put(&mut self.claims, key, value.into());
        self
    }

    pub(crate) fn without_claim(mut self, key: i64) -> Self {
        self.claims.retain(|(found, _)| *found != Value::from(key));
        self
    }

    pub(crate) fn with_answer(mut self, key: i64, value: impl Into<Value>) -> Self {
        put(&mut self.answer, key, value.into());
        self
    }

    pub(crate) fn without_answer(mut self, key: i64) -> Self {
        self.answer.retain(|(found, _)| *found != Value::from(key));
        self
    }

    pub(crate) fn with_header(mut self, key: i64, value: impl Into<Value>) -> Self {
        put(&mut self.protected, key, value.into());
        self
    }

    pub(crate) fn without_header(mut self, key: i64) -> Self {
        self.protected.retain(|(found, _)| *found != Value::from(key));
        self
    }

    pub(crate) fn protected_bytes(&self) -> Vec<u8> {
        self.protected_bytes
            .clone()
            .unwrap_or_else(|| bytes_of(&Value::Map(self.protected.clone())))
    }

    pub(crate) fn payload_bytes(&self) -> Vec<u8> {
        self.payload.clone().unwrap_or_else(|| {
            let mut claims = self.claims.clone();
            if !self.answer.is_empty() {
                put(&mut claims, ANSWER, Value::Map(self.answer.clone()));
            }
            bytes_of(&Value::Map(claims))
        })
    }

    /// What is signed. RFC 9052 section 4.4
    fn message(&self) -> Vec<u8> {
        bytes_of(&Value::Array(vec![
            "Signature1".into(),
            self.protected_bytes().into(),
            Value::Bytes(Vec::new()),
            self.payload_bytes().into(),
        ]))
    }

    pub(crate) fn signature(&self) -> Vec<u8> {
        support::issuer().sign(&self.message()).unwrap().to_vec()
    }

    /// A tag of HMAC-SHA256 under the public key: the classic confusion of algorithms.
    pub(crate) fn mac_under_public_key(&self) -> Vec<u8> {
        let (x, y) = support::issuer().public_key().coordinates();
        let key = hmac::Key::new(hmac::HMAC_SHA256, format!("{x}{y}").as_bytes());
        hmac::sign(&key, &self.message()).as_ref().repeat(2)
    }

    /// The four parts, with `signature` and `payload` as given.
    pub(crate) fn parts(&self, payload: Value, signature: Vec<u8>) -> Value {
        Value::Array(vec![
            self.protected_bytes().into(),
            Value::Map(self.unprotected.clone()),
            payload,
            signature.into(),
        ])
    }

    pub(crate) fn with_signature(&self, signature: Vec<u8>) -> String {
        text_of(&tagged(18, self.parts(self.payload_bytes().into(), signature)))
    }

    /// Signed by the trusted key.
    pub(crate) fn signed(&self) -> String {
        self.with_signature(self.signature())
    }

    /// The bytes of a right credential before base45.
    pub(crate) fn signed_bytes(&self) -> Vec<u8> {
        bytes_of(&tagged(
            18,
            self.parts(self.payload_bytes().into(), self.signature()),
        ))
    }
}

pub(crate) fn key_id(signer: &dyn Signer) -> Vec<u8> {
    hex::decode(signer.key_id().to_string()).unwrap()
}

pub(crate) fn tagged(tag: u64, value: Value) -> Value {
    Value::Tag(tag, Box::new(value))
}

pub(crate) fn text_of(value: &Value) -> String {
    text_of_bytes(&bytes_of(value))
}

pub(crate) fn text_of_bytes(bytes: &[u8]) -> String {
    format!("SJ1:{}", base45::encode(bytes))
}

fn put(entries: &mut Vec<(Value, Value)>, key: i64, value: Value) {
    entries.retain(|(found, _)| *found != Value::from(key));
    entries.push(entry(key, value));
    entries.sort_by_key(|(key, _)| bytes_of(key));
}
