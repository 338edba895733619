//! Right to work and duties.

use super::{Checked, Checker};
use crate::pack::{
    PackError,
    condition::When,
    duty::{self, Due, Trigger},
    work,
};

impl Checker<'_> {
    pub(super) fn work(&self) -> Checked {
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

    pub(super) fn duties(&self) -> Checked {
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
            Trigger::Each { of } | Trigger::QuarterOf { of } => self.selector(file, place, of),
            Trigger::EachHeld { of, lasting } => {
                self.selector(file, place, of)?;
                self.parameter(file, place, lasting)
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
}
