//! A contested thing and its case in the reader's words: what stands, what is said to be right, what happened when.
//!
//! Not here: the pages (`correction`, `casework`).

use profile::view::Profile;
use records::{Day, key::RecordKey, payload::PersonField, region::RegionCode, subject::Subject};
use registry::{
    access::purpose::PurposeId,
    contest::{COMPLAINT_TERM, COURT_TERM, REPLY_TERM},
    contestable::stated,
    port::contests::{Contest, ContestState, Contested, Happened, Outcome, Step},
    registry::{Registry, legal_day},
    view_profile::ProfileView,
};

use super::{
    matter::basis,
    words::{Words, name_line},
};

/// How a fact is contested, and whether it is.
#[derive(Clone, Default)]
pub(crate) struct Contesting {
    /// Names the fact to the form; empty for what is put together from several.
    pub(crate) query: String,
    pub(crate) is_contested: bool,
}

impl Contesting {
    pub(crate) fn of_field(field: PersonField, place: usize) -> Self {
        Self {
            // Of a field with one value the chosen one is contested, which comes first.
            query: format!("field={}&n={place}", field.as_str()),
            is_contested: false,
        }
    }

    pub(crate) fn of_record(record: &RecordKey) -> Self {
        // Ids of records are visible ASCII; what would end the query early is escaped.
        let mut query = format!("record={}/", record.source);
        for byte in record.id.as_str().bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.') {
                query.push(char::from(byte));
            } else {
                query.push_str(&format!("%{byte:02X}"));
            }
        }
        Self {
            query,
            is_contested: false,
        }
    }

    /// Every fact of a profile that is contested, as the form names it.
    pub(crate) fn all_of(view: &ProfileView) -> Vec<String> {
        view.contested
            .iter()
            .map(|mark| Self::of_case(&view.profile, &mark.about).query)
            .collect()
    }

    fn of_case(profile: &Profile, about: &Contested) -> Self {
        match about {
            Contested::Person { field, value, .. } => {
                let values = stated(profile, *field);
                let place = values.iter().position(|stated| stated.value == **value);
                Self::of_field(*field, place.unwrap_or(0))
            }
            Contested::Part { record, .. }
            | Contested::NoEvent { record, .. }
            | Contested::Link { record } => Self::of_record(record),
        }
    }
}

/// What is contested.
pub(crate) struct ThingLines {
    pub(crate) name: String,
    /// What stands, and what is said to be right; empty where there is nothing to set against each other.
    pub(crate) was: String,
    pub(crate) right: String,
    pub(crate) record: String,
}

pub(crate) fn thing(about: &Contested, words: &Words<'_>) -> ThingLines {
    let language = words.language;
    let of_record = |record: &RecordKey| format!("{} · {}", words.source(record.source.as_str()), record.id);
    match about {
        Contested::Person { field, value, right } => ThingLines {
            name: language.say(field_key(*field)),
            was: subject_value(value, words),
            right: match right {
                Some(right) => subject_value(right, words),
                None => language.say("contest-none"),
            },
            record: String::new(),
        },
        Contested::Part {
            record,
            at,
            was,
            right,
            ..
        } => ThingLines {
            name: language.say(&part_key(at)),
            was: part_value(at, was, words),
            right: part_value(at, right, words),
            record: of_record(record),
        },
        Contested::NoEvent { record, .. } => ThingLines {
            name: language.say("contest-no-event"),
            was: String::new(),
            right: String::new(),
            record: of_record(record),
        },
        Contested::Link { record } => ThingLines {
            name: language.say("contest-link"),
            was: String::new(),
            right: String::new(),
            record: of_record(record),
        },
    }
}

pub(crate) fn field_key(field: PersonField) -> &'static str {
    match field {
        PersonField::Latin => "field-latin",
        PersonField::Cyrillic => "field-cyrillic",
        PersonField::BirthDate => "field-birth",
        PersonField::BirthPlace => "field-birth-place",
        PersonField::Sex => "field-sex",
        PersonField::Citizenship => "field-citizenship",
        PersonField::Document => "field-document",
        PersonField::Inn => "field-inn",
        PersonField::Snils => "field-snils",
        PersonField::Enp => "field-enp",
    }
}

/// Key of the name of a part: `part-stay-until` for `/stay/until`.
pub(crate) fn part_key(at: &str) -> String {
    let slug: String = at
        .trim_start_matches('/')
        .chars()
        .map(|c| if matches!(c, '/' | '_') { '-' } else { c })
        .collect();
    format!("part-{slug}")
}

/// A subject that says one thing.
pub(crate) fn subject_value(subject: &Subject, words: &Words<'_>) -> String {
    let name = subject
        .latin
        .as_ref()
        .or(subject.cyrillic.as_ref())
        .map(name_line);
    let birth = subject.birth.map(|birth| words.partial_date(&birth.date));
    let sex = subject.sex.map(|sex| words.of("sex", &sex));
    let citizenship = subject.citizenship.map(|country| words.country(country));
    let document = subject.document.as_ref().map(|document| {
        let number = document.number.as_str().to_owned();
        let issuer = document.issuer.map(|country| words.country(country));
        std::iter::once(number)
            .chain(issuer)
            .collect::<Vec<_>>()
            .join(", ")
    });
    let numbers = [
        subject.inn.as_ref().map(|n| n.as_str().to_owned()),
        subject.snils.as_ref().map(|n| n.as_str().to_owned()),
        subject.enp.as_ref().map(|n| n.as_str().to_owned()),
    ];
    let said = [
        name,
        birth,
        subject.birth_place.clone(),
        sex,
        citizenship,
        document,
    ];
    said.into_iter()
        .chain(numbers)
        .flatten()
        .next()
        .unwrap_or_default()
}

/// A part of an event as people write it.
pub(crate) fn part_value(at: &str, value: &serde_json::Value, words: &Words<'_>) -> String {
    let Some(text) = value.as_str() else {
        return match value.as_i64() {
            Some(kopecks) if at == "/amount_kopecks" => format!("{} ₽", words.language.roubles(kopecks)),
            Some(number) => number.to_string(),
            None => words.language.say("contest-empty"),
        };
    };
    if let Ok(day) = text.parse::<Day>() {
        return words.language.day(day);
    }
    match RegionCode::parse(text) {
        Ok(region) if at.ends_with("/region") => words.region(region),
        _ => text.to_owned(),
    }
}

/// One step of a case.
pub(crate) struct StepLine {
    pub(crate) when: String,
    pub(crate) says: String,
    pub(crate) lines: Vec<String>,
}

pub(crate) fn steps(contest: &Contest, registry: &Registry, words: &Words<'_>) -> Vec<StepLine> {
    contest
        .steps
        .iter()
        .map(|step| step_line(step, registry, words))
        .collect()
}

fn step_line(step: &Step, registry: &Registry, words: &Words<'_>) -> StepLine {
    let language = words.language;
    let due = |day: Day| language.say_with("contest-due", &[("day", language.day(day).into())]);
    let by = |official: &registry::port::review_queue::OfficialName| {
        language.say_with(
            "contest-by",
            &[
                ("name", official.name.as_str().into()),
                ("office", official.office.as_str().into()),
            ],
        )
    };
    let lines = match &step.happened {
        Happened::Received { due_on } => {
            let reply = registry.correction_term(REPLY_TERM, legal_day(step.at));
            let reply =
                reply.map(|day| language.say_with("contest-reply", &[("day", language.day(day).into())]));
            std::iter::once(due(*due_on)).chain(reply).collect()
        }
        Happened::Taken { by: official } => vec![by(official)],
        Happened::Released => Vec::new(),
        Happened::Asked {
            by: official,
            question,
        } => vec![question.clone(), by(official)],
        Happened::Answered { text, due_on } => vec![text.clone(), due(*due_on)],
        Happened::Decided {
            by: official,
            outcome,
            reason,
            purpose,
            legal_basis,
        } => {
            let law = PurposeId::parse(purpose)
                .ok()
                .and_then(|id| registry.purposes().find(&id))
                .map_or_else(|| legal_basis.clone(), |purpose| basis(purpose, language));
            let mut lines = vec![
                words.of("contest-outcome", outcome),
                language.say_with("contest-reason", &[("reason", reason.as_str().into())]),
                language.say_with("contest-basis", &[("basis", law.into())]),
                by(official),
            ];
            lines.extend(appeal(*outcome, legal_day(step.at), registry, words));
            lines
        }
        Happened::Told { receivers } => {
            vec![language.say_with("contest-told", &[("n", (*receivers).into())])]
        }
    };
    StepLine {
        when: language.time(step.at),
        says: language.say(&format!("contest-step-{}", step.happened.code())),
        lines,
    }
}

/// How to appeal against a refusal, and until when.
fn appeal(outcome: Outcome, decided_on: Day, registry: &Registry, words: &Words<'_>) -> Vec<String> {
    if outcome == Outcome::Accepted {
        return Vec::new();
    }
    let days = registry.term_of_correction(COMPLAINT_TERM, decided_on);
    let mut lines: Vec<String> = days
        .map(|term| {
            let days = words.language.say_with("count-days", &[("n", term.count.into())]);
            words
                .language
                .say_with("contest-complain", &[("days", days.into())])
        })
        .into_iter()
        .collect();
    lines.extend(registry.correction_term(COURT_TERM, decided_on).map(|day| {
        words
            .language
            .say_with("contest-court", &[("day", words.language.day(day).into())])
    }));
    lines
}

/// Where a case stands, in a word and a colour.
pub(crate) fn state(contest: &Contest, words: &Words<'_>) -> (String, &'static str) {
    let (key, css) = match contest.state() {
        ContestState::Waiting => ("contest-state-waiting", "due"),
        ContestState::Taken { .. } => ("contest-state-taken", "due"),
        ContestState::Asked { .. } => ("contest-state-asked", "late"),
        ContestState::Decided {
            outcome: Outcome::Accepted,
            ..
        } => ("contest-state-accepted", "done"),
        ContestState::Decided {
            outcome: Outcome::Refused,
            ..
        } => ("contest-state-refused", "exempt"),
    };
    (words.language.say(key), css)
}

#[cfg(test)]
mod tests {
    use records::{
        key::{SourceName, SourceRecordId},
        payload::PersonField,
    };

    use super::*;

    #[test]
    fn a_record_is_named_so_that_the_address_can_be_read_back() {
        let record = RecordKey {
            source: SourceName::parse("permits").unwrap(),
            id: SourceRecordId::parse("A&b=1/2+#%").unwrap(),
        };
        assert_eq!(
            Contesting::of_record(&record).query,
            "record=permits/A%26b%3D1%2F2%2B%23%25"
        );
        assert_eq!(
            Contesting::of_field(PersonField::BirthDate, 2).query,
            "field=birth_date&n=2"
        );
    }

    #[test]
    fn parts_have_names_of_their_own() {
        assert_eq!(part_key("/stay/until"), "part-stay-until");
        assert_eq!(part_key("/amount_kopecks"), "part-amount-kopecks");
    }
}
