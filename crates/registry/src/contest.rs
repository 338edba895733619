//! The holder or an agency contests what the profile says, or that a record is the person's.
//!
//! Out: a case with a number and the last day for a decision (152-FZ art. 20 p. 3). From then on every reader sees the
//! fact marked as contested, and whoever was told it hears so.
//! Not here: what an official does with the case (`work_contest`, `decide_contest`).

use std::collections::BTreeSet;

use jiff::Timestamp;
use profile::view::Profile;
use records::{
    Day,
    key::{ProfileId, RecordKey},
    payload::{Payload, PersonField, amended},
    subject::{Name, Subject},
};
use status::{
    pack::parameter::{ParameterKey, Quantity},
    term::Term,
};

use crate::{
    access::{
        action::{Action, FieldGroup},
        actor::{Actor, Asker},
        permit::AccessError,
        visit::Visit,
    },
    amend::parts_to_change,
    audience::{receiver, with_merged},
    consequences::{Change, ConsequencesError},
    contestable::{event_of, group_of, group_of_field, parts_of, stated},
    port::{
        StoreError,
        contests::{Contest, ContestId, ContestState, Contested, Happened, NewContest, Party, Step},
        outbox::News,
    },
    registry::{AsOf, Registry, legal_day},
    trace::Outcome,
    view_profile::{ViewError, find_heir, narrow},
    wording::{WORDS_MAX, is_name, words},
};

/// Cases about one person that may be open at once.
pub const OPEN_CONTESTS_MAX: u32 = 20;
/// Cases about one person in all.
pub(crate) const CONTESTS_MAX: u32 = 1_000;
/// Term for putting data right, counted from the day on which the person has shown that they are wrong.
pub const CHANGE_TERM: &str = "correction.change";
/// Term for a reasoned refusal.
pub const REPLY_TERM: &str = "correction.reply";
/// Term within which a complaint is answered, counted from its registration.
pub const COMPLAINT_TERM: &str = "correction.complaint";
/// Term for going to court, counted from the day on which the person learned of the decision.
pub const COURT_TERM: &str = "correction.court";

#[derive(Debug, thiserror::Error)]
pub enum ContestError {
    #[error("there is no such profile, or no such fact in it")]
    NoSuchFact,
    #[error("what is said to be right is not in the form, or is what stands already")]
    Right,
    #[error("say in 1 to {WORDS_MAX} characters what is wrong")]
    Words,
    #[error("this is contested already")]
    Already,
    #[error("{OPEN_CONTESTS_MAX} cases about this person are open already")]
    TooManyOpen,
    #[error("there is no such case")]
    NoSuchCase,
    #[error("nothing was asked in this case")]
    NothingAsked,
    #[error("only the person and agencies contest")]
    NotAParty,
    #[error("the pack has no term {CHANGE_TERM}")]
    NoTerm,
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error(transparent)]
    View(#[from] ViewError),
    #[error(transparent)]
    Consequences(#[from] ConsequencesError),
    #[error("could not keep the case")]
    Store(#[from] StoreError),
}

impl Registry {
    /// Opens a case about something that the asker sees in the profile.
    pub async fn contest(
        &self,
        asker: &Asker,
        profile: ProfileId,
        about: Contested,
        says: &str,
    ) -> Result<ContestId, ContestError> {
        let by = party(&asker.actor)?;
        let says = words(says).ok_or(ContestError::Words)?;
        let mut visit = self.enter_to_add(asker, Action::Contest, Some(profile)).await?;
        let heir = find_heir(&mut *visit.work, profile, visit.now)
            .await?
            .ok_or(ContestError::NoSuchFact)?;
        let as_of = AsOf {
            on: legal_day(visit.now),
            known_at: visit.now,
        };
        let mut seen = self.load_profile(&mut *visit.work, heir, as_of).await?;
        narrow(&mut seen, &visit.permit);
        let group = contestable(&seen, &about)?;
        check_open(&mut visit, &[profile, heir], &about).await?;
        let new = NewContest {
            // Under the id that was asked for: should a merge be taken back, the case stays with its person.
            profile,
            by,
            about,
            group,
            says,
            opened_at: visit.now,
            due_on: self.change_by(as_of.on)?,
        };
        let case = visit.work.open_contest(&new).await?;
        self.tell_of_contest(&mut visit, heir, News::Contested { case, group }, group)
            .await?;
        visit.leave(vec![heir], Outcome::Done).await?;
        Ok(case)
    }

    /// The contesting party answers what the official asked; the term runs anew from the answer.
    pub async fn answer_question(
        &self,
        asker: &Asker,
        profile: ProfileId,
        case: ContestId,
        text: &str,
    ) -> Result<(), ContestError> {
        let by = party(&asker.actor)?;
        let text = words(text).ok_or(ContestError::Words)?;
        let mut visit = self.enter(asker, Action::Contest, Some(profile)).await?;
        let contest = match visit.work.load_contest(case).await {
            Err(StoreError::Missing { .. }) => return Err(ContestError::NoSuchCase),
            loaded => loaded?,
        };
        let heir = find_heir(&mut *visit.work, contest.profile, visit.now).await?;
        let is_about = contest.profile == profile || heir == Some(profile);
        if !is_about || !same_party(&contest.by, &by) {
            return Err(ContestError::NoSuchCase);
        }
        if !matches!(contest.state(), ContestState::Asked { .. }) {
            return Err(ContestError::NothingAsked);
        }
        let step = Step {
            at: visit.now,
            happened: Happened::Answered {
                text,
                due_on: self.change_by(legal_day(visit.now))?,
            },
        };
        visit.work.add_step(case, &step).await?;
        visit.leave(vec![contest.profile], Outcome::Done).await?;
        Ok(())
    }

    /// Last day for putting right what was shown to be wrong on a day (152-FZ art. 20 p. 3: seven working days).
    pub(crate) fn change_by(&self, shown_on: Day) -> Result<Day, ContestError> {
        self.correction_term(CHANGE_TERM, shown_on)
            .ok_or(ContestError::NoTerm)
    }

    /// Last day of one of the pack's terms of correction that began on a day.
    pub fn correction_term(&self, key: &str, from: Day) -> Option<Day> {
        let term = self.term_of_correction(key, from)?;
        Some(term.after(from, &self.pack.calendar))
    }

    /// One of the pack's terms of correction as it stands on a day.
    pub fn term_of_correction(&self, key: &str, on: Day) -> Option<Term> {
        let found = self.pack.parameters.on(&ParameterKey::new(key), on, None)?;
        match found.quantity {
            Quantity::Term(term) => Some(term),
            _ => None,
        }
    }

    /// Tells whoever was told the fact that it is contested, or that it stands. Nothing has changed yet.
    pub(crate) async fn tell_of_contest(
        &self,
        visit: &mut Visit,
        profile: ProfileId,
        news: News,
        group: FieldGroup,
    ) -> Result<u32, ContestError> {
        let own = receiver(visit.permit.actor());
        let change = Change {
            profile,
            touched: &BTreeSet::new(),
            group: Some(group),
            news,
            not_to: own.as_ref(),
        };
        Ok(self.announce(visit, &change).await?)
    }
}

pub(crate) fn party(actor: &Actor) -> Result<Party, ContestError> {
    match actor {
        Actor::Holder { .. } => Ok(Party::Holder),
        Actor::Official { name, office } => Ok(Party::Agency {
            office: office.clone(),
            name: name.clone(),
        }),
        Actor::Verifier { .. } | Actor::Operator { .. } | Actor::Analyst { .. } => {
            Err(ContestError::NotAParty)
        }
    }
}

/// An office is one party, whoever of it writes.
fn same_party(one: &Party, other: &Party) -> bool {
    match (one, other) {
        (Party::Holder, Party::Holder) => true,
        (Party::Agency { office, .. }, Party::Agency { office: other, .. }) => office == other,
        _ => false,
    }
}

/// Cases about a person, under whichever of their ids.
pub(crate) async fn contests_about(
    visit: &mut Visit,
    profiles: &[ProfileId],
    known_at: Timestamp,
) -> Result<Vec<Contest>, StoreError> {
    let mut all = Vec::new();
    for profile in profiles {
        all.extend(with_merged(&mut *visit.work, *profile, known_at).await?);
    }
    all.sort_unstable();
    all.dedup();
    visit.work.contests_about(&all, CONTESTS_MAX).await
}

async fn check_open(
    visit: &mut Visit,
    profiles: &[ProfileId],
    about: &Contested,
) -> Result<(), ContestError> {
    let contests = contests_about(visit, profiles, visit.now).await?;
    let open: Vec<_> = contests.iter().filter(|contest| contest.is_open()).collect();
    if open.iter().any(|contest| contest.about.same_thing(about)) {
        return Err(ContestError::Already);
    }
    if open.len() >= OPEN_CONTESTS_MAX as usize {
        return Err(ContestError::TooManyOpen);
    }
    Ok(())
}

/// Whether the thing stands in the profile as said, and what is said to be right could stand there.
fn contestable(seen: &Profile, about: &Contested) -> Result<FieldGroup, ContestError> {
    match about {
        Contested::Person { field, value, right } => {
            if !stated(seen, *field).iter().any(|stated| stated.value == **value) {
                return Err(ContestError::NoSuchFact);
            }
            let fits = match right {
                Some(right) => right != value && is_sound(*field, right),
                None => may_be_none(*field),
            };
            fits.then(|| group_of_field(*field)).ok_or(ContestError::Right)
        }
        Contested::Part {
            record,
            version,
            at,
            was,
            right,
        } => {
            let payload = payload_of(seen, record, *version)?;
            let part = parts_of(&payload).iter().find(|part| part.at == at.as_str());
            let part = part.ok_or(ContestError::NoSuchFact)?;
            let parts = parts_to_change(&payload, at, was, right).ok_or(ContestError::Right)?;
            let changed = amended(&payload, &parts).ok_or(ContestError::NoSuchFact)?;
            if was == right || !part.form.allows(right) || !ends_after_it_begins(&changed) {
                return Err(ContestError::Right);
            }
            Ok(group_of(&payload))
        }
        Contested::NoEvent { record, version } => Ok(group_of(&payload_of(seen, record, *version)?)),
        Contested::Link { record } => {
            let event = event_of(seen, record).ok_or(ContestError::NoSuchFact)?;
            Ok(group_of(&event.payload))
        }
    }
}

/// What a record tells, as the profile takes it from this version of it: after the decisions on it.
fn payload_of(seen: &Profile, record: &RecordKey, version: u32) -> Result<Payload, ContestError> {
    let event = event_of(seen, record).ok_or(ContestError::NoSuchFact)?;
    if event.cited.key == *record && event.cited.version == version {
        Ok(event.payload)
    } else {
        Err(ContestError::NoSuchFact)
    }
}

fn ends_after_it_begins(payload: &Payload) -> bool {
    let (from, until) = match payload {
        Payload::Permit(permit) => (permit.valid_from, permit.valid_until),
        Payload::Decision(decision) => (decision.valid_from, decision.valid_until),
        other => {
            let valid = other.valid(Day::MIN);
            (valid.from, valid.until)
        }
    };
    until.is_none_or(|until| from <= until)
}

/// Whether a person may simply not have it.
fn may_be_none(field: PersonField) -> bool {
    match field {
        PersonField::Citizenship
        | PersonField::Document
        | PersonField::Inn
        | PersonField::Snils
        | PersonField::Enp => true,
        PersonField::Latin
        | PersonField::Cyrillic
        | PersonField::BirthDate
        | PersonField::BirthPlace
        | PersonField::Sex => false,
    }
}

fn is_sound(field: PersonField, right: &Subject) -> bool {
    if !field.is_all_of(right) {
        return false;
    }
    let is_whole = |name: &Name| {
        let parts = [&name.surname, &name.given];
        let told = parts.iter().filter(|part| !part.is_empty());
        told.clone().count() > 0
            && told.clone().all(|part| is_name(part))
            && name.patronymic.as_deref().is_none_or(is_name)
            && name.unsplit.is_none()
    };
    match field {
        PersonField::Latin => right
            .latin
            .as_ref()
            .is_some_and(|name| is_whole(name) && is_latin(name)),
        PersonField::Cyrillic => right.cyrillic.as_ref().is_some_and(is_whole),
        PersonField::BirthPlace => right.birth_place.as_deref().is_some_and(is_name),
        PersonField::Inn => right.inn.as_ref().is_some_and(|n| n.sound().is_some()),
        PersonField::Snils => right.snils.as_ref().is_some_and(|n| n.sound().is_some()),
        PersonField::Enp => right.enp.as_ref().is_some_and(|n| n.sound().is_some()),
        PersonField::BirthDate | PersonField::Sex | PersonField::Citizenship | PersonField::Document => true,
    }
}

/// The Latin name is the one of the passport's machine-readable zone.
fn is_latin(name: &Name) -> bool {
    let parts = [Some(&name.surname), Some(&name.given), name.patronymic.as_ref()];
    parts.into_iter().flatten().all(|part| {
        part.chars()
            .all(|c| c.is_ascii_alphabetic() || matches!(c, ' ' | '-' | '\''))
    })
}
