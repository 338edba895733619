//! An official looks at contested cases, takes one, gives it back, asks the party that contests.
//!
//! Not here: the decision (`decide_contest`).

use profile::view::Profile;

use crate::{
    access::{
        action::{Action, FieldGroup},
        actor::Asker,
        permit::AccessError,
        visit::Visit,
    },
    port::{
        StoreError,
        contests::{Contest, ContestId, ContestState, Happened, Party, Step},
        outbox::{NewEvent, News, Receiver},
        review_queue::OfficialName,
    },
    registry::{AsOf, Registry, legal_day},
    review::official_name,
    trace::Outcome,
    view_profile::{ViewError, find_heir, narrow},
    wording::words,
};

/// Cases that one page of the queue may hold.
pub const CONTEST_PAGE_MAX: u32 = 100;

/// A page of the queue of contested cases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContestPage {
    pub contests: Vec<Contest>,
    /// Not decided, in all.
    pub open: u64,
    pub next_after: Option<ContestId>,
}

/// A case beside the profile that it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct ContestView {
    pub contest: Contest,
    /// Narrowed to what the purpose opens; none where the person's records stand under several profiles now.
    pub profile: Option<Profile>,
    pub closed: Vec<FieldGroup>,
}

#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    #[error("there is no such case")]
    NoSuchCase,
    #[error("the case is decided")]
    Decided,
    #[error("another official has taken the case")]
    TakenByOther,
    #[error("the case has to be taken first")]
    NotTaken,
    #[error("say in words why")]
    Words,
    #[error("only an official works on a case")]
    NotAnOfficial,
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error(transparent)]
    View(#[from] ViewError),
    #[error("could not change the case")]
    Store(#[from] StoreError),
}

impl Registry {
    /// Cases not decided, the earliest due first.
    pub async fn contest_queue(
        &self,
        asker: &Asker,
        after: Option<ContestId>,
        limit: u32,
    ) -> Result<ContestPage, CaseError> {
        if limit == 0 || limit > CONTEST_PAGE_MAX {
            return Err(StoreError::TooMany {
                what: "cases a page",
                limit: CONTEST_PAGE_MAX,
            }
            .into());
        }
        let mut visit = self.enter(asker, Action::WorkContests, None).await?;
        let contests = visit.work.open_contests(after, limit).await?;
        let open = visit.work.count_open_contests().await?;
        let count = contests.len() as u64;
        visit.leave(Vec::new(), Outcome::Counted { count }).await?;
        let next_after = contests
            .last()
            .filter(|_| contests.len() == limit as usize)
            .map(|contest| contest.id);
        Ok(ContestPage {
            contests,
            open,
            next_after,
        })
    }

    /// A case and the profile. The person sees the look.
    pub async fn view_contest(&self, asker: &Asker, case: ContestId) -> Result<ContestView, CaseError> {
        let mut visit = self.enter(asker, Action::WorkContests, None).await?;
        let contest = load(&mut visit, case).await?;
        let heir = find_heir(&mut *visit.work, contest.profile, visit.now).await?;
        let mut seen = None;
        let mut closed = Vec::new();
        if let Some(heir) = heir {
            let as_of = AsOf {
                on: legal_day(visit.now),
                known_at: visit.now,
            };
            let mut profile = self.load_profile(&mut *visit.work, heir, as_of).await?;
            closed = narrow(&mut profile, &visit.permit);
            seen = Some(profile);
        }
        let about = heir.unwrap_or(contest.profile);
        visit.leave(vec![about], Outcome::Done).await?;
        Ok(ContestView {
            contest,
            profile: seen,
            closed,
        })
    }

    /// Takes a case for the asker. Taking it again is no error.
    pub async fn take_contest(&self, asker: &Asker, case: ContestId) -> Result<(), CaseError> {
        let by = official_name(&asker.actor).ok_or(CaseError::NotAnOfficial)?;
        let mut visit = self.enter(asker, Action::WorkContests, None).await?;
        let contest = load(&mut visit, case).await?;
        match contest.state() {
            ContestState::Waiting => {}
            ContestState::Taken { by: taken } | ContestState::Asked { by: taken } if taken == by => {
                visit.leave(vec![contest.profile], Outcome::Done).await?;
                return Ok(());
            }
            ContestState::Taken { .. } | ContestState::Asked { .. } => return Err(CaseError::TakenByOther),
            ContestState::Decided { .. } => return Err(CaseError::Decided),
        }
        self.step(visit, &contest, Happened::Taken { by }).await
    }

    /// Gives a case back to the queue.
    pub async fn release_contest(&self, asker: &Asker, case: ContestId) -> Result<(), CaseError> {
        let by = official_name(&asker.actor).ok_or(CaseError::NotAnOfficial)?;
        let mut visit = self.enter(asker, Action::WorkContests, None).await?;
        let contest = load(&mut visit, case).await?;
        check_taken(&contest, &by)?;
        self.step(visit, &contest, Happened::Released).await
    }

    /// Asks the party that contests; the term stands still until it answers.
    pub async fn ask_in_contest(
        &self,
        asker: &Asker,
        case: ContestId,
        question: &str,
    ) -> Result<(), CaseError> {
        let by = official_name(&asker.actor).ok_or(CaseError::NotAnOfficial)?;
        let question = words(question).ok_or(CaseError::Words)?;
        let mut visit = self.enter(asker, Action::WorkContests, None).await?;
        let contest = load(&mut visit, case).await?;
        check_taken(&contest, &by)?;
        tell_party(&mut visit, &contest).await?;
        self.step(visit, &contest, Happened::Asked { by, question }).await
    }

    async fn step(&self, mut visit: Visit, contest: &Contest, happened: Happened) -> Result<(), CaseError> {
        let step = Step {
            at: visit.now,
            happened,
        };
        visit.work.add_step(contest.id, &step).await?;
        visit.leave(vec![contest.profile], Outcome::Done).await?;
        Ok(())
    }
}

pub(crate) async fn load(visit: &mut Visit, case: ContestId) -> Result<Contest, CaseError> {
    match visit.work.load_contest(case).await {
        Err(StoreError::Missing { .. }) => Err(CaseError::NoSuchCase),
        loaded => Ok(loaded?),
    }
}

/// Who has taken a case decides it, asked or not.
pub(crate) fn check_taken(contest: &Contest, official: &OfficialName) -> Result<(), CaseError> {
    match contest.state() {
        ContestState::Taken { by } | ContestState::Asked { by } if by == *official => Ok(()),
        ContestState::Taken { .. } | ContestState::Asked { .. } => Err(CaseError::TakenByOther),
        ContestState::Waiting => Err(CaseError::NotTaken),
        ContestState::Decided { .. } => Err(CaseError::Decided),
    }
}

/// An agency is told that its case has moved; the holder reads it on their page.
pub(crate) async fn tell_party(visit: &mut Visit, contest: &Contest) -> Result<(), StoreError> {
    let Party::Agency { office, .. } = &contest.by else {
        return Ok(());
    };
    let event = NewEvent {
        profile: contest.profile,
        to: Receiver::Agency {
            office: office.clone(),
        },
        news: News::CaseMoved { case: contest.id },
        shown_from: visit.now,
    };
    visit.work.append_events(&[event], visit.now).await?;
    Ok(())
}
