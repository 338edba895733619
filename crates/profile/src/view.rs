//! The profile: one resolved view of a person.

use jiff::Timestamp;
use records::{
    Day,
    country::Country,
    key::ProfileId,
    payload::{
        Accreditation, ArrivalNotice, Benefit, Crossing, Decision, EmploymentNotice, Enrolment, FamilyMember,
        Host, Insurance, MedicalCertificate, MedicalPolicy, Permit, Residence, TaxAdvance, Visa,
    },
    region::RegionCode,
    subject::Subject,
};
use serde::{Deserialize, Serialize};

use crate::{cite::Citation, event::Event, identity::Identity, presence::Stay, timeline::Moment};

/// Everything known of one person on day `on` at time `known_at`.
///
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    pub id: ProfileId,
    pub on: Day,
    pub known_at: Timestamp,
    /// Edition of the rules of choice.
    pub rules_edition: String,
    pub identity: Identity,
    /// Paired crossings, in order.
    pub stays: Vec<Stay>,
    /// Where the person stays on day `on`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    pub family: Vec<FamilyMemberSeen>,
    pub events: Events,
    /// Contracts: notices of conclusion and termination paired by employer.
    pub jobs: Vec<Job>,
    /// Versions that their sources replaced; history, never an argument.
    pub corrections: Vec<Correction>,
    pub timeline: Vec<Moment>,
}

/// What a record said before its source corrected it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    pub superseded: Citation,
    pub by: Citation,
    /// What the superseded version said of the person.
    pub said_of_person: Subject,
    /// Whether the event changed too: see [`Event::earlier`].
    pub event_changed: bool,
}

/// What happened, by kind: complete and sorted by the first valid day, also what has ended and what begins after the
/// day asked about, because rules look both ways. [`Profile::in_force`] narrows a list.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Events {
    pub crossings: Vec<Event<Crossing>>,
    pub notices: Vec<Event<ArrivalNotice>>,
    pub permits: Vec<Event<Permit>>,
    pub decisions: Vec<Event<Decision>>,
    pub payments: Vec<Event<TaxAdvance>>,
    pub insured: Vec<Event<Insurance>>,
    pub benefits: Vec<Event<Benefit>>,
    pub policies: Vec<Event<MedicalPolicy>>,
    pub certificates: Vec<Event<MedicalCertificate>>,
    pub studies: Vec<Event<Enrolment>>,
    pub visas: Vec<Event<Visa>>,
    pub accreditations: Vec<Event<Accreditation>>,
    pub residences: Vec<Event<Residence>>,
    pub employment_notices: Vec<Event<EmploymentNotice>>,
}

/// Address and region of stay on the day asked about, and until when they are notified.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub region: RegionCode,
    pub address: String,
    pub since: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<Host>,
    pub cited: Vec<Citation>,
}

/// A relative named on a notice of arrival. They have profiles of their own; this is what the form said.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FamilyMemberSeen {
    pub member: FamilyMember,
    pub cited: Vec<Citation>,
}

/// Work for one employer: concluded, perhaps ended.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    pub employer: records::payload::Employer,
    pub profession: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permit_number: Option<String>,
    /// `None`: only the termination was notified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Day>,
    pub cited: Vec<Citation>,
}

impl Job {
    pub fn holds_on(&self, day: Day) -> bool {
        self.from.is_some_and(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }
}

impl std::fmt::Debug for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Profile({})", self.id)
    }
}

impl Profile {
    /// Events of one kind that hold on the day asked about: `profile.in_force(&profile.events.permits)`.
    pub fn in_force<'a, T>(&self, events: &'a [Event<T>]) -> impl Iterator<Item = &'a Event<T>> {
        let on = self.on;
        events.iter().filter(move |event| event.holds_on(on))
    }

    /// The stay that covers the day asked about, by records alone.
    pub fn stay(&self) -> Option<&Stay> {
        self.stays.iter().find(|stay| stay.proven().contains(self.on))
    }

    pub fn citizenship(&self) -> Option<Country> {
        self.identity.citizenship.as_ref().map(|field| field.value)
    }
}
