//! Bases of stay, standings, prices.

use super::{Checked, Checker};
use crate::pack::{
    PackError, advice,
    basis::{self, Holds, IntervalFromFact, PaidPeriods, TermAfter, VisitLimits},
    price,
};

impl Checker<'_> {
    pub(super) fn bases(&self) -> Checked {
        let file = basis::FILE;
        let crossing = &self.pack.bases.crossing;
        let place = "crossing";
        self.kind(file, place, &crossing.entry)?;
        self.kind(file, place, &crossing.exit)?;
        crossing
            .elsewhere
            .iter()
            .try_for_each(|slot| self.slot(file, place, slot))?;
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
            Holds::Fact(rule) => self.interval(place, rule),
            Holds::PaidPeriods(rule) => self.paid_periods(place, rule),
            Holds::TermAfter(rule) => self.term_after(place, rule),
            Holds::Window(rule) => rule
                .unlawful_on
                .iter()
                .try_for_each(|key| self.parameter(file, place, key)),
            Holds::VisitLimits(rule) => self.visit_limits(place, rule),
        }
    }

    fn interval(&self, place: &str, rule: &IntervalFromFact) -> Checked {
        let file = basis::FILE;
        self.slot(file, place, &rule.fact)?;
        self.endings(file, place, &rule.ended_by)?;
        for name in rule.entries.iter().chain(&rule.days_per_visit_in) {
            self.attribute(file, place, &rule.fact.fact, name)?;
        }
        if let Some(follows) = &rule.follows {
            self.kind(file, place, &follows.fact)?;
            self.parameter(file, place, &follows.by)?;
        }
        let keys = rule.term.iter().chain(&rule.days_per_visit);
        keys.into_iter()
            .try_for_each(|key| self.parameter(file, place, key))
    }

    fn paid_periods(&self, place: &str, rule: &PaidPeriods) -> Checked {
        let file = basis::FILE;
        self.kind(file, place, &rule.reissued)?;
        self.attribute(file, place, &rule.issued, &rule.receipt_shown)?;
        let said = [
            &rule.months,
            &rule.amount,
            &rule.kopecks,
            &rule.credited,
            &rule.meant_for,
            &rule.region,
        ];
        for name in said {
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
        for key in [
            &rule.most,
            &rule.credit_lag,
            &rule.prepaid_within,
            &rule.reported_within,
            &rule.reports_within,
        ] {
            self.parameter(file, place, key)?;
        }
        self.endings(file, place, &rule.ended_by)
    }

    fn term_after(&self, place: &str, rule: &TermAfter) -> Checked {
        let file = basis::FILE;
        self.slot(file, place, &rule.fact)?;
        rule.needs_basis
            .iter()
            .try_for_each(|code| self.basis(file, place, code))?;
        rule.holder_of
            .iter()
            .try_for_each(|kind| self.kind(file, place, kind))?;
        rule.beyond
            .iter()
            .chain([&rule.term])
            .try_for_each(|key| self.parameter(file, place, key))
    }

    fn visit_limits(&self, place: &str, rule: &VisitLimits) -> Checked {
        let file = basis::FILE;
        rule.not_counted
            .iter()
            .try_for_each(|code| self.basis(file, place, code))?;
        self.rules(file, place, rule.continuous_rule.iter().chain([&rule.cap_rule]))?;
        let keys = [&rule.total, &rule.window, &rule.all_days_count];
        keys.into_iter()
            .chain(&rule.continuous)
            .try_for_each(|key| self.parameter(file, place, key))
    }

    pub(super) fn prices(&self) -> Checked {
        let Some(prices) = &self.pack.prices else {
            return Ok(());
        };
        let (file, place) = (price::RULE_FILE, "price");
        self.cited(file, place, &prices.rule.rules)?;
        let rule = &prices.rule;
        let keys = [
            &rule.base,
            &rule.deflator,
            &rule.least_coefficient,
            &rule.slip_percent,
        ];
        keys.into_iter()
            .try_for_each(|key| self.parameter(file, place, key))
    }

    pub(super) fn standings(&self) -> Checked {
        for (name, slots) in &self.pack.standings.standing {
            for slot in slots {
                self.slot(advice::STANDINGS, &format!("standing {name}"), slot)?;
            }
        }
        Ok(())
    }
}
