//! Notices of arrival at a place of stay, with the seventeen statistical questions.

use serde::{Deserialize, Serialize};

use super::Purpose;
use crate::{
    Day, country::Country, identifier::OrganisationInn, partial_date::PartialDate, region::RegionCode,
    span::Span, subject::Name,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RegistrationType {
    First,
    Prolonged,
    NewAddress,
}

/// Notice of arrival at a place of stay, with the seventeen statistical questions.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArrivalNotice {
    pub registration_type: RegistrationType,
    pub entered_on: Day,
    pub stay: Span,
    pub address: String,
    pub region: RegionCode,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former_place: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former_country: Option<Country>,
    pub reason: Purpose,
    pub employment_before: String,
    pub employment_now: String,
    pub social_security: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub education: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marital_status: Option<String>,
    pub family_arrived: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub family: Vec<FamilyMember>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub migration_card: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visa_number: Option<String>,
    pub host: Host,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FamilyMember {
    pub relation: String,
    pub name: Name,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<PartialDate>,
}

/// Who takes the person in and files the notice.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "host", rename_all = "snake_case", deny_unknown_fields)]
pub enum Host {
    Legal {
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        inn: Option<OrganisationInn>,
    },
    Person {
        name: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        phone: Option<String>,
    },
}
