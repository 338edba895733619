//! Social and medical insurance, and medical examination.

use serde::{Deserialize, Serialize};

use crate::{Day, identifier::Ogrn, span::Span};

/// Period in which an employer insured the person with the social fund.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Insurance {
    pub employer_ogrn: Ogrn,
    pub insured: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BenefitType {
    TemporaryDisability,
    Maternity,
    ChildCare,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Benefit {
    pub benefit_type: BenefitType,
    pub paid_for: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyType {
    /// Обязательное медицинское страхование.
    Compulsory,
    /// Добровольное медицинское страхование.
    Voluntary,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MedicalPolicy {
    pub policy_type: PolicyType,
    pub policy_number: String,
    pub cover: Span,
    pub insurer: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MedicalResult {
    Fit,
    Unfit,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MedicalCertificate {
    pub issued_on: Day,
    pub result: MedicalResult,
    pub clinic_licence: String,
}
