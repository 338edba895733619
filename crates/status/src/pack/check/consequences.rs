//! Register, bans, risks, ways on, eligibility, questions.

use super::{Checked, Checker};
use crate::pack::{
    PackError,
    advice::{self, AnswerBy},
    register::{self, Cause},
};

impl Checker<'_> {
    pub(super) fn register(&self) -> Checked {
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

    pub(super) fn bans(&self) -> Checked {
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

    pub(super) fn advice(&self) -> Checked {
        let (file, rules) = (advice::ADVICE, &self.pack.advice);
        self.rules(file, "otherwise", &rules.otherwise)?;
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
