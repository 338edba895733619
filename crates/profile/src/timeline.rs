//! What happened when, in one line each, for the holder and the official.

use records::Day;
use serde::{Deserialize, Serialize};

use crate::cite::Citation;

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
    EntryMissing,
    Left,
    ExitMissing,
    Registered,
    RegistrationProlonged,
    AddressChanged,
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
