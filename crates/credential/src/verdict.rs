//! What a verifier is told about a text: it says this, it is not valid because, or it cannot be told because.
//!
//! A verdict is about the text; what it says about the holder is the [`Answer`](crate::Answer) in the statement,
//! which may itself be no or undetermined.

use jiff::Timestamp;
use serde::{Serialize, Serializer, ser::SerializeStruct as _};

use crate::{Statement, statement::StatementFault};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Signed by a trusted key and in force at the moment asked.
    Valid(Box<Statement>),
    NotValid(NotValid),
    /// Neither accepted nor refused: the verifier has to be brought up to date, or ask online.
    Undetermined(Undetermined),
}

/// Why a text is refused. Of several reasons the first is given; nothing inside the text is looked at, nor
/// reported, before its signature holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotValid {
    #[error("the text is not one of our credentials")]
    NotOurs,
    #[error("the text is damaged: it is not base45 as it would be written")]
    Text,
    #[error("the text is larger than a credential can be")]
    TooLarge,
    #[error("the credential is not in the form that its standard prescribes")]
    Form,
    #[error("the credential demands a feature that is not understood here")]
    CriticalHeader,
    #[error("the credential carries a header that does not belong there")]
    Header,
    #[error("the credential is signed by another algorithm than its key allows")]
    Algorithm,
    #[error("the signed text is of another kind than a credential")]
    Type,
    #[error("the key that it names is not on the trust list")]
    UnknownKey,
    #[error("the signature does not belong to the content: it was changed, or signed by another key")]
    Signature,
    #[error("the content is incomplete: {0} is missing or wrong")]
    Content(&'static str),
    #[error("the content contradicts itself: it {0}")]
    Contradiction(StatementFault),
    #[error("the issuer that it names is not the owner of the key")]
    Issuer,
    #[error("the key is not trusted to answer this question")]
    KeyPurpose,
    #[error("the key was not valid when the credential was issued, or is no longer")]
    KeyPeriod,
    #[error("it claims to be issued in the future")]
    IssuedInFuture,
    #[error("it is not yet valid: valid from {0}")]
    NotYetValid(Timestamp),
    #[error("it has expired: valid until {0}")]
    Expired(Timestamp),
}

/// Why nothing can be said, and what is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Undetermined {
    #[error("the trust list cannot be read")]
    TrustListUnreadable,
    #[error("the trust list is out of date since {0}")]
    TrustListOutOfDate(Timestamp),
    #[error("the credential says something that this verifier is too old to understand: {0}")]
    NewerContent(&'static str),
    #[error("the credential can be revoked, and this verifier cannot look that up")]
    StatusList,
}

impl NotValid {
    /// Stable name, for translations and machines.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotOurs => "not_ours",
            Self::Text => "text",
            Self::TooLarge => "too_large",
            Self::Form => "form",
            Self::CriticalHeader => "critical_header",
            Self::Header => "header",
            Self::Algorithm => "algorithm",
            Self::Type => "type",
            Self::UnknownKey => "unknown_key",
            Self::Signature => "signature",
            Self::Content(_) => "content",
            Self::Contradiction(_) => "contradiction",
            Self::Issuer => "issuer",
            Self::KeyPurpose => "key_purpose",
            Self::KeyPeriod => "key_period",
            Self::IssuedInFuture => "issued_in_future",
            Self::NotYetValid(_) => "not_yet_valid",
            Self::Expired(_) => "expired",
        }
    }
}

impl Undetermined {
    /// Stable name, for translations and machines.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TrustListUnreadable => "trust_list_unreadable",
            Self::TrustListOutOfDate(_) => "trust_list_out_of_date",
            Self::NewerContent(_) => "newer_content",
            Self::StatusList => "status_list",
        }
    }
}

/// `{"verdict": "valid", "statement": {…}}`, or `not_valid` and `undetermined` with `reason` and `explanation`.
impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (verdict, code, explanation) = match self {
            Self::Valid(statement) => {
                let mut fields = serializer.serialize_struct("Verdict", 2)?;
                fields.serialize_field("verdict", "valid")?;
                fields.serialize_field("statement", statement)?;
                return fields.end();
            }
            Self::NotValid(reason) => ("not_valid", reason.code(), reason.to_string()),
            Self::Undetermined(reason) => ("undetermined", reason.code(), reason.to_string()),
        };
        let mut fields = serializer.serialize_struct("Verdict", 3)?;
        fields.serialize_field("verdict", verdict)?;
        fields.serialize_field("reason", code)?;
        fields.serialize_field("explanation", &explanation)?;
        fields.end()
    }
}
