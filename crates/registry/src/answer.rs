//! The one decision behind every door: portal, QR, share code and online check ask here, so they cannot disagree.
//!
//! In: a profile, a matter, a day and a time of knowledge. Out: yes with its bounds, no with its reason, or
//! undetermined since a day; and the inputs, so that the same answer can be given again.
//! Invariant: a signal that is missing never makes a no (the person is not on record as inside: undetermined).

use std::collections::BTreeSet;

pub use credential::Purpose as Matter;
use credential::{
    Answer, Grant, ReasonCode,
    statement::{Condition, StatementError},
};
use profile::view::Profile;
use records::{
    Day,
    key::ProfileId,
    payload::REGISTER_SOURCE,
    region::{RegionCode, RegionCodeError},
};
use status::status::{Lawful, RegionsOfWork, Status, Verdict};

use crate::{
    port::{Transaction, proofs::Input},
    registry::{AsOf, Registry},
    view_profile::ViewError,
};

/// No crossing says that the person is in the country.
const NOT_ON_RECORD_AS_INSIDE: &str = "no_entry_on_record";
/// A fact is missing on which the answer hangs.
const FACT_MISSING: &str = "fact_missing";
/// No basis of stay covers the day.
const NO_BASIS: &str = "no_basis";

/// An answer with everything that it rests on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Decided {
    pub profile: Profile,
    pub status: Status,
    pub answer: Answer,
    pub inputs: Vec<Input>,
}

/// Why no answer could be formed.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    #[error(transparent)]
    View(#[from] ViewError),
    #[error("the rules give a code that no verifier could read")]
    Code(#[from] StatementError),
    #[error("the rules name a region that is none")]
    Region(#[from] RegionCodeError),
    #[error("the rules failed")]
    Judge(#[from] status::JudgeError),
}

impl Registry {
    pub(crate) async fn decide(
        &self,
        work: &mut dyn Transaction,
        profile: ProfileId,
        matter: Matter,
        as_of: AsOf,
    ) -> Result<Decided, AnswerError> {
        let profile = self.load_profile(work, profile, as_of).await?;
        let status = self.judge(&profile, as_of)?;
        let answer = answer_of(&status, matter, &self.pack.work.needs_stay.reason)?;
        let inputs = inputs_of(&status, &profile);
        Ok(Decided {
            profile,
            status,
            answer,
            inputs,
        })
    }
}

/// What a verifier may learn of a status. `no_stay` is the rules' reason for refusing work to whoever may not stay.
fn answer_of(status: &Status, matter: Matter, no_stay: &str) -> Result<Answer, AnswerError> {
    match matter {
        Matter::Stay => stay(status),
        Matter::Work => work(status, no_stay),
    }
}

fn stay(status: &Status) -> Result<Answer, AnswerError> {
    let stay = &status.stay;
    Ok(match stay.lawful {
        // A decree's window is time that the person may still spend here (Decree 1126 of 30.12.2024).
        Lawful::Yes | Lawful::Tolerated => Answer::Yes(Grant {
            until: stay.until,
            ..Grant::default()
        }),
        Lawful::No => Answer::No {
            reason: ReasonCode::parse(NO_BASIS)?,
        },
        Lawful::Undetermined => undetermined(status, FACT_MISSING)?,
        Lawful::NotPresent => undetermined(status, NOT_ON_RECORD_AS_INSIDE)?,
    })
}

fn work(status: &Status, no_stay: &str) -> Result<Answer, AnswerError> {
    let work = &status.work;
    Ok(match work.allowed {
        Verdict::Yes => Answer::Yes(Grant {
            until: work.until,
            regions: match &work.regions {
                Some(RegionsOfWork::Only(regions)) => regions
                    .iter()
                    .map(|code| RegionCode::parse(code))
                    .collect::<Result<_, _>>()?,
                Some(RegionsOfWork::Any) | None => BTreeSet::new(),
            },
            conditions: work
                .profession
                .iter()
                .map(|_| Condition::NamedProfession)
                .collect(),
        }),
        // Whoever stands before the verifier is inside, whatever the crossings on record say.
        Verdict::No
            if status.stay.lawful == Lawful::NotPresent && work.reason.as_deref() == Some(no_stay) =>
        {
            undetermined(status, NOT_ON_RECORD_AS_INSIDE)?
        }
        Verdict::No => Answer::No {
            reason: ReasonCode::parse(work.reason.as_deref().unwrap_or(NO_BASIS))?,
        },
        Verdict::Undetermined => undetermined(status, FACT_MISSING)?,
    })
}

/// Undetermined since the missing fact is missed, or else since the last day that is known of.
fn undetermined(status: &Status, reason: &str) -> Result<Answer, AnswerError> {
    let decisive = status.missing.iter().filter(|missing| missing.decisive);
    let missed: Option<Day> = decisive.filter_map(|missing| missing.after).min();
    let last_known = status.history.last().and_then(|stretch| stretch.to);
    let since = missed.or(last_known).filter(|day| *day <= status.on);
    Ok(Answer::Undetermined {
        reason: ReasonCode::parse(reason)?,
        since: since.unwrap_or(status.on),
    })
}

/// The record versions that the conclusions cite; with a decision, what it put right.
fn inputs_of(status: &Status, profile: &Profile) -> Vec<Input> {
    let facts = status
        .reasons()
        .flat_map(|because| &because.facts)
        .chain(&status.evidence.facts);
    let mut inputs: BTreeSet<Input> = facts
        .filter_map(|fact| fact.record.as_ref())
        .map(|reference| Input {
            record: reference.key.clone(),
            version: reference.version,
        })
        .collect();
    for correction in &profile.corrections {
        let by = Input {
            record: correction.by.key.clone(),
            version: correction.by.version,
        };
        if by.record.source.as_str() == REGISTER_SOURCE && inputs.contains(&by) {
            inputs.insert(Input {
                record: correction.superseded.key.clone(),
                version: correction.superseded.version,
            });
        }
    }
    inputs.into_iter().collect()
}
