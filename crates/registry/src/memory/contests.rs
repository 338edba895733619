//! Cases in which something is contested, in memory.

use std::sync::Arc;

use async_trait::async_trait;
use records::key::ProfileId;

use super::{MemoryTransaction, at_most};
use crate::port::{
    StoreError, check_page,
    contests::{Contest, ContestId, Contests, Happened, NewContest, Party, STEPS_MAX, Step},
};

const WHAT: &str = "case";

#[async_trait]
impl Contests for MemoryTransaction {
    async fn open_contest(&mut self, new: &NewContest) -> Result<ContestId, StoreError> {
        self.may_write()?;
        let contests = Arc::make_mut(&mut self.tables.contests);
        let id = ContestId(contests.len() as u64 + 1);
        let received = Step {
            at: new.opened_at,
            happened: Happened::Received { due_on: new.due_on },
        };
        contests.insert(
            id,
            Contest {
                id,
                profile: new.profile,
                by: new.by.clone(),
                about: new.about.clone(),
                group: new.group,
                says: new.says.clone(),
                opened_at: new.opened_at,
                steps: vec![received],
            },
        );
        Ok(id)
    }

    async fn load_contest(&mut self, id: ContestId) -> Result<Contest, StoreError> {
        let found = self.tables.contests.get(&id).cloned();
        found.ok_or(StoreError::Missing { what: WHAT })
    }

    async fn add_step(&mut self, id: ContestId, step: &Step) -> Result<(), StoreError> {
        self.may_write()?;
        let contest = Arc::make_mut(&mut self.tables.contests).get_mut(&id);
        let contest = contest.ok_or(StoreError::Missing { what: WHAT })?;
        if contest.steps.len() >= STEPS_MAX as usize {
            return Err(StoreError::TooMany {
                what: "steps of a case",
                limit: STEPS_MAX,
            });
        }
        contest.steps.push(step.clone());
        Ok(())
    }

    async fn contests_about(
        &mut self,
        profiles: &[ProfileId],
        limit: u32,
    ) -> Result<Vec<Contest>, StoreError> {
        check_page(limit)?;
        let about = self.tables.contests.values().rev();
        let about = about.filter(|contest| profiles.contains(&contest.profile));
        at_most(about.cloned().collect(), "cases about a person", limit)
    }

    async fn contests_of(
        &mut self,
        office: &str,
        before: Option<ContestId>,
        limit: u32,
    ) -> Result<Vec<Contest>, StoreError> {
        check_page(limit)?;
        let opened = self.tables.contests.values().rev().filter(|contest| {
            matches!(&contest.by, Party::Agency { office: by, .. } if by == office)
                && before.is_none_or(|before| contest.id < before)
        });
        Ok(opened.take(limit as usize).cloned().collect())
    }

    async fn open_contests(
        &mut self,
        after: Option<ContestId>,
        limit: u32,
    ) -> Result<Vec<Contest>, StoreError> {
        check_page(limit)?;
        let place = |contest: &Contest| (contest.due_on(), contest.id);
        let start = match after {
            Some(id) => Some(place(&self.load_contest(id).await?)),
            None => None,
        };
        let open = self.tables.contests.values().filter(|contest| contest.is_open());
        let mut open: Vec<&Contest> = open.collect();
        open.sort_by_key(|contest| place(contest));
        let later = open
            .into_iter()
            .filter(|contest| start.is_none_or(|start| place(contest) > start));
        Ok(later.take(limit as usize).cloned().collect())
    }

    async fn count_open_contests(&mut self) -> Result<u64, StoreError> {
        let open = self.tables.contests.values().filter(|contest| contest.is_open());
        Ok(open.count() as u64)
    }
}
