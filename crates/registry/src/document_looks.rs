//! Looks by document that come at the same time: read and traced in one transaction, out of statuses made ready.
//!
//! Invariant: whoever is told a status is named in the trace of that transaction, which is committed before anybody of
//! the group is told anything.
//! Not here: judging. Whose status is not ready is named, and asked for again when it is.

use std::sync::Arc;

use async_trait::async_trait;
use records::key::ProfileId;

use crate::{
    access::permit::Permit,
    gather::Desk,
    port::{
        Clock, Store, StoreError,
        prepared_statuses::{HOLDERS_MAX, Holder, PreparedStatus},
    },
    registry::legal_day,
    search_key::SearchKey,
    status_by_document::{AskedDocument, DocumentStatus, outcome},
    trace::Entry,
};

/// One look, and the right to it.
pub(crate) struct DocumentLook {
    pub(crate) permit: Permit,
    pub(crate) document: AskedDocument,
}

/// What a look came to.
pub(crate) enum Looked {
    One(DocumentStatus),
    Nobody,
    Several,
    /// The statuses of these profiles are not ready, or, where none is named, cannot be told so: nothing was told, and
    /// nothing traced.
    Unprepared(Vec<ProfileId>),
}

/// Where looks by document are answered.
pub(crate) struct DocumentLooks {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    /// By which statuses are judged now.
    pub(crate) basis: String,
}

#[async_trait]
impl Desk for DocumentLooks {
    type Question = DocumentLook;
    type Answer = Looked;

    async fn answer_all(&self, group: Vec<DocumentLook>) -> Result<Vec<Looked>, StoreError> {
        let mut work = self.store.begin().await?;
        // As for every look, the clock is read inside.
        let now = self.clock.now();
        if work.latest_known_time().await?.is_some_and(|latest| now < latest) {
            // What was added last is to come by this clock: what was made ready may know of it, which is too much.
            return Ok(group.iter().map(|_| Looked::Unprepared(Vec::new())).collect());
        }
        let numbers: Vec<SearchKey> = group.iter().map(|look| look.document.key()).collect();
        let holders = work.holders(&numbers, now, legal_day(now), &self.basis).await?;
        let mut entries: Vec<Entry> = Vec::with_capacity(group.len());
        let mut all = Vec::with_capacity(group.len());
        for (look, holders) in group.iter().zip(holders) {
            let (looked, about) = tell(&look.document, holders);
            if !matches!(looked, Looked::Unprepared(_)) {
                let outcome = outcome(about.len());
                entries.push(look.permit.entry(now, about, outcome));
            }
            all.push(looked);
        }
        if !entries.is_empty() {
            work.trace_all(&entries).await?;
            work.promise_known_time(now).await?;
            work.commit().await?;
        }
        Ok(all)
    }
}

/// What is told of the holders of a number, and whom the look was about.
fn tell(document: &AskedDocument, holders: Vec<Holder>) -> (Looked, Vec<ProfileId>) {
    if holders.len() > HOLDERS_MAX as usize {
        return (Looked::Unprepared(Vec::new()), Vec::new());
    }
    let unprepared = holders.iter().filter(|holder| holder.prepared.is_none());
    let unprepared: Vec<ProfileId> = unprepared.map(|holder| holder.person).collect();
    if !unprepared.is_empty() {
        return (Looked::Unprepared(unprepared), Vec::new());
    }
    let ready = holders.into_iter().filter_map(|holder| holder.prepared);
    let mut meant: Vec<PreparedStatus> = ready
        .filter(|status| document.may_be_among(&status.numbers))
        .collect();
    let about = meant.iter().map(|status| status.person).collect();
    let looked = match (meant.pop(), meant.is_empty()) {
        (None, _) => Looked::Nobody,
        (Some(one), true) => Looked::One(DocumentStatus {
            person: one.person,
            words: one.words,
        }),
        (Some(_), false) => Looked::Several,
    };
    (looked, about)
}
