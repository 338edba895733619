//! What happened when, in one line each, for the holder and the official.

use records::{
    Day,
    payload::{DecisionType, EmploymentEvent, PermitType, RegistrationType},
};
use serde::{Deserialize, Serialize};

use crate::{
    cite::Citation,
    event::Event,
    presence::{Entry, Exit},
    view::Profile,
};

/// One line of the timeline. `what` is a stable key that the portal translates; `detail` is data, never prose.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moment {
    pub on: Day,
    pub what: What,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    pub cited: Vec<Citation>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Entered,
    /// A notice of arrival names the day, no crossing does.
    EnteredByNotice,
    EntryMissing,
    Left,
    ExitMissing,
    Registered,
    RegistrationProlonged,
    AddressChanged,
    RegistrationEnds,
    PermitIssued,
    PermitEnds,
    PermitAnnulled,
    TaxPaid,
    WorkBegan,
    WorkEnded,
    InsuredBegan,
    InsuredEnded,
    BenefitPaid,
    PolicyBegan,
    PolicyEnded,
    Examined,
    StudiesBegan,
    StudiesEnd,
    VisaIssued,
    VisaEnds,
    AccreditedFrom,
    AccreditationEnds,
    DecisionTaken,
    DecisionRevoked,
    DecisionEnds,
    ResidentListed,
}

/// The moments of a profile in order.
pub(crate) fn of(profile: &Profile) -> Vec<Moment> {
    let mut moments = Vec::new();
    presence(profile, &mut moments);
    papers(profile, &mut moments);
    work(profile, &mut moments);
    health_and_studies(profile, &mut moments);
    decisions(profile, &mut moments);
    moments.sort_unstable();
    moments.dedup();
    moments
}

fn moment(on: Day, what: What, detail: Option<String>, cited: Vec<Citation>) -> Moment {
    Moment {
        on,
        what,
        detail,
        cited,
    }
}

fn cited<T>(event: &Event<T>) -> Vec<Citation> {
    event.citations().cloned().collect()
}

/// First day, and the last one when there is one.
fn span<T>(moments: &mut Vec<Moment>, event: &Event<T>, began: What, ends: What, detail: &str) {
    let detail = Some(detail.to_owned());
    moments.push(moment(event.valid.from, began, detail.clone(), cited(event)));
    if let Some(until) = event.valid.until {
        moments.push(moment(until, ends, detail, cited(event)));
    }
}

fn presence(profile: &Profile, moments: &mut Vec<Moment>) {
    for stay in &profile.stays {
        moments.push(match &stay.entry {
            Entry::Crossed { on, cited } => moment(*on, What::Entered, None, cited.clone()),
            Entry::Notified { on, cited } => moment(*on, What::EnteredByNotice, None, cited.clone()),
            Entry::Unrecorded { not_after, cited, .. } => {
                moment(*not_after, What::EntryMissing, None, cited.clone())
            }
        });
        match &stay.exit {
            Exit::Crossed { on, cited } => moments.push(moment(*on, What::Left, None, cited.clone())),
            Exit::Unrecorded { not_after, cited, .. } => {
                moments.push(moment(*not_after, What::ExitMissing, None, cited.clone()));
            }
            Exit::Open => {}
        }
    }
    for notice in &profile.events.notices {
        let what = match notice.fact.registration_type {
            RegistrationType::First => What::Registered,
            RegistrationType::Prolonged => What::RegistrationProlonged,
            RegistrationType::NewAddress => What::AddressChanged,
        };
        let detail = Some(notice.fact.region.to_string());
        moments.push(moment(notice.fact.stay.from, what, detail.clone(), cited(notice)));
        if let Some(until) = notice.fact.stay.until {
            moments.push(moment(until, What::RegistrationEnds, detail, cited(notice)));
        }
    }
    for residence in &profile.events.residences {
        let detail = Some(residence.fact.region.to_string());
        moments.push(moment(
            residence.cited.recorded_on,
            What::ResidentListed,
            detail,
            cited(residence),
        ));
    }
}

fn papers(profile: &Profile, moments: &mut Vec<Moment>) {
    for permit in &profile.events.permits {
        let kind = match permit.fact.permit_type {
            PermitType::Patent => "patent",
            PermitType::WorkPermit => "work_permit",
            PermitType::TemporaryResidence => "temporary_residence",
            PermitType::PermanentResidence => "permanent_residence",
        };
        let detail = Some(kind.to_owned());
        moments.push(moment(
            permit.fact.issued_on,
            What::PermitIssued,
            detail.clone(),
            cited(permit),
        ));
        match (permit.fact.annulled_on, permit.valid.until) {
            (Some(on), _) => moments.push(moment(on, What::PermitAnnulled, detail, cited(permit))),
            (None, Some(on)) => moments.push(moment(on, What::PermitEnds, detail, cited(permit))),
            (None, None) => {}
        }
    }
    for visa in &profile.events.visas {
        moments.push(moment(visa.fact.issued_on, What::VisaIssued, None, cited(visa)));
        if let Some(until) = visa.fact.validity.until {
            moments.push(moment(until, What::VisaEnds, None, cited(visa)));
        }
    }
    for card in &profile.events.accreditations {
        span(
            moments,
            card,
            What::AccreditedFrom,
            What::AccreditationEnds,
            &card.fact.organisation,
        );
    }
    for payment in &profile.events.payments {
        let roubles = format!(
            "{}.{:02}",
            payment.fact.amount_kopecks / 100,
            payment.fact.amount_kopecks % 100
        );
        moments.push(moment(
            payment.fact.paid_on,
            What::TaxPaid,
            Some(roubles),
            cited(payment),
        ));
    }
}

fn work(profile: &Profile, moments: &mut Vec<Moment>) {
    for notice in &profile.events.employment_notices {
        let what = match notice.fact.event {
            EmploymentEvent::Concluded => What::WorkBegan,
            EmploymentEvent::Terminated => What::WorkEnded,
        };
        let detail = Some(notice.fact.employer.name.clone());
        moments.push(moment(notice.fact.event_on, what, detail, cited(notice)));
    }
    for insured in &profile.events.insured {
        span(
            moments,
            insured,
            What::InsuredBegan,
            What::InsuredEnded,
            insured.fact.employer_ogrn.as_str(),
        );
    }
    for benefit in &profile.events.benefits {
        moments.push(moment(
            benefit.valid.from,
            What::BenefitPaid,
            None,
            cited(benefit),
        ));
    }
}

fn health_and_studies(profile: &Profile, moments: &mut Vec<Moment>) {
    for policy in &profile.events.policies {
        span(
            moments,
            policy,
            What::PolicyBegan,
            What::PolicyEnded,
            &policy.fact.insurer,
        );
    }
    for certificate in &profile.events.certificates {
        moments.push(moment(
            certificate.fact.issued_on,
            What::Examined,
            None,
            cited(certificate),
        ));
    }
    for studies in &profile.events.studies {
        span(
            moments,
            studies,
            What::StudiesBegan,
            What::StudiesEnd,
            &studies.fact.institution,
        );
    }
}

fn decisions(profile: &Profile, moments: &mut Vec<Moment>) {
    for decision in &profile.events.decisions {
        let kind = match decision.fact.decision_type {
            DecisionType::EntryBan => "entry_ban",
            DecisionType::ControlRegister => "control_register",
            DecisionType::Deportation => "deportation",
            DecisionType::RefusalOfTemporaryResidence => "refusal_of_temporary_residence",
        };
        let detail = Some(kind.to_owned());
        moments.push(moment(
            decision.fact.decided_on,
            What::DecisionTaken,
            detail.clone(),
            cited(decision),
        ));
        match (decision.fact.revoked_on, decision.fact.valid_until) {
            (Some(on), _) => moments.push(moment(on, What::DecisionRevoked, detail, cited(decision))),
            (None, Some(on)) => moments.push(moment(on, What::DecisionEnds, detail, cited(decision))),
            (None, None) => {}
        }
    }
}
