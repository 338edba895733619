//! Checks a pack as a whole: every reference resolves, every row cites, every combination of files agrees.

use std::collections::BTreeSet;

use super::{
    Pack, PackError,
    advice::{self, AnswerBy},
    basis::{self, EndedBy, FactSlot, Holds},
    condition::When,
    duty::{self, Due, Trigger},
    parameter::ParameterKey,
    price,
    register::{self, Cause},
    rule::RuleId,
    selector::Selector,
    work,
};

pub(super) fn check(pack: &Pack) -> Result<(), PackError> {
    pack.parameters
        .check_rules(|rule| pack.rules.contains_key(rule))?;
    let check = Checker {
        pack,
        bases: pack.bases.basis.iter().map(|basis| basis.code.as_str()).collect(),
    };
    check.bases()?;
    check.standings()?;
    check.work()?;
    check.duties()?;
    check.register()?;
    check.bans()?;
    check.advice()?;
    check.prices()
}

struct Checker<'p> {
    pack: &'p Pack,
    bases: BTreeSet<&'p str>,
}

type Checked = Result<(), PackError>;

impl Checker<'_> {
    fn rules<'r>(&self, file: &str, place: &str, rules: impl IntoIterator<Item = &'r RuleId>) -> Checked {
        match rules.into_iter().find(|rule| !self.pack.rules.contains_key(rule)) {
            Some(rule) => Err(PackError::in_row(
                file,
                place,
                "rules",
                format!("{rule} is not in rules.csv"),
            )),
            None => Ok(()),
        }
    }

    fn cited(&self, file: &str, place: &str, rules: &[RuleId]) -> Checked {
        if rules.is_empty() {
            return Err(PackError::in_row(file, place, "rules", "cites no rule"));
        }
        self.rules(file, place, rules)
    }

    fn parameter(&self, file: &str, place: &str, key: &ParameterKey) -> Checked {
        if self.pack.parameters.contains(key) {
            return Ok(());
        }
        let problem = format!("${} is not in parameters.csv", key.as_str());
        Err(PackError::in_row(file, place, "parameter", problem))
    }

    fn basis(&self, file: &str, place: &str, code: &str) -> Checked {
        if self.bases.contains(code) {
            return Ok(());
        }
        Err(PackError::in_row(
            file,
            place,
            "basis",
            format!("{code} is not in bases.toml"),
        ))
    }

    fn selector(&self, file: &str, place: &str, selector: &Selector) -> Checked {
        selector.check(file, place, &self.pack.schema)
    }

    fn slot(&self, file: &str, place: &str, slot: &FactSlot) -> Checked {
        self.selector(file, place, &slot.selector())
    }

    fn kind(&self, file: &str, place: &str, kind: &crate::facts::FactKind) -> Checked {
        let selector = Selector {
            fact: kind.clone(),
            only: Default::default(),
            except: Default::default(),
        };
        self.selector(file, place, &selector)
    }

    fn endings(&self, file: &str, place: &str, endings: &[EndedBy]) -> Checked {
        for ending in endings {
            self.slot(file, place, &ending.fact)?;
            if let Some(kind) = &ending.holder_of {
                self.kind(file, place, kind)?;
            }
            for attribute in &ending.same {
                self.attribute(file, place, &ending.fact.fact, attribute)?;
            }
        }
        Ok(())
    }

    fn attribute(&self, file: &str, place: &str, kind: &crate::facts::FactKind, name: &str) -> Checked {
        if self.pack.schema.has(kind, name) {
            return Ok(());
        }
        Err(PackError::in_row(
            file,
            place,
            name,
            format!("is not an attribute of {kind} in facts.csv"),
        ))
    }

    fn when(&self, file: &str, place: &str, when: &When) -> Checked {
        let parameters = [
            &when.citizens_in,
            &when.age_under,
            &when.age_from,
            &when.within_first,
            &when.stays_beyond,
            &when.checkpoint_in,
            &when.absent_beyond,
        ];
        for key in parameters.into_iter().flatten() {
            self.parameter(file, place, key)?;
        }
        for selector in [&when.fact, &when.ever, &when.no_fact].into_iter().flatten() {
            self.selector(file, place, selector)?;
        }
        for code in when.basis.iter().chain(&when.not_basis).chain(&when.lapsed) {
            self.basis(file, place, code)?;
        }
        for name in when.standing.iter().chain(&when.not_standing) {
            if !self.pack.standings.standing.contains_key(name) {
                let problem = format!("{name} is not in standings.toml");
                return Err(PackError::in_row(file, place, "standing", problem));
            }
        }
        if let Some(below) = &when.below {
            self.attribute(file, place, &below.fact, &below.attribute)?;
            self.parameter(file, place, &below.minimum)?;
        }
        match &when.duty {
            Some(asked) if !self.pack.duties.duty.iter().any(|duty| duty.code == asked.code) => {
                Err(PackError::in_row(
                    file,
                    place,
                    "duty",
                    format!("{} is not in duties.toml", asked.code),
                ))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn bases(&self) -> Checked {
        let file = basis::FILE;
        let crossing = &self.pack.bases.crossing;
        let place = "crossing";
        self.kind(file, place, &crossing.entry)?;
        self.kind(file, place, &crossing.exit)?;
        for name in [
            &crossing.document_country,
            &crossing.purpose,
            &crossing.checkpoint,
        ] {
            self.attribute(file, place, &crossing.entry, name)?;
        }
        self.rules(
            file,
            place,
            [
                &crossing.trust_rule,
                &crossing.document_rule,
                &crossing.no_basis_rule,
            ],
        )?;
        for key in [
            &crossing.same_crossing,
            &crossing.event_day,
            &crossing.rollover,
            &crossing.issue_day_counts,
            &crossing.entry_day_counts,
            &crossing.exit_day_counts,
        ] {
            self.parameter(file, place, key)?;
        }
        for basis in &self.pack.bases.basis {
            let place = format!("basis {}", basis.code);
            self.rules(file, &place, &basis.rules)?;
            self.holds(&place, &basis.holds, basis.rules.is_empty())?;
        }
        for ending in &self.pack.bases.ending {
            let place = format!("ending by {}", ending.fact.fact);
            self.cited(file, &place, &ending.rules)?;
            self.slot(file, &place, &ending.fact)?;
            for code in &ending.ends {
                self.basis(file, &place, code)?;
            }
        }
        Ok(())
    }

    fn holds(&self, place: &str, holds: &Holds, uncited: bool) -> Checked {
        let file = basis::FILE;
        // Days within limits cite the rules of the limits; everything else must name its own.
        if uncited && !matches!(holds, Holds::VisitLimits(_)) {
            return Err(PackError::in_row(file, place, "rules", "cites no rule"));
        }
        match holds {
            Holds::Citizenship(rule) => rule
                .lost_by
                .iter()
                .try_for_each(|selector| self.selector(file, place, selector)),
            Holds::Fact(rule) => {
                self.slot(file, place, &rule.fact)?;
                self.endings(file, place, &rule.ended_by)?;
                for name in rule.entries.iter().chain(&rule.days_per_visit_in) {
                    self.attribute(file, place, &rule.fact.fact, name)?;
                }
                if let Some(follows) = &rule.follows {
                    self.kind(file, place, &follows.fact)?;
                    self.parameter(file, place, &follows.by)?;
                }
                rule.term
                    .iter()
                    .chain(&rule.days_per_visit)
                    .try_for_each(|key| self.parameter(file, place, key))
            }
            Holds::PaidPeriods(rule) => {
                self.kind(file, place, &rule.issued)?;
                self.kind(file, place, &rule.reissued)?;
                self.attribute(file, place, &rule.issued, &rule.receipt_shown)?;
                for name in [
                    &rule.months,
                    &rule.amount,
                    &rule.kopecks,
                    &rule.credited,
                    &rule.meant_for,
                    &rule.region,
                ] {
                    self.attribute(file, place, &rule.payment, name)?;
                }
                self.rules(
                    file,
                    place,
                    [
                        &rule.repeat_rule,
                        &rule.lapse_rule,
                        &rule.most_rule,
                        &rule.credit_rule,
                    ],
                )?;
                for key in [&rule.credit_lag, &rule.prepaid_within, &rule.reported_within] {
                    self.parameter(file, place, key)?;
                }
                self.parameter(file, place, &rule.most)?;
                self.endings(file, place, &rule.ended_by)
            }
            Holds::TermAfter(rule) => {
                self.slot(file, place, &rule.fact)?;
                self.parameter(file, place, &rule.term)?;
                rule.needs_basis
                    .iter()
                    .try_for_each(|code| self.basis(file, place, code))?;
                rule.holder_of
                    .iter()
                    .try_for_each(|kind| self.kind(file, place, kind))?;
                rule.beyond
                    .iter()
                    .try_for_each(|key| self.parameter(file, place, key))
            }
            Holds::Window(rule) => rule
                .unlawful_on
                .iter()
                .try_for_each(|key| self.parameter(file, place, key)),
            Holds::VisitLimits(rule) => {
                rule.not_counted
                    .iter()
                    .try_for_each(|code| self.basis(file, place, code))?;
                self.rules(file, place, rule.continuous_rule.iter().chain([&rule.cap_rule]))?;
                let keys = [&rule.total, &rule.window, &rule.all_days_count];
                keys.into_iter()
                    .chain(&rule.continuous)
                    .try_for_each(|key| self.parameter(file, place, key))
            }
        }
    }

    fn prices(&self) -> Checked {
        let Some(prices) = &self.pack.prices else {
            return Ok(());
        };
        let (file, place) = (price::RULE_FILE, "price");
        self.cited(file, place, &prices.rule.rules)?;
        self.parameter(file, place, &prices.rule.base)?;
        self.parameter(file, place, &prices.rule.deflator)
    }

    fn standings(&self) -> Checked {
        for (name, slots) in &self.pack.standings.standing {
            for slot in slots {
                self.slot(advice::STANDINGS, &format!("standing {name}"), slot)?;
            }
        }
        Ok(())
    }

    fn work(&self) -> Checked {
        let file = work::FILE;
        self.cited(file, "needs_stay", &self.pack.work.needs_stay.rules)?;
        for right in &self.pack.work.right {
            let place = format!("right {}", right.code);
            self.cited(file, &place, &right.rules)?;
            self.when(file, &place, &right.when)?;
            right
                .during
                .iter()
                .try_for_each(|code| self.basis(file, &place, code))?;
            right
                .by
                .iter()
                .chain(&right.only)
                .try_for_each(|selector| self.selector(file, &place, selector))?;
            let rules = [
                &right.region_rule,
                &right.group_rule,
                &right.profession_rule,
                &right.age_rule,
            ];
            self.rules(file, &place, rules.into_iter().flatten())?;
            let keys = right.region_groups.iter().chain(&right.age_from);
            keys.into_iter()
                .try_for_each(|key| self.parameter(file, &place, key))?;
            self.endings(file, &place, &right.ended_by)?;
        }
        for refusal in &self.pack.work.refusal {
            let place = format!("refusal {}", refusal.reason);
            self.cited(file, &place, &refusal.rules)?;
            self.when(file, &place, &refusal.when)?;
        }
        match self.pack.work.refusal.last() {
            Some(last) if last.when == When::default() => Ok(()),
            Some(_) | None => Err(PackError::in_row(
                file,
                "refusal",
                "when",
                "the last row must apply to everybody else",
            )),
        }
    }

    fn duties(&self) -> Checked {
        let file = duty::FILE;
        if let Some(leave) = &self.pack.duties.leave {
            self.cited(file, "leave", &leave.rules)?;
        }
        for duty in &self.pack.duties.duty {
            let place = format!("duty {}", duty.code);
            self.trigger(&place, &duty.follows)?;
            for doing in &duty.done_by {
                self.slot(file, &place, &doing.fact)?;
                self.rules(file, &place, &doing.rule)?;
                doing
                    .lasting
                    .iter()
                    .try_for_each(|key| self.parameter(file, &place, key))?;
            }
            for row in &duty.rows {
                self.cited(file, &place, &row.rules)?;
                self.when(file, &place, &row.when)?;
                row.from
                    .iter()
                    .try_for_each(|selector| self.selector(file, &place, selector))?;
                row.due
                    .iter()
                    .chain(&row.or_by)
                    .try_for_each(|due| self.due(&place, due))?;
                if row.due.is_none() && row.status.is_none() {
                    return Err(PackError::in_row(
                        file,
                        &place,
                        "row",
                        "has neither status nor due",
                    ));
                }
            }
        }
        Ok(())
    }

    fn trigger(&self, place: &str, trigger: &Trigger) -> Checked {
        let file = duty::FILE;
        match trigger {
            Trigger::Entry => Ok(()),
            Trigger::Arrival { place: kind } => self.kind(file, place, kind),
            Trigger::Each { of } | Trigger::Last { of } | Trigger::QuarterOf { of } => {
                self.selector(file, place, of)
            }
            Trigger::PaidPeriod { basis, .. } => self.basis(file, place, basis),
            Trigger::YearOf { of, basis } => {
                self.selector(file, place, of)?;
                self.basis(file, place, basis)
            }
        }
    }

    fn due(&self, place: &str, due: &Due) -> Checked {
        match due {
            Due::Within { term } | Due::LastDayOf { term } | Due::AheadOf { term } => {
                self.parameter(duty::FILE, place, term)
            }
            Due::AfterEnd { term, lasting } => {
                self.parameter(duty::FILE, place, term)?;
                self.parameter(duty::FILE, place, lasting)
            }
            Due::OnTheDay | Due::NextMonthLastWorkingDay => Ok(()),
        }
    }

    fn register(&self) -> Checked {
        let file = register::REGISTER;
        let Some(rules) = &self.pack.register else {
            return Ok(());
        };
        self.parameter(file, "register", &rules.since)?;
        for cited in [
            &rules.ground_rules,
            &rules.measure_rules,
            &rules.duty_rules,
            &rules.exit_rules,
        ] {
            self.cited(file, "register", cited)?;
        }
        for ground in &rules.ground {
            self.slot(file, &format!("ground {}", ground.code), &ground.fact)?;
        }
        for selector in rules.entered_by.iter().chain(&rules.struck_off_by) {
            self.selector(file, "entered_by, struck_off_by", selector)?;
        }
        let restrictions = &rules.restriction;
        restrictions
            .iter()
            .try_for_each(|r| self.cited(file, &format!("restriction {}", r.code), &r.rules))
    }

    fn bans(&self) -> Checked {
        let file = register::BANS;
        let rules = &self.pack.bans;
        for code in rules.enters_on.iter().chain([&rules.visit_basis]) {
            self.basis(file, "enters_on", code)?;
        }
        for ban in &rules.ban {
            let place = format!("ban {}", ban.code);
            self.cited(file, &place, &ban.rules)?;
            ban.term
                .iter()
                .try_for_each(|key| self.parameter(file, &place, key))?;
            match &ban.cause {
                Cause::Facts {
                    any,
                    within,
                    lifted_by,
                    ..
                } => {
                    any.iter()
                        .chain(lifted_by)
                        .try_for_each(|s| self.selector(file, &place, s))?;
                    within
                        .iter()
                        .try_for_each(|key| self.parameter(file, &place, key))?;
                }
                Cause::Overstay { beyond } => self.parameter(file, &place, beyond)?,
                Cause::Outstayed { basis } => self.basis(file, &place, basis)?,
            }
        }
        Ok(())
    }

    fn advice(&self) -> Checked {
        let (file, rules) = (advice::ADVICE, &self.pack.advice);
        for row in rules.risk.iter().chain(&rules.option) {
            let place = format!("risk or option {}", row.code);
            self.cited(file, &place, &row.rules)?;
            self.when(file, &place, &row.when)?;
            row.amounts
                .iter()
                .try_for_each(|key| self.parameter(file, &place, key))?;
        }
        for row in &rules.eligibility {
            let place = format!("eligibility {}", row.code);
            self.cited(file, &place, &row.rules)?;
            self.when(file, &place, &row.when)?;
            for requirement in row.requirement.iter().chain(&row.condition) {
                self.rules(file, &place, &requirement.rules)?;
                self.when(file, &place, &requirement.when)?;
            }
        }
        for row in &rules.question {
            let place = format!("question {}", row.code);
            match &row.answer {
                AnswerBy::Restriction {
                    rules, up_to: limit, ..
                }
                | AnswerBy::Rule { rules, limit } => {
                    self.cited(file, &place, rules)?;
                    limit
                        .iter()
                        .try_for_each(|key| self.parameter(file, &place, key))?;
                }
                AnswerBy::Eligibility { code } if !rules.eligibility.iter().any(|row| row.code == *code) => {
                    return Err(PackError::in_row(
                        file,
                        &place,
                        "code",
                        format!("{code} has no eligibility row"),
                    ));
                }
                AnswerBy::Price { .. }
                | AnswerBy::Eligibility { .. }
                | AnswerBy::Stay
                | AnswerBy::Work
                | AnswerBy::Entry => {}
            }
        }
        Ok(())
    }
}
