//! Coming and going: visits by the rhythm of a way of life, and visits in company.

use super::{Ending, Life, Stay, Visit, travels_by_visa};
use crate::{
    day_number::{DayNumber, WINDOW_DAYS, WINDOW_END, WINDOW_START},
    draw::{Draw, Spread},
    person::Person,
    way::{Purpose, Way},
    world::World,
};

/// Visits of one person; the shortest absence and the shortest stay keep lives below.
const VISITS_MAX: usize = 64;
/// How long before the window somebody's coming and going begins.
const HISTORY_DAYS: i32 = 1_500;
/// What ended longer ago has left no paper that still runs.
const PAPERS_RUN_DAYS: i32 = 364;
/// A stay shorter than that has no second region.
const MOVE_AFTER_DAYS: i32 = 60;
/// How long an overstay lasts. Sample: 94 to 406 days.
const OVERSTAY: Spread = Spread([100, 110, 118, 135, 165, 200, 330, 390, 420]);

pub(super) fn draw(world: &World, person: &Person, draw: &mut Draw) -> Vec<Visit> {
    let spans = match person.way {
        Way::Student => academic_years(person, draw),
        _ => spans(world, person, draw),
    };
    let mut visits = Vec::with_capacity(spans.len());
    let mut region = person.home;
    for span in spans {
        if !visits.is_empty() && !draw.chance(person.way.rhythm().same_region) {
            region = world.draw_region(draw);
        }
        let visit = visit(world, person, span, region, draw);
        region = visit.stays.last().map_or(region, |stay| stay.region);
        visits.push(visit);
    }
    end(person, visits)
}

/// First and last day, and whether the right to stay ran out before.
#[derive(Clone, Copy)]
struct Span {
    from: DayNumber,
    to: DayNumber,
    overstayed: bool,
}

fn spans(world: &World, person: &Person, draw: &mut Draw) -> Vec<Span> {
    let rhythm = person.way.rhythm();
    let established = draw.chance(rhythm.established);
    let mut at = if established {
        let cycle = draw.spread(&rhythm.stay) + draw.spread(&rhythm.absence);
        WINDOW_START.minus(HISTORY_DAYS).plus(draw.between(0, cycle))
    } else {
        WINDOW_START.plus(draw.index(WINDOW_DAYS - 6) as i32)
    };
    let mut spans = Vec::new();
    while at < WINDOW_END.minus(2) && spans.len() < VISITS_MAX {
        if person.way == Way::Seasonal {
            at = towards_spring(at, draw);
        }
        let (stay, overstayed) = length(world, person, draw);
        let to = at.plus(stay);
        if to >= WINDOW_START.minus(PAPERS_RUN_DAYS) {
            spans.push(Span {
                from: at,
                to,
                overstayed,
            });
        }
        // Who came before the window kept coming until it.
        if to >= WINDOW_START && !draw.chance(rhythm.returns) {
            break;
        }
        at = to.plus(draw.spread(&rhythm.absence).max(1));
    }
    spans
}

/// Seasonal work begins in March and April. Sample: 346 of 753 entries.
const SPRING: f64 = 0.55;

fn towards_spring(at: DayNumber, draw: &mut Draw) -> DayNumber {
    let (year, month, _) = at.civil();
    let spring_of = match month {
        1 | 2 => year,
        11 | 12 => year + 1,
        _ => return at,
    };
    if draw.chance(SPRING) {
        DayNumber::of(spring_of, 3, 1).plus(draw.between(0, 50))
    } else {
        at
    }
}

fn length(world: &World, person: &Person, draw: &mut Draw) -> (i32, bool) {
    let stay = draw.spread(&person.way.rhythm().stay);
    let by_visa = travels_by_visa(world, person);
    let rate = match person.way {
        Way::Visitor if !by_visa => world.rates.overstay,
        Way::Tourist if by_visa => world.rates.visa_overstay,
        _ => 0.0,
    };
    let is_belarusian = person.citizenship(world).country.as_str() == "BLR";
    if !is_belarusian && draw.chance(rate) {
        (draw.spread(&OVERSTAY), true)
    } else {
        (stay, false)
    }
}

/// Years of study begin in late summer; a few come later. Sample: 407 of 459 enrolments in August and September.
const LATE_TERM: f64 = 0.1;
/// First academic year of those who study, 2021 to 2025. Sample: first entries of 141 students.
const FIRST_YEARS: [f64; 5] = [0.24, 0.42, 0.12, 0.12, 0.10];
const STUDY_YEARS: i32 = 4;

fn academic_years(person: &Person, draw: &mut Draw) -> Vec<Span> {
    let mut left = draw.unit();
    let mut first = 2021;
    for share in FIRST_YEARS {
        if left < share {
            break;
        }
        left -= share;
        first += 1;
    }
    let usual = draw.between(0, 30);
    let offset = if draw.chance(LATE_TERM) {
        draw.between(45, 190)
    } else {
        0
    };
    let mut spans: Vec<Span> = Vec::new();
    for year in first..(first + STUDY_YEARS).min(2026) {
        let from = DayNumber::of(year, 8, 12).plus(usual + offset + draw.between(0, 10));
        let from = spans.last().map_or(from, |last| from.max(last.to.plus(20)));
        let to = from.plus(draw.spread(&person.way.rhythm().stay));
        if to >= WINDOW_START.minus(PAPERS_RUN_DAYS) && from < WINDOW_END {
            spans.push(Span {
                from,
                to,
                overstayed: false,
            });
        }
    }
    spans
}

fn visit(world: &World, person: &Person, span: Span, region: usize, draw: &mut Draw) -> Visit {
    let purpose = match person.way {
        Way::Visitor if draw.chance(world.rates.visitor_on_business) => Purpose::Business,
        way => way.purpose(),
    };
    let is_worker = purpose == Purpose::Work && person.way != Way::Rvp;
    let may_declare_otherwise = is_worker && !person.citizenship(world).needs_visa();
    let declared = if may_declare_otherwise && draw.chance(world.rates.work_declared_private) {
        Purpose::Private
    } else {
        purpose
    };
    Visit {
        entered: span.from,
        end: span.to,
        ending: Ending::Exit,
        stays: stays(world, person, span, region, draw),
        purpose,
        declared,
        born_here: false,
        visa: None,
        overstayed: span.overstayed,
    }
}

fn stays(world: &World, person: &Person, span: Span, region: usize, draw: &mut Draw) -> Vec<Stay> {
    let days = span.to.since(span.from);
    let mut first = Stay {
        from: span.from,
        to: span.to,
        region,
    };
    if days <= MOVE_AFTER_DAYS || !draw.chance(person.way.rhythm().moves) {
        return vec![first];
    }
    let elsewhere = world.draw_region(draw);
    if elsewhere == region {
        return vec![first];
    }
    first.to = span.from.plus(draw.between(days / 5, days * 4 / 5));
    let second = Stay {
        from: first.to.plus(1),
        to: span.to,
        region: elsewhere,
    };
    vec![first, second]
}

/// Cuts the visits where a life among foreigners ends.
fn end(person: &Person, mut visits: Vec<Visit>) -> Vec<Visit> {
    if let Some(day) = person.died {
        cut(&mut visits, day, Ending::Death);
    }
    if let Some(day) = person.naturalised {
        cut(&mut visits, day.minus(1), Ending::Naturalisation);
    }
    visits
}

/// Ends the visit that contains `day` with it, and drops what comes after.
pub(super) fn cut(visits: &mut Vec<Visit>, day: DayNumber, ending: Ending) {
    visits.retain(|visit| visit.entered <= day);
    if let Some(last) = visits.last_mut().filter(|visit| visit.end >= day) {
        last.end = day;
        last.ending = ending;
        last.stays.retain(|stay| stay.from <= day);
        if let Some(stay) = last.stays.last_mut() {
            stay.to = day;
        }
    }
}

/// A companion stays away from so many visits of the other, leaves earlier on so many. Sample: 153 absences of 124
/// children, 21 of them over half a year.
const STAYS_AWAY: f64 = 0.08;
const LEAVES_EARLIER: f64 = 0.06;
/// Comes for the first time on the first visit, else on a later one. Sample: most.
const FROM_THE_FIRST: f64 = 0.62;

/// Visits of a child or spouse, who comes and goes with `other`.
pub fn follow(person: &Person, other: &Life, draw: &mut Draw) -> Vec<Visit> {
    let born = person.roots.birth.earliest();
    let first = if draw.chance(FROM_THE_FIRST) {
        0
    } else {
        draw.index(other.visits.len().max(1))
    };
    let mut visits = Vec::new();
    for visit in other.visits.iter().skip(first) {
        let too_old = person.way == Way::Child && person.age_on(visit.entered) >= 18;
        if visit.end < born || visit.end < WINDOW_START || too_old || draw.chance(STAYS_AWAY) {
            continue;
        }
        let mut own = visit.clone();
        own.purpose = Purpose::Private;
        own.declared = Purpose::Private;
        own.visa = None;
        own.overstayed = false;
        if born > own.entered {
            own.entered = born;
            own.born_here = true;
            own.stays.retain(|stay| stay.to >= born);
            if let Some(stay) = own.stays.first_mut() {
                stay.from = born;
            }
        }
        let mut company = vec![own];
        // The other's death or naturalisation is not the companion's; it leaves after a while.
        if visit.ending != Ending::Exit {
            company[0].ending = Ending::Exit;
        }
        let days = company[0].days();
        if days > 90 && draw.chance(LEAVES_EARLIER) {
            let leaves = company[0].entered.plus(draw.between(30, days - 10));
            cut(&mut company, leaves, Ending::Exit);
        }
        visits.append(&mut company);
    }
    end(person, visits)
}
