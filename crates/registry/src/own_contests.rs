//! Shows a contesting party its own cases, step by step, and who was told of the outcome.
//!
//! Invariant: a party sees its own cases only. A notice to an office whose look a law keeps from the person is left
//! out until that look is shown.

use jiff::Timestamp;
use records::key::ProfileId;

use crate::{
    access::{
        action::Action,
        actor::{Actor, Asker},
    },
    contest::{CONTESTS_MAX, ContestError},
    port::{
        PAGE_MAX, Transaction,
        contests::{Contest, ContestId, Party},
        outbox::{Consumer, News, Receiver},
    },
    registry::Registry,
    trace::Outcome,
    view_profile::find_heir,
};

/// Pages of events that are read about one person.
const EVENT_PAGES_MAX: u32 = 20;

/// A case, and the notices that went out in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnContest {
    pub contest: Contest,
    pub notices: Vec<Notice>,
}

/// Who was told of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub to: Receiver,
    pub sent_at: Timestamp,
    /// When the receiver confirmed that it has read it.
    pub confirmed_at: Option<Timestamp>,
}

impl Registry {
    /// The holder's cases, the newest first.
    pub async fn own_contests(
        &self,
        asker: &Asker,
        profile: ProfileId,
    ) -> Result<Vec<OwnContest>, ContestError> {
        let mut visit = self.enter(asker, Action::Contest, Some(profile)).await?;
        // after a merge, what was contested before it stands under the former id
        let mut own = vec![profile];
        own.extend(
            find_heir(&mut *visit.work, profile, visit.now)
                .await?
                .filter(|heir| *heir != profile),
        );
        let contests = visit.work.contests_about(&own, CONTESTS_MAX).await?;
        let mut cases = Vec::new();
        for contest in contests {
            // What agencies contest is shown on the fact itself; the exchange in such a case is theirs.
            if contest.by != Party::Holder {
                continue;
            }
            let mut sent = Vec::new();
            for profile in &own {
                sent.extend(notices(&mut *visit.work, *profile, &contest, visit.now).await?);
            }
            let notices = sent;
            cases.push(OwnContest { contest, notices });
        }
        visit.leave(own, Outcome::Done).await?;
        Ok(cases)
    }

    /// Cases that the asker's office has opened with numbers below `before`, the newest first.
    pub async fn office_contests(
        &self,
        asker: &Asker,
        before: Option<ContestId>,
        limit: u32,
    ) -> Result<Vec<Contest>, ContestError> {
        let Actor::Official { office, .. } = &asker.actor else {
            return Err(ContestError::NotAParty);
        };
        let mut visit = self.enter(asker, Action::Contest, None).await?;
        let contests = visit.work.contests_of(office, before, limit).await?;
        let about = contests.iter().map(|contest| contest.profile).collect();
        visit.leave(about, Outcome::Done).await?;
        Ok(contests)
    }
}

/// Notices of the outcome of a case that the person may see.
async fn notices(
    work: &mut dyn Transaction,
    profile: ProfileId,
    contest: &Contest,
    now: Timestamp,
) -> Result<Vec<Notice>, ContestError> {
    let mut notices = Vec::new();
    let mut after = 0;
    for _ in 0..EVENT_PAGES_MAX {
        let page = work.events_of(profile, after, PAGE_MAX).await?;
        for event in &page {
            let of_case = match &event.news {
                News::Corrected { case, .. } | News::Upheld { case, .. } => *case == contest.id,
                // An answer is withdrawn in the moment of the decision that withdraws it.
                News::AnswerWithdrawn { .. } => contest.steps.iter().any(|step| step.at == event.at),
                News::Contested { .. }
                | News::Merged { .. }
                | News::Parted { .. }
                | News::Restored { .. }
                | News::CaseMoved { .. } => false,
            };
            if of_case && event.shown_from <= now {
                let consumer = Consumer::from(&event.to);
                notices.push(Notice {
                    to: event.to.clone(),
                    sent_at: event.at,
                    confirmed_at: work.consumed_at(&consumer, event.number).await?,
                });
            }
        }
        after = page.last().map_or(after, |event| event.number);
        if page.len() < PAGE_MAX as usize {
            break;
        }
    }
    notices.dedup_by(|later, kept| later.to == kept.to && later.sent_at == kept.sent_at);
    Ok(notices)
}
