//! An official decides a contested case: the register is put right, or the reason is given why it stands.
//!
//! Invariant: decision, amendment or new links, withdrawn proofs, notices and trace are one transaction.
//! Invariant: an accepted correction has taken effect when it is committed, or nothing was committed.

use std::collections::BTreeSet;

use profile::view::Profile;
use records::key::RecordKey;

use crate::{
    access::{action::Action, actor::Asker, permit::AccessError, visit::Visit},
    amend::{AmendError, Authority, amend},
    consequences::{Change, ConsequencesError},
    contest::ContestError,
    contestable::{event_of, stated},
    part::{PartError, Parting},
    port::{
        StoreError,
        contests::{Contest, ContestId, Contested, Happened, Outcome as Decided, Step},
        outbox::News,
        random::RandomError,
        review_queue::OfficialName,
    },
    registry::{AsOf, Registry, legal_day},
    review::official_name,
    trace::Outcome,
    view_profile::{ViewError, find_heir},
    wording::words,
    work_contest::{CaseError, check_taken, load, tell_party},
};

/// What a decision led to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DecisionEffect {
    /// Agencies and verifiers to be told.
    pub told: u32,
    pub withdrawn_proofs: u32,
    pub ended_codes: u32,
}

#[derive(Debug, thiserror::Error)]
pub enum DecideError {
    #[error(transparent)]
    Case(#[from] CaseError),
    #[error("the records of the person stand under several profiles")]
    NoOneProfile,
    #[error("the profile does not say any more what was contested")]
    Gone,
    #[error("the correction would change nothing")]
    NoEffect,
    #[error(transparent)]
    Amend(AmendError),
    #[error(transparent)]
    Part(#[from] PartError),
    #[error(transparent)]
    Consequences(#[from] ConsequencesError),
    #[error(transparent)]
    Contest(#[from] ContestError),
    #[error(transparent)]
    View(#[from] ViewError),
    #[error("no randomness for a new profile id")]
    Random(#[from] RandomError),
    #[error("could not keep the decision")]
    Store(#[from] StoreError),
}

impl From<AmendError> for DecideError {
    fn from(error: AmendError) -> Self {
        match error {
            AmendError::Gone => Self::Gone,
            other => Self::Amend(other),
        }
    }
}

impl From<AccessError> for DecideError {
    fn from(error: AccessError) -> Self {
        Self::Case(error.into())
    }
}

impl Registry {
    /// Decides a case that the asker has taken.
    pub async fn decide_contest(
        &self,
        asker: &Asker,
        case: ContestId,
        outcome: Decided,
        reason: &str,
    ) -> Result<DecisionEffect, DecideError> {
        let by = official_name(&asker.actor).ok_or(CaseError::NotAnOfficial)?;
        let reason = words(reason).ok_or(CaseError::Words)?;
        let mut visit = self.enter_to_add(asker, Action::DecideContest, None).await?;
        let contest = load(&mut visit, case).await?;
        check_taken(&contest, &by)?;
        let (legal_basis, purpose) = (
            visit.permit.purpose().legal_basis.clone(),
            visit.permit.purpose().id.to_string(),
        );
        let decided = Happened::Decided {
            by: by.clone(),
            outcome,
            reason: reason.clone(),
            purpose,
            legal_basis,
        };
        add(&mut visit, case, decided).await?;
        let heir = find_heir(&mut *visit.work, contest.profile, visit.now)
            .await?
            .ok_or(DecideError::NoOneProfile)?;
        let effect = match outcome {
            Decided::Accepted => self.accept(&mut visit, &contest, heir, &by, &reason).await?,
            Decided::Refused => {
                let news = News::Upheld {
                    case,
                    group: contest.group,
                };
                DecisionEffect {
                    told: self
                        .tell_of_contest(&mut visit, heir, news, contest.group)
                        .await?,
                    ..DecisionEffect::default()
                }
            }
        };
        tell_party(&mut visit, &contest).await?;
        add(
            &mut visit,
            case,
            Happened::Told {
                receivers: effect.told,
            },
        )
        .await?;
        visit.leave(vec![heir], Outcome::Done).await?;
        Ok(effect)
    }

    async fn accept(
        &self,
        visit: &mut Visit,
        contest: &Contest,
        profile: records::key::ProfileId,
        by: &OfficialName,
        reason: &str,
    ) -> Result<DecisionEffect, DecideError> {
        let news = News::Corrected {
            case: contest.id,
            group: contest.group,
        };
        let touched: BTreeSet<RecordKey> = match &contest.about {
            Contested::Link { record } => {
                let parting = Parting {
                    from: profile,
                    records: self.whole_event(visit, profile, record).await?,
                    reason,
                    official: by,
                    case: Some(contest.id),
                };
                self.part(visit, &parting).await?;
                parting.records
            }
            Contested::Person { .. } | Contested::Part { .. } | Contested::NoEvent { .. } => {
                let as_of = AsOf {
                    on: legal_day(visit.now),
                    known_at: visit.now,
                };
                let seen = self.load_profile(&mut *visit.work, profile, as_of).await?;
                let legal_basis = visit.permit.purpose().legal_basis.clone();
                let authority = Authority {
                    case: contest.id,
                    official: by,
                    legal_basis: &legal_basis,
                };
                let amended = amend(visit, &seen, &contest.about, authority).await?;
                let now = self.load_profile(&mut *visit.work, profile, as_of).await?;
                if !took_effect(&now, &contest.about) {
                    return Err(DecideError::NoEffect);
                }
                amended.touched.into_iter().collect()
            }
        };
        let change = Change {
            profile,
            touched: &touched,
            group: Some(contest.group),
            news,
            not_to: None,
        };
        let followed = self.follow(visit, &change).await?;
        Ok(DecisionEffect {
            told: followed.receivers,
            withdrawn_proofs: followed.withdrawn_proofs,
            ended_codes: followed.ended_codes,
        })
    }

    /// Every record that reports the event of a contested record: one of them alone would leave the event behind.
    async fn whole_event(
        &self,
        visit: &mut Visit,
        profile: records::key::ProfileId,
        record: &RecordKey,
    ) -> Result<BTreeSet<RecordKey>, DecideError> {
        let as_of = AsOf {
            on: legal_day(visit.now),
            known_at: visit.now,
        };
        let seen = self.load_profile(&mut *visit.work, profile, as_of).await?;
        let event = event_of(&seen, record).ok_or(DecideError::Gone)?;
        Ok(event.reports.into_iter().map(|cited| cited.key).collect())
    }
}

async fn add(visit: &mut Visit, case: ContestId, happened: Happened) -> Result<(), StoreError> {
    let step = Step {
        at: visit.now,
        happened,
    };
    visit.work.add_step(case, &step).await
}

/// Whether the profile now says what was decided.
fn took_effect(now: &Profile, about: &Contested) -> bool {
    match about {
        Contested::Person { field, value, right } => {
            let values = stated(now, *field);
            let says_right = match right {
                None => true,
                Some(right) => {
                    let several = matches!(
                        crate::contestable::group_of_field(*field),
                        crate::access::action::FieldGroup::Documents
                            | crate::access::action::FieldGroup::Numbers
                    );
                    let mut stated = values.iter().map(|stated| &stated.value);
                    if several {
                        stated.any(|value| value == &**right)
                    } else {
                        stated.next() == Some(&**right)
                    }
                }
            };
            says_right && !values.iter().any(|stated| stated.value == **value)
        }
        Contested::Part { record, .. } => now
            .corrections
            .iter()
            .any(|correction| correction.superseded.key == *record && is_of_register(&correction.by)),
        Contested::NoEvent { record, .. } => event_of(now, record).is_none(),
        Contested::Link { .. } => true,
    }
}

fn is_of_register(cited: &profile::cite::Citation) -> bool {
    cited.source().as_str() == records::payload::REGISTER_SOURCE
}
