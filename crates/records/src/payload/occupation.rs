//! Studies and work.

use serde::{Deserialize, Serialize};

use crate::{
    Day,
    identifier::{Ogrn, OrganisationInn},
    region::RegionCode,
    span::Span,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StudyLevel {
    Preparatory,
    Bachelor,
    Master,
    Specialist,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StudyForm {
    FullTime,
    PartTime,
    Extramural,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolment {
    pub institution: String,
    pub region: RegionCode,
    pub level: StudyLevel,
    pub form: StudyForm,
    pub studies: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EmploymentEvent {
    Concluded,
    Terminated,
}

/// An employer's notice that a contract was concluded or ended.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmploymentNotice {
    pub event: EmploymentEvent,
    pub event_on: Day,
    pub notified_on: Day,
    pub employer: Employer,
    /// Series and number of a patent or work permit, without a space.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permit_number: Option<String>,
    pub profession: String,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Employer {
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inn: Option<OrganisationInn>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ogrn: Option<Ogrn>,
    pub region: RegionCode,
}
