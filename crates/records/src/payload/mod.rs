//! What was said: one type per kind of event or document that agencies send.
//!
//! In: canonical fields from a mapping. Out: a typed value. Invariant: money in kopecks, days as civil days,
//! countries alpha-3, regions by the tax service's code; nothing about who the person is (`subject` has that).

mod amendment;
mod border;
mod decision;
mod insurance;
mod notice;
mod occupation;
mod permit;

use serde::{Deserialize, Serialize};

use crate::{Day, span::Span};
pub use amendment::{Amendment, Part, PersonField, REGISTER_SOURCE, Said, Settles, amended};
pub use border::{Crossing, Direction, Purpose, Visa, VisaType};
pub use decision::{Decision, DecisionType, RevocationReason};
pub use insurance::{
    Benefit, BenefitType, Insurance, MedicalCertificate, MedicalPolicy, MedicalResult, PolicyType,
};
pub use notice::{ArrivalNotice, FamilyMember, Host, RegistrationType};
pub use occupation::{Employer, EmploymentEvent, EmploymentNotice, Enrolment, StudyForm, StudyLevel};
pub use permit::{Accreditation, AccreditationRole, Permit, PermitState, PermitType, Residence, TaxAdvance};

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
    Amendment(Box<Amendment>),
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
            Self::Amendment(_) => "amendment",
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
            Self::Amendment(a) => Span::open(a.decided_on),
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
