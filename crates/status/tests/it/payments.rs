//! What a payment bought where the record leaves two readings, and payments that may never have been recorded.

use jiff::civil::date;
use records::Day;
use status::{
    Question,
    citizenship::Citizenship,
    facts::{Fact, FactKind, Value},
    history::History,
    judge,
    status::{Lawful, Status, Verdict},
};

use crate::support::RU;

/// Moscow, 2025: 8 900 roubles a month.
const MONTH_KOPECKS: i64 = 890_000;

fn entry() -> Fact {
    Fact::new("border_in", date(2025, 3, 24)).with_text("purpose", "work")
}

fn patent(number: &str, day: Day) -> Fact {
    Fact::new("patent_issued", day)
        .with_text("region", "77")
        .with_text("number", number)
        .with("receipt_shown", Value::Flag(true))
}

fn paid(day: Day, kopecks: i64) -> Fact {
    Fact::new("patent_paid", day)
        .with_text("region", "77")
        .with("kopecks", Value::Number(kopecks))
        .with("credited", Value::Flag(true))
}

fn paid_for(number: &str, day: Day, kopecks: i64) -> Fact {
    paid(day, kopecks).with_text("for", number)
}

fn history(facts: Vec<Fact>) -> History {
    History::new(vec![Citizenship::parse("UZ").unwrap()], None, facts)
}

/// The same facts from a source that loses some payments.
fn lossy(facts: Vec<Fact>) -> History {
    let mut history = history(facts);
    history.partly_observed = [FactKind::new("patent_paid")].into();
    history
}

fn ask(history: &History, on: Day) -> Status {
    judge(history, &Question::on(on), &RU).unwrap()
}

fn verdicts(status: &Status) -> (Lawful, Verdict) {
    (status.stay.lawful, status.work.allowed)
}

const YES: (Lawful, Verdict) = (Lawful::Yes, Verdict::Yes);
const NO: (Lawful, Verdict) = (Lawful::No, Verdict::No);
const OPEN: (Lawful, Verdict) = (Lawful::Undetermined, Verdict::Undetermined);

/// Paid to 4 September; the next payment on record is of 1 October.
fn with_a_gap() -> Vec<Fact> {
    vec![
        entry(),
        patent("1", date(2025, 4, 5)),
        paid_for("1", date(2025, 4, 1), 4 * MONTH_KOPECKS),
        paid_for("1", date(2025, 8, 3), MONTH_KOPECKS),
        paid(date(2025, 10, 1), MONTH_KOPECKS),
    ]
}

#[test]
fn a_payment_after_the_last_paid_day_leaves_open_whether_one_before_it_was_lost() {
    let gap = lossy(with_a_gap());
    assert_eq!(verdicts(&ask(&gap, date(2025, 9, 4))), YES, "the last paid day");
    for on in [date(2025, 9, 12), date(2025, 10, 1), date(2025, 10, 20)] {
        let status = ask(&gap, on);
        assert_eq!(verdicts(&status), OPEN, "on {on}");
        let missing = status
            .missing
            .iter()
            .find(|missing| missing.fact == "patent_paid")
            .unwrap();
        assert!(missing.decisive, "on {on}");
        assert_eq!(missing.after, Some(date(2025, 9, 4)), "on {on}");
    }
    // The payment of 1 October bought a month from 5 October at the most.
    assert_eq!(verdicts(&ask(&gap, date(2025, 11, 5))), NO);
    // Where all payments are on record, the one of 1 October came too late (115-FZ art. 13.3 p. 5).
    assert_eq!(verdicts(&ask(&history(with_a_gap()), date(2025, 9, 12))), NO);
}

#[test]
fn silence_alone_is_a_lapse_once_a_payment_would_have_been_reported() {
    let mut facts = with_a_gap();
    facts.pop();
    let lapsed = lossy(facts);
    assert_eq!(verdicts(&ask(&lapsed, date(2025, 9, 12))), NO);
    let known = |at: Day| {
        let question = Question {
            known_at: Some(at),
            ..Question::on(at)
        };
        verdicts(&judge(&lapsed, &question, &RU).unwrap())
    };
    assert_eq!(known(date(2025, 9, 4)), YES);
    assert_eq!(known(date(2025, 9, 18)), OPEN, "a payment may still be reported");
    assert_eq!(known(date(2025, 9, 19)), NO);
}

#[test]
fn a_payment_for_the_next_patent_says_nothing_of_the_one_before() {
    let mut facts = with_a_gap();
    facts.pop();
    facts.extend([
        Fact::new("border_out", date(2025, 9, 20)),
        Fact::new("border_in", date(2026, 1, 10)).with_text("purpose", "work"),
        paid(date(2026, 1, 25), MONTH_KOPECKS * 10_000 / 8_900),
        patent("2", date(2026, 2, 1)),
    ]);
    assert_eq!(verdicts(&ask(&lossy(facts), date(2025, 9, 12))), NO);
}

#[test]
fn of_two_running_patents_the_newer_is_paid_for() {
    let facts = vec![
        entry(),
        patent("1", date(2025, 4, 5)),
        paid_for("1", date(2025, 4, 1), 4 * MONTH_KOPECKS),
        patent("2", date(2025, 7, 1)),
        paid(date(2025, 7, 30), MONTH_KOPECKS),
        paid(date(2025, 8, 30), MONTH_KOPECKS),
    ];
    let status = ask(&history(facts), date(2025, 9, 15));
    assert_eq!(verdicts(&status), YES);
    assert_eq!(status.stay.until, Some(date(2025, 9, 30)));
}

#[test]
fn a_sum_that_falls_short_leaves_it_open_and_one_without_a_sum_too() {
    let start = || vec![entry(), patent("1", date(2025, 4, 5))];
    let with = |payment: Fact| history(start().into_iter().chain([payment]).collect());
    let short = |kopecks| verdicts(&ask(&with(paid(date(2025, 5, 2), kopecks)), date(2025, 6, 20)));
    // Forty-five days of the first ninety are left in May, none in July.
    let july = |payment: Fact| verdicts(&ask(&with(payment), date(2025, 6, 30)));
    assert_eq!(short(2 * MONTH_KOPECKS), YES);
    assert_eq!(july(paid(date(2025, 5, 2), 2 * MONTH_KOPECKS)), YES);
    assert_eq!(
        july(paid(date(2025, 5, 2), 2 * MONTH_KOPECKS - 10_000)),
        OPEN,
        "short by a hundred"
    );
    assert_eq!(july(paid(date(2025, 5, 2), MONTH_KOPECKS)), NO);
    let unsaid = Fact::new("patent_paid", date(2025, 5, 2)).with_text("region", "77");
    assert_eq!(july(unsaid), OPEN, "no sum, no months");
}

/// Two things unknown at once: only together do they change the answer.
#[test]
fn unknowns_are_tried_together() {
    let facts = vec![
        entry(),
        patent("1", date(2025, 4, 5)),
        paid(date(2025, 5, 2), 2 * MONTH_KOPECKS - 10_000),
        paid_for("1", date(2025, 9, 3), MONTH_KOPECKS),
    ];
    assert_eq!(verdicts(&ask(&lossy(facts), date(2025, 8, 20))), OPEN);
}

/// Bashkortostan, 2026: the law's coefficient is not in the pack, only what payments of earlier years show.
#[test]
fn a_price_that_is_only_observed_is_good_for_sums_that_fit_it() {
    let on_the_day = |kopecks| {
        let patent = Fact::new("patent_issued", date(2026, 2, 1)).with_text("region", "02");
        let payment = Fact::new("patent_paid", date(2026, 2, 1))
            .with_text("region", "02")
            .with("kopecks", Value::Number(kopecks));
        let entry = Fact::new("border_in", date(2026, 1, 10)).with_text("purpose", "work");
        ask(&history(vec![entry, patent, payment]), date(2026, 4, 15))
    };
    // 1200 x 2.842 x 2.1 = 7161.84 a month; three months reach to 30 April, two to 31 March.
    assert_eq!(verdicts(&on_the_day(3 * 716_184)), YES);
    assert_eq!(verdicts(&on_the_day(2 * 716_184)), NO);
    let unclear = on_the_day(2_000_000);
    assert_eq!(verdicts(&unclear), OPEN);
    let missing = unclear
        .missing
        .iter()
        .find(|missing| missing.fact == "patent_coefficient");
    assert!(missing.is_some_and(|missing| missing.decisive));
}
