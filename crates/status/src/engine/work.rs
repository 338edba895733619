//! The right to work: the first right that applies and whose limits are kept; otherwise why not.

use std::collections::BTreeSet;

use records::{Day, calendar::age_on};

use super::{
    condition::Moment,
    holding::ended_by,
    stay::{self, NONE},
    world::{Holding, World},
};
use crate::{
    Question,
    days::Days,
    facts::Fact,
    pack::{rule::RuleId, selector::Selector, work::Right},
    status::{Because, Lawful, RegionsOfWork, Text, Verdict, Work},
};

pub(crate) fn judge(world: &World<'_>, question: &Question) -> Work {
    let lawful = stay::lawful(world, world.on);
    let candidates: Vec<Work> = world
        .law
        .pack
        .work
        .right
        .iter()
        .flat_map(|right| by_right(world, question, right))
        .collect();
    let first_allowed = candidates.iter().position(|work| work.allowed == Verdict::Yes);
    let best = first_allowed.or_else(|| (!candidates.is_empty()).then_some(0));
    match best.and_then(|at| candidates.into_iter().nth(at)) {
        Some(work) if lawful == Lawful::Yes => work,
        Some(work) => without_stay(world, lawful, Some(work)),
        None if lawful == Lawful::No => without_stay(world, lawful, None),
        None => refused(world),
    }
}

/// 115-FZ art. 13 p. 4: whoever may not stay may not work.
fn without_stay(world: &World<'_>, lawful: Lawful, work: Option<Work>) -> Work {
    let needs = &world.law.pack.work.needs_stay;
    let (allowed, reason, key) = match lawful {
        Lawful::Undetermined => (Verdict::Undetermined, None, "work.undetermined".to_owned()),
        Lawful::Yes | Lawful::No | Lawful::Tolerated | Lawful::NotPresent => {
            let reason = needs.reason.clone();
            let key = format!("work.no.{reason}");
            (Verdict::No, Some(reason), key)
        }
    };
    let lapsed = refused(world).because.rules;
    let rules = needs.rules.iter().cloned().chain(lapsed);
    let facts = work.map(|work| work.because.facts).unwrap_or_default();
    Work {
        allowed,
        basis: NONE.to_owned(),
        regions: None,
        profession: None,
        until: None,
        reason,
        because: Because {
            rules: rules.collect(),
            facts,
            text: Text::new(key),
        },
    }
}

fn refused(world: &World<'_>) -> Work {
    let moment = Moment::on(world, world.on);
    let rows = &world.law.pack.work.refusal;
    let row = rows
        .iter()
        .find(|row| world.law.row_in_force(&row.rules, world.on) && moment.meets(&row.when));
    let reason = row.map(|row| row.reason.clone());
    let facts = row
        .and_then(|row| row.when.ever.as_ref().or(row.when.fact.as_ref()))
        .map(|selector| world.picked(selector).map(Fact::pointer).collect())
        .unwrap_or_default();
    Work {
        allowed: Verdict::No,
        basis: NONE.to_owned(),
        regions: None,
        profession: None,
        until: None,
        because: Because {
            rules: row
                .map(|row| row.rules.iter().cloned().collect())
                .unwrap_or_default(),
            facts,
            text: Text::new(format!("work.no.{}", reason.as_deref().unwrap_or(NONE))),
        },
        reason,
    }
}

/// What carries a right: a basis of stay or a document, with the day on which it ends.
struct Carrier<'a> {
    facts: Vec<&'a Fact>,
    until: Day,
}

/// One answer for each document that carries the right: two patents are for two regions.
fn by_right<'a>(world: &World<'a>, question: &Question, right: &'a Right) -> Vec<Work> {
    let moment = Moment::on(world, world.on);
    if !world.law.row_in_force(&right.rules, world.on) || !moment.meets(&right.when) {
        return Vec::new();
    }
    carriers(world, right)
        .iter()
        .map(|carrier| by_carrier(world, question, right, carrier))
        .collect()
}

fn by_carrier(world: &World<'_>, question: &Question, right: &Right, carrier: &Carrier<'_>) -> Work {
    let (regions, mut rules) = regions(world, right, carrier);
    rules.extend(right.rules.iter().cloned());
    let bound = right.bound_to_profession && limits_by(world, right.profession_rule.as_ref());
    let profession = bound
        .then(|| said(&carrier.facts, &world.law.pack.work.limits.profession))
        .flatten();
    if profession.is_some() && question.profession.is_some() {
        rules.extend(right.profession_rule.iter().cloned());
    }
    let limit = broken_limit(world, question, right, &regions, profession);
    if let Some((_, Some(rule))) = &limit {
        rules.insert(rule.clone());
    }
    let reason = limit.map(|(reason, _)| reason.to_owned());
    let until = (carrier.until != Day::MAX).then_some(carrier.until);
    let key = match (&reason, until) {
        (Some(reason), _) => format!("work.no.{reason}"),
        (None, Some(_)) => format!("work.{}", right.code),
        (None, None) => format!("work.{}.open", right.code),
    };
    let text = until
        .into_iter()
        .fold(Text::new(key), |text, until| text.with("until", until));
    let facts = carrier.facts.iter().map(|fact| fact.pointer()).collect();
    Work {
        allowed: Verdict::of(reason.is_none()),
        basis: right.code.clone(),
        regions: Some(regions),
        profession: profession.map(str::to_owned),
        until,
        because: Because { rules, facts, text },
        reason,
    }
}

fn carriers<'a>(world: &World<'a>, right: &'a Right) -> Vec<Carrier<'a>> {
    match (&right.during, &right.by) {
        (Some(code), _) => of_basis(world, right, code),
        (None, Some(selector)) => of_documents(world, right, selector),
        (None, None) => {
            let until = stay::chain_end(world, world.on).unwrap_or(world.on);
            let shown = world.covering(world.on).next();
            vec![Carrier {
                facts: shown.map(|holding| holding.facts.clone()).unwrap_or_default(),
                until,
            }]
        }
    }
}

/// Each holding of a basis, for as long as holdings for the same region follow one another.
fn of_basis<'a>(world: &World<'a>, right: &Right, code: &str) -> Vec<Carrier<'a>> {
    let fits = |holding: &&Holding<'_>| {
        let sort = right.only.as_ref();
        holding.basis.code == code
            && sort.is_none_or(|sort| holding.facts.iter().any(|fact| sort.picks(fact)))
    };
    let carrier = |holding: &Holding<'a>| {
        let named = |holding: &Holding<'a>| said(&holding.facts, &world.law.pack.work.limits.region);
        let region = named(holding);
        let same = world
            .holdings
            .iter()
            .filter(fits)
            .filter(|other| named(other) == region);
        let run = Days::of(same.map(|other| (other.from, other.until)));
        let until = run.run_until(world.on).unwrap_or(holding.until);
        Carrier {
            facts: holding.facts.clone(),
            until,
        }
    };
    world.covering(world.on).filter(fits).map(carrier).collect()
}

/// Each document of a sort that holds, the latest first.
fn of_documents<'a>(world: &World<'a>, right: &'a Right, selector: &Selector) -> Vec<Carrier<'a>> {
    let on = world.on;
    let holds = |fact: &&Fact| fact.from <= on && fact.covers(on);
    let documents: Vec<&'a Fact> = world.picked(selector).filter(holds).collect();
    let carrier = |document: &'a Fact| {
        let until = document.until.unwrap_or(Day::MAX);
        match ended_by(world, document, document.from, until, &right.ended_by) {
            Some(end) if end.day < on => None,
            Some(end) => Some(Carrier {
                facts: vec![document, end],
                until: end.day,
            }),
            None => Some(Carrier {
                facts: vec![document],
                until,
            }),
        }
    };
    documents.into_iter().rev().filter_map(carrier).collect()
}

/// What the carrying documents say of an attribute.
fn said<'a>(facts: &[&'a Fact], attribute: &str) -> Option<&'a str> {
    facts.iter().find_map(|fact| fact.text(attribute))
}

/// A limit stands on a rule; without it there is none.
fn limits_by(world: &World<'_>, rule: Option<&RuleId>) -> bool {
    rule.is_none_or(|rule| world.law.in_force(rule, world.on))
}

/// Regions in which the right holds, widened by the groups of regions that count as one.
fn regions(world: &World<'_>, right: &Right, carrier: &Carrier<'_>) -> (RegionsOfWork, BTreeSet<RuleId>) {
    let bound = right.bound_to_region && limits_by(world, right.region_rule.as_ref());
    let named = bound
        .then(|| said(&carrier.facts, &world.law.pack.work.limits.region))
        .flatten();
    let Some(region) = named else {
        return (RegionsOfWork::Any, BTreeSet::new());
    };
    let mut rules: BTreeSet<RuleId> = right.region_rule.iter().cloned().collect();
    let groups = right
        .region_groups
        .as_ref()
        .map(|key| world.law.list(key, world.on))
        .unwrap_or_default();
    let group = groups
        .iter()
        .map(|group| group.split('+'))
        .find(|group| group.clone().any(|code| code == region));
    let Some(group) = group else {
        return (RegionsOfWork::Only(BTreeSet::from([region.to_owned()])), rules);
    };
    rules.extend(right.group_rule.iter().cloned());
    (RegionsOfWork::Only(group.map(str::to_owned).collect()), rules)
}

/// The first limit that the work asked about would break.
fn broken_limit<'w>(
    world: &World<'w>,
    question: &Question,
    right: &Right,
    regions: &RegionsOfWork,
    profession: Option<&str>,
) -> Option<(&'w str, Option<RuleId>)> {
    let reasons = &world.law.pack.work.limits;
    let least = right
        .age_from
        .as_ref()
        .and_then(|key| world.law.number(key, world.on));
    let age = world.born.map(|born| i64::from(age_on(born, world.on)));
    if age.zip(least).is_some_and(|(age, least)| age < least) {
        return Some((&reasons.too_young, right.age_rule.clone()));
    }
    let elsewhere = match (regions, &question.work_region) {
        (RegionsOfWork::Only(regions), Some(asked)) => !regions.contains(asked),
        (RegionsOfWork::Only(_) | RegionsOfWork::Any, _) => false,
    };
    if elsewhere {
        return Some((&reasons.wrong_region, right.region_rule.clone()));
    }
    let other = profession
        .zip(question.profession.as_deref())
        .is_some_and(|(named, asked)| !is_same(named, asked));
    other.then(|| (&*reasons.wrong_profession, right.profession_rule.clone()))
}

/// Professions are compared as words, whatever their case and spaces.
fn is_same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}
