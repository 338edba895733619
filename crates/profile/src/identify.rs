//! Chooses who the person is by all records, and keeps what disagrees.

use std::collections::BTreeMap;

use records::{
    Day,
    country::Country,
    document::DocumentNumber,
    envelope::Record,
    identifier::{Claimed, Identifier},
    payload::{Crossing, Payload, PersonField},
    subject::{Birth, Document, DocumentKind, Name, Sex, UnknownParts},
};

use crate::{
    choice::{Claim, choose},
    cite::Citation,
    event::Event,
    field::{ChosenBy, Difference, Field, Other},
    identity::{CitizenshipHeld, DocumentHeld, DocumentState, Held, Identity, Soundness},
    known::Known,
    likeness,
    rules::{FieldName, ProfileRules},
    stated::{SettledClaim, Stated, as_of, claims, rulings, show_settled},
};

/// `on` matters for what may change lawfully: names, citizenship, documents.
pub(crate) fn identity(
    known: &Known<'_>,
    crossings: &[Event<Crossing>],
    on: Day,
    rules: &ProfileRules,
) -> Identity {
    let records: Vec<&Record> = known.current().collect();
    let latin = Stated::of(known, &records, PersonField::Latin, |s| s.latin.clone());
    let birth_date = Stated::of(known, &records, PersonField::BirthDate, |s| {
        s.birth.as_ref().map(likely_date)
    });
    let birth_place = Stated::of(known, &records, PersonField::BirthPlace, |s| {
        s.birth_place.clone()
    });
    let sex = Stated::of(known, &records, PersonField::Sex, |s| s.sex);
    let country = Stated::of(known, &records, PersonField::Citizenship, |s| s.citizenship);
    Identity {
        latin: latin.choose(Some(on), &rules.field(FieldName::Latin), likeness::between_names),
        cyrillic: cyrillic(known, &records, on, rules),
        birth_date: birth_date.choose(None, &rules.field(FieldName::BirthDate), likeness::between_births),
        birth_place: birth_place.choose(None, &rules.field(FieldName::BirthPlace), |a, b| {
            likeness::between_texts(a, b)
        }),
        sex: sex.choose(None, &rules.field(FieldName::Sex), |_: &Sex, _| {
            Difference::Conflict
        }),
        citizenships: citizenships(&country.claims),
        citizenship: citizenship(country, crossings, on, rules),
        documents: documents(known, &records, on, rules),
        inn: claimed(Stated::of(known, &records, PersonField::Inn, |s| s.inn.clone())),
        snils: claimed(Stated::of(known, &records, PersonField::Snils, |s| {
            s.snils.clone()
        })),
        enp: claimed(Stated::of(known, &records, PersonField::Enp, |s| s.enp.clone())),
        student_ids: held(Stated::from(claims(&records, |s| s.student_id.clone())), |_| {
            Soundness::Sound
        }),
    }
}

/// A name whose parts the source does not mark is a witness, chosen only when there is no other.
fn cyrillic(known: &Known<'_>, records: &[&Record], on: Day, rules: &ProfileRules) -> Option<Field<Name>> {
    let stated = Stated::of(known, records, PersonField::Cyrillic, |s| s.cyrillic.clone());
    let rule = rules.field(FieldName::Cyrillic);
    let (unsplit, split): (Vec<_>, Vec<_>) = as_of(stated.claims, on)
        .into_iter()
        .partition(|claim| claim.value.unsplit.is_some());
    let chosen = choose(split, &rule, likeness::between_names);
    let witnesses = choose(unsplit, &rule, likeness::between_names);
    let field = match (chosen, witnesses) {
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
                    settled_by: None,
                });
            }
            Some(field)
        }
        (chosen, witnesses) => chosen.or(witnesses),
    };
    show_settled(field, stated.settled, likeness::between_names)
}

/// The date as the source can mean it: 1 January is less than a date where unknown parts are written so.
fn likely_date(birth: &Birth) -> records::partial_date::PartialDate {
    match birth.unknown_parts {
        UnknownParts::Kept => birth.date,
        UnknownParts::WrittenAsOne => likeness::meant(*birth),
    }
}

fn citizenship(
    stated: Stated<Country>,
    crossings: &[Event<Crossing>],
    on: Day,
    rules: &ProfileRules,
) -> Option<Field<Country>> {
    let rule = rules.field(FieldName::Citizenship);
    let last = crossings
        .iter()
        .rev()
        .find(|crossing| crossing.fact.crossed_on <= on);
    let by_document = last
        .and_then(|crossing| stated.claims.iter().find(|claim| claim.cited == crossing.cited))
        .map(|claim| claim.value);
    let by_rule = stated.choose(Some(on), &rule, |_, _| Difference::Conflict);
    let (Some(by_document), Some(field)) = (by_document, &by_rule) else {
        return by_rule;
    };
    if field.others.iter().all(|other| other.settled_by.is_some()) {
        return by_rule;
    }
    // RU.CITIZENSHIP.DOC (115-FZ art. 2): treated by the document of entry.
    let mut every: BTreeMap<Country, Other<Country>> = BTreeMap::new();
    let chosen = Other {
        value: field.value,
        difference: Difference::Conflict,
        cited: field.cited.clone(),
        settled_by: None,
    };
    for one in std::iter::once(&chosen).chain(&field.others) {
        every.insert(one.value, one.clone());
    }
    let Other { cited, .. } = every.remove(&by_document)?;
    Some(Field {
        value: by_document,
        chosen_by: ChosenBy::DocumentOfEntry,
        cited,
        others: every.into_values().collect(),
    })
}

fn citizenships(claims: &[Claim<Country>]) -> Vec<CitizenshipHeld> {
    let mut held: BTreeMap<Country, CitizenshipHeld> = BTreeMap::new();
    for claim in claims {
        let entry = held.entry(claim.value).or_insert_with(|| CitizenshipHeld {
            country: claim.value,
            since: claim.on,
            last_stated: claim.on,
            cited: Vec::new(),
        });
        entry.since = entry.since.min(claim.on);
        entry.last_stated = entry.last_stated.max(claim.on);
        entry.cited.push(claim.cited.clone());
    }
    let mut held: Vec<CitizenshipHeld> = held.into_values().collect();
    for citizenship in &mut held {
        citizenship.cited.dedup();
    }
    held.sort_by_key(|citizenship| (citizenship.since, citizenship.country));
    held
}

fn documents(known: &Known<'_>, records: &[&Record], on: Day, rules: &ProfileRules) -> Vec<DocumentHeld> {
    let mut stated = Stated::from(claims(records, |s| s.document.clone()));
    stated.settle(
        &rulings(known, PersonField::Document, |s| s.document.clone()),
        |one, other| one.number == other.number,
    );
    let expiries: BTreeMap<Citation, Day> = records
        .iter()
        .filter_map(|record| Some((Citation::of(record), expiry(record)?)))
        .collect();
    let mut held: BTreeMap<DocumentNumber, DocumentHeld> = BTreeMap::new();
    for claim in stated.claims {
        let expires_on = expiries.get(&claim.cited).copied();
        DocumentHeld::note(&mut held, &claim, expires_on);
    }
    let mut held: Vec<DocumentHeld> = held.into_values().collect();
    settle_states(&mut held, on, rules.documents.slip_support_ratio);
    held.extend(overruled_documents(stated.settled, &held));
    held.sort_by(|a, b| {
        (b.last_used, b.first_used, &a.document.number).cmp(&(a.last_used, a.first_used, &b.document.number))
    });
    held
}

fn overruled_documents(
    settled: Vec<SettledClaim<Document>>,
    still_held: &[DocumentHeld],
) -> Vec<DocumentHeld> {
    let mut overruled: BTreeMap<DocumentNumber, DocumentHeld> = BTreeMap::new();
    for SettledClaim { claim, by } in settled {
        if still_held
            .iter()
            .any(|held| held.document.number == claim.value.number)
        {
            continue;
        }
        let entry = DocumentHeld::note(&mut overruled, &claim, None);
        entry.state = DocumentState::Overruled;
        entry.cited.push(by);
    }
    let mut overruled: Vec<DocumentHeld> = overruled.into_values().collect();
    for document in &mut overruled {
        document.cited.sort_unstable();
        document.cited.dedup();
    }
    overruled
}

fn expiry(record: &Record) -> Option<Day> {
    match &record.payload {
        Payload::Crossing(crossing) => crossing.document_expiry,
        _ => None,
    }
}

impl DocumentHeld {
    /// Adds what one record says to the document that it names.
    fn note<'h>(
        held: &'h mut BTreeMap<DocumentNumber, Self>,
        claim: &Claim<Document>,
        expires_on: Option<Day>,
    ) -> &'h mut Self {
        let entry = held.entry(claim.value.number.clone()).or_insert_with(|| Self {
            document: claim.value.clone(),
            state: DocumentState::Other,
            first_used: claim.on,
            last_used: claim.on,
            expires_on: None,
            cited: Vec::new(),
        });
        entry.first_used = entry.first_used.min(claim.on);
        entry.last_used = entry.last_used.max(claim.on);
        entry.expires_on = entry.expires_on.max(expires_on);
        if entry.document.kind == DocumentKind::Unstated {
            entry.document.kind = claim.value.kind;
        }
        // Records are visited by key: the least key that names an issuer speaks, whatever the order of arrival.
        if entry.document.issuer.is_none() {
            entry.document.issuer = claim.value.issuer;
        }
        if entry.cited.last() != Some(&claim.cited) {
            entry.cited.push(claim.cited.clone());
        }
        entry
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

fn claimed<T: Identifier + Clone + Ord>(stated: Stated<Claimed<T>>) -> Vec<Held<Claimed<T>>> {
    let mut all = held(stated, |value| match value.sound() {
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

/// Values with their records: sound ones first, then the best supported, overruled ones last.
fn held<T>(stated: Stated<T>, soundness: impl Fn(&T) -> Soundness) -> Vec<Held<T>>
where
    T: Clone + Text,
{
    let mut by_text: BTreeMap<String, Held<T>> = BTreeMap::new();
    for claim in stated.claims {
        let entry = by_text
            .entry(claim.value.text().to_owned())
            .or_insert_with(|| Held {
                soundness: soundness(&claim.value),
                value: claim.value,
                cited: Vec::new(),
            });
        if entry.cited.last() != Some(&claim.cited) {
            entry.cited.push(claim.cited);
        }
    }
    for SettledClaim { claim, by } in stated.settled {
        let entry = by_text
            .entry(claim.value.text().to_owned())
            .or_insert_with(|| Held {
                soundness: Soundness::Overruled,
                value: claim.value,
                cited: Vec::new(),
            });
        if entry.soundness == Soundness::Overruled {
            entry.cited.extend([claim.cited, by]);
            entry.cited.sort_unstable();
            entry.cited.dedup();
        }
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
