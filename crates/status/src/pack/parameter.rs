//! Dated parameters: one value per key and day, each with the act that set it.
//!
//! In: `parameters.csv`. Out: values by key. Invariant: for one key, values neither overlap nor leave a gap, except that a
//! later act may replace a value that is already running (same `valid_from`, later `enacted_on`).
//! Drafts stay in the table with `state` = `draft` and have no effect.

use std::collections::BTreeMap;

use records::Day;
use serde::{Deserialize, Serialize};

use super::{
    PackError,
    rule::{Confidence, RuleId},
    table,
};
use crate::term::{Term, Unit, next};

pub(super) const FILE: &str = "parameters.csv";

/// Key of a parameter. Pack files refer to it as `$key`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct ParameterKey(String);

#[derive(Debug, thiserror::Error)]
#[error("a reference to a parameter is written $key")]
pub struct NoReference;

impl TryFrom<String> for ParameterKey {
    type Error = NoReference;
    fn try_from(text: String) -> Result<Self, NoReference> {
        text.strip_prefix('$').map(Self::new).ok_or(NoReference)
    }
}

impl ParameterKey {
    pub fn new(key: &str) -> Self {
        Self(key.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A decimal number without rounding: `digits` / 10^`places`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decimal {
    pub digits: i64,
    pub places: u32,
}

/// Over which days visa-free days are added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// So many days back, the day asked included.
    Sliding(u32),
    CalendarYear,
}

/// What a parameter says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quantity {
    Term(Term),
    Number(i64),
    Decimal(Decimal),
    Flag(bool),
    Window(Window),
    Word(String),
    List(Vec<String>),
    Day(Day),
}

/// One value of one key.
#[derive(Clone, Debug)]
pub struct Parameter {
    pub quantity: Quantity,
    pub valid_from: Day,
    pub valid_to: Option<Day>,
    pub enacted_on: Day,
    /// The rule that it belongs to, where there is one.
    pub rule: Option<RuleId>,
    pub citation: String,
    pub confidence: Confidence,
    line: u64,
}

impl Parameter {
    pub fn number(&self) -> Option<i64> {
        match &self.quantity {
            Quantity::Number(number) => Some(*number),
            Quantity::Term(term) => Some(i64::from(term.count)),
            _ => None,
        }
    }

    pub fn window(&self) -> Option<Window> {
        match self.quantity {
            Quantity::Window(window) => Some(window),
            _ => None,
        }
    }
}

#[derive(Deserialize)]
struct Row {
    key: String,
    value: String,
    unit: String,
    valid_from: Day,
    valid_to: Option<Day>,
    enacted_on: Option<Day>,
    rule: Option<RuleId>,
    citation: String,
    confidence: Confidence,
    state: State,
}

#[derive(Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum State {
    InForce,
    Draft,
}

/// All parameters of a pack.
#[derive(Clone, Debug, Default)]
pub struct Parameters(BTreeMap<ParameterKey, Vec<Parameter>>);

impl Parameters {
    pub(super) fn parse(text: &str) -> Result<Self, PackError> {
        let mut parameters = Self::default();
        for (line, row) in table::rows::<Row>(FILE, text)? {
            if row.citation.is_empty() && row.rule.is_none() {
                return Err(PackError::at(
                    FILE,
                    line,
                    "citation",
                    "neither rule nor citation is given",
                ));
            }
            let quantity = quantity(&row.value, &row.unit)
                .ok_or_else(|| PackError::at(FILE, line, "value", format!("is no {}", row.unit)))?;
            if row.state == State::Draft {
                continue;
            }
            let enacted_on = row.enacted_on.unwrap_or(row.valid_from);
            let parameter = Parameter {
                quantity,
                valid_from: row.valid_from,
                valid_to: row.valid_to,
                enacted_on,
                rule: row.rule,
                citation: row.citation,
                confidence: row.confidence,
                line,
            };
            parameters
                .0
                .entry(ParameterKey(row.key))
                .or_default()
                .push(parameter);
        }
        for (key, values) in &mut parameters.0 {
            values.sort_by_key(|value| (value.valid_from, value.enacted_on));
            check_validity(key, values)?;
        }
        Ok(parameters)
    }

    /// The value on a day, by the acts enacted up to `enacted_by`.
    ///
    /// A value that ends because a later act replaced it does not end for somebody who cannot know that act yet.
    pub fn on(&self, key: &ParameterKey, day: Day, enacted_by: Option<Day>) -> Option<&Parameter> {
        let values = self.0.get(key)?;
        let known = |value: &&Parameter| enacted_by.is_none_or(|by| value.enacted_on <= by);
        let value = values
            .iter()
            .filter(known)
            .rfind(|value| value.valid_from <= day)?;
        let replaced_unknown = value.valid_to.is_some_and(|last| {
            values
                .iter()
                .any(|later| later.valid_from == next(last) && !known(&later))
        });
        (replaced_unknown || value.valid_to.is_none_or(|last| day <= last)).then_some(value)
    }

    pub fn contains(&self, key: &ParameterKey) -> bool {
        self.0.contains_key(key)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&ParameterKey, &[Parameter])> {
        self.0.iter().map(|(key, values)| (key, values.as_slice()))
    }

    pub(super) fn check_rules(&self, known: impl Fn(&RuleId) -> bool) -> Result<(), PackError> {
        for value in self.0.values().flatten() {
            if let Some(rule) = value.rule.as_ref().filter(|rule| !known(rule)) {
                return Err(PackError::at(
                    FILE,
                    value.line,
                    "rule",
                    format!("{rule} is not in rules.csv"),
                ));
            }
        }
        Ok(())
    }
}

fn check_validity(key: &ParameterKey, values: &[Parameter]) -> Result<(), PackError> {
    for pair in values.windows(2) {
        let [earlier, later] = pair else { continue };
        let wrong = |problem: String| PackError::at(FILE, later.line, "valid_from", problem);
        let replaces = earlier.valid_from == later.valid_from;
        if replaces && earlier.enacted_on == later.enacted_on {
            return Err(wrong(format!(
                "{} has two values for the same days",
                key.as_str()
            )));
        }
        match earlier.valid_to {
            _ if replaces => {}
            None => return Err(wrong(format!("{} overlaps the value before it", key.as_str()))),
            Some(last) if later.valid_from <= last => {
                return Err(wrong(format!("{} overlaps the value before it", key.as_str())));
            }
            Some(last) if later.valid_from > next(last) => {
                return Err(wrong(format!("{} leaves a gap after {last}", key.as_str())));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn quantity(value: &str, unit: &str) -> Option<Quantity> {
    let term = |unit| Some(Quantity::Term(Term::new(value.parse().ok()?, unit)));
    match unit {
        "hours" => term(Unit::Hours),
        "days" => term(Unit::Days),
        "working_days" => term(Unit::WorkingDays),
        "months" => term(Unit::Months),
        "years" => term(Unit::Years),
        "rub" | "count" => Some(Quantity::Number(value.parse().ok()?)),
        "factor" => decimal(value).map(Quantity::Decimal),
        "bool" => Some(Quantity::Flag(value.parse().ok()?)),
        "window" => window(value).map(Quantity::Window),
        "enum" => Some(Quantity::Word(value.to_owned())),
        "list" => Some(Quantity::List(
            value
                .split(';')
                .filter(|v| !v.is_empty())
                .map(str::to_owned)
                .collect(),
        )),
        "date" => Some(Quantity::Day(value.parse().ok()?)),
        _ => None,
    }
}

fn window(value: &str) -> Option<Window> {
    match value.strip_prefix("sliding_") {
        Some(days) => Some(Window::Sliding(days.parse().ok().filter(|&days| days > 0)?)),
        None => (value == "calendar_year").then_some(Window::CalendarYear),
    }
}

pub(super) fn decimal(value: &str) -> Option<Decimal> {
    let (whole, part) = value.split_once('.').unwrap_or((value, ""));
    let digits = format!("{whole}{part}").parse().ok()?;
    Some(Decimal {
        digits,
        places: u32::try_from(part.len()).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const HEADER: &str = "key,value,unit,valid_from,valid_to,enacted_on,rule,citation,confidence,state\n";

    fn parse(rows: &str) -> Result<Parameters, PackError> {
        Parameters::parse(&format!("{HEADER}{rows}"))
    }

    #[test]
    fn an_act_not_yet_enacted_ends_nothing() {
        let parameters = parse(
            "w,sliding_180,window,2014-01-01,2024-12-31,2013-12-28,,a,high,in_force\n\
             w,calendar_year,window,2025-01-01,,2024-08-08,,b,high,in_force\n",
        )
        .unwrap();
        let value = |day, by| {
            parameters
                .on(&ParameterKey::new("w"), day, by)
                .map(|p| p.quantity.clone())
        };
        let sliding = Some(Quantity::Window(Window::Sliding(180)));
        assert_eq!(value(date(2025, 2, 1), Some(date(2024, 8, 7))), sliding);
        assert_eq!(
            value(date(2025, 2, 1), Some(date(2024, 8, 8))),
            Some(Quantity::Window(Window::CalendarYear))
        );
        assert_eq!(value(date(2024, 12, 31), None), sliding);
        assert_eq!(value(date(2013, 12, 31), None), None);
    }

    #[test]
    fn gaps_overlaps_and_unknown_units_are_refused_with_their_line() {
        for (rows, message) in [
            (
                "k,1,days,2020-01-01,2020-12-31,,,a,high,in_force\nk,2,days,2021-01-02,,,,a,high,in_force\n",
                "parameters.csv, line 3, valid_from: k leaves a gap after 2020-12-31",
            ),
            (
                "k,1,days,2020-01-01,,,,a,high,in_force\nk,2,days,2021-01-02,,,,a,high,in_force\n",
                "parameters.csv, line 3, valid_from: k overlaps the value before it",
            ),
            (
                "k,1,fortnights,2020-01-01,,,,a,high,in_force\n",
                "parameters.csv, line 2, value: is no fortnights",
            ),
            (
                "k,1,days,2020-01-01,,,,,high,in_force\n",
                "parameters.csv, line 2, citation: neither rule nor citation is given",
            ),
        ] {
            assert_eq!(parse(rows).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn a_draft_has_no_effect() {
        let parameters = parse("k,1,days,2020-01-01,,,,a,high,draft\n").unwrap();
        assert!(!parameters.contains(&ParameterKey::new("k")));
    }
}
