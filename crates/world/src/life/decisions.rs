//! Decisions of officials: bans, the register of controlled persons, refusals; and coming again after a ban.

use super::{Ending, Life, PermitKind, Visit, visits};
use crate::{
    day_number::{DayNumber, WINDOW_END, WINDOW_START},
    draw::Draw,
    person::{Flag, IdentityKind, Person},
    way::Way,
    world::World,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecisionKind {
    EntryBan,
    ControlRegister,
    Deportation,
    RefusalOfResidence,
}

impl DecisionKind {
    pub const fn name(self) -> &'static str {
        match self {
            Self::EntryBan => "entry_ban",
            Self::ControlRegister => "control_register",
            Self::Deportation => "deportation",
            Self::RefusalOfResidence => "refusal_rvp",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    MistakenIdentity,
    PaymentFound,
    TechnicalError,
    LeftCountry,
}

impl Revocation {
    pub const fn name(self) -> &'static str {
        match self {
            Self::MistakenIdentity => "mistaken_identity",
            Self::PaymentFound => "payment_found",
            Self::TechnicalError => "technical_error",
            Self::LeftCountry => "left_country",
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Decision {
    pub kind: DecisionKind,
    pub legal_basis: &'static str,
    /// Place in the list of bodies.
    pub body: usize,
    pub region: usize,
    pub decided: DayNumber,
    pub until: Option<DayNumber>,
    pub revoked: Option<(DayNumber, Revocation)>,
}

/// 115-FZ ch. V.1 (260-FZ) is in force from this day.
const REGISTER_FROM: DayNumber = DayNumber::of(2025, 2, 5);
/// Days of a visa-free stay without a break (115-FZ art. 5 p. 1).
const VISA_FREE_DAYS: i32 = 90;
/// An overstay beyond that bans for ten years instead of three (114-FZ art. 27 p. 1 sp. 12, 14).
const LONG_OVERSTAY_DAYS: i32 = 270;

fn make(
    world: &World,
    kind: DecisionKind,
    legal_basis: &'static str,
    decided: DayNumber,
    region: usize,
    draw: &mut Draw,
) -> Decision {
    Decision {
        kind,
        legal_basis,
        body: draw.index(world.lists.words.deciding_bodies.len()),
        region,
        decided,
        until: None,
        revoked: None,
    }
}

fn ban_until(decided: DayNumber, years: i32) -> DayNumber {
    decided.plus_months(12 * years).minus(1)
}

const BAN_YEARS: i32 = 3;
const LONG_BAN_YEARS: i32 = 10;

/// A ban that makes a visit the last one.
pub(super) fn end_by_ban(world: &World, person: &Person, life: &mut Life, draw: &mut Draw) {
    let may_be_banned = !matches!(
        person.way,
        Way::Diplomat | Way::Vnzh | Way::Naturalised | Way::Transit
    );
    if !may_be_banned || !draw.chance(world.rates.banned) || life.visits.is_empty() {
        return;
    }
    let nth = draw.index(life.visits.len());
    let visit = &life.visits[nth];
    let leaves = visit.entered.plus(draw.between(7, visit.days().clamp(8, 200)));
    if !leaves.in_window() || leaves > visit.end || visit.ending != Ending::Exit {
        return;
    }
    let region = visit.region_on(leaves);
    let decided = leaves.minus(draw.between(0, 2)).max(WINDOW_START);
    visits::cut(&mut life.visits, leaves, Ending::Exit);
    let mut ban = make(
        world,
        DecisionKind::EntryBan,
        "114-FZ art. 26 p. 4",
        decided,
        region,
        draw,
    );
    ban.until = Some(ban_until(decided, BAN_YEARS));
    life.decisions.push(ban);
}

pub(super) fn draw(world: &World, person: &Person, life: &mut Life, draw: &mut Draw) {
    let mut made = Vec::new();
    for visit in &life.visits {
        if let Some(from) = unlawful_from(world, person, life, visit) {
            unlawful(world, visit, from, &mut made, draw);
        }
        if person.way == Way::Visitor && visit.days() > 8 && draw.chance(world.rates.refused / 3.0) {
            // a third, for a visitor comes three times
            let decided = visit.entered.plus(draw.between(2, 25));
            made.push(make(
                world,
                DecisionKind::RefusalOfResidence,
                "115-FZ art. 7",
                decided,
                visit.region_on(decided),
                draw,
            ));
        }
    }
    mistaken(world, life, &mut made, draw);
    made.retain(|decision| decision.decided.in_window());
    life.decisions.append(&mut made);
}

/// First day of `visit` on which its holder has no right to stay.
pub fn unlawful_from(world: &World, person: &Person, life: &Life, visit: &Visit) -> Option<DayNumber> {
    if visit.overstayed {
        let limit = visit.visa.map_or(visit.entered.plus(VISA_FREE_DAYS), |visa| {
            life.visas[visa].until.plus(1)
        });
        return Some(limit).filter(|day| *day <= visit.end);
    }
    if !person.way.takes_patents() || person.citizenship(world).works_freely() {
        return None;
    }
    let paid = life
        .permits
        .iter()
        .filter(|permit| permit.kind == PermitKind::Patent && visit.contains(permit.issued))
        .map(|permit| permit.paid_until.plus(1))
        .max()?;
    // What is left of the first 90 days still counts.
    let limit = paid.max(visit.entered.plus(VISA_FREE_DAYS));
    Some(limit).filter(|day| *day <= visit.end)
}

fn unlawful(world: &World, visit: &Visit, from: DayNumber, made: &mut Vec<Decision>, draw: &mut Draw) {
    let last = visit.end.min(WINDOW_END);
    let decided = from.plus(draw.between(1, 60)).max(REGISTER_FROM);
    if decided < last && draw.chance(world.rates.put_on_register) {
        let mut entry = make(
            world,
            DecisionKind::ControlRegister,
            "115-FZ art. 31.2",
            decided,
            visit.region_on(decided),
            draw,
        );
        entry.revoked = (visit.end <= WINDOW_END).then_some((visit.end, Revocation::LeftCountry));
        made.push(entry);
        let deported = decided.plus(draw.between(10, 30));
        if deported < last && draw.chance(world.rates.deported) {
            made.push(make(
                world,
                DecisionKind::Deportation,
                "115-FZ art. 31",
                deported,
                visit.region_on(deported),
                draw,
            ));
        }
    }
    if visit.ending == Ending::Exit && draw.chance(world.rates.banned_after_overstay) {
        let is_long = visit.end.since(from) > LONG_OVERSTAY_DAYS;
        let (basis, years) = if is_long {
            ("114-FZ art. 27 p. 1 sp. 14", LONG_BAN_YEARS)
        } else {
            ("114-FZ art. 27 p. 1 sp. 12", BAN_YEARS)
        };
        let decided = visit.end.plus(draw.between(1, 9));
        let mut ban = make(
            world,
            DecisionKind::EntryBan,
            basis,
            decided,
            visit.region_on(visit.end),
            draw,
        );
        ban.until = Some(ban_until(decided, years));
        made.push(ban);
    }
}

/// Somebody lawful is put on the register by mistake and taken off again.
fn mistaken(world: &World, life: &Life, made: &mut Vec<Decision>, draw: &mut Draw) {
    if !draw.chance(world.rates.register_mistaken) {
        return;
    }
    let decided = REGISTER_FROM.plus(draw.between(10, 290));
    let Some(visit) = life.visit_on(decided) else {
        return;
    };
    let mut entry = make(
        world,
        DecisionKind::ControlRegister,
        "115-FZ art. 31.2",
        decided,
        visit.region_on(decided),
        draw,
    );
    let why = match draw.below(10) {
        0..6 => Revocation::PaymentFound,
        6..8 => Revocation::TechnicalError,
        _ => Revocation::MistakenIdentity,
    };
    let day = decided.plus(draw.between(16, 50));
    entry.revoked = Some((day, why)).filter(|(day, _)| *day <= WINDOW_END);
    made.push(entry);
}

/// A ban before a visit in the window, after which the person comes under other personal data; without such a visit
/// there is no second identity.
pub(super) fn come_again(person: &mut Person, life: &mut Life, draw: &mut Draw) {
    let hides = person
        .identities
        .get(1)
        .is_some_and(|identity| identity.kind == IdentityKind::Changed);
    if !hides {
        return;
    }
    let visit = life
        .visits
        .iter()
        .position(|visit| visit.entered > WINDOW_START.plus(120) && visit.entered < WINDOW_END.minus(90));
    let Some(nth) = visit.filter(|_| life.decisions.is_empty()) else {
        person.identities.truncate(1);
        return;
    };
    let since = life.visits[nth].entered;
    let earliest = match nth {
        0 => WINDOW_START.plus(10),
        _ => life.visits[nth - 1].end.max(WINDOW_START.plus(10)),
    };
    let decided = earliest
        .max(since.minus(draw.between(60, 330)))
        .min(since.minus(1));
    let region = life.visits[nth].region_on(since);
    life.decisions.push(Decision {
        kind: DecisionKind::EntryBan,
        legal_basis: "114-FZ art. 26 p. 4",
        body: 0,
        region,
        decided,
        until: Some(ban_until(decided, BAN_YEARS)),
        revoked: None,
    });
    // From the day before: papers are asked for as of the day after they came into use.
    person.identities[1].since = Some(since.minus(1));
    person.flags.push(Flag::ChangedIdentity);
}
