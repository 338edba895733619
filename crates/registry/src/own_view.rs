//! Shows the holder who looked: when, which office, what in human words, for which purpose, on which basis.
//!
//! The fields are those of Estonia's data tracker. A look that a law keeps back is counted at once and shown when its
//! time has come.

use jiff::Timestamp;
use records::key::ProfileId;

use crate::{
    access::{
        action::Action,
        actor::{Actor, Asker, CaseNumber},
        permit::AccessError,
        purpose::PurposeId,
    },
    port::{StoreError, proofs::Receipt, trace_log::TRACE_PAGE_MAX},
    registry::Registry,
    trace::Outcome,
    view_profile::find_heir,
};

/// One look, as the person sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    pub number: u64,
    pub at: Timestamp,
    /// Who: an official is named with the office, a verifier by the organisation.
    pub actor: Actor,
    /// What, in words by [`Action::text_key`].
    pub action: Action,
    pub purpose: PurposeId,
    pub legal_basis: String,
    pub case: Option<CaseNumber>,
    pub outcome: Outcome,
}

/// A page of looks, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looks {
    pub looks: Vec<Look>,
    /// Looks of this page that a law keeps back for now.
    pub withheld: u32,
    /// Where the next page begins, if there may be one.
    pub next_before: Option<u64>,
}

impl Registry {
    /// Looks at the asker's own profile with numbers below `before`.
    pub async fn who_looked(
        &self,
        asker: &Asker,
        profile: ProfileId,
        before: Option<u64>,
        limit: u32,
    ) -> Result<Looks, AccessError> {
        if limit == 0 || limit > TRACE_PAGE_MAX {
            return Err(StoreError::TooMany {
                what: "trace entries a page",
                limit: TRACE_PAGE_MAX,
            }
            .into());
        }
        let mut visit = self.enter(asker, Action::ViewOwnTrace, Some(profile)).await?;
        // after a merge, what was looked at before it stands under the former id
        let mut own = vec![profile];
        own.extend(
            find_heir(&mut *visit.work, profile, visit.now)
                .await?
                .filter(|heir| *heir != profile),
        );
        let entries = visit.work.trace_about(&own, before, limit).await?;
        let full = entries.len() == limit as usize;
        let mut page = Looks {
            next_before: entries.last().filter(|_| full).map(|last| last.number),
            ..Looks::default()
        };
        for chained in entries {
            let entry = chained.entry()?;
            if visit.now < entry.shown_from {
                page.withheld += 1;
                continue;
            }
            page.looks.push(Look {
                number: chained.number,
                at: entry.at,
                actor: entry.actor,
                action: entry.action,
                purpose: entry.purpose,
                legal_basis: entry.legal_basis,
                case: entry.case,
                outcome: entry.outcome,
            });
        }
        visit.leave(own, Outcome::Done).await?;
        Ok(page)
    }

    /// Answers that were given about the asker's own profile, by whichever door, the newest first.
    pub async fn answers_given(
        &self,
        asker: &Asker,
        profile: ProfileId,
        limit: u32,
    ) -> Result<Vec<Receipt>, AccessError> {
        let mut visit = self.enter(asker, Action::ViewOwnTrace, Some(profile)).await?;
        let receipts = visit.work.receipts_about(profile, limit).await?;
        visit.leave(vec![profile], Outcome::Done).await?;
        Ok(receipts)
    }
}
