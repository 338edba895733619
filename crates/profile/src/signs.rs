//! Records that show the person in the country on a day, other than crossings.
//!
//! Only what needs the person here: a doctor's certificate, a contract concluded, a notice of arrival, a permit
//! issued. A work permit is issued to somebody who is still abroad, a visa always is; a payment or an insurance
//! period shows a tie, and the day on which it began.

use records::{
    payload::{EmploymentEvent, PermitType},
    region::RegionCode,
    span::Span,
};
use serde::{Deserialize, Serialize};

use crate::{cite::Citation, event::Event, view::Events};

/// One sign of presence.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Sign {
    /// One day, or the days of a tie that lasts (insurance, studies).
    pub span: Span,
    pub kind: SignKind,
    pub region: Option<RegionCode>,
    pub cited: Citation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignKind {
    Notice,
    PermitIssued,
    Residence,
    TaxPaid,
    ContractConcluded,
    ContractEnded,
    Insured,
    Benefit,
    Policy,
    Certificate,
    Studies,
    Accredited,
}

/// Signs in order of their day.
pub(crate) fn signs(events: &Events) -> Vec<Sign> {
    let mut signs = Vec::new();
    papers(events, &mut signs);
    work(events, &mut signs);
    for policy in &events.policies {
        signs.push(sign(policy, policy.valid, SignKind::Policy, None));
    }
    for certificate in &events.certificates {
        signs.push(sign(
            certificate,
            Span::single(certificate.fact.issued_on),
            SignKind::Certificate,
            None,
        ));
    }
    for studies in &events.studies {
        signs.push(sign(
            studies,
            studies.valid,
            SignKind::Studies,
            Some(studies.fact.region),
        ));
    }
    for residence in &events.residences {
        let listed = Span::single(residence.cited.recorded_on);
        signs.push(sign(
            residence,
            listed,
            SignKind::Residence,
            Some(residence.fact.region),
        ));
    }
    signs.sort_unstable();
    signs
}

fn sign<T>(event: &Event<T>, span: Span, kind: SignKind, region: Option<RegionCode>) -> Sign {
    Sign {
        span,
        kind,
        region,
        cited: event.cited.clone(),
    }
}

fn papers(events: &Events, signs: &mut Vec<Sign>) {
    for notice in &events.notices {
        let on = Span::single(notice.fact.stay.from);
        signs.push(sign(notice, on, SignKind::Notice, Some(notice.fact.region)));
    }
    for permit in &events.permits {
        let (span, kind) = match permit.fact.permit_type {
            PermitType::WorkPermit => continue,
            PermitType::Patent => (Span::single(permit.fact.issued_on), SignKind::PermitIssued),
            PermitType::TemporaryResidence | PermitType::PermanentResidence => {
                (permit.valid, SignKind::Residence)
            }
        };
        signs.push(sign(permit, span, kind, Some(permit.fact.region)));
    }
    for payment in &events.payments {
        signs.push(sign(
            payment,
            payment.valid,
            SignKind::TaxPaid,
            Some(payment.fact.region),
        ));
    }
    for card in &events.accreditations {
        signs.push(sign(card, card.valid, SignKind::Accredited, None));
    }
}

fn work(events: &Events, signs: &mut Vec<Sign>) {
    for notice in &events.employment_notices {
        let kind = match notice.fact.event {
            EmploymentEvent::Concluded => SignKind::ContractConcluded,
            EmploymentEvent::Terminated => SignKind::ContractEnded,
        };
        let on = Span::single(notice.fact.event_on);
        signs.push(sign(notice, on, kind, Some(notice.fact.employer.region)));
    }
    for insured in &events.insured {
        signs.push(sign(insured, insured.valid, SignKind::Insured, None));
    }
    for benefit in &events.benefits {
        signs.push(sign(benefit, benefit.valid, SignKind::Benefit, None));
    }
}

impl SignKind {
    /// Whether its first day cannot pass without the person being here.
    pub(crate) fn proves_presence(self) -> bool {
        match self {
            Self::Notice
            | Self::PermitIssued
            | Self::ContractConcluded
            | Self::Certificate
            | Self::Insured => true,
            Self::Residence
            | Self::TaxPaid
            | Self::ContractEnded
            | Self::Benefit
            | Self::Policy
            | Self::Studies
            | Self::Accredited => false,
        }
    }
}
