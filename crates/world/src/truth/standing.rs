//! Right to stay and to work of some people on three days, only where no doubt is possible.
//!
//! Judged from the life alone: the generator knows what it made and asks no rule engine.

use crate::{
    block::Case,
    day_number::{DayNumber, WINDOW_START},
    draw::Topic,
    life::{Life, Permit, PermitKind, Visit, unlawful_from},
    lists::Regime,
    person::Flag,
    way::Way,
    world::World,
};

/// Days on which no transitional decree covered those without a right to stay.
pub const STANDING_DAYS: [DayNumber; 3] = [
    DayNumber::of(2023, 11, 25),
    DayNumber::of(2024, 10, 19),
    DayNumber::of(2025, 9, 12),
];

/// Nothing may change so close to the day.
const MARGIN_DAYS: i32 = 6;
/// Somebody without right to stay has been so for so long.
const LAPSED_DAYS: i32 = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub(super) day: DayNumber,
    pub(super) may_stay: &'static str,
    /// Empty when it is not asked.
    pub(super) may_work: &'static str,
    pub(super) ground: &'static str,
}

pub(super) fn judged(world: &World, case: &Case) -> Vec<Standing> {
    let asked = world.draw(case.person.number, Topic::Standing).unit();
    let rates = &world.rates;
    if asked >= rates.judged_without_right || is_doubtful(case) {
        return Vec::new();
    }
    STANDING_DAYS
        .into_iter()
        .filter_map(|day| {
            let (may_stay, may_work, ground) = judge(world, case, day)?;
            let share = if may_stay == "no" {
                rates.judged_without_right
            } else {
                rates.judged
            };
            (asked < share).then_some(Standing {
                day,
                may_stay,
                may_work,
                ground,
            })
        })
        .collect()
}

/// Other papers, decisions, sums that do not fit: each is a doubt.
fn is_doubtful(case: &Case) -> bool {
    let Case { person, life } = case;
    let odd = [
        Flag::ChangedIdentity,
        Flag::Impostor,
        Flag::DualCitizen,
        Flag::Homonym,
        Flag::ChildOnParentDocument,
    ];
    odd.iter().any(|flag| person.has(*flag))
        || !life.decisions.is_empty()
        || life.payments.iter().any(|payment| payment.is_short)
}

type Verdict = (&'static str, &'static str, &'static str);

fn judge(world: &World, case: &Case, day: DayNumber) -> Option<Verdict> {
    let Case { person, life } = case;
    let visit = life.visit_on(day)?;
    let is_inside = day.since(visit.entered) >= MARGIN_DAYS && visit.end.since(day) >= MARGIN_DAYS;
    if !is_inside {
        return None;
    }
    let regime = person.citizenship(world).regime;
    if regime == Regime::Belarus {
        return works_on(life, day).then_some(("yes", "yes", "belarus_citizen"));
    }
    match person.way {
        Way::Vnzh | Way::Naturalised | Way::Rvp => residence(case, day),
        Way::Long | Way::Seasonal => patent(world, case, visit, day),
        Way::EaeuWorker => works_on(life, day).then_some(("yes", "yes", "eaeu_contract")),
        Way::Student => life
            .enrolments
            .iter()
            .any(|one| covers(one.from, Some(one.to), day))
            .then_some(("yes", "", "full_time_student")),
        Way::Tourist => {
            let visa = &life.visas[visit.visa?];
            covers(visa.from, Some(visa.until), day).then_some(("yes", "no", "visa"))
        }
        Way::Diplomat => {
            let card = life.accreditation.as_ref()?;
            covers(card.from, Some(card.until), day).then_some(("yes", "", "accredited"))
        }
        Way::Visitor => {
            lapsed(world, case, visit, day, "visa_free_overstay").filter(|_| visit.visa.is_none())
        }
        Way::VisaWorker | Way::Hqs | Way::Transit | Way::Child | Way::Spouse => None,
    }
}

fn covers(from: DayNumber, to: Option<DayNumber>, day: DayNumber) -> bool {
    day.since(from) >= MARGIN_DAYS && to.is_none_or(|to| to.since(day) >= MARGIN_DAYS)
}

fn works_on(life: &Life, day: DayNumber) -> bool {
    life.jobs
        .iter()
        .any(|job| (job.is_insured || job.from.in_window()) && covers(job.from, job.to, day))
}

fn residence(case: &Case, day: DayNumber) -> Option<Verdict> {
    let ends = case.person.naturalised;
    case.life
        .permits
        .iter()
        .any(|permit| {
            matches!(
                permit.kind,
                PermitKind::Residence | PermitKind::TemporaryResidence
            ) && covers(permit.issued, ends.or(permit.until), day)
        })
        .then_some(("yes", "yes", "residence_permit"))
}

fn patent(world: &World, case: &Case, visit: &Visit, day: DayNumber) -> Option<Verdict> {
    // What was paid before the window no extract tells.
    let taken_before = |permit: &Permit| visit.contains(permit.issued) && permit.issued < WINDOW_START;
    if case.life.permits.iter().any(taken_before) {
        return None;
    }
    let here = visit.region_on(day);
    let paid = case.life.permits.iter().find(|permit| {
        permit.kind == PermitKind::Patent
            && visit.contains(permit.issued)
            && permit.annulled.is_none()
            && covers(permit.issued, Some(permit.paid_until), day)
    });
    match paid {
        Some(permit) => (permit.region == here).then_some(("yes", "yes", "patent_paid")),
        None => lapsed(world, case, visit, day, "patent_lapsed"),
    }
}

fn lapsed(
    world: &World,
    case: &Case,
    visit: &Visit,
    day: DayNumber,
    ground: &'static str,
) -> Option<Verdict> {
    let from = unlawful_from(world, &case.person, &case.life, visit)?;
    (day.since(from) >= LAPSED_DAYS).then_some(("no", "no", ground))
}
