//! Permits to stay and to work, what is paid for them, and accreditation.

use serde::{Deserialize, Serialize};

use crate::{Day, region::RegionCode, span::Span};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PermitType {
    Patent,
    /// Разрешение на работу.
    WorkPermit,
    /// Разрешение на временное проживание (РВП).
    TemporaryResidence,
    /// Вид на жительство (ВНЖ).
    PermanentResidence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PermitState {
    InForce,
    Expired,
    Annulled,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permit {
    pub permit_type: PermitType,
    pub series: String,
    pub number: String,
    pub issued_on: Day,
    pub valid_from: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Day>,
    pub region: RegionCode,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profession: Option<String>,
    pub state: PermitState,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annulled_on: Option<Day>,
}

impl Permit {
    /// Series and number without a space, as payments and employers name it.
    pub fn full_number(&self) -> String {
        format!("{}{}", self.series, self.number)
    }
}

/// Advance payment of income tax on a patent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaxAdvance {
    pub paid_on: Day,
    pub amount_kopecks: i64,
    pub region: RegionCode,
    /// Series and number without a space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patent_number: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccreditationRole {
    Diplomat,
    AdministrativeTechnical,
    Staff,
    FamilySpouse,
    FamilyChild,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accreditation {
    pub category: String,
    pub organisation: String,
    pub role: AccreditationRole,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub principal_card: Option<String>,
    pub validity: Span,
}

/// Permanent resident with a municipal vote, by the election commission.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Residence {
    pub address: String,
    pub region: RegionCode,
    /// Series and number of the permanent residence permit, without a space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub residence_permit: Option<String>,
}
