//! The official names purpose and case before looking for anybody; both stand above every page until the matter is
//! finished, and go into the trace of every look.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use registry::access::{
    action::Action,
    actor::{CaseNumber, Role},
    purpose::{CaseRule, Purpose, PurposeId},
};
use serde::Deserialize;

use super::{
    asker::{Matter, Official},
    forms::{Errors, Posted},
    page::Page,
    routes::Html,
    text::Language,
};
use crate::http::{fault::Fault, state::AppState};

/// Matters open at once on this server; the sessions they belong to are bounded by account.
const MATTERS_MAX: usize = 10_000;

/// The matter of each official's session, by its token. A restart closes them: the official names the purpose again.
#[derive(Default)]
pub(crate) struct Matters(Mutex<HashMap<String, Matter>>);

impl Matters {
    pub(crate) fn find(&self, token: &str) -> Option<Matter> {
        // A panic elsewhere leaves whole matters behind.
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(token)
            .cloned()
    }

    pub(crate) fn open(&self, token: String, matter: Matter) -> Result<(), Fault> {
        let mut matters = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if matters.len() >= MATTERS_MAX && !matters.contains_key(&token) {
            return Err(Fault::Busy);
        }
        matters.insert(token, matter);
        Ok(())
    }

    pub(crate) fn close(&self, token: &str) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(token);
    }
}

#[derive(Template)]
#[template(path = "office/matter.html")]
struct MatterPage {
    page: Page,
    errors: Errors,
    purposes: Vec<PurposeChoice>,
    case: String,
}

struct PurposeChoice {
    code: String,
    name: String,
    basis: String,
    chosen: bool,
}

#[derive(Default, Deserialize)]
pub(crate) struct MatterForm {
    #[serde(default)]
    purpose: String,
    #[serde(default)]
    case: String,
}

/// The form that names purpose and case.
pub(crate) async fn ask(State(state): State<AppState>, page: Page, _: Official) -> Result<Response, Fault> {
    show(&state, page, Errors::default(), MatterForm::default())
}

fn show(state: &AppState, page: Page, errors: Errors, form: MatterForm) -> Result<Response, Fault> {
    let purposes = state
        .registry
        .purposes()
        .iter()
        .filter(|purpose| is_for_office(purpose));
    let purposes = purposes.map(|purpose| PurposeChoice {
        code: purpose.id.to_string(),
        name: page.t(&purpose.text_key),
        basis: basis(purpose, page.language),
        chosen: purpose.id.as_str() == form.purpose,
    });
    let purposes = purposes.collect();
    Html::page(&MatterPage {
        page,
        errors,
        purposes,
        case: form.case,
    })
}

/// Whether the office's pages have work for a purpose.
fn is_for_office(purpose: &Purpose) -> bool {
    let work = [Action::Find, Action::ViewQueue, Action::WorkContests];
    purpose.roles.contains(&Role::Official) && work.iter().any(|action| purpose.actions.contains(action))
}

/// The legal basis in the reader's language, where the texts have it; else as the list of purposes writes it.
pub(crate) fn basis(purpose: &Purpose, language: Language) -> String {
    language
        .find(&format!("{}-basis", purpose.text_key))
        .unwrap_or_else(|| purpose.legal_basis.clone())
}

/// Opens the matter, or says what is missing.
pub(crate) async fn open(
    State(state): State<AppState>,
    page: Page,
    Official(present): Official,
    Posted(form): Posted<MatterForm>,
) -> Result<Response, Fault> {
    match read(&state, &form) {
        Ok(matter) => {
            let first = if matter.allows(Action::WorkContests) {
                "/office/corrections"
            } else if matter.allows(Action::ViewQueue) {
                "/office/queue"
            } else {
                "/office/find"
            };
            state.matters.open(present.token, matter)?;
            Ok(Redirect::to(first).into_response())
        }
        Err(errors) => show(&state, page, errors, form),
    }
}

fn read(state: &AppState, form: &MatterForm) -> Result<Matter, Errors> {
    let id = PurposeId::parse(&form.purpose).map_err(|_| Errors::one("purpose", "error-purpose"))?;
    let purpose = state
        .registry
        .purposes()
        .find(&id)
        .filter(|purpose| is_for_office(purpose));
    let purpose = purpose
        .ok_or_else(|| Errors::one("purpose", "error-purpose"))?
        .clone();
    let case = match form.case.trim() {
        "" if purpose.case == CaseRule::Required => return Err(Errors::one("case", "error-case")),
        "" => None,
        case => Some(CaseNumber::parse(case).map_err(|_| Errors::one("case", "error-case-form"))?),
    };
    Ok(Matter { purpose, case })
}

/// Finishes the matter.
pub(crate) async fn close(
    State(state): State<AppState>,
    Official(present): Official,
    Posted(()): Posted<()>,
) -> Redirect {
    state.matters.close(&present.token);
    Redirect::to("/office/matter")
}

/// The line above every page of the office.
pub(crate) fn band(matter: &Matter, language: Language) -> String {
    let name = language.say(&matter.purpose.text_key);
    let fills = [
        ("purpose", name.into()),
        ("basis", basis(&matter.purpose, language).into()),
    ];
    match &matter.case {
        None => language.say_with("matter-band", &fills),
        Some(case) => {
            let [purpose, basis] = fills;
            language.say_with(
                "matter-band-case",
                &[purpose, basis, ("case", case.as_str().into())],
            )
        }
    }
}
