//! Laws that hold for any heap of facts, however little sense it makes as a life.
//!
//! The lives of `lives` are those that both evaluators understand; here every kind of fact comes up, in any order,
//! with late and withdrawn records, several citizenships and half-known births.

use std::collections::BTreeSet;

use jiff::civil::date;
use proptest::prelude::*;
use records::{Day, partial_date::PartialDate};
use status::{
    Question,
    citizenship::Citizenship,
    facts::{Fact, FactKind, Value},
    history::History,
    judge,
    pack::rule::RuleId,
    status::{Lawful, Presence, Status},
    term::{forward, next},
};

use crate::support::RU;

const FIRST: Day = date(2023, 10, 1);

/// Kinds of facts with attributes that rules look at: `attribute=one|other`, `+` for a document with an end.
const KINDS: &[&str] = &[
    "border_in purpose=work|private|study|official checkpoint=air:SVO|auto:mashtakovo|air:LED doc_country=TJ|BY|AM",
    "border_in purpose=work|private",
    "border_in",
    "border_out",
    "border_out",
    "arrival_notice region=77|50",
    "place_of_stay kind=hotel|home",
    "visa+ kind=ordinary|electronic entries=1|2|0 days=10|30",
    "work_permit+ region=77|78 profession=welder",
    "hqs_permit+ region=77 employer=E1|E2 salary_quarter=700000|800000",
    "patent_applied",
    "patent_issued region=77|50 profession=cook|",
    "patent_issued region=77",
    "patent_paid months=1|2|12",
    "patent_paid kopecks=890000|500000|1000000 credited=true|false region=77|50|",
    "patent_reissued region=77",
    "contract+ employer=E1|E2",
    "contract_end employer=E1|E2 early=true|false",
    "contract_copy",
    "employer_notice kind=conclusion|termination|hqs_quarter employer=E1|E2",
    "fingerprint_photo",
    "medical_exam+",
    "study+ form=full_time|part_time|extramural accredited=true|false level=main|preparatory org=U1|U2",
    "study_end org=U1|U2",
    "rvp kind=general|education| region=77",
    "vnzh",
    "temporary_asylum+",
    "decision kind=annulled of=patent|rvp|vnzh|visa|work_permit",
    "decision+ kind=entry_ban|register_entry",
    "decision kind=register_exit|ban_lifted|offence|deportation|stay_shortened|conviction|citizenship_ended",
    "expulsion",
    "family_of+ of=eaeu_worker|hqs|accredited|other",
    "status+ kind=accredited|official_visit|stateless_identity|hqs|minor",
    "residence_notice",
];

type Draw = (usize, i32, Option<i32>, i32, Option<i32>, Vec<usize>);

fn fact((kind, at, length, lag, withdrawn, choices): Draw) -> Fact {
    let mut words = KINDS[kind].split(' ');
    let name = words.next().unwrap();
    let has_end = name.ends_with('+');
    let day = forward(FIRST, at);
    let mut fact = Fact::new(name.trim_end_matches('+'), day).recorded(forward(day, lag));
    if has_end {
        fact = fact.holding(
            forward(day, lag.min(5)),
            length.map(|days| forward(day, 5 + days)),
        );
    }
    fact.retracted = withdrawn.map(|after| forward(fact.recorded, after));
    for (attribute, choice) in words.zip(choices) {
        let (attribute, values) = attribute.split_once('=').unwrap();
        let values: Vec<&str> = values.split('|').collect();
        let value = values[choice % values.len()];
        let value = match attribute {
            "early" | "accredited" | "credited" => Value::Flag(value == "true"),
            "months" | "kopecks" | "entries" | "days" | "salary_quarter" => {
                Value::Number(value.parse().unwrap())
            }
            _ => Value::Text(value.to_owned()),
        };
        if value != Value::Text(String::new()) {
            fact = fact.with(attribute, value);
        }
    }
    fact
}

fn any_fact() -> impl Strategy<Value = Fact> {
    let lag = prop_oneof![4 => Just(0), 1 => -20_i32..0, 1 => 1_i32..90];
    let withdrawn = prop_oneof![9 => Just(None), 1 => (1_i32..60).prop_map(Some)];
    let length = prop::option::weighted(0.8, 0_i32..700);
    let choices = prop::collection::vec(0_usize..12, 4);
    (0..KINDS.len(), 0_i32..1100, length, lag, withdrawn, choices).prop_map(fact)
}

fn citizenships() -> impl Strategy<Value = Vec<Citizenship>> {
    let one = prop::sample::select(vec![
        "UZ", "TJ", "KG", "AM", "BY", "UA", "IN", "CN", "RS", "XXA", "RU",
    ]);
    let set = prop_oneof![8 => prop::collection::vec(one.clone(), 1), 1 => prop::collection::vec(one, 2), 1 => Just(Vec::new())];
    set.prop_map(|codes| {
        codes
            .into_iter()
            .map(|code| Citizenship::parse(code).unwrap())
            .collect()
    })
}

fn born() -> impl Strategy<Value = Option<PartialDate>> {
    let text = prop::sample::select(vec![
        "1990-05-01",
        "2008-02-29",
        "2007",
        "2019-06",
        "2020-12-31",
        "",
    ]);
    text.prop_map(|text| PartialDate::parse_iso(text).ok())
}

/// Any history, and a day to ask about.
fn heap() -> impl Strategy<Value = (History, Day)> {
    let facts = prop::collection::vec(any_fact(), 0..14);
    (citizenships(), born(), facts, any::<bool>(), 0_i32..1200).prop_map(|(of, born, facts, lossy, at)| {
        let mut history = History::new(of, born, facts);
        if lossy {
            history.partly_observed = [FactKind::new("patent_paid")].into();
            history.unobserved = [FactKind::new("fingerprint_photo")].into();
        }
        (history, forward(FIRST, at))
    })
}

fn ask(history: &History, on: Day) -> Status {
    judge(history, &Question::on(on), &RU).unwrap()
}

fn facts(history: &History) -> Vec<Fact> {
    history.facts().cloned().collect()
}

fn with_facts(history: &History, facts: Vec<Fact>) -> History {
    let mut other = History::new(history.citizenships.clone(), history.born, facts);
    other.unobserved = history.unobserved.clone();
    other.partly_observed = history.partly_observed.clone();
    other
}

/// What the answer says, but for how it came about.
fn said(status: &Status) -> Status {
    Status {
        change: None,
        known_at: None,
        ..status.clone()
    }
}

/// Acts on days off are cited for the days counted by them, not for the day asked.
fn counts_days(rule: &RuleId) -> bool {
    RU.rules[rule].area == "calendar"
}

/// Rules that an answer must not rest on: ended before the day asked, or beginning after all that it speaks of.
pub(crate) fn not_in_force(status: &Status) -> BTreeSet<&RuleId> {
    let last = status.stay.until.unwrap_or(status.on);
    let begins = |rule: &RuleId| RU.rules[rule].valid_from <= last;
    let ended = |rule: &RuleId| RU.rules[rule].valid_to.is_some_and(|end| end < status.on);
    let cited = status.cited().into_iter();
    cited
        .filter(|rule| !counts_days(rule) && (ended(rule) || !begins(rule)))
        .collect()
}

proptest! {
    #![proptest_config(crate::lives::config())]

    /// 1. Order and duplication of facts change nothing.
    #[test]
    fn order_and_repetition_of_any_facts_change_nothing(
        (history, shuffled, on) in heap().prop_flat_map(|(history, on)| {
            let twice: Vec<Fact> = facts(&history).into_iter().chain(facts(&history)).collect();
            (Just(history), Just(twice).prop_shuffle(), Just(on))
        }),
    ) {
        prop_assert_eq!(ask(&history, on), ask(&with_facts(&history, shuffled), on));
    }

    /// 3. `until` is lawful, and the day after is not, by the same facts.
    #[test]
    fn until_is_the_last_lawful_day_of_any_life((history, on) in heap()) {
        let known: Vec<Fact> = facts(&history)
            .into_iter()
            .filter(|fact| fact.retracted.is_none() && (fact.day <= on || fact.recorded <= on))
            .filter(|fact| fact.day <= on || !fact.kind.as_str().starts_with("border_"))
            .collect();
        let known = with_facts(&history, known);
        let status = ask(&known, on);
        prop_assume!(status.stay.lawful == Lawful::Yes);
        if let Some(until) = status.stay.until {
            let then = ask(&known, until);
            prop_assert_eq!(then.stay.lawful, Lawful::Yes, "on {}: {:?}", until, then.stay);
            // Whoever has left may hold a visa still, and stays nowhere.
            let after = ask(&known, next(until));
            let ended = after.presence == Presence::Out || after.stay.lawful != Lawful::Yes;
            prop_assert!(ended, "on {}: {:?}", next(until), after.stay);
        }
    }

    /// 5. What is recorded or withdrawn later changes no answer for an earlier known day.
    #[test]
    fn later_records_of_any_kind_change_no_earlier_answer((history, on) in heap(), known_at in 0_i32..1200) {
        let known_at = forward(FIRST, known_at);
        let then: Vec<Fact> = facts(&history)
            .into_iter()
            .filter(|fact| fact.recorded <= known_at)
            .map(|fact| Fact { retracted: fact.retracted.filter(|gone| *gone <= known_at), ..fact })
            .collect();
        let question = Question { known_at: Some(known_at), ..Question::on(on) };
        prop_assert_eq!(
            said(&judge(&history, &question, &RU).unwrap()),
            said(&judge(&with_facts(&history, then), &question, &RU).unwrap())
        );
    }

    /// 6. Every conclusion cites a rule, and only rules in force on the day asked, and can be put in words.
    #[test]
    fn any_conclusion_cites_only_rules_in_force((history, on) in heap(), asked in 0_usize..40) {
        let question = RU.advice.question.get(asked).map(|row| row.code.clone());
        let question = Question {
            question,
            region: Some("77".to_owned()),
            profession: Some("cook".to_owned()),
            ..Question::on(on)
        };
        let status = judge(&history, &question, &RU).unwrap();
        for because in status.reasons().filter(|because| !because.text.key.is_empty()) {
            let in_force = because.rules.iter().any(|rule| RU.rules[rule].in_force(on));
            prop_assert!(in_force, "{:?} on {}", because, on);
            prop_assert!(RU.texts.contains(&because.text.key), "no text {}", because.text.key);
        }
        prop_assert!(not_in_force(&status).is_empty(), "{:?} on {}", not_in_force(&status), on);
    }

    /// Somebody is registered by a decision on record only, whatever grounds there are.
    #[test]
    fn nobody_is_registered_without_a_decision((history, on) in heap()) {
        let status = ask(&history, on);
        let decided = history.facts().any(|fact| fact.text("kind") == Some("register_entry"));
        prop_assert!(decided || (!status.registered && status.restrictions.is_empty()));
    }
}
