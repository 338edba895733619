//! Every conclusion that the pack can lead to has its words, so that nobody reads a bare key.

use super::{Checked, Checker};
use crate::pack::{PackError, advice::AnswerBy, text};

/// Conclusions of the engine that every pack can lead to.
const ALWAYS: &[&str] = &[
    "answer.undetermined",
    "conflict.source_priority",
    "entry.no.visa_free_days_used_up",
    "entry.no.visa_free_days_used_up.never",
    "entry.no.visa_required",
    "entry.no.visa_required.never",
    "entry.undetermined",
    "entry.yes",
    "stay.none",
    "stay.none.no_crossing",
    "stay.outside",
    "stay.undetermined",
    "work.undetermined",
];

const OF_BANS: &[&str] = &[
    "entry.no.ban",
    "entry.no.ban.never",
    "risk.entered_under_ban",
    "risk.entry_ban",
    "risk.entry_refusal",
];

const OF_REGISTER: &[&str] = &[
    "register.ended",
    "register.entered",
    "register.grounds",
    "register.grounds_ended",
    "register.undetermined",
];

const OF_PRICES: &[&str] = &["amount.patent", "amount.unknown"];

/// Ways in which a duty may stand, as its texts spell them.
const STANDINGS: &[&str] = &[
    "conditional",
    "done",
    "done_late",
    "exempt",
    "not_applicable",
    "open",
    "overdue",
    "undetermined",
    "voluntary",
];

impl Checker<'_> {
    pub(super) fn words(&self) -> Checked {
        let pack = self.pack;
        let fixed = [
            (true, ALWAYS),
            (!pack.bans.ban.is_empty(), OF_BANS),
            (pack.register.is_some(), OF_REGISTER),
            (pack.prices.is_some(), OF_PRICES),
            (!pack.advice.eligibility.is_empty(), &["eligibility.undetermined"]),
        ];
        let fixed = fixed.into_iter().filter(|(needed, _)| *needed);
        let fixed = fixed.flat_map(|(_, keys)| keys.iter().map(ToString::to_string));
        let mut keys = fixed
            .chain(self.words_of_stay_and_work())
            .chain(self.words_of_duties())
            .chain(self.words_of_consequences());
        match keys.find(|key| !pack.texts.contains(key)) {
            Some(key) => Err(PackError::in_row(
                text::FILE,
                "table",
                "key",
                format!("{key} is missing"),
            )),
            None => Ok(()),
        }
    }

    fn words_of_stay_and_work(&self) -> impl Iterator<Item = String> {
        let work = &self.pack.work;
        let limits = &work.limits;
        let stay = self
            .pack
            .bases
            .basis
            .iter()
            .map(|basis| format!("stay.{}", basis.code));
        let rights = work.right.iter().map(|right| format!("work.{}", right.code));
        let refusals = work.refusal.iter().map(|refusal| &refusal.reason);
        let limits = [&limits.wrong_region, &limits.wrong_profession, &limits.too_young];
        let reasons = refusals.chain(limits).chain([&work.needs_stay.reason]);
        stay.chain(rights)
            .flat_map(|key| [format!("{key}.open"), key])
            .chain(reasons.map(|reason| format!("work.no.{reason}")))
    }

    fn words_of_duties(&self) -> impl Iterator<Item = String> {
        let duties = &self.pack.duties;
        let codes = duties.duty.iter().map(|duty| &duty.code);
        let standing = codes.flat_map(|code| STANDINGS.iter().map(move |key| format!("duty.{code}.{key}")));
        let names = duties.duty.iter().map(|duty| format!("duty.{}", duty.code));
        let leave = duties.leave.iter().map(|leave| &leave.code);
        let leave = leave
            .flat_map(|code| ["open", "overdue", "undetermined"].map(|key| format!("duty.{code}.{key}")));
        names.chain(standing).chain(leave)
    }

    fn words_of_consequences(&self) -> impl Iterator<Item = String> {
        let advice = &self.pack.advice;
        let bans = self.pack.bans.ban.iter();
        let bans = bans.flat_map(|ban| [format!("ban.{}", ban.code), format!("ban.{}.open", ban.code)]);
        let risks = advice.risk.iter().map(|risk| format!("risk.{}", risk.code));
        let options = advice
            .option
            .iter()
            .map(|option| format!("option.{}", option.code));
        let eligibility = advice.eligibility.iter().flat_map(|row| {
            let conditional = (!row.condition.is_empty()).then_some("conditional");
            let keys = ["yes", "no"].into_iter().chain(conditional);
            keys.map(|key| format!("eligibility.{}.{key}", row.code))
        });
        let answers = advice.question.iter().filter_map(|row| match &row.answer {
            AnswerBy::Restriction { code, .. } => Some(format!("restriction.{code}")),
            AnswerBy::Rule { .. } => Some(format!("question.{}", row.code)),
            AnswerBy::Price { .. }
            | AnswerBy::Eligibility { .. }
            | AnswerBy::Stay
            | AnswerBy::Work
            | AnswerBy::Entry => None,
        });
        bans.chain(risks).chain(options).chain(eligibility).chain(answers)
    }
}
