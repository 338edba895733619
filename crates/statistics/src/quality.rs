//! How much of the figures is recorded and how much presumed, by month: published beside them.

use profile::extract::{EntryRow, ExitRow};
use records::span::Span;

use crate::{
    counts::{Code, Counts, Dimension},
    presence::Basis,
    register::Register,
};

/// Entries and exits by what they rest on, and crossings that lack their partner, by month of `period`.
///
/// Indicators: `entries_crossing`, `entries_notice`, `entries_presumed`, `exits_crossing`, `exits_presumed`,
/// `unmatched_exits` (no entry is known), `unmatched_entries` (another entry follows).
pub fn quality(register: &Register, period: Span) -> Counts {
    let mut counts = Counts::new(vec![Dimension::Month, Dimension::Indicator]);
    let mut add = |day, indicator: &str| {
        if period.contains(day) {
            counts.add(vec![Code::month(day), Code::new(indicator)]);
        }
    };
    for presence in register.persons().iter().flat_map(|person| &person.presences) {
        match presence.entry {
            Basis::Crossing => add(presence.from, "entries_crossing"),
            Basis::Notice => add(presence.from, "entries_notice"),
            Basis::Presumed => add(presence.from, "entries_presumed"),
            Basis::Outside => {}
        }
        match (presence.until, presence.exit) {
            (Some(until), Basis::Crossing) => add(until, "exits_crossing"),
            (Some(until), Basis::Presumed) => add(until, "exits_presumed"),
            _ => {}
        }
    }
    for stay in register.persons().iter().flat_map(|person| &person.row.stays) {
        if let (EntryRow::Missing { .. }, ExitRow::Crossed { on }) = (stay.entry, stay.exit) {
            add(on, "unmatched_exits");
        }
        if let (EntryRow::Crossed { on }, ExitRow::Missing { .. }) = (stay.entry, stay.exit) {
            add(on, "unmatched_entries");
        }
    }
    counts
}
