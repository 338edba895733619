//! Shows the resolved view of a person, as far as the purpose opens it.
//!
//! Invariant: a closed group of fields is empty wherever it could show: in the events, in what they said before a
//! correction, in the timeline.

use jiff::Timestamp;
use profile::{event::Event, fold::fold, linked::LinkedRecord, timeline::What, view::Profile};
use records::{key::ProfileId, payload::Crossing, subject::Subject};

use crate::{
    access::{
        action::{Action, FieldGroup},
        actor::Asker,
        permit::{AccessError, Permit},
        visit::Visit,
    },
    contest::contests_about,
    port::{
        StoreError, Transaction,
        contests::{ContestId, Contested},
    },
    registry::{AsOf, Registry},
    trace::Outcome,
};

/// A profile, and what of it the purpose keeps closed.
#[derive(Clone, Debug, PartialEq)]
pub struct ProfileView {
    pub profile: Profile,
    pub closed: Vec<FieldGroup>,
    /// What of it is contested, as far as the purpose opens it, and not decided.
    pub contested: Vec<ContestMark>,
}

/// That something is contested: what, since when, in which case. Not by whom, nor in which words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContestMark {
    pub case: ContestId,
    pub about: Contested,
    pub since: Timestamp,
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
    pub async fn view_profile(
        &self,
        asker: &Asker,
        profile: ProfileId,
        as_of: AsOf,
    ) -> Result<ProfileView, ViewError> {
        let mut visit = self.enter(asker, Action::ViewProfile, Some(profile)).await?;
        let as_of = as_of.known_by(visit.now);
        let mut seen = self.load_profile(&mut *visit.work, profile, as_of).await?;
        let closed = narrow(&mut seen, &visit.permit);
        let contested = marks(&mut visit, &[profile, seen.id], as_of.known_at).await?;
        visit.leave(vec![seen.id], Outcome::Done).await?;
        Ok(ProfileView {
            profile: seen,
            closed,
            contested,
        })
    }

    /// The whole profile, or the one into which it went, for conclusions that show less than it holds. Never handed out as it is.
    pub(crate) async fn load_profile(
        &self,
        work: &mut dyn Transaction,
        profile: ProfileId,
        as_of: AsOf,
    ) -> Result<Profile, ViewError> {
        let profile = find_heir(work, profile, as_of.known_at)
            .await?
            .ok_or(ViewError::NoSuchProfile)?;
        let records = work.records_of(profile, as_of.known_at).await?;
        Ok(self.resolve(profile, &records, as_of))
    }

    /// The whole view that these records of a profile give.
    pub(crate) fn resolve(&self, profile: ProfileId, records: &[LinkedRecord], as_of: AsOf) -> Profile {
        fold(profile, records, as_of.on, as_of.known_at, &self.profile_rules)
    }
}

/// Cases open at `known_at` that the permit opens, the newest first.
async fn marks(
    visit: &mut Visit,
    profiles: &[ProfileId],
    known_at: Timestamp,
) -> Result<Vec<ContestMark>, StoreError> {
    let contests = contests_about(visit, profiles, known_at).await?;
    let open = contests
        .into_iter()
        .filter(|contest| contest.was_open_at(known_at) && visit.permit.sees(contest.group));
    Ok(open
        .map(|contest| ContestMark {
            case: contest.id,
            about: contest.about,
            since: contest.opened_at,
        })
        .collect())
}

/// The profile under which a person's records stand: after a merge another one than before. None where they stand
/// under several, because only an official can tell which of them it is.
pub(crate) async fn find_heir(
    work: &mut dyn Transaction,
    profile: ProfileId,
    known_at: Timestamp,
) -> Result<Option<ProfileId>, StoreError> {
    match work.heirs(profile, known_at).await?.as_slice() {
        [heir] => Ok(Some(*heir)),
        _ => Ok(None),
    }
}

/// Empties what the permit does not open; answers which groups that were.
pub(crate) fn narrow(profile: &mut Profile, permit: &Permit) -> Vec<FieldGroup> {
    let closed: Vec<FieldGroup> = FieldGroup::ALL
        .into_iter()
        .filter(|group| !permit.sees(*group))
        .collect();
    for group in &closed {
        close(profile, *group);
    }
    profile
        .timeline
        .retain(|moment| permit.sees(group_of(moment.what)));
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
    let events = &mut profile.events;
    match group {
        FieldGroup::Identity => close_identity(profile),
        FieldGroup::Documents => {
            profile.identity.documents.clear();
            said(profile, |subject| subject.document = None);
        }
        FieldGroup::Numbers => close_numbers(profile),
        FieldGroup::Stays => {
            events.crossings.clear();
            profile.stays.clear();
        }
        FieldGroup::Address => close_address(profile),
        FieldGroup::Family => {
            profile.family.clear();
            for notice in &mut events.notices {
                notice.fact.family.clear();
                notice
                    .earlier
                    .iter_mut()
                    .for_each(|earlier| earlier.fact.family.clear());
            }
        }
        FieldGroup::Permits => events.permits.clear(),
        FieldGroup::Visas => {
            events.visas.clear();
            events.accreditations.clear();
        }
        FieldGroup::Work => {
            events.employment_notices.clear();
            events.insured.clear();
            profile.jobs.clear();
        }
        FieldGroup::Studies => events.studies.clear(),
        FieldGroup::Payments => events.payments.clear(),
        FieldGroup::Medical => {
            events.certificates.clear();
            events.policies.clear();
            events.benefits.clear();
        }
        FieldGroup::Decisions => events.decisions.clear(),
    }
}

fn close_identity(profile: &mut Profile) {
    let identity = &mut profile.identity;
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

fn close_numbers(profile: &mut Profile) {
    let identity = &mut profile.identity;
    identity.inn.clear();
    identity.snils.clear();
    identity.enp.clear();
    identity.student_ids.clear();
    said(profile, |subject| {
        (subject.inn, subject.snils, subject.enp, subject.student_id) = (None, None, None, None);
    });
}

/// The region of a stay stays open with the stay: it is part of the right, the address is not.
fn close_address(profile: &mut Profile) {
    profile.events.notices.clear();
    profile.events.residences.clear();
    profile.place = None;
    for stay in &mut profile.stays {
        stay.segments
            .iter_mut()
            .for_each(|segment| segment.address = None);
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
        What::VisaIssued | What::VisaEnds | What::AccreditedFrom | What::AccreditationEnds => {
            FieldGroup::Visas
        }
        What::DecisionTaken | What::DecisionRevoked | What::DecisionEnds => FieldGroup::Decisions,
    }
}
