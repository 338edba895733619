//! Work: patents and what is paid for them, work permits, jobs.

use super::{Benefit, BenefitKind, Job, Life, Payment, Permit, PermitKind, Visit};
use crate::{
    day_number::{DayNumber, WINDOW_END, WINDOW_START},
    draw::{Draw, Spread},
    person::Person,
    spelling::Sex,
    way::Way,
    world::{PAPERS_MAX, World},
};

/// A visit shorter than that ends before its patent could be issued.
const PATENT_VISIT_DAYS: i32 = 40;
/// Months that one patent may run (115-FZ art. 13.3 p. 5).
const PATENT_MONTHS: i32 = 12;
/// First payment before the issue; later ones before the paid time ends. Sample: 1 to 4, 0 to 5 days.
const FIRST_PAYMENT_DAYS: (i32, i32) = (1, 4);
const NEXT_PAYMENT_DAYS: (i32, i32) = (0, 5);
const SHORT_BY_KOPECKS: i64 = 10_000;
/// Years of a highly qualified specialist's permit (115-FZ art. 13.2 p. 12).
const HQS_MONTHS: i32 = 36;
/// A work permit is followed by another when so much of the visit is left, and not always. Sample: 182 permits for 189
/// visits.
const RENEWED_FOR_DAYS: i32 = 90;
const NOT_RENEWED: f64 = 0.6;
/// Permit before entry. Sample: a work permit is issued some weeks before.
const PERMIT_BEFORE: Spread = Spread([5, 10, 12, 18, 26, 40, 55, 60, 70]);

pub(super) fn permits(world: &World, person: &Person, life: &mut Life, draw: &mut Draw) {
    let visits = std::mem::take(&mut life.visits);
    for visit in &visits {
        match person.way {
            way if way.takes_patents() => patents(world, person, visit, life, draw),
            Way::VisaWorker => work_permits(world, person, visit, PATENT_MONTHS, life, draw),
            Way::Hqs => work_permits(world, person, visit, HQS_MONTHS, life, draw),
            _ => {}
        }
    }
    life.visits = visits;
}

/// One patent after the other as long as the visit lasts and it is paid.
fn patents(world: &World, person: &Person, visit: &Visit, life: &mut Life, draw: &mut Draw) {
    if visit.days() < PATENT_VISIT_DAYS {
        return;
    }
    let mut issued = visit.entered.plus(draw.spread(&world.rates.patent_after_entry));
    while issued < visit.end.minus(5) && (life.permits.len() as u64) < PAPERS_MAX {
        let lasts = patent(world, person, visit, issued, life, draw);
        let Some(permit) = life.permits.last().filter(|_| lasts) else {
            return;
        };
        issued = permit.paid_until.plus(1);
    }
}

/// Takes and pays one patent; whether it was paid to its very end.
fn patent(
    world: &World,
    person: &Person,
    visit: &Visit,
    issued: DayNumber,
    life: &mut Life,
    draw: &mut Draw,
) -> bool {
    let mut region = visit.region_on(issued);
    if draw.chance(world.rates.patent_elsewhere) {
        region = world.draw_region(draw);
    }
    let at = life.permits.len();
    let mut months = 0;
    let mut paid_until = issued.minus(1);
    let mut lapsed = false;
    while months < PATENT_MONTHS && paid_until < visit.end {
        let ahead = if months == 0 {
            FIRST_PAYMENT_DAYS
        } else {
            NEXT_PAYMENT_DAYS
        };
        if months > 0 && draw.chance(world.rates.patent_lapses) {
            lapsed = true;
            break;
        }
        let due = if months == 0 { issued } else { paid_until };
        let day = due.minus(draw.between(ahead.0, ahead.1));
        let paid = months_at_once(&world.rates.months_paid, draw).min(PATENT_MONTHS - months);
        life.payments.push(payment(world, day, region, paid, at, draw));
        months += paid;
        paid_until = issued.plus_months(months).minus(1);
    }
    let annulled = (lapsed && draw.chance(world.rates.lapsed_annulled))
        .then(|| paid_until.plus(draw.between(15, 120)))
        .filter(|day| *day <= visit.end);
    life.permits.push(Permit {
        kind: PermitKind::Patent,
        number: world.patent_number(person.number, at as u64),
        region,
        issued,
        until: Some(issued.plus_months(PATENT_MONTHS).minus(1)),
        profession: Some(draw.index(world.lists.words.professions.len())),
        annulled,
        paid_until,
    });
    !lapsed && months == PATENT_MONTHS
}

fn months_at_once(shares: &[f64; 4], draw: &mut Draw) -> i32 {
    let mut left = draw.unit();
    for (at, share) in shares.iter().enumerate() {
        if left < *share {
            return at as i32 + 1;
        }
        left -= share;
    }
    1
}

fn payment(
    world: &World,
    day: DayNumber,
    region: usize,
    months: i32,
    permit: usize,
    draw: &mut Draw,
) -> Payment {
    let full = world.pack.patent_month_kopecks(region, day.year()) * i64::from(months);
    let is_short = draw.chance(world.rates.payment_short);
    Payment {
        day,
        region,
        kopecks: if is_short { full - SHORT_BY_KOPECKS } else { full },
        is_short,
        permit,
    }
}

fn work_permits(
    world: &World,
    person: &Person,
    visit: &Visit,
    months: i32,
    life: &mut Life,
    draw: &mut Draw,
) {
    let region = visit.stays.first().map_or(person.home, |stay| stay.region);
    let mut issued = visit.entered.minus(draw.spread(&PERMIT_BEFORE));
    while issued < visit.end && (life.permits.len() as u64) < PAPERS_MAX {
        let until = issued.plus_months(months).minus(1);
        life.permits.push(Permit {
            kind: PermitKind::Work,
            number: world.work_permit_number(person.number, life.permits.len() as u64),
            region,
            issued,
            until: Some(until),
            profession: Some(draw.index(world.lists.words.professions.len())),
            annulled: None,
            paid_until: until,
        });
        if visit.end.since(until) < RENEWED_FOR_DAYS || draw.chance(NOT_RENEWED) {
            return;
        }
        issued = until.minus(draw.between(10, 40));
    }
}

/// A job shorter than that is not begun. Sample: 13 days.
const JOB_DAYS: i32 = 20;
/// Days between two jobs within a visit. Sample: 5 to 25.
const BETWEEN_JOBS: (i32, i32) = (5, 25);
/// A job ends so many days before the exit at most, when it ends with the stay. Sample: 0 to 5.
const BEFORE_EXIT_DAYS: i32 = 5;
/// Jobs that one visit may bring.
const JOBS_MAX: usize = 4;

pub(super) fn jobs(world: &World, person: &Person, life: &mut Life, draw: &mut Draw) {
    let rhythm = person.way.rhythm();
    let visits = std::mem::take(&mut life.visits);
    for visit in &visits {
        if visit.end < WINDOW_START || !draw.chance(rhythm.works) {
            continue;
        }
        let earliest = match first_permit(person, visit, life) {
            // Nobody works without the patent that is meant to be shown here.
            None if person.way.takes_patents() => continue,
            first => first.map_or(visit.entered, |issued| issued.max(visit.entered)),
        };
        let mut from = earliest.plus(draw.spread(&rhythm.job_after));
        for _ in 0..JOBS_MAX {
            if from > visit.end.minus(JOB_DAYS) || from > WINDOW_END {
                break;
            }
            let to = job(world, person, visit, from, life, draw);
            if to >= visit.end.minus(BEFORE_EXIT_DAYS) || !draw.chance(world.rates.next_job * 2.0) {
                // twice, for two jobs in three end with the stay
                break;
            }
            from = to.plus(draw.between(BETWEEN_JOBS.0, BETWEEN_JOBS.1));
        }
    }
    life.visits = visits;
    benefits(world, person, life, draw);
}

fn first_permit(person: &Person, visit: &Visit, life: &Life) -> Option<DayNumber> {
    let kind = match person.way {
        way if way.takes_patents() => PermitKind::Patent,
        Way::VisaWorker | Way::Hqs => PermitKind::Work,
        _ => return None,
    };
    life.permits
        .iter()
        .filter(|permit| permit.kind == kind && permit.until >= Some(visit.entered))
        .map(|permit| permit.issued)
        .find(|issued| *issued <= visit.end)
}

/// Begins a job and gives its last day.
fn job(
    world: &World,
    person: &Person,
    visit: &Visit,
    from: DayNumber,
    life: &mut Life,
    draw: &mut Draw,
) -> DayNumber {
    let region = if draw.chance(world.rates.job_elsewhere) {
        world.draw_region(draw)
    } else {
        visit.region_on(from)
    };
    let days = visit.end.since(from);
    let to = if draw.chance(world.rates.job_ends_with_stay) {
        visit.end.minus(draw.between(0, BEFORE_EXIT_DAYS))
    } else {
        from.plus(draw.between(JOB_DAYS.min(days), days))
    };
    let permit = life.permits.iter().rposition(|permit| {
        matches!(permit.kind, PermitKind::Patent | PermitKind::Work)
            && permit.issued <= from
            && permit.until.is_none_or(|until| until >= from)
    });
    life.jobs.push(Job {
        employer: world.employer(region, draw),
        from,
        to: (to <= WINDOW_END).then_some(to),
        permit: permit.filter(|_| person.way != Way::Rvp),
        profession: draw.index(world.lists.words.professions.len()),
        is_insured: draw.chance(world.rates.insured),
    });
    to
}

/// Sick leave; days of maternity leave and of the leave after it that the fund pays for.
const SICK_DAYS: (i32, i32) = (3, 20);
const MATERNITY_DAYS: i32 = 139;
const CHILD_CARE_DAYS: i32 = 540;

fn benefits(world: &World, person: &Person, life: &mut Life, draw: &mut Draw) {
    let [sick, care, maternity] = world.rates.benefits;
    for job in life.jobs.iter().filter(|job| job.is_insured) {
        let last = job.to.unwrap_or(WINDOW_END);
        let days = last.since(job.from);
        if days < 30 || last < WINDOW_START {
            continue;
        }
        let mut add = |kind, length, draw: &mut Draw| {
            let from = job.from.plus(draw.between(10, days - 10));
            life.benefits.push(Benefit {
                kind,
                from,
                to: from.plus(length),
            });
        };
        if draw.chance(sick) {
            let length = draw.between(SICK_DAYS.0, SICK_DAYS.1);
            add(BenefitKind::TemporaryDisability, length, draw);
        }
        if draw.chance(care) {
            add(BenefitKind::ChildCare, CHILD_CARE_DAYS, draw);
        }
        if person.sex() == Sex::Female && draw.chance(maternity) {
            add(BenefitKind::Maternity, MATERNITY_DAYS, draw);
        }
    }
}
