//! The facts of a profile as a page lists them: each value with its sources, its conflicts and its doubts.
//!
//! In: a profile, already narrowed to what the purpose opens. Out: lines of text. Not here: what follows from the facts.

use profile::{
    cite::Citation,
    event::Event,
    field::{Difference, Field},
    identity::{DocumentHeld, DocumentState, Held, Soundness},
    presence::{Entry, Exit, Stay},
    view::Profile,
};
use records::payload::PersonField;
use registry::view_profile::ProfileView;

use super::{
    contested::Contesting,
    kinds,
    words::{Words, name_line},
};

/// Everything on record, in groups.
pub(crate) struct Facts {
    pub(crate) identity: Vec<Fact>,
    pub(crate) groups: Vec<Group>,
    /// Address of the form by which the reader contests what stands here; none for who may not.
    pub(crate) contest_at: Option<String>,
}

/// One field of the identity.
pub(crate) struct Fact {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) chosen_by: String,
    pub(crate) conflicts: Vec<OtherValue>,
    pub(crate) sources: String,
    pub(crate) contest: Contesting,
}

/// What else is said.
pub(crate) struct OtherValue {
    pub(crate) value: String,
    pub(crate) difference: String,
    pub(crate) sources: String,
}

/// Events of one kind, the latest first; all but the first few behind a fold.
pub(crate) struct Group {
    pub(crate) title: String,
    pub(crate) items: Vec<Item>,
    pub(crate) folded: Vec<Item>,
}

/// Events that a group shows before its fold.
const OPEN_ITEMS_MAX: usize = 4;

impl Group {
    pub(crate) fn new(title: String, mut items: Vec<Item>) -> Self {
        let folded = items.split_off(items.len().min(OPEN_ITEMS_MAX));
        Self { title, items, folded }
    }
}

/// One event.
pub(crate) struct Item {
    pub(crate) says: String,
    pub(crate) lines: Vec<String>,
    pub(crate) doubts: Vec<String>,
    pub(crate) sources: String,
    pub(crate) contest: Contesting,
}

impl Facts {
    /// The facts, with what of them is contested; `contest_at` where the reader may contest them.
    pub(crate) fn of(view: &ProfileView, words: &Words<'_>, contest_at: Option<String>) -> Self {
        let profile = &view.profile;
        let mut groups = vec![place(profile, words), stays(profile, words)];
        groups.extend(kinds::groups(profile, words));
        groups.retain(|group| !group.items.is_empty());
        let mut facts = Self {
            identity: identity(profile, words),
            groups,
            contest_at,
        };
        facts.mark(view);
        facts
    }

    fn mark(&mut self, view: &ProfileView) {
        let contested = Contesting::all_of(view);
        let in_groups = self
            .groups
            .iter_mut()
            .flat_map(|group| group.items.iter_mut().chain(&mut group.folded));
        let all = self
            .identity
            .iter_mut()
            .map(|fact| &mut fact.contest)
            .chain(in_groups.map(|item| &mut item.contest));
        for contest in all {
            contest.is_contested = !contest.query.is_empty() && contested.contains(&contest.query);
        }
    }
}

fn identity(profile: &Profile, words: &Words<'_>) -> Vec<Fact> {
    let who = &profile.identity;
    let latin = who
        .latin
        .iter()
        .map(|field| fact(words, ("field-latin", PersonField::Latin), field, name_line));
    let cyrillic = who
        .cyrillic
        .iter()
        .map(|field| fact(words, ("field-cyrillic", PersonField::Cyrillic), field, name_line));
    let birth = who.birth_date.iter();
    let birth = birth.map(|field| {
        fact(words, ("field-birth", PersonField::BirthDate), field, |date| {
            words.partial_date(date)
        })
    });
    let place = who.birth_place.iter();
    let place = place.map(|field| {
        fact(
            words,
            ("field-birth-place", PersonField::BirthPlace),
            field,
            String::clone,
        )
    });
    let sex = who.sex.iter().map(|field| {
        fact(words, ("field-sex", PersonField::Sex), field, |sex| {
            words.of("sex", sex)
        })
    });
    let citizenship = who.citizenship.iter();
    let citizenship = citizenship.map(|field| {
        fact(
            words,
            ("field-citizenship", PersonField::Citizenship),
            field,
            |country| words.country(*country),
        )
    });
    // Overruled documents cannot be contested again, and are not counted among those that can.
    let mut standing = 0;
    let documents = who.documents.iter().map(|held| {
        let mut shown = document(held, words);
        if held.state != DocumentState::Overruled {
            shown.contest = Contesting::of_field(PersonField::Document, standing);
            standing += 1;
        }
        shown
    });
    let person = latin
        .chain(cyrillic)
        .chain(birth)
        .chain(place)
        .chain(sex)
        .chain(citizenship);
    person.chain(documents).chain(numbers(profile, words)).collect()
}

fn document(held: &DocumentHeld, words: &Words<'_>) -> Fact {
    let number = held.document.number.as_str().to_owned();
    let issuer = held.document.issuer.map(|country| words.country(country));
    let parts: Vec<String> = std::iter::once(number).chain(issuer).collect();
    let name = words.language.say("field-document");
    Fact {
        name: format!("{name} · {}", words.of("document", &held.state)),
        value: parts.join(", "),
        chosen_by: String::new(),
        conflicts: Vec::new(),
        sources: words.sources(&held.cited),
        contest: Contesting::default(),
    }
}

fn numbers(profile: &Profile, words: &Words<'_>) -> Vec<Fact> {
    let who = &profile.identity;
    let inn = number_facts(words, ("field-inn", PersonField::Inn), &who.inn, |n| {
        n.as_str().to_owned()
    });
    let snils = number_facts(
        words,
        ("field-snils", PersonField::Snils),
        &who.snils,
        printed_snils,
    );
    let enp = number_facts(words, ("field-enp", PersonField::Enp), &who.enp, |n| {
        n.as_str().to_owned()
    });
    inn.into_iter().chain(snils).chain(enp).collect()
}

fn number_facts<T>(
    words: &Words<'_>,
    (key, field): (&str, PersonField),
    held: &[Held<T>],
    show: impl Fn(&T) -> String,
) -> Vec<Fact> {
    let facts = held.iter().enumerate().map(|(place, held)| {
        let mut fact = number(words, key, held, &show);
        // Overruled numbers come last, so that they do not shift the others.
        if held.soundness != Soundness::Overruled {
            fact.contest = Contesting::of_field(field, place);
        }
        fact
    });
    facts.collect()
}

fn printed_snils(number: &records::identifier::Snils) -> String {
    number
        .sound()
        .map_or_else(|| number.as_str().to_owned(), |sound| sound.printed())
}

fn fact<T>(
    words: &Words<'_>,
    (key, person_field): (&str, PersonField),
    field: &Field<T>,
    show: impl Fn(&T) -> String,
) -> Fact {
    // A spelling or a missing part is no disagreement; what cannot be the same, or looks like a slip, is shown.
    let differs = |difference| matches!(difference, Difference::Slip | Difference::Conflict);
    let others = field
        .others
        .iter()
        .filter(|other| differs(other.difference) || other.settled_by.is_some());
    Fact {
        name: words.language.say(key),
        value: show(&field.value),
        chosen_by: words.of("chosen", &field.chosen_by),
        conflicts: others
            .map(|other| OtherValue {
                value: show(&other.value),
                difference: match &other.settled_by {
                    None => words.of("difference", &other.difference),
                    Some(decision) => settled(decision, words),
                },
                sources: words.sources(&other.cited),
            })
            .collect(),
        sources: words.sources(&field.cited),
        contest: Contesting::of_field(person_field, 0),
    }
}

/// That an official found a value wrong, and when.
fn settled(decision: &Citation, words: &Words<'_>) -> String {
    let day = words.language.day(decision.recorded_on);
    words
        .language
        .say_with("difference-settled", &[("day", day.into())])
}

fn number<T>(words: &Words<'_>, key: &str, held: &Held<T>, show: impl Fn(&T) -> String) -> Fact {
    let mut value = show(&held.value);
    if held.soundness != Soundness::Sound {
        value = format!("{value} – {}", words.of("number", &held.soundness));
    }
    Fact {
        name: words.language.say(key),
        value,
        chosen_by: String::new(),
        conflicts: Vec::new(),
        sources: words.sources(&held.cited),
        contest: Contesting::default(),
    }
}

fn place(profile: &Profile, words: &Words<'_>) -> Group {
    let items = profile.place.iter().map(|place| Item {
        says: place.address.clone(),
        lines: vec![
            words.region(place.region),
            words.between(place.since, place.until),
        ],
        doubts: Vec::new(),
        sources: words.sources(&place.cited),
        contest: Contesting::default(),
    });
    Group::new(words.language.say("group-place"), items.collect())
}

fn stays(profile: &Profile, words: &Words<'_>) -> Group {
    let items = profile.stays.iter().rev().map(|stay| stay_item(stay, words));
    Group::new(words.language.say("group-stays"), items.collect())
}

fn stay_item(stay: &Stay, words: &Words<'_>) -> Item {
    let day = |key: &str, day| {
        words
            .language
            .say_with(key, &[("day", words.language.day(day).into())])
    };
    let mut cited: Vec<Citation> = Vec::new();
    let mut lines = Vec::new();
    match &stay.entry {
        Entry::Crossed { cited: by, .. } => cited.extend(by.iter().cloned()),
        Entry::Notified { on, cited: by } => {
            cited.extend(by.iter().cloned());
            lines.push(day("entry-notified", *on));
        }
        Entry::Unrecorded {
            not_after, cited: by, ..
        } => {
            cited.extend(by.iter().cloned());
            lines.push(day("entry-unrecorded", *not_after));
        }
    }
    match &stay.exit {
        Exit::Crossed { cited: by, .. } => cited.extend(by.iter().cloned()),
        Exit::Open => {}
        Exit::Unrecorded {
            not_after, cited: by, ..
        } => {
            cited.extend(by.iter().cloned());
            lines.push(day("exit-unrecorded", *not_after));
        }
    }
    Item {
        says: words.between(stay.from(), stay.until()),
        lines,
        doubts: Vec::new(),
        sources: words.sources(&cited),
        contest: Contesting::default(),
    }
}

/// The item of an event: what it says, and what is odd about it.
pub(crate) fn event_item<T>(event: &Event<T>, says: String, lines: Vec<String>, words: &Words<'_>) -> Item {
    let mut doubts: Vec<String> = event
        .doubts
        .iter()
        .map(|doubt| {
            words
                .language
                .say_with("doubt-mark", &[("field", doubt.field.as_str().into())])
        })
        .collect();
    if let Some(decision) = event.amended_by.last() {
        let day = words.language.day(decision.recorded_on);
        doubts.push(words.language.say_with("event-amended", &[("day", day.into())]));
    } else if !event.earlier.is_empty() {
        doubts.push(
            words
                .language
                .say_with("earlier-versions", &[("n", event.earlier.len().into())]),
        );
    }
    let cited: Vec<Citation> = event.citations().cloned().collect();
    Item {
        says,
        lines,
        doubts,
        sources: words.sources(&cited),
        contest: Contesting::of_record(&event.cited.key),
    }
}
