//! What can be asked for, as the list of purposes and the trace name it.

use serde::{Deserialize, Serialize};

/// One verb of the registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Ingest,
    Link,
    Find,
    ViewProfile,
    ViewStatus,
    IssueProof,
    ShareCode,
    CheckAnswer,
    ViewQueue,
    TakeItem,
    DecideItem,
    /// Contest a fact or a link, and see to one's own cases.
    Contest,
    /// See to contested cases in an office: read, take, ask.
    WorkContests,
    DecideContest,
    MergeProfiles,
    PartProfile,
    UndoRuling,
    ReadNotices,
    /// Hand notices to a carrier that brings them to their receivers.
    RelayNotices,
    ViewOwnTrace,
    VerifyTrace,
    Extract,
    ExportLinks,
    ExportQuarantine,
    ManageAccounts,
    BackUp,
    PrepareStatuses,
}

impl Action {
    /// Key of the action's human words in the texts: `action-view-profile`.
    pub fn text_key(self) -> &'static str {
        match self {
            Self::Ingest => "action-ingest",
            Self::Link => "action-link",
            Self::Find => "action-find",
            Self::ViewProfile => "action-view-profile",
            Self::ViewStatus => "action-view-status",
            Self::IssueProof => "action-issue-proof",
            Self::ShareCode => "action-share-code",
            Self::CheckAnswer => "action-check-answer",
            Self::ViewQueue => "action-view-queue",
            Self::TakeItem => "action-take-item",
            Self::DecideItem => "action-decide-item",
            Self::Contest => "action-contest",
            Self::WorkContests => "action-work-contests",
            Self::DecideContest => "action-decide-contest",
            Self::MergeProfiles => "action-merge-profiles",
            Self::PartProfile => "action-part-profile",
            Self::UndoRuling => "action-undo-ruling",
            Self::ReadNotices => "action-read-notices",
            Self::RelayNotices => "action-relay-notices",
            Self::ViewOwnTrace => "action-view-own-trace",
            Self::VerifyTrace => "action-verify-trace",
            Self::Extract => "action-extract",
            Self::ExportLinks => "action-export-links",
            Self::ExportQuarantine => "action-export-quarantine",
            Self::ManageAccounts => "action-manage-accounts",
            Self::BackUp => "action-back-up",
            Self::PrepareStatuses => "action-prepare-statuses",
        }
    }
}

/// A group of fields of a profile that a purpose opens or keeps closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldGroup {
    /// Names, birth, sex, citizenship.
    Identity,
    /// Travel and identity documents.
    Documents,
    /// Numbers of the tax service, the social fund and medical insurance.
    Numbers,
    /// Crossings and stays.
    Stays,
    /// Notices of arrival, address, host.
    Address,
    Family,
    Permits,
    Visas,
    Work,
    Studies,
    Payments,
    /// Certificates and policies.
    Medical,
    /// Bans, expulsions, the register.
    Decisions,
}

impl FieldGroup {
    pub const ALL: [Self; 13] = [
        Self::Identity,
        Self::Documents,
        Self::Numbers,
        Self::Stays,
        Self::Address,
        Self::Family,
        Self::Permits,
        Self::Visas,
        Self::Work,
        Self::Studies,
        Self::Payments,
        Self::Medical,
        Self::Decisions,
    ];
}
