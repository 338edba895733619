//! Gives the holder a signed answer to show: a QR text that is checked without asking us.
//!
//! Invariant: every signed answer has a receipt under its own id, kept in the same transaction.

use credential::{Answer, Binding, CredentialId, IssueError, QrText, Statement};
use jiff::{Timestamp, ToSpan as _, tz};
use profile::{identity::DocumentState, view::Profile};
use records::{Day, key::ProfileId, subject::Document};

use crate::{
    access::{action::Action, actor::Asker, permit::AccessError},
    answer::{AnswerError, Decided, Matter},
    port::{
        StoreError,
        proofs::{Door, Receipt},
        random::RandomError,
    },
    registry::{AsOf, LEGAL_HOURS_EAST, Registry, legal_day},
    sign_in::after,
    trace::Outcome,
};

/// A signed answer, and what it says.
#[derive(Clone, Debug)]
pub struct IssuedProof {
    pub text: QrText,
    pub statement: Statement,
}

#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error(transparent)]
    Answer(#[from] AnswerError),
    #[error("no randomness for an id")]
    Random(#[from] RandomError),
    #[error("the answer could not be signed")]
    Issue(#[from] IssueError),
    #[error("could not keep the receipt")]
    Store(#[from] StoreError),
}

impl Registry {
    /// Answers one matter for today and signs the answer, whatever it is.
    pub async fn issue_proof(
        &self,
        asker: &Asker,
        profile: ProfileId,
        matter: Matter,
    ) -> Result<IssuedProof, ProofError> {
        let mut visit = self.enter(asker, Action::IssueProof, Some(profile)).await?;
        let as_of = AsOf {
            on: legal_day(visit.now),
            known_at: visit.now,
        };
        let decided = self.decide(&mut *visit.work, profile, matter, as_of).await?;
        let statement = Statement {
            issuer: self.issuing.issuer.clone(),
            credential: CredentialId::from_random_bytes(self.random.bytes()?),
            purpose: matter,
            answer: decided.answer.clone(),
            binding: binding(&decided.profile),
            issued_at: visit.now,
            not_before: None,
            expires_at: self.proof_end(&decided.answer, visit.now),
        };
        let text = credential::issue(&statement, &*self.signer)?;
        let receipt = self.receipt(statement.credential, matter, Door::Qr, as_of, &decided);
        visit.work.keep_receipt(&receipt).await?;
        visit
            .leave(
                vec![receipt.profile],
                Outcome::Answered {
                    receipt: receipt.id.to_string(),
                },
            )
            .await?;
        Ok(IssuedProof { text, statement })
    }

    /// A signed answer never outlives the last day on which it holds.
    fn proof_end(&self, answer: &Answer, now: Timestamp) -> Timestamp {
        let longest = after(now, self.terms.proof);
        match answer {
            Answer::Yes(grant) => grant
                .until
                .and_then(end_of_day)
                .map_or(longest, |end| longest.min(end)),
            Answer::No { .. } | Answer::Undetermined { .. } => longest,
        }
    }

    pub(crate) fn receipt(
        &self,
        id: CredentialId,
        matter: Matter,
        door: Door,
        as_of: AsOf,
        decided: &Decided,
    ) -> Receipt {
        Receipt {
            id,
            profile: decided.profile.id,
            matter,
            door,
            on: as_of.on,
            known_at: as_of.known_at,
            given_at: as_of.known_at,
            edition: self.pack.edition().to_owned(),
            inputs: decided.inputs.clone(),
            answer: decided.answer.clone(),
        }
    }
}

/// The moment at which a day of the law is over; none for the last days of the calendar.
fn end_of_day(day: Day) -> Option<Timestamp> {
    let next = day.checked_add(1.day()).ok()?;
    tz::offset(LEGAL_HOURS_EAST)
        .to_timestamp(next.at(0, 0, 0, 0))
        .ok()
}

/// The document that the person uses now.
pub(crate) fn current_document(profile: &Profile) -> Option<&Document> {
    let held = profile
        .identity
        .documents
        .iter()
        .find(|held| held.state == DocumentState::Current);
    held.map(|held| &held.document)
}

fn binding(profile: &Profile) -> Option<Binding> {
    let document = current_document(profile)?;
    let born = profile.identity.birth_date.as_ref()?;
    Some(Binding::of(document.issuer?, &document.number, &born.value))
}
