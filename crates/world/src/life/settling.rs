//! Visas, residence permits, studies, accreditation: the papers of a longer or a privileged stay.

use super::{Accreditation, Enrolment, Life, Permit, PermitKind, Visa, travels_by_visa};
use crate::{
    day_number::{DayNumber, WINDOW_END, WINDOW_START},
    draw::{Draw, Spread},
    person::Person,
    way::{Purpose, Way},
    world::{PAPERS_MAX, World},
};

/// A visa is issued ahead of its first day. Sample: quantiles of 694 visas.
const VISA_AHEAD: Spread = Spread([5, 7, 9, 18, 30, 46, 54, 56, 59]);
/// And runs beyond the planned exit. Sample.
const VISA_BEYOND: Spread = Spread([2, 4, 5, 9, 12, 17, 21, 22, 24]);
const VISA_DAYS_MIN: i32 = 14;
/// A tourist visa, when it is outstayed (114-FZ art. 25.6).
const TOURIST_VISA_DAYS: i32 = 30;

pub(super) fn visas(world: &World, person: &Person, life: &mut Life, draw: &mut Draw) {
    if !travels_by_visa(world, person) {
        return;
    }
    for (nth, visit) in life.visits.iter_mut().enumerate() {
        if visit.born_here || nth as u64 >= PAPERS_MAX {
            continue;
        }
        let from = visit.entered;
        let planned = if visit.overstayed {
            from.plus(TOURIST_VISA_DAYS)
        } else {
            visit.end.plus(draw.spread(&VISA_BEYOND))
        };
        let [for_work, for_others] = world.rates.two_entries;
        let twice = match visit.purpose {
            Purpose::Tourism => 0.0,
            Purpose::Work | Purpose::Study | Purpose::Business => for_work,
            _ => for_others,
        };
        visit.visa = Some(life.visas.len());
        life.visas.push(Visa {
            number: world.visa_number(person.number, nth as u64),
            purpose: visit.purpose,
            issued: from.minus(draw.spread(&VISA_AHEAD)),
            from,
            until: planned.max(from.plus(VISA_DAYS_MIN)),
            entries: if draw.chance(twice) { 2 } else { 1 },
        });
    }
}

/// Years of temporary residence (115-FZ art. 6).
const TEMPORARY_MONTHS: i32 = 36;
/// Temporary residents who have become permanent ones. Sample: 16 of 68.
const BECOMES_PERMANENT: f64 = 0.24;
/// How long before the window a permanent resident's permit was issued. Sample: 19 to 1,460 days.
const RESIDENT_SINCE: Spread = Spread([19, 60, 110, 250, 520, 800, 1_050, 1_200, 1_460]);
/// Permanent residents on the list of voters. Sample: 35 of 145 and 8 of 35; 7 of the 16.
const VOTERS: f64 = 0.25;

pub(super) fn residence(world: &World, person: &Person, life: &mut Life, draw: &mut Draw) {
    let Some(first) = life.visits.first() else {
        return;
    };
    let (entered, region) = (first.entered, first.region_on(first.entered));
    let permanent = match person.way {
        Way::Vnzh | Way::Naturalised => Some(if entered < WINDOW_START {
            WINDOW_START.minus(draw.spread(&RESIDENT_SINCE))
        } else {
            entered.plus(draw.between(20, 120))
        }),
        Way::Rvp => {
            let issued = if entered < WINDOW_START {
                WINDOW_START.minus(draw.between(10, 1_060))
            } else {
                entered.plus(draw.between(30, 150))
            };
            let until = issued.plus_months(TEMPORARY_MONTHS).minus(1);
            let number = world.temporary_residence_number(person.number);
            life.permits.push(residence_permit(
                PermitKind::TemporaryResidence,
                number,
                region,
                issued,
                Some(until),
            ));
            draw.chance(BECOMES_PERMANENT)
                .then(|| issued.plus(draw.between(370, 1_000)))
        }
        _ => None,
    };
    let latest = person.naturalised.or(person.died).unwrap_or(WINDOW_END);
    let Some(issued) = permanent.filter(|day| *day < latest) else {
        return;
    };
    let number = world.residence_number(person.number);
    let mut permit = residence_permit(PermitKind::Residence, number, region, issued, None);
    // A citizen needs no permit (115-FZ art. 9).
    permit.annulled = person.naturalised;
    life.permits.push(permit);
    // Entered at the earliest day of the window, for what is older is not sent again.
    let votes = draw.chance(VOTERS);
    let from = WINDOW_START.max(issued).plus(draw.between(20, 720));
    let is_here = life.visit_on(from).is_some();
    life.votes_from = (votes && is_here && from < latest).then_some(from);
}

fn residence_permit(
    kind: PermitKind,
    number: String,
    region: usize,
    issued: DayNumber,
    until: Option<DayNumber>,
) -> Permit {
    Permit {
        kind,
        number,
        region,
        issued,
        until,
        profession: None,
        annulled: None,
        paid_until: until.unwrap_or(WINDOW_END),
    }
}

const LEVELS: [&str; 4] = ["specialist", "bachelor", "master", "preparatory"];
/// Days of an academic year in the extract. Sample: all.
const ACADEMIC_YEAR_DAYS: i32 = 300;

pub(super) fn studies(world: &World, person: &Person, life: &mut Life, draw: &mut Draw) {
    if person.way != Way::Student {
        return;
    }
    let institution = world.lists.institution_sizes.draw(draw);
    let level = *draw.pick(&LEVELS);
    let region = world.pack.region(&world.lists.institutions[institution].region);
    for visit in &mut life.visits {
        // One studies where the institution is.
        if let Some(region) = region {
            for stay in &mut visit.stays {
                stay.region = region;
            }
        }
        let from = visit.entered.plus(draw.between(1, 14));
        life.enrolments.push(Enrolment {
            institution,
            level,
            from,
            to: from.plus(ACADEMIC_YEAR_DAYS),
        });
    }
}

const ACCREDITED_MONTHS: i32 = 36;
/// Missions rather than organisations. Sample: 8 of 11.
const MISSIONS: f64 = 0.72;

pub(super) fn accreditation(world: &World, person: &Person, life: &mut Life, draw: &mut Draw) {
    let (Way::Diplomat, Some(first)) = (person.way, life.visits.first()) else {
        return;
    };
    let from = if first.entered < WINDOW_START {
        WINDOW_START.minus(draw.between(20, 900))
    } else {
        first.entered.plus(draw.between(0, 12))
    };
    let (category, organisation, role) = if draw.chance(MISSIONS) {
        (
            "diplomatic_mission",
            format!("Embassy {}", person.citizenship(world).country),
            *draw.pick(&["diplomat", "administrative_technical"]),
        )
    } else {
        (
            "international_organisation",
            draw.pick(&world.lists.words.international_organisations).clone(),
            "staff",
        )
    };
    life.accreditation = Some(Accreditation {
        category,
        organisation,
        role,
        from,
        until: from.plus_months(ACCREDITED_MONTHS),
        principal: None,
    });
}

/// A diplomat's child or spouse, accredited as family.
pub fn accredit_family(life: &mut Life, principal: &Life, number: u64, is_child: bool) {
    let Some(card) = &principal.accreditation else {
        return;
    };
    let role = if is_child { "family_child" } else { "family_spouse" };
    life.accreditation = Some(Accreditation {
        role,
        principal: Some(number),
        ..card.clone()
    });
}
