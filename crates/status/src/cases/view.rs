//! The answer in the words of the case format, so that the two can be laid side by side.

use serde_json::{Value as Json, json};

use crate::{
    facts::FactPointer,
    status::{Advice, Because, Status},
};

/// The status under the keys of `expect`.
pub(super) fn of(status: &Status) -> Json {
    json!({
        "presence": status.presence,
        "stay": status.stay,
        "work": status.work,
        "duties": status.duties,
        "registry_grounds": status.register_grounds,
        "registered": status.registered,
        "restrictions": status.restrictions,
        "restrictions_if_registered": status.restrictions_if_registered,
        "entry": status.entry,
        "risks": status.risks.iter().map(advice).collect::<Vec<_>>(),
        "options": status.options.iter().map(advice).collect::<Vec<_>>(),
        "eligibility": eligibility(status),
        "amount": status.amount,
        "answer": answer(status),
        "history": status.history,
        "conflicts": conflicts(status),
        "missing": status.missing,
        "evidence": {
            "facts": named(&status.evidence.facts),
            "complete": status.evidence.complete,
            "grade": if status.evidence.complete { "complete" } else { "incomplete" },
        },
        "diff": status.change.as_ref().map(|change| json!({ "changed": change.changed, "cause": change.cause })),
    })
}

fn advice(advice: &Advice) -> Json {
    json!({ "code": advice.code, "rule": rules(&advice.because), "rules": rules(&advice.because) })
}

fn rules(because: &Because) -> Vec<&str> {
    because.rules.iter().map(|rule| rule.as_str()).collect()
}

fn eligibility(status: &Status) -> Json {
    let one = |code: &String, found: &crate::status::Eligibility| {
        json!({
            "code": code,
            "what": code,
            "for": code,
            "eligible": found.eligible,
            "allowed": found.eligible,
            "reason": found.reasons,
            "reasons": found.reasons,
            "conditions": found.conditions,
        })
    };
    let all = status
        .eligibility
        .iter()
        .map(|(code, found)| (code.clone(), one(code, found)));
    Json::Object(all.collect())
}

fn answer(status: &Status) -> Json {
    let Some(answer) = &status.answer else {
        return Json::Null;
    };
    json!({
        "question": answer.question,
        "allowed": answer.allowed,
        "answer": answer.allowed,
        "value": answer.allowed,
        "in_force": answer.allowed,
        "reason": answer.reasons,
        "reasons": answer.reasons,
        "conditions": answer.conditions,
        "rules": rules(&answer.because),
    })
}

fn conflicts(status: &Status) -> Json {
    let one = |conflict: &crate::status::Conflict| {
        json!({
            "facts": named(&conflict.facts),
            "used": conflict.used.to_string(),
            "rule": conflict.rule,
        })
    };
    status.conflicts.iter().map(one).collect()
}

fn named<'f>(facts: impl IntoIterator<Item = &'f FactPointer>) -> Vec<String> {
    facts.into_iter().map(ToString::to_string).collect()
}
