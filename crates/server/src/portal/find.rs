//! The official looks for a person: by document, or by name and birth date.

use askama::Template;
use axum::{extract::State, response::Response};
use records::{country::Country, document::DocumentNumber, partial_date::PartialDate};
use registry::find::{Because, FindError, Found, Query};
use serde::Deserialize;

use super::{
    asker::{AtWork, Matter},
    forms::{Errors, Posted},
    holder::Person,
    matter::band,
    page::Page,
    routes::Html,
    text::Language,
    words::{Words, code},
};
use crate::http::{fault::Fault, state::AppState};

/// Longest name that is searched for.
const NAME_MAX: usize = 200;

#[derive(Template)]
#[template(path = "office/find.html")]
struct FindPage {
    page: Page,
    matter: String,
    errors: Errors,
    countries: Vec<CountryChoice>,
    form: FindForm,
    found: Option<FoundList>,
}

struct CountryChoice {
    code: String,
    name: String,
}

struct FoundList {
    title: String,
    candidates: Vec<Candidate>,
}

struct Candidate {
    id: String,
    name: String,
    line: String,
    because: Vec<String>,
}

#[derive(Default, Deserialize)]
pub(crate) struct FindForm {
    #[serde(default)]
    issuer: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    born: String,
}

pub(crate) async fn form(State(state): State<AppState>, page: Page, work: AtWork) -> Result<Response, Fault> {
    show(
        &state,
        page,
        &work.matter,
        Errors::default(),
        FindForm::default(),
        None,
    )
}

/// Candidates for a document number.
pub(crate) async fn by_document(
    State(state): State<AppState>,
    page: Page,
    work: AtWork,
    Posted(form): Posted<FindForm>,
) -> Result<Response, Fault> {
    let query = read_document(&form);
    run(&state, page, work, form, query).await
}

/// Candidates for a name and a birth date.
pub(crate) async fn by_name(
    State(state): State<AppState>,
    page: Page,
    work: AtWork,
    Posted(form): Posted<FindForm>,
) -> Result<Response, Fault> {
    let query = read_name(&form);
    run(&state, page, work, form, query).await
}

fn read_document(form: &FindForm) -> Result<Query, Errors> {
    let number = DocumentNumber::parse(&form.number).map_err(|_| Errors::one("number", "error-number"))?;
    let issuer = match form.issuer.as_str() {
        "" => None,
        code => Some(Country::parse(code).map_err(|_| Errors::one("issuer", "error-issuer"))?),
    };
    Ok(Query::Document { number, issuer })
}

fn read_name(form: &FindForm) -> Result<Query, Errors> {
    let mut errors = Errors::default();
    let name = form.name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX {
        errors.add("name", "error-name");
    }
    match PartialDate::parse_iso(form.born.trim()) {
        Ok(born) if errors.is_empty() => Ok(Query::Name {
            name: name.to_owned(),
            born,
        }),
        Ok(_) => Err(errors),
        Err(_) => {
            errors.add("born", "error-born");
            Err(errors)
        }
    }
}

async fn run(
    state: &AppState,
    page: Page,
    work: AtWork,
    form: FindForm,
    query: Result<Query, Errors>,
) -> Result<Response, Fault> {
    let query = match query {
        Err(errors) => return show(state, page, &work.matter, errors, form, None),
        Ok(query) => query,
    };
    let field = if matches!(query, Query::Name { .. }) {
        "name"
    } else {
        "number"
    };
    match state.registry.find(&work.asker, &query).await {
        Ok(found) => {
            let list = found_list(
                &found,
                &Words {
                    language: page.language,
                    countries: &state.countries,
                },
            );
            show(state, page, &work.matter, Errors::default(), form, Some(list))
        }
        Err(FindError::TooMany { .. }) => show(
            state,
            page,
            &work.matter,
            Errors::one(field, "find-too-many"),
            form,
            None,
        ),
        Err(FindError::Empty) => show(
            state,
            page,
            &work.matter,
            Errors::one(field, "error-name"),
            form,
            None,
        ),
        Err(error) => Err(error.into()),
    }
}

fn found_list(found: &[Found], words: &Words<'_>) -> FoundList {
    let title = match found.len() {
        0 => words.language.say("find-none"),
        n => words.language.say_with("find-found", &[("n", n.into())]),
    };
    let candidates = found.iter().map(|candidate| {
        let Person { name, line } = Person::of(&candidate.profile, words);
        let because = candidate
            .because
            .iter()
            .map(|because| explain(because, words.language));
        Candidate {
            id: candidate.profile.id.to_string(),
            name,
            line,
            because: because.collect(),
        }
    });
    FoundList {
        title,
        candidates: candidates.collect(),
    }
}

fn explain(because: &Because, language: Language) -> String {
    match because {
        Because::Number { records } => language.say_with("found-number", &[("n", (*records).into())]),
        Because::NumberOfOtherIssuer { records } => {
            language.say_with("found-number-elsewhere", &[("n", (*records).into())])
        }
        Because::Name { likeness } => language.say(&format!("found-name-{}", code(likeness))),
        Because::BirthDate { fits } => language.say(&format!("found-born-{}", code(fits))),
    }
}

fn show(
    state: &AppState,
    page: Page,
    matter: &Matter,
    errors: Errors,
    form: FindForm,
    found: Option<FoundList>,
) -> Result<Response, Fault> {
    let words = Words {
        language: page.language,
        countries: &state.countries,
    };
    let mut countries: Vec<CountryChoice> = state
        .countries
        .iter()
        .map(|(country, _)| CountryChoice {
            code: country.to_string(),
            name: words.country(country),
        })
        .collect();
    countries.sort_by(|a, b| a.name.cmp(&b.name));
    let matter = band(matter, page.language);
    Html::page(&FindPage {
        page,
        matter,
        errors,
        countries,
        form,
        found,
    })
}
