//! What makes two records of one kind speak of one event.

use records::{
    Day,
    payload::{
        Accreditation, AccreditationRole, ArrivalNotice, Benefit, BenefitType, Crossing, Decision,
        DecisionType, EmploymentEvent, EmploymentNotice, Enrolment, Insurance, MedicalCertificate,
        MedicalPolicy, MedicalResult, Payload, Permit, PermitType, PolicyType, RegistrationType, Residence,
        TaxAdvance, Visa,
    },
    region::RegionCode,
    span::Span,
};

/// A kind of payload as the fold sees it.
pub(crate) trait Kind: Clone {
    /// Equal for two reports of one event by one source.
    type Sameness: Ord;

    fn of(payload: &Payload) -> Option<&Self>;
    fn sameness(&self) -> Self::Sameness;

    /// Whether the parts that may be missing contradict each other.
    fn agrees(&self, _other: &Self) -> bool {
        true
    }

    /// How many of the optional parts are given: among duplicates the fullest speaks.
    fn fullness(&self) -> usize {
        0
    }
}

macro_rules! kind {
    ($kind:ident = $pattern:pat => $found:expr, $sameness:ty, |$this:ident| $key:expr $(, $extra:item)*) => {
        impl Kind for $kind {
            type Sameness = $sameness;
            fn of(payload: &Payload) -> Option<&Self> {
                match payload {
                    $pattern => Some($found),
                    _ => None,
                }
            }
            fn sameness(&self) -> Self::Sameness {
                let $this = self;
                $key
            }
            $($extra)*
        }
    };
}

/// Both unknown or not contradicting.
fn compatible(a: Option<&String>, b: Option<&String>) -> bool {
    a.is_none() || b.is_none() || a == b
}

kind!(Crossing = Payload::Crossing(found) => found, (), |_this| ());
kind!(ArrivalNotice = Payload::ArrivalNotice(found) => found, (RegistrationType, Day, Span, RegionCode),
|this| (this.registration_type, this.entered_on, this.stay, this.region),
fn fullness(&self) -> usize {
    [self.migration_card.is_some(), self.visa_number.is_some(), self.former_country.is_some()]
        .iter().filter(|&&given| given).count()
});
kind!(Permit = Payload::Permit(found) => found, (PermitType, String, Day),
    |this| (this.permit_type, this.full_number(), this.issued_on));
kind!(Decision = Payload::Decision(found) => found, (DecisionType, Day, String, String),
    |this| (this.decision_type, this.decided_on, this.body.clone(), this.official.clone()));
kind!(TaxAdvance = Payload::TaxAdvance(found) => found, (Day, i64, RegionCode),
|this| (this.paid_on, this.amount_kopecks, this.region),
fn agrees(&self, other: &Self) -> bool {
    compatible(self.patent_number.as_ref(), other.patent_number.as_ref())
},
fn fullness(&self) -> usize {
    usize::from(self.patent_number.is_some())
});
kind!(Insurance = Payload::Insurance(found) => found, (String, Day),
|this| (this.employer_ogrn.as_str().to_owned(), this.insured.from),
fn fullness(&self) -> usize {
    usize::from(self.insured.until.is_some())
});
kind!(Benefit = Payload::Benefit(found) => found, (BenefitType, Span), |this| (this.benefit_type, this.paid_for));
kind!(MedicalPolicy = Payload::MedicalPolicy(found) => found, (PolicyType, String, Span),
    |this| (this.policy_type, this.policy_number.clone(), this.cover));
kind!(MedicalCertificate = Payload::MedicalCertificate(found) => found, (Day, MedicalResult),
    |this| (this.issued_on, this.result));
kind!(Enrolment = Payload::Enrolment(found) => found, (String, Span), |this| (this.institution.clone(), this.studies));
kind!(Visa = Payload::Visa(found) => found, (String, Span), |this| (this.visa_number.clone(), this.validity));
kind!(Accreditation = Payload::Accreditation(found) => found, (String, AccreditationRole, Span),
    |this| (this.organisation.clone(), this.role, this.validity));
kind!(Residence = Payload::Residence(found) => found, RegionCode, |this| this.region,
fn agrees(&self, other: &Self) -> bool {
    compatible(self.residence_permit.as_ref(), other.residence_permit.as_ref())
},
fn fullness(&self) -> usize {
    usize::from(self.residence_permit.is_some())
});
kind!(EmploymentNotice = Payload::EmploymentNotice(found) => found, (EmploymentEvent, Day, String),
|this| (this.event, this.event_on, employer_key(&this.employer)),
fn fullness(&self) -> usize {
    usize::from(self.permit_number.is_some())
});

/// One employer however its name is spelt: by register number, else tax number, else name.
pub(crate) fn employer_key(employer: &records::payload::Employer) -> String {
    match (&employer.ogrn, &employer.inn) {
        (Some(ogrn), _) => ogrn.as_str().to_owned(),
        (None, Some(inn)) => inn.as_str().to_owned(),
        (None, None) => employer.name.to_lowercase(),
    }
}
