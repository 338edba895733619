//! What the last late record, or the last withdrawal of one, changed in the answer.

use records::Day;

use super::doubt;
use crate::{
    Question,
    facts::Fact,
    history::History,
    pack::Pack,
    status::{Change, Status},
    term::before,
};

const LATE: &str = "late_record";
const WITHDRAWN: &str = "retraction";

/// The status of the question, compared with the answer of the day before the last late record or withdrawal.
pub(crate) fn with_change(history: &History, question: &Question, pack: &Pack) -> Status {
    let mut status = doubt::judge(history, question, pack);
    status.change = last_news(history, question).map(|(day, cause)| {
        let earlier = Question {
            known_at: Some(before(day)),
            ..question.clone()
        };
        let old = doubt::judge(history, &earlier, pack);
        let facts = history
            .facts()
            .filter(|fact| news(fact).is_some_and(|(on, _)| on == day));
        Change {
            changed: changed(&old, &status),
            cause: Some(cause.to_owned()),
            facts: facts.map(Fact::pointer).collect(),
        }
    });
    status
}

/// The last day up to `known_at` on which something about the past became known.
fn last_news(history: &History, question: &Question) -> Option<(Day, &'static str)> {
    let heard = |(day, _): &(Day, &str)| question.known_at.is_none_or(|at| *day <= at);
    let matters = |fact: &&Fact| fact.day <= question.on;
    history
        .facts()
        .filter(matters)
        .filter_map(news)
        .filter(heard)
        .max()
}

fn news(fact: &Fact) -> Option<(Day, &'static str)> {
    match fact.retracted {
        Some(day) => Some((day, WITHDRAWN)),
        None => (fact.recorded > fact.day).then_some((fact.recorded, LATE)),
    }
}

fn changed(old: &Status, new: &Status) -> Vec<String> {
    let stay = (old.stay.lawful, old.stay.until) != (new.stay.lawful, new.stay.until);
    let work = (old.work.allowed, &old.work.regions, old.work.until)
        != (new.work.allowed, &new.work.regions, new.work.until);
    let duties = |status: &Status| {
        let of = |duty: &crate::status::Duty| (duty.code.clone(), duty.by, duty.status);
        status.duties.iter().map(of).collect::<Vec<_>>()
    };
    let grounds = |status: &Status| (status.register_grounds.present, status.register_grounds.since);
    let entry = |status: &Status| {
        status
            .entry
            .as_ref()
            .map(|entry| (entry.allowed, entry.next_possible))
    };
    let parts = [
        ("stay", stay),
        ("work", work),
        ("duties", duties(old) != duties(new)),
        ("registry_grounds", grounds(old) != grounds(new)),
        ("registered", old.registered != new.registered),
        ("entry", entry(old) != entry(new)),
        ("presence", old.presence != new.presence),
    ];
    parts
        .into_iter()
        .filter(|(_, differs)| *differs)
        .map(|(name, _)| name.to_owned())
        .collect()
}
