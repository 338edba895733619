//! Stretches of days in the country, each on one footing.

use records::Day;

use super::world::World;
use crate::{
    pack::condition::Footing,
    status::{Lawful, Stretch},
    term::{before, next},
};

/// From the first entry to the day asked; the last stretch runs to where the footing changes if nothing new happens.
pub(crate) fn of(world: &World<'_>) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for visit in &world.crossings.visits {
        let mut from = visit.entry;
        while from <= visit.last().min(world.on) {
            let until = same_until(world, from).min(visit.last());
            let shown = world.covering(from).next();
            let stretch = Stretch {
                from,
                to: (until != Day::MAX).then_some(until),
                lawful: match world.footing(from) {
                    Footing::Lawful => Lawful::Yes,
                    Footing::Tolerated => Lawful::Tolerated,
                    Footing::None => Lawful::No,
                },
                basis: shown
                    .map_or(super::stay::NONE, |holding| holding.basis.code.as_str())
                    .to_owned(),
            };
            append(&mut stretches, stretch);
            if until == Day::MAX {
                break;
            }
            from = next(until);
        }
    }
    stretches
}

/// Until when the same holding is the strongest.
fn same_until(world: &World<'_>, day: Day) -> Day {
    let end = world
        .covering(day)
        .next()
        .map_or(Day::MAX, |holding| holding.until);
    let changes = world
        .holdings
        .iter()
        .filter(|holding| holding.from > day)
        .map(|holding| before(holding.from));
    changes.fold(end, Day::min)
}

/// Joins what only a change behind the scenes had cut.
fn append(stretches: &mut Vec<Stretch>, stretch: Stretch) {
    match stretches.last_mut() {
        Some(last)
            if last.basis == stretch.basis
                && last.lawful == stretch.lawful
                && last.to.is_some_and(|to| next(to) >= stretch.from) =>
        {
            last.to = stretch.to;
        }
        Some(_) | None => stretches.push(stretch),
    }
}
