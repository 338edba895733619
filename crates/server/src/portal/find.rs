//! The official looks for a person: by document, by another number, or by name and birth date; today or as known once.

use askama::Template;
use axum::{extract::State, response::Response};
use records::{country::Country, document::DocumentNumber, partial_date::PartialDate};
use registry::{
    find::{Because, FindError, Found, Query},
    search_key::SearchKind,
};
use serde::Deserialize;

use super::{
    asker::{AtWork, Matter},
    forms::{Errors, Posted},
    holder::Person,
    matter::band,
    page::Page,
    person::as_of,
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
    countries: Vec<Choice>,
    kinds: Vec<Choice>,
    /// What the links to candidates carry on: the day and the time asked about.
    as_asked: String,
    form: FindForm,
    found: Option<FoundList>,
}

/// A choice of a list.
struct Choice {
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
    /// Kind of a number that is no document's.
    #[serde(default)]
    kind: String,
    #[serde(default)]
    other: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    known_at: String,
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

/// Candidates for a number of another kind.
pub(crate) async fn by_number(
    State(state): State<AppState>,
    page: Page,
    work: AtWork,
    Posted(form): Posted<FindForm>,
) -> Result<Response, Fault> {
    let query = read_number(&form);
    run(&state, page, work, form, query).await
}

fn read_number(form: &FindForm) -> Result<Query, Errors> {
    let kind =
        SearchKind::of_number(&form.kind).ok_or_else(|| Errors::one("kind", "error-kind-of-number"))?;
    if form.other.chars().any(char::is_alphanumeric) && form.other.chars().count() <= NAME_MAX {
        Ok(Query::Number {
            kind,
            number: form.other.clone(),
        })
    } else {
        Err(Errors::one("other", "error-number"))
    }
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
    let field = match query {
        Query::Name { .. } => "name",
        Query::Number { .. } => "other",
        Query::Document { .. } | Query::Notice { .. } => "number",
    };
    let as_of = as_of(&state.registry, &form.on, &form.known_at)?;
    match state.registry.find(&work.asker, &query, as_of).await {
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

/// The query of a candidate's page. Days and times hold nothing that needs escaping but the colon, which may stand.
fn as_asked(form: &FindForm) -> String {
    let kept = |text: &str| -> String {
        text.chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | ':' | '.'))
            .collect()
    };
    match (kept(&form.on), kept(&form.known_at)) {
        (on, known_at) if on.is_empty() && known_at.is_empty() => String::new(),
        (on, known_at) => format!("?on={on}&known_at={known_at}"),
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
        Because::Notice => language.say("found-notice"),
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
    let mut countries: Vec<Choice> = state
        .countries
        .iter()
        .map(|(country, _)| Choice {
            code: country.to_string(),
            name: words.country(country),
        })
        .collect();
    countries.sort_by(|a, b| a.name.cmp(&b.name));
    let kinds = SearchKind::ALL.iter().map(|kind| kind.as_str());
    let kinds = kinds
        .filter(|kind| SearchKind::of_number(kind).is_some())
        .map(|kind| Choice {
            code: kind.to_owned(),
            name: page.t(&format!("number-kind-{kind}")),
        });
    let matter = band(matter, page.language);
    Html::page(&FindPage {
        kinds: kinds.collect(),
        as_asked: as_asked(&form),
        page,
        matter,
        errors,
        countries,
        form,
        found,
    })
}
