//! Shows why each record is held to be this person's: by which engine or official, on which evidence.

use jiff::Timestamp;
use records::key::ProfileId;

use crate::{
    access::{action::Action, actor::Asker},
    port::link_book::Link,
    registry::Registry,
    trace::Outcome,
    view_profile::{ViewError, find_heir},
};

impl Registry {
    /// Links that held at `known_at`, by record. An end that came later is left out: at `known_at` nobody knew of it.
    pub async fn view_links(
        &self,
        asker: &Asker,
        profile: ProfileId,
        known_at: Timestamp,
    ) -> Result<Vec<Link>, ViewError> {
        let mut visit = self.enter(asker, Action::ViewProfile, Some(profile)).await?;
        let known_at = known_at.min(visit.now);
        let heir = find_heir(&mut *visit.work, profile, known_at)
            .await?
            .ok_or(ViewError::NoSuchProfile)?;
        let mut links = visit.work.links_to(heir, known_at).await?;
        for link in &mut links {
            link.known_until = link.known_until.filter(|until| *until <= known_at);
        }
        visit.leave(vec![heir], Outcome::Done).await?;
        Ok(links)
    }
}
