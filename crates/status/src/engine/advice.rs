//! Risks, ways on, eligibility and answers: rows of the pack whose conditions hold.

use std::collections::{BTreeMap, BTreeSet};

use super::{condition::Moment, price, world::World};
use crate::{
    Question,
    facts::Fact,
    pack::{
        advice::{Advice as Row, AnswerBy, Eligibility as EligibilityRow, QuestionRow, Requirement},
        parameter::ParameterKey,
        rule::RuleId,
    },
    status::{Advice, Amount, Answer, Because, Eligibility, Entry, Permission, Stay, Text, Verdict, Work},
};

pub(crate) fn rows(moment: &Moment<'_, '_>, rows: &[Row], area: &str) -> Vec<Advice> {
    let law = moment.world.law;
    let holds = |row: &&Row| law.row_in_force(&row.rules, moment.day) && moment.meets(&row.when);
    let advice = |row: &Row| {
        let amounts = row
            .amounts
            .iter()
            .filter_map(|key| Some((key, law.number(key, moment.day)?)));
        let text = amounts.fold(
            Text::new(format!("{area}.{}", row.code)),
            |text, (key, amount)| text.with(key.as_str(), amount),
        );
        let rules = row.rules.iter().cloned().collect();
        Advice {
            code: row.code.clone(),
            because: Because {
                rules,
                facts: facts_of(moment, row),
                text,
            },
        }
    };
    rows.iter().filter(holds).map(advice).collect()
}

/// The facts of the duty or of the selector that a row looks at.
fn facts_of(moment: &Moment<'_, '_>, row: &Row) -> BTreeSet<crate::facts::FactPointer> {
    let of_duty = row.when.duty.iter().flat_map(|asked| {
        let same = moment.duties.iter().filter(|duty| duty.code == asked.code);
        same.flat_map(|duty| duty.because.facts.iter().cloned())
    });
    let selectors = row.when.fact.iter().chain(&row.when.ever);
    let picked = selectors
        .flat_map(|selector| moment.world.picked(selector))
        .map(Fact::pointer);
    of_duty.chain(picked).collect()
}

pub(crate) fn eligibility(moment: &Moment<'_, '_>, question: &Question) -> BTreeMap<String, Eligibility> {
    let asked = asked(moment, question).map(|row| &row.answer);
    let is_asked = |row: &&EligibilityRow| {
        let about = asked.is_some_and(|by| matches!(by, AnswerBy::Eligibility { code } if *code == row.code));
        !row.when_asked || about
    };
    let rows = moment.world.law.pack.advice.eligibility.iter().filter(is_asked);
    rows.filter_map(|row| Some((row.code.clone(), eligible(moment, row)?)))
        .collect()
}

fn eligible(moment: &Moment<'_, '_>, row: &EligibilityRow) -> Option<Eligibility> {
    let law = moment.world.law;
    if !law.row_in_force(&row.rules, moment.day) || !moment.meets(&row.when) {
        return None;
    }
    let unmet = |requirement: &&Requirement| !moment.meets(&requirement.when);
    let failed: Vec<&Requirement> = row.requirement.iter().filter(unmet).collect();
    let asked: Vec<&Requirement> = row
        .condition
        .iter()
        .filter(|condition| law.row_in_force(&condition.rules, moment.day) && moment.meets(&condition.when))
        .collect();
    let of_rows = failed
        .iter()
        .chain(&asked)
        .flat_map(|requirement| requirement.rules.iter().cloned());
    let (eligible, key) = match (failed.is_empty(), asked.is_empty()) {
        (true, true) => (Permission::Yes, "yes"),
        (true, false) => (Permission::Conditional, "conditional"),
        (false, _) => (Permission::No, "no"),
    };
    Some(Eligibility {
        eligible,
        reasons: failed
            .iter()
            .map(|requirement| requirement.reason.clone())
            .collect(),
        conditions: asked
            .iter()
            .map(|requirement| requirement.reason.clone())
            .collect(),
        because: Because {
            rules: row.rules.iter().cloned().chain(of_rows).collect(),
            facts: moment
                .visit
                .and_then(|visit| visit.entry_fact)
                .into_iter()
                .map(Fact::pointer)
                .collect(),
            text: Text::new(format!("eligibility.{}.{key}", row.code)),
        },
    })
}

/// The sum for so many months at the rate of the day asked.
pub(crate) fn amount(world: &World<'_>, question: &Question) -> Option<Amount> {
    let prices = world.law.pack.prices.as_ref()?;
    if !world.law.row_in_force(&prices.rule.rules, world.on) {
        return None;
    }
    let region = question.region.as_deref()?;
    let monthly = price::monthly(world.law, region, world.on);
    let bought = question.amount_rub.zip(monthly).filter(|(_, price)| *price > 0);
    let months = question
        .months
        .or(bought.map(|(sum, price)| sum / price))
        .unwrap_or(1);
    let rub = monthly.and_then(|price| price.checked_mul(months));
    let text = match rub {
        Some(rub) => Text::new("amount.patent").with("rub", rub).with("months", months),
        None => Text::new("amount.unknown").with("region", region),
    };
    Some(Amount {
        rub,
        monthly,
        months: Some(months),
        because: Because {
            rules: prices.rule.rules.iter().cloned().collect(),
            facts: BTreeSet::new(),
            text,
        },
    })
}

/// What has been concluded already, for answers that repeat it.
pub(crate) struct Concluded<'c> {
    pub(crate) stay: &'c Stay,
    pub(crate) work: &'c Work,
    pub(crate) entry: Option<&'c Entry>,
    pub(crate) restrictions: &'c [String],
    pub(crate) eligibility: &'c BTreeMap<String, Eligibility>,
}

/// The row of the question that is asked by name.
fn asked<'w>(moment: &Moment<'w, '_>, question: &Question) -> Option<&'w QuestionRow> {
    let name = question.question.as_ref()?;
    let rows = &moment.world.law.pack.advice.question;
    rows.iter()
        .find(|row| row.code == *name || row.also.contains(name))
}

pub(crate) fn answer(moment: &Moment<'_, '_>, question: &Question, known: &Concluded<'_>) -> Option<Answer> {
    let row = asked(moment, question)?;
    let plain = |allowed: Permission, reasons: Vec<String>, because: &Because| Answer {
        question: row.code.clone(),
        allowed,
        reasons,
        conditions: Vec::new(),
        because: because.clone(),
    };
    match &row.answer {
        AnswerBy::Price { .. } => None,
        AnswerBy::Stay => Some(plain(
            verdict_of(known.stay).into(),
            Vec::new(),
            &known.stay.because,
        )),
        AnswerBy::Work => Some(plain(
            known.work.allowed.into(),
            known.work.reason.iter().cloned().collect(),
            &known.work.because,
        )),
        AnswerBy::Entry => known.entry.map(|entry| {
            plain(
                entry.allowed.into(),
                entry.reason.iter().cloned().collect(),
                &entry.because,
            )
        }),
        AnswerBy::Eligibility { code } => known.eligibility.get(code).map(|found| Answer {
            conditions: found.conditions.clone(),
            ..plain(found.eligible, found.reasons.clone(), &found.because)
        }),
        AnswerBy::Restriction { code, up_to, rules } => {
            let within = question
                .amount_rub
                .zip(limit(moment, up_to.as_ref()))
                .is_some_and(|(asked, limit)| asked <= limit);
            let barred = known.restrictions.contains(code) && !within;
            let reasons = if barred { vec![code.clone()] } else { Vec::new() };
            let because = of_rules(moment, rules, Text::new(format!("restriction.{code}")));
            Some(plain(Verdict::of(!barred).into(), reasons, &because))
        }
        AnswerBy::Rule { rules, limit: key } => {
            let said = Text::new(format!("question.{}", row.code));
            let text = limit(moment, key.as_ref())
                .into_iter()
                .fold(said, |text, limit| text.with("limit", limit));
            let in_force = moment.world.law.row_in_force(rules, moment.day);
            let because = of_rules(moment, rules, text);
            Some(plain(Verdict::of(in_force).into(), Vec::new(), &because))
        }
    }
}

fn limit(moment: &Moment<'_, '_>, key: Option<&ParameterKey>) -> Option<i64> {
    moment.world.law.number(key?, moment.day)
}

/// The rules of an answer that are in force; where none is, the rule on what no act says anything about.
fn of_rules(moment: &Moment<'_, '_>, rules: &[RuleId], text: Text) -> Because {
    let law = moment.world.law;
    let in_force = rules.iter().filter(|rule| law.in_force(rule, moment.day));
    let mut rules: BTreeSet<RuleId> = in_force.cloned().collect();
    if rules.is_empty() {
        rules.extend(law.pack.advice.otherwise.iter().cloned());
    }
    Because {
        rules,
        facts: BTreeSet::new(),
        text,
    }
}

fn verdict_of(stay: &Stay) -> Verdict {
    match stay.lawful {
        crate::status::Lawful::Yes | crate::status::Lawful::Tolerated => Verdict::Yes,
        crate::status::Lawful::No | crate::status::Lawful::NotPresent => Verdict::No,
        crate::status::Lawful::Undetermined => Verdict::Undetermined,
    }
}
