//! Entries and exits by month, citizenship and purpose: the one that records of the stay show, else the declared one.

use records::{Day, span::Span};

use crate::{
    counts::{Code, Counts, Dimension},
    presence::{Basis, Presence},
    presume::citizenship_on,
    register::Register,
};

/// Which end of a stay is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    Entries,
    Exits,
}

/// Events within `period`, whether a crossing shows them, a notice, or they are presumed.
pub fn flow(register: &Register, which: Flow, period: Span) -> Counts {
    let mut counts = Counts::new(vec![Dimension::Month, Dimension::Citizenship, Dimension::Purpose]);
    for person in register.persons() {
        for presence in &person.presences {
            let Some(day) = event_day(presence, which).filter(|&day| period.contains(day)) else {
                continue;
            };
            let until = presence.until.unwrap_or(Day::MAX);
            let rule = &register.rules().purpose;
            let purpose = rule.of_stay(&person.row, presence.from, until, presence.purpose);
            counts.add(vec![
                Code::month(day),
                Code::citizenship(citizenship_on(&person.row, day)),
                Code::purpose(purpose),
            ]);
        }
    }
    counts
}

fn event_day(presence: &Presence, which: Flow) -> Option<Day> {
    match which {
        Flow::Entries => (presence.entry != Basis::Outside).then_some(presence.from),
        Flow::Exits => presence.until.filter(|_| presence.exit != Basis::Outside),
    }
}
