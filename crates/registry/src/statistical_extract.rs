//! Hands the pseudonymised extract to statistics: one row a person, no name, no number, no profile id.
//!
//! The pseudonym is HMAC-SHA256 of the profile id under the statistics key: the same person keeps it from one extract
//! to the next, and only who has the key can tell whose it is.

use profile::{
    extract::{Pseudonym, Row, row},
    fold::fold,
};
use records::key::ProfileId;

use crate::{
    access::{action::Action, actor::Asker},
    export::{ExportError, Sink},
    port::PAGE_MAX,
    registry::{AsOf, Registry},
    trace::Outcome,
};

impl Registry {
    /// A row for every profile known at `as_of`. The trace tells of the run before its first row leaves.
    pub async fn statistical_extract(
        &self,
        asker: &Asker,
        as_of: AsOf,
        sink: &mut Sink<'_, Row>,
    ) -> Result<u64, ExportError> {
        let visit = self.enter(asker, Action::Extract, None).await?;
        let as_of = as_of.known_by(visit.now);
        visit.leave(Vec::new(), Outcome::Done).await?;
        let mut work = self.store.begin_read().await?;
        let (mut rows, mut last): (u64, Option<ProfileId>) = (0, None);
        loop {
            let page = work.profiles(as_of.known_at, last, PAGE_MAX).await?;
            for profile in &page {
                let records = work.records_of(*profile, as_of.known_at).await?;
                let seen = fold(*profile, &records, as_of.on, as_of.known_at, &self.profile_rules);
                sink(row(&seen, self.pseudonym(*profile)))?;
            }
            rows += page.len() as u64;
            last = page.last().copied().or(last);
            if page.len() < PAGE_MAX as usize {
                return Ok(rows);
            }
        }
    }

    fn pseudonym(&self, profile: ProfileId) -> Pseudonym {
        Pseudonym::from_bytes(self.keys.statistics.mac(profile.as_bytes()))
    }
}
