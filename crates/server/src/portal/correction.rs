//! The holder, or an agency, contests a fact from the fact itself.
//!
//! The form names the thing as it stands; what stands otherwise when the form comes back is not contested.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use profile::view::Profile;
use records::{
    key::{ProfileId, RecordKey, SourceName, SourceRecordId},
    payload::PersonField,
    subject::Subject,
};
use registry::{
    access::actor::Asker,
    contest::ContestError,
    contestable::{ContestableEvent, event_of, parts_of, stated},
    registry::AsOf,
};
use serde::{Deserialize, Serialize};

use super::{
    asker::{AtWork, Holder},
    contested::{field_key, part_key, part_value, subject_value},
    forms::{Errors, Posted},
    matter::band,
    objection::{ObjectionForm, read},
    page::Page,
    routes::Html,
    words::Words,
};
use crate::http::{fault::Fault, state::AppState};

/// The thing that a form is about, as it stood when the form was shown.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "thing", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Thing {
    Person { field: PersonField, value: Box<Subject> },
    Event { record: RecordKey, version: u32 },
}

/// Which fact: a field and the place of its value, or a record.
#[derive(Deserialize)]
pub(crate) struct Which {
    #[serde(default)]
    field: String,
    #[serde(default)]
    n: usize,
    #[serde(default)]
    record: String,
}

#[derive(Template)]
#[template(path = "correction.html")]
struct ContestPage {
    page: Page,
    /// The line above an office's page; none for the holder.
    matter: Option<String>,
    errors: Errors,
    action: String,
    back: String,
    thing: String,
    name: String,
    stands: String,
    sources: String,
    inputs: &'static str,
    parts: Vec<PartChoice>,
    countries: Vec<(String, String)>,
    form: ObjectionForm,
}

struct PartChoice {
    at: &'static str,
    name: String,
}

/// Who contests, whose profile, and where the pages lie.
struct Contestant {
    asker: Asker,
    profile: ProfileId,
    matter: Option<String>,
    action: String,
    back: String,
}

impl Contestant {
    fn holder(holder: Holder) -> Self {
        Self {
            asker: holder.asker,
            profile: holder.profile,
            matter: None,
            action: "/my/corrections".to_owned(),
            back: "/my/data".to_owned(),
        }
    }

    fn agency(work: AtWork, id: &str, page: &Page) -> Result<Self, Fault> {
        let profile = ProfileId::parse(id).map_err(|_| Fault::NotFound)?;
        Ok(Self {
            matter: Some(band(&work.matter, page.language)),
            asker: work.asker,
            profile,
            action: format!("/office/person/{profile}/contest"),
            back: format!("/office/person/{profile}"),
        })
    }
}

/// The form by which the holder contests a fact.
pub(crate) async fn form(
    State(state): State<AppState>,
    page: Page,
    holder: Holder,
    Query(which): Query<Which>,
) -> Result<Response, Fault> {
    begin(&state, page, Contestant::holder(holder), &which).await
}

/// The same for an agency.
pub(crate) async fn office_form(
    State(state): State<AppState>,
    page: Page,
    work: AtWork,
    Path(id): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response, Fault> {
    let contestant = Contestant::agency(work, &id, &page)?;
    begin(&state, page, contestant, &which).await
}

async fn begin(
    state: &AppState,
    page: Page,
    contestant: Contestant,
    which: &Which,
) -> Result<Response, Fault> {
    let seen = seen(state, &contestant).await?;
    let thing = find_thing(&seen, which).ok_or(Fault::NotFound)?;
    show(
        state,
        page,
        contestant,
        &seen,
        &thing,
        Errors::default(),
        ObjectionForm::default(),
    )
}

async fn seen(state: &AppState, contestant: &Contestant) -> Result<Profile, Fault> {
    let as_of = AsOf::now(&state.registry);
    let view = state
        .registry
        .view_profile(&contestant.asker, contestant.profile, as_of)
        .await?;
    Ok(view.profile)
}

fn find_thing(seen: &Profile, which: &Which) -> Option<Thing> {
    if let Some(field) = PersonField::parse(&which.field) {
        let value = Box::new(stated(seen, field).into_iter().nth(which.n)?.value);
        return Some(Thing::Person { field, value });
    }
    let (source, id) = which.record.split_once('/')?;
    let record = RecordKey {
        source: SourceName::parse(source).ok()?,
        id: SourceRecordId::parse(id).ok()?,
    };
    let event = event_of(seen, &record)?;
    Some(Thing::Event {
        record: event.cited.key,
        version: event.cited.version,
    })
}

fn show(
    state: &AppState,
    page: Page,
    contestant: Contestant,
    seen: &Profile,
    thing: &Thing,
    errors: Errors,
    form: ObjectionForm,
) -> Result<Response, Fault> {
    let words = Words {
        language: page.language,
        countries: &state.countries,
    };
    let mut parts = Vec::new();
    let (name, stands, sources, inputs) = match thing {
        Thing::Person { field, value } => {
            let found = stated(seen, *field)
                .into_iter()
                .find(|stated| stated.value == **value);
            let cited = found.map(|stated| stated.cited).unwrap_or_default();
            (
                page.t(field_key(*field)),
                subject_value(value, &words),
                words.sources(&cited),
                inputs(*field),
            )
        }
        Thing::Event { record, .. } => {
            let event = event_of(seen, record).ok_or(Fault::Conflict)?;
            parts = part_choices(&event, &words)?;
            let name = page.t(&format!("kind-{}", event.payload.kind()));
            (name, String::new(), words.sources(&event.reports), "event")
        }
    };
    let countries = state.countries.iter();
    let mut countries: Vec<(String, String)> = countries
        .map(|(country, _)| (country.to_string(), words.country(country)))
        .collect();
    countries.sort_by(|a, b| a.1.cmp(&b.1));
    Html::page(&ContestPage {
        matter: contestant.matter,
        errors,
        action: contestant.action,
        back: contestant.back,
        thing: serde_json::to_string(thing).map_err(|error| Fault::internal(&error))?,
        name,
        stands,
        sources,
        inputs,
        parts,
        countries,
        form,
        page,
    })
}

/// Which fields the form shows for what is right.
fn inputs(field: PersonField) -> &'static str {
    match field {
        PersonField::Latin | PersonField::Cyrillic => "name",
        PersonField::BirthDate => "date",
        PersonField::BirthPlace => "text",
        PersonField::Sex => "sex",
        PersonField::Citizenship => "country",
        PersonField::Document => "document",
        PersonField::Inn | PersonField::Snils | PersonField::Enp => "number",
    }
}

fn part_choices(event: &ContestableEvent, words: &Words<'_>) -> Result<Vec<PartChoice>, Fault> {
    let said = serde_json::to_value(&event.payload).map_err(|error| Fault::internal(&error))?;
    let choice = |part: &registry::contestable::PartOfEvent| {
        let now = said.pointer(part.at).unwrap_or(&serde_json::Value::Null);
        let fills = [
            ("part", words.language.say(&part_key(part.at)).into()),
            ("value", part_value(part.at, now, words).into()),
        ];
        PartChoice {
            at: part.at,
            name: words.language.say_with("contest-part-now", &fills),
        }
    };
    Ok(parts_of(&event.payload).iter().map(choice).collect())
}

/// Opens the holder's case.
pub(crate) async fn send(
    State(state): State<AppState>,
    page: Page,
    holder: Holder,
    Posted(form): Posted<ObjectionForm>,
) -> Result<Response, Fault> {
    file(&state, page, Contestant::holder(holder), form, "/my/corrections").await
}

/// Opens an agency's case.
pub(crate) async fn office_send(
    State(state): State<AppState>,
    page: Page,
    work: AtWork,
    Path(id): Path<String>,
    Posted(form): Posted<ObjectionForm>,
) -> Result<Response, Fault> {
    let contestant = Contestant::agency(work, &id, &page)?;
    let then = contestant.back.clone();
    file(&state, page, contestant, form, &then).await
}

async fn file(
    state: &AppState,
    page: Page,
    contestant: Contestant,
    form: ObjectionForm,
    then: &str,
) -> Result<Response, Fault> {
    let thing: Thing = serde_json::from_str(&form.thing).map_err(|_| Fault::Form)?;
    let seen = seen(state, &contestant).await?;
    let errors = match read(&form, &thing, &seen) {
        Err(errors) => errors,
        Ok(about) => {
            let (asker, profile) = (&contestant.asker, contestant.profile);
            match state.registry.contest(asker, profile, about, &form.says).await {
                Ok(_) => return Ok(Redirect::to(then).into_response()),
                Err(ContestError::Words) => Errors::one("says", "error-says"),
                Err(ContestError::Right) => Errors::one("right", "error-right"),
                Err(ContestError::Already) => Errors::one("says", "error-already-contested"),
                Err(ContestError::TooManyOpen) => Errors::one("says", "error-too-many-contests"),
                Err(error) => return Err(error.into()),
            }
        }
    };
    show(state, page, contestant, &seen, &thing, errors, form)
}
