//! Laws that hold for every life, whatever the rules say of it.

use jiff::civil::date;
use proptest::prelude::*;
use records::Day;
use status::{
    Question,
    citizenship::Citizenship,
    facts::Fact,
    history::History,
    judge,
    status::{DutyStatus, Lawful, Status},
    term::{forward, next},
};

use crate::{
    lives::{facts, history, life},
    reference,
    support::RU,
    wild::not_in_force,
};

fn ask(history: &History, on: Day) -> Status {
    judge(history, &Question::on(on), &RU).unwrap()
}

fn with_facts(history: &History, facts: Vec<Fact>) -> History {
    History::new(history.citizenships.clone(), history.born, facts)
}

/// Everything that is said, but for what the answer says of how it came about.
fn said(status: &Status) -> Status {
    Status {
        change: None,
        ..status.clone()
    }
}

proptest! {
    #![proptest_config(crate::lives::config())]

    /// The engine and the slow evaluator agree on the right to stay, its end and the days used.
    #[test]
    fn two_evaluators_agree((life, on) in life()) {
        let expected = reference::judge(&life, on);
        let status = ask(&history(&life), on);
        let got_lawful = status.stay.lawful == Lawful::Yes;
        prop_assert_eq!(got_lawful, expected.lawful, "{:?} on {}: {:?}", life, on, status.stay);
        if got_lawful {
            prop_assert_eq!(status.stay.until, expected.until, "{:?} on {}", life, on);
        }
        if let Some(used) = status.stay.days_used {
            prop_assert_eq!(used, expected.days_used, "{:?} on {}", life, on);
        }
    }

    /// 1. Order and duplication of facts change nothing.
    #[test]
    fn order_and_repetition_change_nothing(
        (sent, shuffled, on) in life().prop_flat_map(|(life, on)| {
            let sent = facts(&life);
            let twice: Vec<Fact> = sent.iter().chain(&sent).cloned().collect();
            (Just(history(&life)), Just(twice).prop_shuffle(), Just(on))
        }),
    ) {
        prop_assert_eq!(ask(&sent, on), ask(&with_facts(&sent, shuffled), on));
    }

    /// 2. Going out and in again on one day changes no count of days.
    #[test]
    fn a_stay_split_on_one_day_counts_the_same((life, on) in life(), at in 0_i32..140) {
        let whole = history(&life);
        let (entry, exit) = *life.visits.last().unwrap();
        let split = forward(entry, at);
        prop_assume!(split > entry && split < on && exit.is_none_or(|exit| split < exit));
        let mut parted = facts(&life);
        parted.push(Fact::new("border_out", split));
        parted.push(Fact::new("border_in", split).with_text("purpose", "work"));
        let parted = with_facts(&whole, parted);
        prop_assert_eq!(ask(&whole, on).stay.days_used, ask(&parted, on).stay.days_used);
    }

    /// 3. `until` is lawful and the day after is not, by the same facts.
    #[test]
    fn until_is_the_last_lawful_day((life, on) in life()) {
        let known: Vec<Fact> = facts(&life).into_iter().filter(|fact| fact.day <= on).collect();
        let known = with_facts(&history(&life), known);
        let status = ask(&known, on);
        prop_assume!(status.stay.lawful == Lawful::Yes);
        if let Some(until) = status.stay.until {
            prop_assert_eq!(ask(&known, until).stay.lawful, Lawful::Yes, "on {}", until);
            let after = ask(&known, next(until)).stay.lawful;
            let ended = matches!(after, Lawful::No | Lawful::NotPresent | Lawful::Tolerated);
            prop_assert!(ended, "{:?} on {}", after, next(until));
        }
    }

    /// 4. A day more of presence never leaves more days.
    #[test]
    fn more_presence_never_leaves_more_days((mut life, on) in life()) {
        let before = ask(&history(&life), on).stay.days_left;
        let last = life.visits.len() - 1;
        let (entry, exit) = life.visits[last];
        // No other basis: then every day of presence is a visa-free one.
        prop_assume!(life.patent.is_none() && life.contract.is_none());
        let free_before = last == 0 || life.visits[last - 1].1.is_some_and(|out| next(out) < entry);
        if let Some(exit) = exit {
            life.visits[last].1 = Some(next(exit));
        } else {
            prop_assume!(free_before);
            life.visits[last].0 = forward(entry, -1);
        }
        let after = ask(&history(&life), on).stay.days_left;
        prop_assert!(after <= before, "{:?} then {:?}", before, after);
    }

    /// 5. What is recorded later changes no answer for an earlier known day, and nothing hides what is known.
    #[test]
    fn later_records_change_no_earlier_answer((life, on) in life(), lag in 1_i32..60) {
        let on_record = history(&life);
        let late = Fact::new("decision", on).with_text("kind", "stay_shortened").recorded(forward(on, lag));
        let more = with_facts(&on_record, facts(&life).into_iter().chain([late]).collect());
        let known_then = Question { known_at: Some(on), ..Question::on(on) };
        prop_assert_eq!(
            said(&judge(&on_record, &known_then, &RU).unwrap()),
            said(&judge(&more, &known_then, &RU).unwrap())
        );
        let last = forward(on, 400);
        let known_all = Question { known_at: Some(last), ..Question::on(on) };
        let at_last = Status { known_at: None, ..judge(&more, &known_all, &RU).unwrap() };
        prop_assert_eq!(ask(&more, on), at_last);
    }

    /// 6. Every conclusion cites a rule, and none that is not in force on the day.
    #[test]
    fn every_conclusion_cites_a_rule_in_force((life, on) in life()) {
        let status = ask(&history(&life), on);
        for because in status.reasons().filter(|because| !because.text.key.is_empty()) {
            let in_force = because.rules.iter().any(|rule| RU.rules[rule].in_force(on));
            prop_assert!(in_force, "{:?} on {}", because, on);
            prop_assert!(RU.texts.contains(&because.text.key), "no text {}", because.text.key);
        }
        prop_assert!(not_in_force(&status).is_empty(), "{:?} on {}", not_in_force(&status), on);
    }

    /// A person is registered by decision only, whatever grounds there are.
    #[test]
    fn the_rules_never_register((life, on) in life()) {
        let status = ask(&history(&life), on);
        prop_assert!(!status.registered && status.restrictions.is_empty());
    }
}

/// Found by the sixth law: an experiment that has ended asks nothing of whoever came while it ran.
#[test]
fn a_duty_of_an_act_that_has_ended_is_not_held_against_anybody() {
    let entry = Fact::new("border_in", date(2026, 1, 1)).with_text("checkpoint", "air:SVO");
    let history = History::new(vec![Citizenship::parse("UZ").unwrap()], None, [entry]);
    for (on, status) in [
        (date(2026, 6, 30), DutyStatus::Undetermined),
        (date(2026, 7, 1), DutyStatus::NotApplicable),
    ] {
        let told = ask(&history, on);
        let duty = told
            .duties
            .iter()
            .find(|duty| duty.code == "border_biometrics")
            .unwrap();
        assert_eq!(duty.status, status, "on {on}");
        assert!(
            not_in_force(&told).is_empty(),
            "{:?} on {on}",
            not_in_force(&told)
        );
    }
}

/// An act that is not known yet has ended nothing: the rule before it is applied, and cited.
#[test]
fn a_rule_whose_end_is_not_known_is_cited_still() {
    let entry = Fact::new("border_in", date(2025, 1, 15)).with_text("purpose", "private");
    let history = History::new(vec![Citizenship::parse("AZ").unwrap()], None, [entry]);
    let cites = |enacted_by: Day| {
        let question = Question {
            law_known_at: Some(enacted_by),
            ..Question::on(date(2025, 1, 31))
        };
        let status = judge(&history, &question, &RU).unwrap();
        let rules = status
            .stay
            .because
            .rules
            .iter()
            .map(|rule| rule.as_str().to_owned());
        rules.collect::<Vec<_>>()
    };
    let [before, after] = [date(2024, 8, 7), date(2024, 8, 8)].map(cites);
    assert_eq!(before, ["RU.STAY.VF.90_180", "RU.STAY.VF.CONT90"]);
    assert_eq!(after, ["RU.STAY.VF.90_YEAR", "RU.STAY.VF.CONT90"]);
}
