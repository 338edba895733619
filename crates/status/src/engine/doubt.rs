//! What is not known, tried both ways: where the answers differ the answer is "undetermined", and the fact is named.
//!
//! Invariant: an unknown that changes nothing leaves the answer as certain as it was.

use super::{
    crossing::Unrecorded,
    judge,
    world::{Assumption, Bought},
};
use crate::{
    Question,
    history::History,
    pack::Pack,
    status::{Because, DutyStatus, Lawful, Missing, Status, Verdict},
};

/// At most so many citizenships are tried for a document of entry that is not named.
const CITIZENSHIPS_MAX: usize = 4;

const BIRTH: &str = "born";
const DOCUMENT: &str = "doc_country";

/// Something that no record says, and the assumptions to try in place of the usual one.
struct Unknown {
    about: About,
    tried: Vec<Assumption>,
}

enum About {
    /// Kinds of facts that the status lists as missing already.
    Listed(Vec<String>),
    /// Told only if the answer hangs on it.
    Named(&'static str),
}

/// The status, with what hangs on missing facts marked.
pub(crate) fn judge(history: &History, question: &Question, pack: &Pack) -> Status {
    let usual = Assumption {
        unrecorded: Unrecorded::MostPresence,
        born_late: false,
        document: question.treated_as,
        bought: Bought::Fewest,
    };
    let mut status = judge::under(history, question, pack, usual);
    for unknown in unknowns(history, question, &status, usual, pack) {
        let mut decisive = false;
        for other in unknown.tried {
            decisive |= blur(&mut status, &judge::under(history, question, pack, other));
        }
        note(&mut status, unknown.about, decisive);
    }
    status
}

fn unknowns(
    history: &History,
    question: &Question,
    status: &Status,
    usual: Assumption,
    pack: &Pack,
) -> Vec<Unknown> {
    let is_missing = |fact: &String| status.missing.iter().any(|missing| missing.fact == *fact);
    let listed = |facts: Vec<String>, other| {
        let concerned = facts.iter().any(is_missing);
        concerned.then(|| Unknown {
            about: About::Listed(facts),
            tried: vec![other],
        })
    };
    let crossing = &pack.bases.crossing;
    let crossings = vec![crossing.entry.to_string(), crossing.exit.to_string()];
    let payments = judge::payment_kinds(pack)
        .map(ToString::to_string)
        .chain(pack.prices.as_ref().map(|prices| prices.rule.missing.clone()));
    let least = Assumption {
        unrecorded: Unrecorded::LeastPresence,
        ..usual
    };
    let most = Assumption {
        bought: Bought::Most,
        ..usual
    };
    let younger = history
        .born
        .filter(|born| born.full().is_none())
        .map(|_| Unknown {
            about: About::Named(BIRTH),
            tried: vec![Assumption {
                born_late: true,
                ..usual
            }],
        });
    let others = history.citizenships.iter().skip(1).take(CITIZENSHIPS_MAX);
    let tried: Vec<_> = others
        .map(|other| Assumption {
            document: Some(*other),
            ..usual
        })
        .collect();
    let document = (question.treated_as.is_none() && !tried.is_empty()).then_some(Unknown {
        about: About::Named(DOCUMENT),
        tried,
    });
    [
        listed(crossings, least),
        listed(payments.collect(), most),
        younger,
        document,
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn named(fact: &str) -> Missing {
    Missing {
        fact: fact.to_owned(),
        after: None,
        before: None,
        decisive: true,
    }
}

/// Marks what differs between two answers as undetermined; says whether anything does.
fn blur(status: &mut Status, other: &Status) -> bool {
    let mut differs = false;
    if status.stay.lawful != other.stay.lawful {
        both(&mut status.stay.because, &other.stay.because);
        status.stay.lawful = Lawful::Undetermined;
        status.stay.until = None;
        differs = true;
    }
    if status.work.allowed != other.work.allowed {
        both(&mut status.work.because, &other.work.because);
        status.work.allowed = Verdict::Undetermined;
        differs = true;
    }
    if status.register_grounds.present != other.register_grounds.present {
        status.register_grounds.present = Verdict::Undetermined;
        differs = true;
    }
    for duty in &mut status.duties {
        let same = other
            .duties
            .iter()
            .find(|twin| twin.code == duty.code && twin.by == duty.by);
        let same = same.or_else(|| other.duties.iter().find(|twin| twin.code == duty.code));
        if same.is_none_or(|twin| twin.status != duty.status) {
            if let Some(twin) = same {
                both(&mut duty.because, &twin.because);
            }
            duty.status = DutyStatus::Undetermined;
            duty.by = duty.by.filter(|by| same.is_some_and(|twin| twin.by == Some(*by)));
            differs = true;
        }
    }
    for (code, eligibility) in &mut status.eligibility {
        if other
            .eligibility
            .get(code)
            .is_none_or(|twin| twin.eligible != eligibility.eligible)
        {
            eligibility.eligible = Verdict::Undetermined;
            differs = true;
        }
    }
    differs
}

/// The reasons of either reading.
fn both(because: &mut Because, other: &Because) {
    because.rules.extend(other.rules.iter().cloned());
    because.facts.extend(other.facts.iter().cloned());
}

fn note(status: &mut Status, about: About, decisive: bool) {
    match about {
        About::Named(fact) if decisive => status.missing.push(named(fact)),
        About::Named(_) => {}
        About::Listed(facts) => {
            for missing in status
                .missing
                .iter_mut()
                .filter(|missing| facts.contains(&missing.fact))
            {
                missing.decisive |= decisive;
            }
        }
    }
    status.evidence.complete = status.missing.is_empty() && status.conflicts.is_empty();
}
