//! Insurance and medical examinations.

use super::{Examination, Life, PermitKind, Policy};
use crate::{
    day_number::{DayNumber, WINDOW_START},
    draw::Draw,
    person::Person,
    way::Way,
    world::{PAPERS_MAX, World},
};

/// Voluntary insurance after entry. Sample: 1 to 19 days.
const INSURED_AFTER: (i32, i32) = (1, 19);
/// Compulsory insurance of an EAEU worker: visits that bring it, and when. Sample: 229 of 780, on day 40.
const EAEU_COMPULSORY: f64 = 0.30;
const EAEU_COMPULSORY_AFTER_DAYS: i32 = 40;
/// Of residents, and when after the permit. Sample: 110 of 145 and 57 of 68; 6 to 90 days.
const RESIDENT_COMPULSORY: f64 = 0.8;
const RESIDENT_COMPULSORY_AFTER: (i32, i32) = (6, 90);

pub(super) fn insurance(world: &World, person: &Person, life: &mut Life, draw: &mut Draw) {
    let share = person.way.rhythm().insurance;
    let number = |life: &Life| life.policies.len() as u64;
    for nth in 0..life.visits.len() {
        let visit = &life.visits[nth];
        let (entered, days) = (visit.entered, visit.days());
        if number(life) >= PAPERS_MAX {
            return;
        }
        if days > INSURED_AFTER.1 && draw.chance(share) {
            let from = entered.plus(draw.between(INSURED_AFTER.0, INSURED_AFTER.1));
            life.policies.push(Policy {
                is_compulsory: false,
                number: world.voluntary_policy(person.number, number(life)),
                from,
                until: Some(from.plus_months(12).minus(1)),
            });
        }
        if person.way == Way::EaeuWorker && days > EAEU_COMPULSORY_AFTER_DAYS && draw.chance(EAEU_COMPULSORY)
        {
            let from = entered.plus(EAEU_COMPULSORY_AFTER_DAYS);
            life.policies.push(Policy {
                is_compulsory: true,
                number: world.compulsory_policy(person.number, person.home),
                from,
                until: Some(from.plus_months(12).minus(1)),
            });
        }
    }
    resident(world, person, life, draw);
}

fn resident(world: &World, person: &Person, life: &mut Life, draw: &mut Draw) {
    let permit = life.permits.iter().find(|permit| {
        matches!(
            permit.kind,
            PermitKind::TemporaryResidence | PermitKind::Residence
        )
    });
    let Some(issued) = permit.map(|permit| permit.issued) else {
        return;
    };
    let (low, high) = RESIDENT_COMPULSORY_AFTER;
    let from = issued.plus(draw.between(low, high));
    let is_foreigner = person.naturalised.is_none_or(|day| from < day);
    if is_foreigner && draw.chance(RESIDENT_COMPULSORY) {
        life.policies.push(Policy {
            is_compulsory: true,
            number: world.compulsory_policy(person.number, person.home),
            from,
            until: None,
        });
    }
}

/// Examined so long before a patent. Sample: 3 to 7 days.
const BEFORE_PATENT: (i32, i32) = (3, 7);
/// Examined so long after entry where there is no patent. Sample: 5 to 29 days.
const AFTER_ENTRY: (i32, i32) = (5, 29);
const LONG_VISIT_DAYS: i32 = 60;
/// Children under six are exempt (115-FZ art. 5 p. 18).
const EXEMPT_AGE: i32 = 6;
/// Sample: 24 of 1,901.
const UNFIT: f64 = 0.013;

pub(super) fn examinations(world: &World, person: &Person, life: &mut Life, draw: &mut Draw) {
    let mut days: Vec<DayNumber> = life
        .permits
        .iter()
        .filter(|permit| permit.kind == PermitKind::Patent)
        .map(|permit| permit.issued)
        .collect();
    for day in &mut days {
        *day = day.minus(draw.between(BEFORE_PATENT.0, BEFORE_PATENT.1));
    }
    let share = person.way.rhythm().examined;
    let is_belarusian = person.citizenship(world).country.as_str() == "BLR";
    if !is_belarusian {
        for visit in &life.visits {
            let is_exempt = person.age_on(visit.entered) < EXEMPT_AGE;
            if visit.days() > LONG_VISIT_DAYS && !is_exempt && draw.chance(share) {
                days.push(visit.entered.plus(draw.between(AFTER_ENTRY.0, AFTER_ENTRY.1)));
            }
        }
    }
    for day in days.into_iter().filter(|day| *day >= WINDOW_START) {
        let region = life
            .visit_on(day)
            .map_or(person.home, |visit| visit.region_on(day));
        life.examinations.push(Examination {
            day,
            region,
            is_fit: !draw.chance(UNFIT),
        });
    }
}
