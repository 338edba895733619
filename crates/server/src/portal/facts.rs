//! The facts of a profile as a page lists them: each value with its sources, its conflicts and its doubts.
//!
//! In: a profile, already narrowed to what the purpose opens. Out: lines of text. Not here: what follows from the facts.

use profile::{
    cite::Citation,
    event::Event,
    field::{Difference, Field},
    identity::{DocumentHeld, Held, Soundness},
    presence::{Entry, Exit, Stay},
    view::Profile,
};

use super::{
    kinds,
    words::{Words, name_line},
};

/// Everything on record, in groups.
pub(crate) struct Facts {
    pub(crate) identity: Vec<Fact>,
    pub(crate) groups: Vec<Group>,
}

/// One field of the identity.
pub(crate) struct Fact {
    pub(crate) name: String,
    pub(crate) value: String,
    pub(crate) chosen_by: String,
    pub(crate) conflicts: Vec<OtherValue>,
    pub(crate) sources: String,
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
}

impl Facts {
    pub(crate) fn of(profile: &Profile, words: &Words<'_>) -> Self {
        let mut groups = vec![place(profile, words), stays(profile, words)];
        groups.extend(kinds::groups(profile, words));
        groups.retain(|group| !group.items.is_empty());
        Self {
            identity: identity(profile, words),
            groups,
        }
    }
}

fn identity(profile: &Profile, words: &Words<'_>) -> Vec<Fact> {
    let who = &profile.identity;
    let latin = who
        .latin
        .iter()
        .map(|field| fact(words, "field-latin", field, name_line));
    let cyrillic = who
        .cyrillic
        .iter()
        .map(|field| fact(words, "field-cyrillic", field, name_line));
    let birth = who.birth_date.iter();
    let birth = birth.map(|field| fact(words, "field-birth", field, |date| words.partial_date(date)));
    let place = who.birth_place.iter();
    let place = place.map(|field| fact(words, "field-birth-place", field, String::clone));
    let sex = who
        .sex
        .iter()
        .map(|field| fact(words, "field-sex", field, |sex| words.of("sex", sex)));
    let citizenship = who.citizenship.iter();
    let citizenship = citizenship.map(|field| {
        fact(words, "field-citizenship", field, |country| {
            words.country(*country)
        })
    });
    let documents = who.documents.iter().map(|held| document(held, words));
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
    }
}

fn numbers(profile: &Profile, words: &Words<'_>) -> Vec<Fact> {
    let who = &profile.identity;
    let inn = who
        .inn
        .iter()
        .map(|held| number(words, "field-inn", held, |n| n.as_str().to_owned()));
    let snils = who
        .snils
        .iter()
        .map(|held| number(words, "field-snils", held, printed_snils));
    let enp = who
        .enp
        .iter()
        .map(|held| number(words, "field-enp", held, |n| n.as_str().to_owned()));
    inn.chain(snils).chain(enp).collect()
}

fn printed_snils(number: &records::identifier::Snils) -> String {
    number
        .sound()
        .map_or_else(|| number.as_str().to_owned(), |sound| sound.printed())
}

fn fact<T>(words: &Words<'_>, key: &str, field: &Field<T>, show: impl Fn(&T) -> String) -> Fact {
    // A spelling or a missing part is no disagreement; what cannot be the same, or looks like a slip, is shown.
    let differs = |difference| matches!(difference, Difference::Slip | Difference::Conflict);
    let others = field.others.iter().filter(|other| differs(other.difference));
    Fact {
        name: words.language.say(key),
        value: show(&field.value),
        chosen_by: words.of("chosen", &field.chosen_by),
        conflicts: others
            .map(|other| OtherValue {
                value: show(&other.value),
                difference: words.of("difference", &other.difference),
                sources: words.sources(&other.cited),
            })
            .collect(),
        sources: words.sources(&field.cited),
    }
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
    if !event.earlier.is_empty() {
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
    }
}
