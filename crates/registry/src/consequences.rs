//! What follows from a change of what is known of a person: proofs issued on the old facts are withdrawn, and whoever
//! was told the old facts and may know is told again (152-FZ art. 20 p. 3, art. 21 p. 1).
//!
//! In: an open transaction in which the change is made. Out: withdrawals and events in the same transaction, so that
//! none of them is lost and none comes without the change.
//! Invariant: an answer is affected when a record that it rests on was touched, or when the same question now has
//! another answer; both are asked in the two times, before and after the change.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use credential::Answer;
use jiff::{SignedDuration, Timestamp};
use records::{
    Day,
    key::{ProfileId, RecordKey},
};

use crate::{
    access::{action::FieldGroup, visit::Visit},
    answer::{AnswerError, Decided, Matter},
    audience::{Audience, with_merged},
    port::{
        PAGE_MAX, StoreError,
        outbox::{EVENTS_MAX, NewEvent, News, Receiver},
        proofs::{Door, Input, Receipt, Withdrawal},
    },
    registry::{AsOf, Registry, legal_day},
    sign_in::{after, before},
    view_profile::ViewError,
};

/// Records whose receipts are looked up in one go: few enough that the receipts fit a page.
const RECORDS_AT_ONCE: usize = 50;
/// The finest step of time that a store keeps.
const TICK: SignedDuration = SignedDuration::from_micros(1);

/// A change, made in the transaction at its present time.
pub(crate) struct Change<'c> {
    /// Whom it is about.
    pub(crate) profile: ProfileId,
    /// Records whose words or whose profile it changes.
    pub(crate) touched: &'c BTreeSet<RecordKey>,
    /// The group of fields that it shows in; none: any.
    pub(crate) group: Option<FieldGroup>,
    pub(crate) news: News,
    /// Who has caused it and need not be told.
    pub(crate) not_to: Option<&'c Receiver>,
}

/// What followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Consequences {
    /// Agencies and verifiers to be told.
    pub(crate) receivers: u32,
    pub(crate) withdrawn_proofs: u32,
    pub(crate) ended_codes: u32,
}

/// Why what follows could not be found out; the change is not made either.
#[derive(Debug, thiserror::Error)]
pub enum ConsequencesError {
    #[error("could not decide what the answers are now")]
    Answer(#[from] AnswerError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Answers to one question before and after the change; none where there is no profile to answer about.
struct BeforeAndAfter {
    before: Option<(Answer, Vec<Input>)>,
    after: Option<Answer>,
}

impl Registry {
    /// Withdraws and tells what the change calls for.
    pub(crate) async fn follow(
        &self,
        visit: &mut Visit,
        change: &Change<'_>,
    ) -> Result<Consequences, ConsequencesError> {
        let profiles = with_merged(&mut *visit.work, change.profile, visit.now).await?;
        let audience = self.audience(&mut *visit.work, &profiles, change.group).await?;
        let mut asked = BTreeMap::new();
        let mut events = agencies_told(change, &audience);
        self.answers_told(visit, change, &audience, &mut asked, &mut events)
            .await?;
        let receivers: BTreeSet<&Receiver> = events.iter().map(|event| &event.to).collect();
        let consequences = Consequences {
            receivers: receivers.len() as u32,
            withdrawn_proofs: self.withdraw_proofs(visit, change, &mut asked).await?,
            ended_codes: self.end_codes(visit, change, &mut asked).await?,
        };
        append(visit, &events).await?;
        Ok(consequences)
    }

    /// Tells the agencies of something that changes no fact; answers how many.
    pub(crate) async fn announce(
        &self,
        visit: &mut Visit,
        change: &Change<'_>,
    ) -> Result<u32, ConsequencesError> {
        let profiles = with_merged(&mut *visit.work, change.profile, visit.now).await?;
        let audience = self.audience(&mut *visit.work, &profiles, change.group).await?;
        let events = agencies_told(change, &audience);
        append(visit, &events).await?;
        Ok(events.len() as u32)
    }

    /// Withdraws the signed answers that could still be shown and that rest on any of these records, whose sources have
    /// put them right or which have gone to another profile.
    pub(crate) async fn withdraw_resting_on(
        &self,
        visit: &mut Visit,
        records: &BTreeSet<RecordKey>,
    ) -> Result<(), StoreError> {
        let records: Vec<RecordKey> = records.iter().cloned().collect();
        let since = before(visit.now, self.terms.proof);
        for records in records.chunks(RECORDS_AT_ONCE) {
            let receipts = visit.work.receipts_resting_on(records, since, PAGE_MAX).await?;
            for receipt in receipts.iter().filter(|receipt| receipt.door == Door::Qr) {
                visit
                    .work
                    .withdraw_proof(&self.withdrawal(receipt, visit.now))
                    .await?;
            }
        }
        Ok(())
    }

    fn withdrawal(&self, receipt: &Receipt, at: Timestamp) -> Withdrawal {
        Withdrawal {
            credential: receipt.id,
            at,
            expires_at: after(receipt.given_at, self.terms.proof),
        }
    }

    async fn answers_told(
        &self,
        visit: &mut Visit,
        change: &Change<'_>,
        audience: &Audience,
        asked: &mut BTreeMap<(Matter, Day), BeforeAndAfter>,
        events: &mut Vec<NewEvent>,
    ) -> Result<(), ConsequencesError> {
        for told in &audience.answers {
            let Some(receipt) = visit.work.find_receipt(told.receipt).await? else {
                continue;
            };
            if change.not_to != Some(&told.to) && self.is_affected(visit, change, &receipt, asked).await? {
                events.push(NewEvent {
                    profile: change.profile,
                    to: told.to.clone(),
                    news: News::AnswerWithdrawn {
                        receipt: told.receipt,
                    },
                    shown_from: told.shown_from,
                });
            }
        }
        Ok(())
    }

    /// Withdraws the signed answers that could still be shown.
    async fn withdraw_proofs(
        &self,
        visit: &mut Visit,
        change: &Change<'_>,
        asked: &mut BTreeMap<(Matter, Day), BeforeAndAfter>,
    ) -> Result<u32, ConsequencesError> {
        let since = before(visit.now, self.terms.proof);
        let about = visit.work.receipts_about(change.profile, PAGE_MAX).await?;
        if about.len() == PAGE_MAX as usize && about.last().is_some_and(|last| last.given_at >= since) {
            return Err(StoreError::TooMany {
                what: "living proofs of a person",
                limit: PAGE_MAX,
            }
            .into());
        }
        let touched: Vec<RecordKey> = change.touched.iter().cloned().collect();
        // Some may have been given under a former id.
        let resting = visit.work.receipts_resting_on(&touched, since, PAGE_MAX).await?;
        let receipts: BTreeMap<_, Receipt> = about
            .into_iter()
            .chain(resting)
            .map(|receipt| (receipt.id, receipt))
            .collect();
        let mut withdrawn = 0;
        for receipt in receipts
            .values()
            .filter(|receipt| receipt.door == Door::Qr && receipt.given_at >= since)
        {
            if self.is_affected(visit, change, receipt, asked).await? {
                visit
                    .work
                    .withdraw_proof(&self.withdrawal(receipt, visit.now))
                    .await?;
                withdrawn += 1;
            }
        }
        Ok(withdrawn)
    }

    /// Ends the codes whose question has another ground now: the holder makes new ones knowing the new answer.
    async fn end_codes(
        &self,
        visit: &mut Visit,
        change: &Change<'_>,
        asked: &mut BTreeMap<(Matter, Day), BeforeAndAfter>,
    ) -> Result<u32, ConsequencesError> {
        let today = legal_day(visit.now);
        let mut ended = 0;
        for code in visit.work.live_share_codes(change.profile, visit.now).await? {
            let answers = self
                .before_and_after(visit, change, code.matter, today, asked)
                .await?;
            let rests_on_touched = answers
                .before
                .iter()
                .flat_map(|(_, inputs)| inputs)
                .any(|input| change.touched.contains(&input.record));
            if rests_on_touched || answers.changed() {
                visit
                    .work
                    .withdraw_share_code(change.profile, code.code_hash, visit.now)
                    .await?;
                ended += 1;
            }
        }
        Ok(ended)
    }

    async fn is_affected(
        &self,
        visit: &mut Visit,
        change: &Change<'_>,
        receipt: &Receipt,
        asked: &mut BTreeMap<(Matter, Day), BeforeAndAfter>,
    ) -> Result<bool, ConsequencesError> {
        let rests_on_touched = receipt
            .inputs
            .iter()
            .any(|input| change.touched.contains(&input.record));
        if rests_on_touched {
            return Ok(true);
        }
        let answers = self
            .before_and_after(visit, change, receipt.matter, receipt.on, asked)
            .await?;
        Ok(answers.changed())
    }

    async fn before_and_after<'a>(
        &self,
        visit: &mut Visit,
        change: &Change<'_>,
        matter: Matter,
        on: Day,
        asked: &'a mut BTreeMap<(Matter, Day), BeforeAndAfter>,
    ) -> Result<&'a BeforeAndAfter, ConsequencesError> {
        let just_before = visit.now.checked_sub(TICK).unwrap_or(Timestamp::MIN);
        let place = match asked.entry((matter, on)) {
            Entry::Occupied(answers) => return Ok(answers.into_mut()),
            Entry::Vacant(place) => place,
        };
        let then = self
            .decided(visit, change.profile, matter, on, just_before)
            .await?;
        let now = self.decided(visit, change.profile, matter, on, visit.now).await?;
        Ok(place.insert(BeforeAndAfter {
            before: then.map(|then| (then.answer, then.inputs)),
            after: now.map(|now| now.answer),
        }))
    }

    async fn decided(
        &self,
        visit: &mut Visit,
        profile: ProfileId,
        matter: Matter,
        on: Day,
        known_at: Timestamp,
    ) -> Result<Option<Decided>, ConsequencesError> {
        match self
            .decide(&mut *visit.work, profile, matter, AsOf { on, known_at })
            .await
        {
            Ok(decided) => Ok(Some(decided)),
            Err(AnswerError::View(ViewError::NoSuchProfile)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

async fn append(visit: &mut Visit, events: &[NewEvent]) -> Result<(), StoreError> {
    for events in events.chunks(EVENTS_MAX as usize) {
        visit.work.append_events(events, visit.now).await?;
    }
    Ok(())
}

impl BeforeAndAfter {
    fn changed(&self) -> bool {
        self.before.as_ref().map(|(answer, _)| answer) != self.after.as_ref()
    }
}

fn agencies_told(change: &Change<'_>, audience: &Audience) -> Vec<NewEvent> {
    let told = audience.agencies.iter();
    let told = told.filter(|(receiver, _)| change.not_to != Some(*receiver));
    told.map(|(receiver, shown_from)| NewEvent {
        profile: change.profile,
        to: receiver.clone(),
        news: change.news.clone(),
        shown_from: *shown_from,
    })
    .collect()
}
