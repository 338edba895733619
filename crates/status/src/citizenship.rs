//! Citizenship as the pack's tables and worked cases spell it.
//!
//! Invariant: two capital letters (ISO 3166-1 alpha-2, or Russia's `AB` and `OS`), or `XXA` for a stateless person.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One citizenship of a person, or the lack of any.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Citizenship([u8; 3]);

/// Not the code of a citizenship.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("is neither two capital letters nor XXA")]
pub struct CitizenshipError;

impl Citizenship {
    pub const STATELESS: Self = Self(*b"XXA");

    pub fn parse(raw: &str) -> Result<Self, CitizenshipError> {
        match raw.as_bytes() {
            b"XXA" => Ok(Self::STATELESS),
            &[a, b] if a.is_ascii_uppercase() && b.is_ascii_uppercase() => Ok(Self([a, b, b' '])),
            _ => Err(CitizenshipError),
        }
    }

    pub fn as_str(&self) -> &str {
        // ASCII by construction
        std::str::from_utf8(&self.0).unwrap_or("???").trim_end()
    }
}

impl fmt::Display for Citizenship {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Citizenship {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for Citizenship {
    type Error = CitizenshipError;
    fn try_from(raw: String) -> Result<Self, CitizenshipError> {
        Self::parse(&raw)
    }
}

impl From<Citizenship> for String {
    fn from(citizenship: Citizenship) -> String {
        citizenship.as_str().to_owned()
    }
}
