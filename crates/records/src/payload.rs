//! What was said: one type per kind of event or document that agencies send.
//!
//! In: canonical fields from a mapping. Out: a typed value. Invariant: money in kopecks, days as civil days,
//! countries alpha-3, regions by the tax service's code; nothing about who the person is (`subject` has that).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    Day,
    country::Country,
    identifier::{Ogrn, OrganisationInn},
    mrz::MrzLines,
    partial_date::PartialDate,
    region::RegionCode,
    span::Span,
    subject::Name,
};

/// One event or document.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Payload {
    Crossing(Crossing),
    ArrivalNotice(Box<ArrivalNotice>),
    Permit(Permit),
    Decision(Box<Decision>),
    TaxAdvance(TaxAdvance),
    Insurance(Insurance),
    Benefit(Benefit),
    MedicalPolicy(MedicalPolicy),
    MedicalCertificate(MedicalCertificate),
    Enrolment(Enrolment),
    Visa(Visa),
    Accreditation(Accreditation),
    Residence(Residence),
    EmploymentNotice(EmploymentNotice),
}

/// Migration purpose as declared (codes of the arrival form).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    Official,
    Tourism,
    Business,
    Study,
    Work,
    Private,
    Transit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    In,
    Out,
}

/// A border crossing, by the border service.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crossing {
    pub direction: Direction,
    /// Local day of the checkpoint: the day that counts in law.
    pub crossed_on: Day,
    pub crossed_at: Timestamp,
    pub checkpoint: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document_expiry: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mrz: Option<MrzLines>,
    pub purpose: Purpose,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub migration_card: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visa_number: Option<String>,
}

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
pub enum VisaType {
    Diplomatic,
    Tourist,
    Business,
    Study,
    Work,
    Private,
    Transit,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visa {
    pub visa_number: String,
    pub visa_type: VisaType,
    pub issued_on: Day,
    pub validity: Span,
    pub entries: u32,
    pub purpose: Purpose,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<String>,
    pub post: String,
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

impl Payload {
    /// Its kind, as it is written: `arrival_notice`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Crossing(_) => "crossing",
            Self::ArrivalNotice(_) => "arrival_notice",
            Self::Permit(_) => "permit",
            Self::Decision(_) => "decision",
            Self::TaxAdvance(_) => "tax_advance",
            Self::Insurance(_) => "insurance",
            Self::Benefit(_) => "benefit",
            Self::MedicalPolicy(_) => "medical_policy",
            Self::MedicalCertificate(_) => "medical_certificate",
            Self::Enrolment(_) => "enrolment",
            Self::Visa(_) => "visa",
            Self::Accreditation(_) => "accreditation",
            Self::Residence(_) => "residence",
            Self::EmploymentNotice(_) => "employment_notice",
        }
    }

    /// Whether a wrong link of this record would put somebody else's harm on a person.
    pub fn harms(&self) -> bool {
        matches!(self, Self::Decision(_))
    }

    /// When the event or document holds in the world; what has no day of its own holds since it was recorded.
    pub fn valid(&self, recorded_on: Day) -> Span {
        match self {
            Self::Crossing(c) => Span::single(c.crossed_on),
            Self::ArrivalNotice(a) => a.stay,
            Self::Permit(p) => closed_or_single(p.valid_from, earliest(p.valid_until, p.annulled_on)),
            Self::Decision(d) => closed_or_single(d.valid_from, earliest(d.valid_until, d.revoked_on)),
            Self::TaxAdvance(t) => Span::single(t.paid_on),
            Self::Insurance(i) => i.insured,
            Self::Benefit(b) => b.paid_for,
            Self::MedicalPolicy(m) => m.cover,
            Self::MedicalCertificate(m) => Span::open(m.issued_on),
            Self::Enrolment(e) => e.studies,
            Self::Visa(v) => v.validity,
            Self::Accreditation(a) => a.validity,
            Self::Residence(_) => Span::open(recorded_on),
            Self::EmploymentNotice(n) => Span::open(n.event_on),
        }
    }
}

fn earliest(a: Option<Day>, b: Option<Day>) -> Option<Day> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

fn closed_or_single(from: Day, until: Option<Day>) -> Span {
    Span::new(from, until).unwrap_or_else(|_| Span::single(from))
}
