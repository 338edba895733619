//! What truly happens to a person: visits, work, papers, decisions. Agencies see parts of it.

use crate::{
    day_number::DayNumber,
    draw::{Draw, Topic},
    person::Person,
    way::{Purpose, Way},
    world::{Employer, World},
};

mod care;
mod decisions;
mod labour;
mod settling;
mod visits;

pub use decisions::{Decision, DecisionKind, Revocation, unlawful_from};
pub use settling::accredit_family;
pub use visits::follow;

/// Time in one region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stay {
    pub from: DayNumber,
    pub to: DayNumber,
    /// Place in the pack's list of regions.
    pub region: usize,
}

/// How a visit ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Exit,
    Death,
    /// Goes on as a citizen.
    Naturalisation,
}

/// Time in the country between an entry and what ends it. The end may lie beyond the window.
#[derive(Clone, Debug)]
pub struct Visit {
    pub entered: DayNumber,
    pub end: DayNumber,
    pub ending: Ending,
    /// One after the other without a gap.
    pub stays: Vec<Stay>,
    pub purpose: Purpose,
    /// What was declared at the border.
    pub declared: Purpose,
    /// Born in the country, so there was no entry.
    pub born_here: bool,
    /// Place in [`Life::visas`].
    pub visa: Option<usize>,
    /// Visa-free stay outlasted, or visa.
    pub overstayed: bool,
}

impl Visit {
    pub fn contains(&self, day: DayNumber) -> bool {
        (self.entered..=self.end).contains(&day)
    }

    pub fn days(&self) -> i32 {
        self.end.since(self.entered)
    }

    pub fn region_on(&self, day: DayNumber) -> usize {
        self.stays
            .iter()
            .find(|stay| day <= stay.to)
            .or(self.stays.last())
            .map_or(0, |stay| stay.region)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PermitKind {
    Patent,
    Work,
    TemporaryResidence,
    Residence,
}

#[derive(Clone, Debug)]
pub struct Permit {
    pub kind: PermitKind,
    pub number: String,
    pub region: usize,
    pub issued: DayNumber,
    pub until: Option<DayNumber>,
    /// Place in the list of professions.
    pub profession: Option<usize>,
    pub annulled: Option<DayNumber>,
    /// Of a patent: last day paid for, without a gap from its issue.
    pub paid_until: DayNumber,
}

#[derive(Clone, Copy, Debug)]
pub struct Payment {
    pub day: DayNumber,
    pub region: usize,
    pub kopecks: i64,
    pub is_short: bool,
    /// Place in [`Life::permits`].
    pub permit: usize,
}

#[derive(Clone, Debug)]
pub struct Job {
    pub employer: Employer,
    pub from: DayNumber,
    /// None while it lasts beyond the window.
    pub to: Option<DayNumber>,
    pub permit: Option<usize>,
    pub profession: usize,
    pub is_insured: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BenefitKind {
    TemporaryDisability,
    ChildCare,
    Maternity,
}

#[derive(Clone, Copy, Debug)]
pub struct Benefit {
    pub kind: BenefitKind,
    pub from: DayNumber,
    pub to: DayNumber,
}

#[derive(Clone, Debug)]
pub struct Policy {
    pub is_compulsory: bool,
    pub number: String,
    pub from: DayNumber,
    pub until: Option<DayNumber>,
}

#[derive(Clone, Copy, Debug)]
pub struct Examination {
    pub day: DayNumber,
    pub region: usize,
    pub is_fit: bool,
}

#[derive(Clone, Debug)]
pub struct Visa {
    pub number: String,
    pub purpose: Purpose,
    pub issued: DayNumber,
    pub from: DayNumber,
    pub until: DayNumber,
    pub entries: u8,
}

#[derive(Clone, Copy, Debug)]
pub struct Enrolment {
    /// Place in the list of institutions.
    pub institution: usize,
    pub level: &'static str,
    pub from: DayNumber,
    pub to: DayNumber,
}

#[derive(Clone, Debug)]
pub struct Accreditation {
    pub category: &'static str,
    pub organisation: String,
    pub role: &'static str,
    pub from: DayNumber,
    pub until: DayNumber,
    /// The person whose family it is.
    pub principal: Option<u64>,
}

/// Everything that happens to one person, each list by time.
#[derive(Clone, Debug, Default)]
pub struct Life {
    pub visits: Vec<Visit>,
    pub permits: Vec<Permit>,
    pub payments: Vec<Payment>,
    pub jobs: Vec<Job>,
    pub benefits: Vec<Benefit>,
    pub policies: Vec<Policy>,
    pub examinations: Vec<Examination>,
    pub visas: Vec<Visa>,
    pub enrolments: Vec<Enrolment>,
    pub accreditation: Option<Accreditation>,
    /// Day of entry in the list of voters.
    pub votes_from: Option<DayNumber>,
    pub decisions: Vec<Decision>,
}

impl Life {
    pub fn visit_on(&self, day: DayNumber) -> Option<&Visit> {
        self.visits.iter().find(|visit| visit.contains(day))
    }
}

/// Lives `person`, who depends on nobody. A life may settle what was open about the person: whether and when other
/// personal data came into use.
pub fn live(world: &World, person: &mut Person) -> Life {
    let mut draw = world.draw(person.number, Topic::Life);
    let draw = &mut draw;
    let mut life = Life {
        visits: visits::draw(world, person, draw),
        ..Life::default()
    };
    decisions::end_by_ban(world, person, &mut life, draw);
    fill(world, person, &mut life, draw);
    decisions::come_again(person, &mut life, draw);
    life
}

/// What follows from the visits.
pub fn fill(world: &World, person: &mut Person, life: &mut Life, draw: &mut Draw) {
    settling::visas(world, person, life, draw);
    settling::residence(world, person, life, draw);
    settling::studies(world, person, life, draw);
    settling::accreditation(world, person, life, draw);
    labour::permits(world, person, life, draw);
    labour::jobs(world, person, life, draw);
    care::insurance(world, person, life, draw);
    care::examinations(world, person, life, draw);
    decisions::draw(world, person, life, draw);
    second_passport(person, life, draw);
}

/// Of visits by a holder of two citizenships, so many are made on the other passport. Chosen.
const ON_OTHER_PASSPORT: f64 = 0.3;

fn second_passport(person: &mut Person, life: &Life, draw: &mut Draw) {
    let Some(other) = person
        .identities
        .get(1)
        .filter(|identity| identity.kind == crate::person::IdentityKind::Dual)
        .cloned()
    else {
        return;
    };
    for visit in &life.visits {
        if draw.chance(ON_OTHER_PASSPORT) {
            person.spells.push(crate::person::Spell {
                from: visit.entered,
                to: visit.end,
                identity: other.clone(),
                patronymic: person.patronymic,
                snils: person.snils.clone(),
                inn: person.inn.clone(),
            });
        }
    }
}

/// Whether a person of this way goes by visa, being of a state whose citizens need one.
fn travels_by_visa(world: &World, person: &Person) -> bool {
    let settled = matches!(
        person.way,
        Way::Vnzh | Way::Rvp | Way::Naturalised | Way::Diplomat
    );
    person.citizenship(world).needs_visa() && !settled
}
