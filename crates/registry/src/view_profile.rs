//! Shows the resolved view of a person, as far as the purpose opens it.
//!
//! Invariant: a closed group of fields is empty wherever it could show: in the events, in what they said before a
//! correction, in the timeline.

use profile::{
    event::Event,
    fold::fold,
    timeline::What,
    view::{Events, Profile},
};
use records::{key::ProfileId, payload::Crossing, subject::Subject};

use crate::{
    access::{
        action::{Action, FieldGroup},
        actor::Asker,
        permit::{AccessError, Permit},
    },
    port::{StoreError, Transaction},
    registry::{AsOf, Registry},
    trace::Outcome,
};

/// A profile, and what of it the purpose keeps closed.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileView {
    pub profile: Profile,
    pub closed: Vec<FieldGroup>,
}

/// Why nothing is shown.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    #[error("there is no such profile at that time")]
    NoSuchProfile,
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error("could not read the records")]
    Store(#[from] StoreError),
}

impl Registry {
    /// The profile on a day, as known at a time.
    pub async fn view_profile(&self, asker: &Asker, profile: ProfileId, as_of: AsOf) -> Result<ProfileView, ViewError> {
        let mut visit = self.enter(asker, Action::ViewProfile, Some(profile)).await?;
        let mut seen = self.load_profile(&mut *visit.work, profile, as_of).await?;
        let closed = narrow(&mut seen, &visit.permit);
        visit.leave(vec![profile], Outcome::Done).await?;
        Ok(ProfileView { profile: seen, closed })
    }

    /// The whole profile, for conclusions that show less than it holds. Never handed out as it is.
    pub(crate) async fn load_profile(
        &self,
        work: &mut dyn Transaction,
        profile: ProfileId,
        as_of: AsOf,
    ) -> Result<Profile, ViewError> {
        let records = work.records_of(profile, as_of.known_at).await?;
        if records.is_empty() {
            return Err(ViewError::NoSuchProfile);
        }
        Ok(fold(profile, &records, as_of.on, as_of.known_at, &self.profile_rules))
    }
}

/// Empties what the permit does not open; answers which groups that were.
pub(crate) fn narrow(profile: &mut Profile, permit: &Permit) -> Vec<FieldGroup> {
    let closed: Vec<FieldGroup> = FieldGroup::ALL.into_iter().filter(|group| !permit.sees(*group)).collect();
    for group in &closed {
        close(profile, *group);
    }
    profile.timeline.retain(|moment| permit.sees(group_of(moment.what)));
    if closed.iter().any(|group| PERSON.contains(group)) {
        for crossing in &mut profile.events.crossings {
            hide_mrz(crossing);
        }
    }
    closed
}

/// Groups that the lines of a passport show.
const PERSON: [FieldGroup; 2] = [FieldGroup::Identity, FieldGroup::Documents];

fn close(profile: &mut Profile, group: FieldGroup) {
    let identity = &mut profile.identity;
    let Events {
        crossings,
        notices,
        permits,
        decisions,
        payments,
        insured,
        benefits,
        policies,
        certificates,
        studies,
        visas,
        accreditations,
        residences,
        employment_notices,
    } = &mut profile.events;
    match group {
        FieldGroup::Identity => {
            (identity.latin, identity.cyrillic, identity.birth_date) = (None, None, None);
            (identity.birth_place, identity.sex, identity.citizenship) = (None, None, None);
            identity.citizenships.clear();
            said(profile, |subject| {
                *subject = Subject {
                    document: subject.document.take(),
                    inn: subject.inn.take(),
                    snils: subject.snils.take(),
                    enp: subject.enp.take(),
                    student_id: subject.student_id.take(),
                    ..Subject::default()
                };
            });
        }
        FieldGroup::Documents => {
            identity.documents.clear();
            said(profile, |subject| subject.document = None);
        }
        FieldGroup::Numbers => {
            identity.inn.clear();
            identity.snils.clear();
            identity.enp.clear();
            identity.student_ids.clear();
            said(profile, |subject| {
                (subject.inn, subject.snils, subject.enp, subject.student_id) = (None, None, None, None);
            });
        }
        FieldGroup::Stays => {
            crossings.clear();
            profile.stays.clear();
        }
        FieldGroup::Address => {
            notices.clear();
            residences.clear();
            profile.place = None;
        }
        FieldGroup::Family => {
            profile.family.clear();
            for notice in notices {
                notice.fact.family.clear();
                notice.earlier.iter_mut().for_each(|earlier| earlier.fact.family.clear());
            }
        }
        FieldGroup::Permits => permits.clear(),
        FieldGroup::Visas => {
            visas.clear();
            accreditations.clear();
        }
        FieldGroup::Work => {
            employment_notices.clear();
            insured.clear();
            profile.jobs.clear();
        }
        FieldGroup::Studies => studies.clear(),
        FieldGroup::Payments => payments.clear(),
        FieldGroup::Medical => {
            certificates.clear();
            policies.clear();
            benefits.clear();
        }
        FieldGroup::Decisions => decisions.clear(),
    }
}

fn said(profile: &mut Profile, mut hide: impl FnMut(&mut Subject)) {
    for correction in &mut profile.corrections {
        hide(&mut correction.said_of_person);
    }
}

fn hide_mrz(crossing: &mut Event<Crossing>) {
    crossing.fact.mrz = None;
    for earlier in &mut crossing.earlier {
        earlier.fact.mrz = None;
    }
}

fn group_of(what: What) -> FieldGroup {
    match what {
        What::Entered | What::EnteredByNotice | What::EntryMissing | What::Left | What::ExitMissing => {
            FieldGroup::Stays
        }
        What::Registered
        | What::RegistrationProlonged
        | What::AddressChanged
        | What::RegistrationEnds
        | What::ResidentListed => FieldGroup::Address,
        What::PermitIssued | What::PermitEnds | What::PermitAnnulled => FieldGroup::Permits,
        What::TaxPaid => FieldGroup::Payments,
        What::WorkBegan | What::WorkEnded | What::InsuredBegan | What::InsuredEnded => FieldGroup::Work,
        What::BenefitPaid | What::PolicyBegan | What::PolicyEnded | What::Examined => FieldGroup::Medical,
        What::StudiesBegan | What::StudiesEnd => FieldGroup::Studies,
        What::VisaIssued | What::VisaEnds | What::AccreditedFrom | What::AccreditationEnds => FieldGroup::Visas,
        What::DecisionTaken | What::DecisionRevoked | What::DecisionEnds => FieldGroup::Decisions,
    }
}
