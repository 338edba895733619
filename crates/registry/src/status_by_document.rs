//! Tells what the rules say of whoever a document names: the question that offices ask most.
//!
//! One person: their status. None, or several: a refusal that says which, because a status shown for the wrong person
//! harms. Whoever is a candidate sees the look, and nobody who may not search gets one.
//! Invariant: a status leaves only after the trace of its reader was committed.

use std::collections::BTreeSet;

use jiff::Timestamp;
use profile::view::Profile;
use records::{Day, country::Country, document::DocumentNumber, key::ProfileId};

use crate::{
    access::{
        action::Action,
        actor::Asker,
        permit::{AccessError, Permit},
    },
    answer::AnswerError,
    document_looks::{DocumentLook, Looked},
    find::CANDIDATES_MAX,
    port::{StoreError, prepared_statuses::HeldNumber},
    prepare_statuses::{PrepareError, held_numbers},
    registry::{AsOf, Registry, legal_day},
    search_key::{SearchKey, SearchKind},
    trace::Outcome,
};

/// Looks at what is ready before the reader's own transaction judges: it may change again meanwhile.
const LOOKS_MAX: u32 = 3;

/// A document, as it is typed from the paper. Personal data: `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct AskedDocument {
    pub number: DocumentNumber,
    /// Numbers repeat between states: with the issuing one, others' holders are left out.
    pub issuer: Option<Country>,
}

impl std::fmt::Debug for AskedDocument {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AskedDocument(hidden)")
    }
}

/// The status of the one person who holds a document.
#[derive(Clone, PartialEq, Eq)]
pub struct DocumentStatus {
    pub person: ProfileId,
    /// JSON of the [`status::status::Status`].
    pub words: String,
}

impl std::fmt::Debug for DocumentStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DocumentStatus({})", self.person)
    }
}

/// Why there is no one status.
#[derive(Debug, thiserror::Error)]
pub enum DocumentStatusError {
    #[error("nobody holds this document")]
    NoSuchPerson,
    #[error("several persons hold a document of this number")]
    SeveralPersons,
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error(transparent)]
    Answer(#[from] AnswerError),
    #[error("the status cannot be written down")]
    Words(#[from] serde_json::Error),
    #[error("could not read the records")]
    Store(#[from] StoreError),
}

impl From<PrepareError> for DocumentStatusError {
    fn from(error: PrepareError) -> Self {
        match error {
            PrepareError::Access(error) => Self::Access(error),
            PrepareError::Answer(error) => Self::Answer(error),
            PrepareError::Words(error) => Self::Words(error),
            PrepareError::Store(error) => Self::Store(error),
        }
    }
}

impl Registry {
    /// The status of whoever holds a document on a day, as known at a time; today and now where none is named.
    pub async fn status_by_document(
        &self,
        asker: &Asker,
        document: &AskedDocument,
        on: Option<Day>,
        known_at: Option<Timestamp>,
    ) -> Result<DocumentStatus, DocumentStatusError> {
        self.allow(asker, Action::Find, None).await?;
        let permit = self.allow(asker, Action::ViewStatus, None).await?;
        let is_present = known_at.is_none() && on.is_none_or(|on| on == self.today());
        if is_present && let Some(looked) = self.look(&permit, document).await? {
            return looked;
        }
        self.judge_holder(asker, document, on, known_at).await
    }

    /// Looks together with whoever looks meanwhile, at what is ready; none where it does not get ready.
    async fn look(
        &self,
        permit: &Permit,
        document: &AskedDocument,
    ) -> Result<Option<Result<DocumentStatus, DocumentStatusError>>, DocumentStatusError> {
        for _ in 0..LOOKS_MAX {
            let look = DocumentLook {
                permit: permit.clone(),
                document: document.clone(),
            };
            let unprepared = match self.looks.ask(look).await? {
                Looked::One(status) => return Ok(Some(Ok(status))),
                Looked::Nobody => return Ok(Some(Err(DocumentStatusError::NoSuchPerson))),
                Looked::Several => return Ok(Some(Err(DocumentStatusError::SeveralPersons))),
                Looked::Unprepared(persons) => persons,
            };
            if self.prepare(&unprepared).await? == 0 {
                return Ok(None);
            }
        }
        Ok(None)
    }

    /// Judges the holder anew, in a transaction of this reader alone.
    async fn judge_holder(
        &self,
        asker: &Asker,
        document: &AskedDocument,
        on: Option<Day>,
        known_at: Option<Timestamp>,
    ) -> Result<DocumentStatus, DocumentStatusError> {
        let mut visit = self.enter(asker, Action::ViewStatus, None).await?;
        let as_of = AsOf {
            on: on.unwrap_or_else(|| legal_day(visit.now)),
            known_at: known_at.unwrap_or(visit.now),
        };
        let as_of = as_of.known_by(visit.now);
        let key = document.key();
        let found = visit.work.profiles_under(&key, as_of.known_at, CANDIDATES_MAX);
        let under = match found.await {
            Err(StoreError::TooMany { limit, .. }) => {
                let count = u64::from(limit);
                visit.leave(Vec::new(), Outcome::Counted { count }).await?;
                return Err(DocumentStatusError::SeveralPersons);
            }
            found => found?,
        };
        let mut meant: Vec<Profile> = Vec::new();
        for profile in under {
            let records = visit.work.records_of(profile, as_of.known_at).await?;
            let seen = self.resolve(profile, &records, as_of);
            if document.may_be_among(&held_numbers(&records, &seen)) {
                meant.push(seen);
            }
        }
        let found = match meant.as_slice() {
            [] => Err(DocumentStatusError::NoSuchPerson),
            [one] => Ok(DocumentStatus {
                person: one.id,
                words: serde_json::to_string(&self.judge(one, as_of)?)?,
            }),
            _ => Err(DocumentStatusError::SeveralPersons),
        };
        let about: BTreeSet<ProfileId> = meant.iter().map(|holder| holder.id).collect();
        visit
            .leave(about.into_iter().collect(), outcome(meant.len()))
            .await?;
        found
    }
}

impl AskedDocument {
    pub(crate) fn key(&self) -> SearchKey {
        SearchKey::number(SearchKind::Document, self.number.as_str())
    }

    /// Whether somebody whose records name these numbers may be meant: not where the number is none of them, nor where
    /// the state that is named is not among those that are known.
    pub(crate) fn may_be_among(&self, held: &[HeldNumber]) -> bool {
        let key = self.key();
        let same = held.iter().find(|held| held.number == key.value());
        same.is_some_and(|held| {
            let is_of_it = |wanted| held.issuers.is_empty() || held.issuers.contains(&wanted);
            self.issuer.is_none_or(is_of_it)
        })
    }
}

/// What the trace says of a look that led to so many persons.
pub(crate) fn outcome(holders: usize) -> Outcome {
    match holders {
        1 => Outcome::Done,
        count => Outcome::Counted { count: count as u64 },
    }
}
