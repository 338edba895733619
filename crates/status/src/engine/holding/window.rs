//! A decree that lets a group stay for a time: as long as its rule is in force.

use records::Day;

use super::{add, plain};
use crate::{
    days::Days,
    engine::world::{Holding, World},
    pack::{
        basis::{Basis, DatedWindow},
        condition::Footing,
    },
};

pub(super) fn fill<'a>(world: &mut World<'a>, basis: &'a Basis, rule: &'a DatedWindow) {
    let Some((from, until)) = world.law.validity(&basis.rules) else {
        return;
    };
    let reference = match &rule.unlawful_on {
        Some(key) => world.law.day(key, from),
        None => None,
    };
    for at in 0..world.crossings.visits.len() {
        let visit = world.crossings.visits[at].clone();
        let citizen = world.citizenship_of(Some(&visit));
        let in_group = rule.citizens.is_empty() || citizen.is_some_and(|c| rule.citizens.contains(&c));
        let was_unlawful = rule.unlawful_on.is_none()
            || reference.is_some_and(|day| visit.holds(day) && lawless(world, day));
        if in_group && was_unlawful {
            let open = Days::of([(from.max(visit.entry), until.min(visit.last()))]);
            // Whoever has a basis needs no sufferance.
            for (first, last) in open.without(&world.days_with(Footing::Lawful)).spans() {
                let holding = plain(basis, *first, *last, visit.entry_fact.into_iter().collect());
                add(
                    world,
                    Holding {
                        visit: Some(at),
                        to_leave: rule.to_leave,
                        ..holding
                    },
                );
            }
        }
    }
}

fn lawless(world: &World<'_>, day: Day) -> bool {
    world.footing(day) != Footing::Lawful
}
