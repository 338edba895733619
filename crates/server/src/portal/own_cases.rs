//! The holder follows their cases step by step, and answers what was asked.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use registry::{
    contest::ContestError,
    own_contests::{Notice, OwnContest},
    port::contests::{ContestId, ContestState},
};
use serde::Deserialize;

use super::{
    asker::Holder,
    contested::{StepLine, ThingLines, state, steps, thing},
    forms::{Errors, Posted},
    page::Page,
    routes::Html,
    words::Words,
};
use crate::http::{fault::Fault, state::AppState};

#[derive(Template)]
#[template(path = "holder/corrections.html")]
struct CasesPage {
    page: Page,
    errors: Errors,
    cases: Vec<CaseCard>,
}

struct CaseCard {
    id: u64,
    thing: ThingLines,
    says: String,
    state: String,
    state_css: &'static str,
    due: Option<String>,
    steps: Vec<StepLine>,
    told: Vec<String>,
    is_asked: bool,
}

/// The holder's cases.
pub(crate) async fn cases(
    State(state): State<AppState>,
    page: Page,
    holder: Holder,
) -> Result<Response, Fault> {
    list(&state, page, &holder, Errors::default()).await
}

async fn list(state: &AppState, page: Page, holder: &Holder, errors: Errors) -> Result<Response, Fault> {
    let own = state.registry.own_contests(&holder.asker, holder.profile).await?;
    let words = Words {
        language: page.language,
        countries: &state.countries,
    };
    let cases = own.iter().map(|own| card(own, state, &words)).collect();
    Html::page(&CasesPage { page, errors, cases })
}

fn card(own: &OwnContest, app: &AppState, words: &Words<'_>) -> CaseCard {
    let OwnContest { contest, notices } = own;
    let (state, state_css) = state(contest, words);
    let due = contest.due_on().filter(|_| contest.is_open()).map(|day| {
        words
            .language
            .say_with("contest-due", &[("day", words.language.day(day).into())])
    });
    CaseCard {
        id: contest.id.0,
        thing: thing(&contest.about, words),
        says: contest.says.clone(),
        state,
        state_css,
        due,
        steps: steps(contest, &app.registry, words),
        told: notices.iter().map(|notice| notice_line(notice, words)).collect(),
        is_asked: matches!(contest.state(), ContestState::Asked { .. }),
    }
}

fn notice_line(notice: &Notice, words: &Words<'_>) -> String {
    let language = words.language;
    let sent = [
        ("to", notice.to.name().to_owned().into()),
        ("at", language.time(notice.sent_at).into()),
    ];
    match notice.confirmed_at {
        None => language.say_with("contest-notice-sent", &sent),
        Some(at) => {
            let [to, _] = sent;
            language.say_with("contest-notice-read", &[to, ("at", language.time(at).into())])
        }
    }
}

#[derive(Deserialize)]
pub(crate) struct AnswerForm {
    #[serde(default)]
    text: String,
}

/// The holder answers what was asked.
pub(crate) async fn answer(
    State(state): State<AppState>,
    page: Page,
    holder: Holder,
    Path(case): Path<u64>,
    Posted(form): Posted<AnswerForm>,
) -> Result<Response, Fault> {
    let answered = state
        .registry
        .answer_question(&holder.asker, holder.profile, ContestId(case), &form.text)
        .await;
    match answered {
        Ok(()) => Ok(Redirect::to("/my/corrections").into_response()),
        Err(ContestError::Words) => list(&state, page, &holder, Errors::one("text", "error-says")).await,
        Err(error) => Err(error.into()),
    }
}
