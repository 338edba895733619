//! Entries and exits by month, citizenship and purpose.

use profile::extract::{Row, SignKind};
use records::{Day, payload::Purpose, span::Span};

use crate::{
    counts::{Code, Counts, Dimension},
    presume::{Basis, Presence, citizenship_on},
    register::{Person, Register},
    rules::Revealed,
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
            let Some(day) = event_day(presence, which).filter(|&day| period.contains(day)) else { continue };
            counts.add(vec![
                Code::month(day),
                Code::citizenship(citizenship_on(&person.row, day)),
                Code::purpose(purpose(person, presence, register)),
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

/// What the records of the stay show of its purpose, else what was declared.
fn purpose(person: &Person, presence: &Presence, register: &Register) -> Option<Purpose> {
    let revealed = register.rules().purpose.revealed_by.iter().find_map(|revealed| match revealed {
        Revealed::Studies => studies(&person.row, presence).then_some(Purpose::Study),
        Revealed::Work => works(&person.row, presence).then_some(Purpose::Work),
    });
    revealed.or(presence.purpose)
}

fn studies(row: &Row, presence: &Presence) -> bool {
    row.signs.iter().any(|sign| {
        let until = sign.until.unwrap_or(Day::MAX);
        sign.kind == SignKind::Studies && sign.from <= presence.until.unwrap_or(Day::MAX) && presence.from <= until
    })
}

fn works(row: &Row, presence: &Presence) -> bool {
    let patent = |kind: SignKind| {
        matches!(kind, SignKind::PermitIssued | SignKind::ContractConcluded | SignKind::TaxPaid | SignKind::ContractEnded)
    };
    row.signs.iter().any(|sign| patent(sign.kind) && presence.covers(sign.from))
}
