//! Decisions of officials against a person.

use serde::{Deserialize, Serialize};

use crate::{Day, region::RegionCode};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecisionType {
    EntryBan,
    ControlRegister,
    Deportation,
    RefusalOfTemporaryResidence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RevocationReason {
    MistakenIdentity,
    PaymentFound,
    TechnicalError,
    LeftCountry,
}

/// A decision of an official against a person. It harms, so it links only on strong evidence.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    pub decision_type: DecisionType,
    pub legal_basis: String,
    pub body: String,
    pub region: RegionCode,
    pub official: String,
    pub decided_on: Day,
    pub valid_from: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revoked_on: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revocation_reason: Option<RevocationReason>,
}
