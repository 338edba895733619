//! What signs tell of presence: days on which somebody was here, and ties that last.

use profile::extract::{Row, SignKind, SignRow};
use records::{Day, span::Span};

/// Signs of one person, sorted by use.
pub(crate) struct Evidence {
    /// Days on which the person was here, in order.
    pub seen: Vec<Day>,
    /// Ties that last: permits of residence, insurance, policies, studies, contracts.
    pub ties: Vec<Span>,
}

impl Evidence {
    pub(crate) fn of(row: &Row) -> Self {
        let mut seen: Vec<Day> = row
            .signs
            .iter()
            .filter(|sign| proves(sign.kind))
            .map(|sign| sign.from)
            .collect();
        seen.sort_unstable();
        let mut ties: Vec<Span> = row.signs.iter().filter_map(tie).collect();
        ties.extend(contracts(&row.signs));
        Self { seen, ties }
    }
}

/// Whether the first day of a sign cannot pass without the person being here.
fn proves(kind: SignKind) -> bool {
    match kind {
        SignKind::Notice
        | SignKind::PermitIssued
        | SignKind::TaxPaid
        | SignKind::ContractConcluded
        | SignKind::ContractEnded
        | SignKind::Insured
        | SignKind::Benefit
        | SignKind::Certificate => true,
        SignKind::Residence | SignKind::Policy | SignKind::Studies | SignKind::Accredited => false,
    }
}

fn tie(sign: &SignRow) -> Option<Span> {
    match sign.kind {
        SignKind::Residence
        | SignKind::Policy
        | SignKind::Studies
        | SignKind::Accredited
        | SignKind::Insured => Span::new(sign.from, sign.until).ok(),
        SignKind::Notice
        | SignKind::PermitIssued
        | SignKind::TaxPaid
        | SignKind::ContractConcluded
        | SignKind::ContractEnded
        | SignKind::Benefit
        | SignKind::Certificate => None,
    }
}

/// Contracts in order: each lasts until the next one ends or begins.
fn contracts(signs: &[SignRow]) -> Vec<Span> {
    let of = |kind: SignKind| {
        let mut days: Vec<Day> = signs
            .iter()
            .filter(|sign| sign.kind == kind)
            .map(|sign| sign.from)
            .collect();
        days.sort_unstable();
        days
    };
    let (begun, ended) = (of(SignKind::ContractConcluded), of(SignKind::ContractEnded));
    begun
        .iter()
        .map(|&from| {
            let until = ended.iter().copied().find(|&day| day >= from);
            Span { from, until }
        })
        .collect()
}

pub(crate) fn days(from: Day, until: Day) -> i32 {
    // civil days of the years -9999..=9999 fit
    (until.duration_since(from).as_hours() / 24) as i32
}

pub(crate) fn plus(day: Day, days: i32) -> Day {
    day.saturating_add(jiff::Span::new().days(days))
}
