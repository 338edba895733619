//! Tells a verifier the present answer: by share code and birth date, or by a QR text.
//!
//! Both doors decide anew through `answer`, keep a receipt, and leave a look that the person sees.
//! Invariant: a wrong code, an ended code and a wrong birth date are one answer, and few guesses are allowed.

use credential::{Answer, CredentialId, NotValid, Statement, Undetermined, Verdict};
use jiff::{SignedDuration, Timestamp};
use profile::view::Profile;
use records::partial_date::PartialDate;

use crate::{
    access::{
        action::Action,
        actor::{Actor, Asker},
        permit::AccessError,
        visit::Visit,
    },
    answer::{AnswerError, Decided, Matter},
    issue_proof::current_document,
    port::{StoreError, attempts::Guessed, proofs::Door, random::RandomError},
    registry::{AsOf, Registry, legal_day},
    share_code::{Code, CodeError},
    sign_in::{FAILURES_KEPT, before, mark},
    trace::Outcome,
};

/// Failures count for this long.
const WINDOW: SignedDuration = SignedDuration::from_hours(1);
/// Wrong birth dates at one code.
const FAILURES_AT_CODE_MAX: u32 = 5;
/// Wrong codes or birth dates by one verifier.
const FAILURES_BY_VERIFIER_MAX: u32 = 20;
/// Wrong codes or birth dates by all verifiers together.
const FAILURES_IN_ALL_MAX: u32 = 5_000;
/// Last characters of the document number, by which a verifier knows the passport in the hand.
const TAIL: usize = 4;

/// The present answer, under its receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub matter: Matter,
    pub answer: Answer,
    pub at: Timestamp,
    pub receipt: CredentialId,
    /// End of the number of the document that the person uses now.
    pub document_tail: Option<String>,
}

/// What a QR text turns out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QrChecked {
    /// Signed here: what it says, and what holds now. Where they differ, what holds now counts.
    Confirmed {
        signed: Box<Statement>,
        now: Checked,
    },
    /// Signed here and withdrawn since, because the facts it rests on were wrong: what holds now.
    Withdrawn {
        signed: Box<Statement>,
        withdrawn_at: Timestamp,
        now: Checked,
    },
    /// Soundly signed by another trusted issuer: what holds now, only that one can tell.
    Elsewhere {
        signed: Box<Statement>,
    },
    NotValid(NotValid),
    Undetermined(Undetermined),
}

#[derive(Debug, thiserror::Error)]
pub enum CheckError {
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The same for a wrong code, an ended code and a wrong birth date.
    #[error("code and birth date do not fit")]
    NotFitting,
    #[error("too many failed attempts; try again later")]
    TooManyAttempts,
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error(transparent)]
    Answer(#[from] AnswerError),
    #[error("no randomness for a receipt")]
    Random(#[from] RandomError),
    #[error("could not keep the receipt")]
    Store(#[from] StoreError),
}

impl Registry {
    /// The present answer to the matter of a share code.
    pub async fn check_code(
        &self,
        asker: &Asker,
        code: &str,
        born: PartialDate,
    ) -> Result<Checked, CheckError> {
        let code_hash = self.code_hash(&Code::parse(code)?);
        let by = verifier_mark(&asker.actor);
        let mut visit = self.enter(asker, Action::CheckAnswer, None).await?;
        check_attempts(&mut visit, code_hash, by).await?;
        let code = visit
            .work
            .find_share_code(code_hash)
            .await?
            .filter(|code| code.in_force(visit.now));
        if let Some(code) = code {
            let as_of = AsOf {
                on: legal_day(visit.now),
                known_at: visit.now,
            };
            let decided = self
                .decide(&mut *visit.work, code.profile, code.matter, as_of)
                .await?;
            if born_then(&decided.profile, born) {
                return self.tell(visit, code.matter, Door::Code, decided).await;
            }
        }
        visit
            .work
            .record_failure(Guessed::Code, code_hash, visit.now)
            .await?;
        visit
            .work
            .record_failure(Guessed::CodeByVerifier, by, visit.now)
            .await?;
        visit
            .work
            .sweep_failures(before(visit.now, FAILURES_KEPT))
            .await?;
        visit
            .leave(
                Vec::new(),
                Outcome::Refused {
                    reason: CheckError::NotFitting.to_string(),
                },
            )
            .await?;
        Err(CheckError::NotFitting)
    }

    /// The present answer to the matter of a QR text.
    pub async fn check_qr(&self, asker: &Asker, text: &str) -> Result<QrChecked, CheckError> {
        let mut visit = self.enter(asker, Action::CheckAnswer, None).await?;
        let signed = match credential::verify(text, &self.issuing.trust, visit.now) {
            Verdict::Valid(signed) => signed,
            Verdict::NotValid(reason) => {
                visit
                    .leave(
                        Vec::new(),
                        Outcome::Refused {
                            reason: reason.to_string(),
                        },
                    )
                    .await?;
                return Ok(QrChecked::NotValid(reason));
            }
            Verdict::Undetermined(reason) => {
                visit
                    .leave(
                        Vec::new(),
                        Outcome::Refused {
                            reason: reason.to_string(),
                        },
                    )
                    .await?;
                return Ok(QrChecked::Undetermined(reason));
            }
        };
        let Some(receipt) = visit.work.find_receipt(signed.credential).await? else {
            visit.leave(Vec::new(), Outcome::Done).await?;
            return Ok(QrChecked::Elsewhere { signed });
        };
        let as_of = AsOf {
            on: legal_day(visit.now),
            known_at: visit.now,
        };
        let decided = self
            .decide(&mut *visit.work, receipt.profile, signed.purpose, as_of)
            .await?;
        let withdrawal = visit.work.find_withdrawal(signed.credential).await?;
        let now = self
            .tell(visit, signed.purpose, Door::OnlineCheck, decided)
            .await?;
        Ok(match withdrawal {
            None => QrChecked::Confirmed { signed, now },
            Some(withdrawal) => QrChecked::Withdrawn {
                signed,
                withdrawn_at: withdrawal.at,
                now,
            },
        })
    }

    async fn tell(
        &self,
        mut visit: Visit,
        matter: Matter,
        door: Door,
        decided: Decided,
    ) -> Result<Checked, CheckError> {
        let as_of = AsOf {
            on: decided.profile.on,
            known_at: decided.profile.known_at,
        };
        let id = CredentialId::from_random_bytes(self.random.bytes()?);
        let receipt = self.receipt(id, matter, door, as_of, &decided);
        visit.work.keep_receipt(&receipt).await?;
        let at = visit.now;
        visit
            .leave(
                vec![decided.profile.id],
                Outcome::Answered {
                    receipt: id.to_string(),
                },
            )
            .await?;
        Ok(Checked {
            matter,
            answer: decided.answer,
            at,
            receipt: id,
            document_tail: tail(&decided.profile),
        })
    }
}

async fn check_attempts(visit: &mut Visit, code_hash: [u8; 32], by: [u8; 32]) -> Result<(), CheckError> {
    let since = before(visit.now, WINDOW);
    let at_code = visit.work.failures(Guessed::Code, code_hash, since).await?;
    let by_verifier = visit.work.failures(Guessed::CodeByVerifier, by, since).await?;
    let in_all = visit.work.failures_in_all(Guessed::CodeByVerifier, since).await?;
    if at_code >= FAILURES_AT_CODE_MAX
        || by_verifier >= FAILURES_BY_VERIFIER_MAX
        || in_all >= FAILURES_IN_ALL_MAX
    {
        return Err(CheckError::TooManyAttempts);
    }
    Ok(())
}

fn verifier_mark(actor: &Actor) -> [u8; 32] {
    match actor {
        Actor::Holder { profile } => mark(&["holder", &profile.to_string()]),
        Actor::Official { name, office } => mark(&["official", name, office]),
        Actor::Verifier { organisation } => mark(&["verifier", organisation]),
        Actor::Operator { name } => mark(&["operator", name]),
        Actor::Analyst { name, office } => mark(&["analyst", name, office]),
    }
}

/// Whether the date told is the person's, as precisely as the person's is known: a year alone fits nobody whose day
/// is known.
fn born_then(profile: &Profile, told: PartialDate) -> bool {
    let Some(born) = profile.identity.birth_date.as_ref().map(|field| field.value) else {
        return false;
    };
    born.earliest() <= told.earliest() && told.latest() <= born.latest()
}

fn tail(profile: &Profile) -> Option<String> {
    let number = current_document(profile)?.number.as_str();
    Some(
        number
            .chars()
            .skip(number.chars().count().saturating_sub(TAIL))
            .collect(),
    )
}
