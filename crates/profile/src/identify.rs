//! Chooses who the person is by all records, and keeps what disagrees.

use std::collections::BTreeMap;

use records::{
    Day,
    country::Country,
    document::DocumentNumber,
    envelope::Record,
    identifier::{Claimed, Identifier},
    payload::{Crossing, Payload},
    subject::{Birth, Document, DocumentKind, Name, Sex, Subject, UnknownParts},
};

use crate::{
    choice::{Claim, choose},
    cite::Citation,
    event::Event,
    field::{ChosenBy, Difference, Field, Other},
    identity::{CitizenshipHeld, DocumentHeld, DocumentState, Held, Identity, Soundness},
    known::{Known, stated_on},
    likeness,
    rules::{FieldName, ProfileRules},
};

/// `on` matters for what may change lawfully: names, citizenship, documents.
pub(crate) fn identity(
    known: &Known<'_>,
    crossings: &[Event<Crossing>],
    on: Day,
    rules: &ProfileRules,
) -> Identity {
    let records: Vec<&Record> = known.current().collect();
    let citizenships = citizenships(&records);
    let numbers = |of: fn(&Subject) -> Option<String>| held(&records, of, |_| Soundness::Sound);
    Identity {
        latin: choose(
            as_of(claims(&records, |s| s.latin.clone()), on),
            &rules.field(FieldName::Latin),
            likeness::between_names,
        ),
        cyrillic: cyrillic(&records, on, rules),
        birth_date: choose(
            claims(&records, |s| s.birth.as_ref().map(likely_date)),
            &rules.field(FieldName::BirthDate),
            likeness::between_births,
        ),
        birth_place: choose(
            claims(&records, |s| s.birth_place.clone()),
            &rules.field(FieldName::BirthPlace),
            |a, b| likeness::between_texts(a, b),
        ),
        sex: choose(
            claims(&records, |s| s.sex),
            &rules.field(FieldName::Sex),
            |_: &Sex, _| Difference::Conflict,
        ),
        citizenship: citizenship(&records, crossings, on, rules),
        documents: documents(&records, on, rules),
        citizenships,
        inn: claimed(&records, |s| s.inn.clone()),
        snils: claimed(&records, |s| s.snils.clone()),
        enp: claimed(&records, |s| s.enp.clone()),
        student_ids: numbers(|s| s.student_id.clone()),
    }
}

fn claims<T>(records: &[&Record], of: impl Fn(&Subject) -> Option<T>) -> Vec<Claim<T>> {
    records
        .iter()
        .filter_map(|record| {
            let value = of(&record.subject)?;
            Some(Claim {
                value,
                on: stated_on(record),
                cited: Citation::of(record),
            })
        })
        .collect()
}

/// Claims up to the day asked about; all of them when none is that early.
fn as_of<T: Clone>(claims: Vec<Claim<T>>, on: Day) -> Vec<Claim<T>> {
    let early: Vec<Claim<T>> = claims.iter().filter(|claim| claim.on <= on).cloned().collect();
    if early.is_empty() { claims } else { early }
}

/// A name whose parts the source does not mark is a witness, chosen only when there is no other.
fn cyrillic(records: &[&Record], on: Day, rules: &ProfileRules) -> Option<Field<Name>> {
    let all = as_of(claims(records, |s| s.cyrillic.clone()), on);
    let rule = rules.field(FieldName::Cyrillic);
    let (unsplit, split): (Vec<_>, Vec<_>) = all.into_iter().partition(|claim| claim.value.unsplit.is_some());
    let chosen = choose(split, &rule, likeness::between_names);
    let witnesses = choose(unsplit, &rule, likeness::between_names);
    match (chosen, witnesses) {
        (Some(mut field), Some(witnesses)) => {
            let beside = std::iter::once((witnesses.value, witnesses.cited)).chain(
                witnesses
                    .others
                    .into_iter()
                    .map(|other| (other.value, other.cited)),
            );
            for (value, cited) in beside {
                let difference = likeness::between_names(&field.value, &value);
                field.others.push(Other {
                    value,
                    difference,
                    cited,
                });
            }
            Some(field)
        }
        (chosen, witnesses) => chosen.or(witnesses),
    }
}

/// The date as the source can mean it: 1 January is less than a date where unknown parts are written so.
fn likely_date(birth: &Birth) -> records::partial_date::PartialDate {
    match birth.unknown_parts {
        UnknownParts::Kept => birth.date,
        UnknownParts::WrittenAsOne => likeness::meant(*birth),
    }
}

fn citizenship(
    records: &[&Record],
    crossings: &[Event<Crossing>],
    on: Day,
    rules: &ProfileRules,
) -> Option<Field<Country>> {
    let claims = claims(records, |s| s.citizenship);
    let rule = rules.field(FieldName::Citizenship);
    let by_rule = choose(as_of(claims.clone(), on), &rule, |_, _| Difference::Conflict);
    let last = crossings
        .iter()
        .rev()
        .find(|crossing| crossing.fact.crossed_on <= on);
    let stated = last.and_then(|crossing| claims.iter().find(|claim| claim.cited == crossing.cited));
    let (Some(stated), Some(field)) = (stated, &by_rule) else {
        return by_rule;
    };
    if field.others.is_empty() {
        return by_rule;
    }
    // RU.CITIZENSHIP.DOC (115-FZ art. 2): treated by the document of entry.
    let mut every: BTreeMap<Country, Vec<Citation>> = BTreeMap::new();
    every.insert(field.value, field.cited.clone());
    every.extend(
        field
            .others
            .iter()
            .map(|other| (other.value, other.cited.clone())),
    );
    let cited = every.remove(&stated.value)?;
    let others = every
        .into_iter()
        .map(|(value, cited)| Other {
            value,
            difference: Difference::Conflict,
            cited,
        })
        .collect();
    Some(Field {
        value: stated.value,
        chosen_by: ChosenBy::DocumentOfEntry,
        cited,
        others,
    })
}

fn citizenships(records: &[&Record]) -> Vec<CitizenshipHeld> {
    let mut held: BTreeMap<Country, CitizenshipHeld> = BTreeMap::new();
    for claim in claims(records, |s| s.citizenship) {
        let entry = held.entry(claim.value).or_insert_with(|| CitizenshipHeld {
            country: claim.value,
            since: claim.on,
            last_stated: claim.on,
            cited: Vec::new(),
        });
        entry.since = entry.since.min(claim.on);
        entry.last_stated = entry.last_stated.max(claim.on);
        entry.cited.push(claim.cited);
    }
    let mut held: Vec<CitizenshipHeld> = held.into_values().collect();
    held.sort_by_key(|citizenship| (citizenship.since, citizenship.country));
    held
}

fn documents(records: &[&Record], on: Day, rules: &ProfileRules) -> Vec<DocumentHeld> {
    let mut held: BTreeMap<DocumentNumber, DocumentHeld> = BTreeMap::new();
    for record in records {
        let Some(document) = &record.subject.document else {
            continue;
        };
        let used = stated_on(record);
        let entry = held
            .entry(document.number.clone())
            .or_insert_with(|| DocumentHeld {
                document: document.clone(),
                state: DocumentState::Other,
                first_used: used,
                last_used: used,
                expires_on: None,
                cited: Vec::new(),
            });
        entry.add(document, used, expiry(record));
        entry.cited.push(Citation::of(record));
    }
    let mut held: Vec<DocumentHeld> = held.into_values().collect();
    settle_states(&mut held, on, rules.documents.slip_support_ratio);
    held.sort_by(|a, b| {
        (b.last_used, b.first_used, &a.document.number).cmp(&(a.last_used, a.first_used, &b.document.number))
    });
    held
}

fn expiry(record: &Record) -> Option<Day> {
    match &record.payload {
        Payload::Crossing(crossing) => crossing.document_expiry,
        _ => None,
    }
}

impl DocumentHeld {
    fn add(&mut self, document: &Document, used: Day, expires_on: Option<Day>) {
        self.first_used = self.first_used.min(used);
        self.last_used = self.last_used.max(used);
        self.expires_on = self.expires_on.max(expires_on);
        if self.document.kind == DocumentKind::Unstated {
            self.document.kind = document.kind;
        }
        // Records are visited by key: the least key that names an issuer speaks, whatever the order of arrival.
        if self.document.issuer.is_none() {
            self.document.issuer = document.issuer;
        }
    }
}

fn settle_states(held: &mut [DocumentHeld], on: Day, slip_support_ratio: usize) {
    let support: Vec<(DocumentNumber, usize)> = held
        .iter()
        .map(|d| (d.document.number.clone(), d.cited.len()))
        .collect();
    for document in held.iter_mut() {
        let number = document.document.number.as_str();
        let needed = document.cited.len().saturating_mul(slip_support_ratio);
        let slip = support
            .iter()
            .any(|(other, n)| *n >= needed && likeness::one_slip(other.as_str(), number));
        document.state = match document.document.kind {
            DocumentKind::ParentsDocument => DocumentState::Parents,
            _ if slip => DocumentState::LikelySlip,
            _ if document.first_used > on => DocumentState::Later,
            _ if document.expires_on.is_some_and(|day| day < on) => DocumentState::Old,
            _ => DocumentState::Other,
        };
    }
    // An old passport may still be shown after a renewal, so the one first seen last is the current one.
    let current = (0..held.len())
        .filter(|&at| held[at].state == DocumentState::Other)
        .max_by_key(|&at| {
            (
                held[at].first_used,
                held[at].last_used,
                held[at].document.number.clone(),
            )
        });
    let Some(current) = current else { return };
    held[current].state = DocumentState::Current;
    let (issuer, since) = (held[current].document.issuer, held[current].first_used);
    for document in held
        .iter_mut()
        .filter(|document| document.state == DocumentState::Other)
    {
        let replaced =
            document.document.issuer.is_none() || issuer.is_none() || document.document.issuer == issuer;
        if replaced && document.first_used < since {
            document.state = DocumentState::Old;
        }
    }
}

fn claimed<T: Identifier + Clone + Ord>(
    records: &[&Record],
    of: impl Fn(&Subject) -> Option<Claimed<T>>,
) -> Vec<Held<Claimed<T>>> {
    let mut all = held(records, of, |value| match value.sound() {
        Some(_) => Soundness::Sound,
        None => Soundness::CheckDigitFails,
    });
    if all
        .iter()
        .filter(|held| held.soundness == Soundness::Sound)
        .count()
        > 1
    {
        for held in all.iter_mut().filter(|held| held.soundness == Soundness::Sound) {
            held.soundness = Soundness::Contested;
        }
    }
    all
}

/// Values with their records: sound ones first, then the best supported.
fn held<T>(
    records: &[&Record],
    of: impl Fn(&Subject) -> Option<T>,
    soundness: impl Fn(&T) -> Soundness,
) -> Vec<Held<T>>
where
    T: Clone + Text,
{
    let mut by_text: BTreeMap<String, Held<T>> = BTreeMap::new();
    for claim in claims(records, of) {
        let entry = by_text
            .entry(claim.value.text().to_owned())
            .or_insert_with(|| Held {
                soundness: soundness(&claim.value),
                value: claim.value.clone(),
                cited: Vec::new(),
            });
        entry.cited.push(claim.cited);
    }
    let mut held: Vec<(String, Held<T>)> = by_text.into_iter().collect();
    held.sort_by(|(text_a, a), (text_b, b)| {
        let key = |held: &Held<T>| (held.soundness, std::cmp::Reverse(held.cited.len()));
        key(a).cmp(&key(b)).then_with(|| text_a.cmp(text_b))
    });
    held.into_iter().map(|(_, held)| held).collect()
}

/// A number as written.
trait Text {
    fn text(&self) -> &str;
}

impl Text for String {
    fn text(&self) -> &str {
        self
    }
}

impl<T: Identifier> Text for Claimed<T> {
    fn text(&self) -> &str {
        self.as_str()
    }
}
