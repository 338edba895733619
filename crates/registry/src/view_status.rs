//! Shows what the rules say of a person: stay, work, duties, with rules and records cited.

use profile::view::Profile;
use records::key::ProfileId;
use status::status::Status;

use crate::{
    access::{action::Action, actor::Asker, permit::AccessError},
    answer::AnswerError,
    port::StoreError,
    registry::{AsOf, Registry, legal_day},
    trace::Outcome,
    view_profile::ViewError,
};

#[derive(Debug, thiserror::Error)]
pub enum StatusError {
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error(transparent)]
    View(#[from] ViewError),
    #[error(transparent)]
    Answer(#[from] AnswerError),
    #[error("could not read the records")]
    Store(#[from] StoreError),
}

impl Registry {
    /// Everything that the rules say of a person on a day, as known at a time.
    pub async fn view_status(
        &self,
        asker: &Asker,
        profile: ProfileId,
        as_of: AsOf,
    ) -> Result<Status, StatusError> {
        let mut visit = self.enter(asker, Action::ViewStatus, Some(profile)).await?;
        let as_of = as_of.known_by(visit.now);
        let seen = self.load_profile(&mut *visit.work, profile, as_of).await?;
        let status = self.judge(&seen, as_of)?;
        visit.leave(vec![seen.id], Outcome::Done).await?;
        Ok(status)
    }

    pub(crate) fn judge(&self, profile: &Profile, as_of: AsOf) -> Result<Status, AnswerError> {
        let history = status::history::of_profile(profile, &self.pack);
        let question = status::Question {
            known_at: Some(legal_day(as_of.known_at)),
            ..status::Question::on(as_of.on)
        };
        Ok(status::judge(&history, &question, &self.pack)?)
    }
}
