//! The official's queue of contested cases, and one case beside the profile: take, ask, accept, refuse.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use profile::view::Profile;
use registry::{
    access::actor::Actor,
    contestable::{event_of, stated},
    decide_contest::DecideError,
    port::{
        contests::{Contest, ContestId, ContestState, Contested, Outcome, Party},
        review_queue::OfficialName,
    },
    work_contest::{CaseError, ContestView},
};
use serde::Deserialize;

use super::{
    asker::AtWork,
    contested::{StepLine, ThingLines, state, steps, subject_value, thing},
    forms::{Errors, Posted},
    holder::Person,
    matter::band,
    page::Page,
    routes::Html,
    words::Words,
};
use crate::http::{fault::Fault, state::AppState};

/// Cases on one page.
const PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "office/corrections.html")]
struct QueuePage {
    page: Page,
    matter: String,
    cases: Vec<CaseLine>,
    count: String,
    next_after: Option<u64>,
}

struct CaseLine {
    id: u64,
    name: String,
    due: String,
    state: String,
}

#[derive(Deserialize)]
pub(crate) struct QueueQuery {
    after: Option<u64>,
}

pub(crate) async fn list(
    State(app): State<AppState>,
    page: Page,
    work: AtWork,
    Query(query): Query<QueueQuery>,
) -> Result<Response, Fault> {
    let after = query.after.map(ContestId);
    let found = app.registry.contest_queue(&work.asker, after, PAGE).await?;
    let words = Words {
        language: page.language,
        countries: &app.countries,
    };
    let cases: Vec<CaseLine> = found
        .contests
        .iter()
        .map(|contest| CaseLine {
            id: contest.id.0,
            name: thing(&contest.about, &words).name,
            due: contest
                .due_on()
                .map(|day| words.language.day(day))
                .unwrap_or_default(),
            state: state(contest, &words).0,
        })
        .collect();
    let fills = [("shown", cases.len().into()), ("all", found.open.into())];
    Html::page(&QueuePage {
        matter: band(&work.matter, page.language),
        count: page.language.say_with("queue-count", &fills),
        next_after: found.next_after.map(|id| id.0),
        cases,
        page,
    })
}

#[derive(Template)]
#[template(path = "office/correction.html")]
struct CasePage {
    page: Page,
    matter: String,
    errors: Errors,
    id: u64,
    profile: Option<String>,
    person: Option<Person>,
    by: String,
    thing: ThingLines,
    says: String,
    state: String,
    due: String,
    evidence: Vec<Evidence>,
    steps: Vec<StepLine>,
    hand: Hand,
    taken_by: String,
    form: DecisionForm,
}

/// What a source says of the contested thing.
struct Evidence {
    value: String,
    sources: String,
}

/// In whose hand the case is.
#[derive(PartialEq, Eq)]
enum Hand {
    Nobody,
    Own,
    Other,
    Decided,
}

pub(crate) async fn case(
    State(app): State<AppState>,
    page: Page,
    work: AtWork,
    Path(id): Path<u64>,
) -> Result<Response, Fault> {
    show(
        &app,
        page,
        &work,
        ContestId(id),
        Errors::default(),
        DecisionForm::default(),
    )
    .await
}

async fn show(
    app: &AppState,
    page: Page,
    work: &AtWork,
    id: ContestId,
    errors: Errors,
    form: DecisionForm,
) -> Result<Response, Fault> {
    let ContestView { contest, profile, .. } = app.registry.view_contest(&work.asker, id).await?;
    let words = Words {
        language: page.language,
        countries: &app.countries,
    };
    let (hand, taken_by) = hand(&contest, &work.asker.actor);
    Html::page(&CasePage {
        matter: band(&work.matter, page.language),
        errors,
        id: id.0,
        person: profile.as_ref().map(|profile| Person::of(profile, &words)),
        by: match &contest.by {
            Party::Holder => page.t("contest-by-holder"),
            Party::Agency { office, name } => format!("{office}, {name}"),
        },
        thing: thing(&contest.about, &words),
        says: contest.says.clone(),
        state: state(&contest, &words).0,
        due: contest
            .due_on()
            .map(|day| words.language.day(day))
            .unwrap_or_default(),
        evidence: profile
            .as_ref()
            .map(|profile| evidence(&contest, profile, &words))
            .unwrap_or_default(),
        steps: steps(&contest, &app.registry, &words),
        profile: profile.map(|profile| profile.id.to_string()),
        hand,
        taken_by,
        form,
        page,
    })
}

fn hand(contest: &Contest, actor: &Actor) -> (Hand, String) {
    let is_own = |by: &OfficialName| matches!(actor, Actor::Official { name, office } if *name == by.name && *office == by.office);
    match contest.state() {
        ContestState::Waiting => (Hand::Nobody, String::new()),
        ContestState::Taken { by } | ContestState::Asked { by } if is_own(&by) => (Hand::Own, String::new()),
        ContestState::Taken { by } | ContestState::Asked { by } => (Hand::Other, by.name),
        ContestState::Decided { .. } => (Hand::Decided, String::new()),
    }
}

/// Every value that sources state of the contested field, or who reports the contested event.
fn evidence(contest: &Contest, profile: &Profile, words: &Words<'_>) -> Vec<Evidence> {
    match &contest.about {
        Contested::Person { field, .. } => stated(profile, *field)
            .iter()
            .map(|stated| Evidence {
                value: subject_value(&stated.value, words),
                sources: words.sources(&stated.cited),
            })
            .collect(),
        Contested::Part { record, .. } | Contested::NoEvent { record, .. } | Contested::Link { record } => {
            event_of(profile, record)
                .iter()
                .map(|event| Evidence {
                    value: words.language.say(&format!("kind-{}", event.payload.kind())),
                    sources: words.sources(&event.reports),
                })
                .collect()
        }
    }
}

/// Takes a case to decide it.
pub(crate) async fn take(
    State(app): State<AppState>,
    page: Page,
    work: AtWork,
    Path(id): Path<u64>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    match app.registry.take_contest(&work.asker, ContestId(id)).await {
        Ok(()) => Ok(to_case(id)),
        Err(CaseError::TakenByOther) => {
            let errors = Errors::one("decide", "error-case-taken");
            show(&app, page, &work, ContestId(id), errors, DecisionForm::default()).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Gives a case back.
pub(crate) async fn release(
    State(app): State<AppState>,
    work: AtWork,
    Path(id): Path<u64>,
    Posted(()): Posted<()>,
) -> Result<Redirect, Fault> {
    app.registry.release_contest(&work.asker, ContestId(id)).await?;
    Ok(Redirect::to("/office/corrections"))
}

#[derive(Default, Deserialize)]
pub(crate) struct DecisionForm {
    #[serde(default)]
    decision: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    question: String,
}

/// Asks the party that contests.
pub(crate) async fn ask(
    State(app): State<AppState>,
    page: Page,
    work: AtWork,
    Path(id): Path<u64>,
    Posted(form): Posted<DecisionForm>,
) -> Result<Response, Fault> {
    let asked = app
        .registry
        .ask_in_contest(&work.asker, ContestId(id), &form.question)
        .await;
    match asked {
        Ok(()) => Ok(to_case(id)),
        Err(CaseError::Words) => {
            let errors = Errors::one("question", "error-question");
            show(&app, page, &work, ContestId(id), errors, form).await
        }
        Err(error) => Err(error.into()),
    }
}

/// Records the decision on a case that the official has taken.
pub(crate) async fn decide(
    State(app): State<AppState>,
    page: Page,
    work: AtWork,
    Path(id): Path<u64>,
    Posted(form): Posted<DecisionForm>,
) -> Result<Response, Fault> {
    let outcome = match form.decision.as_str() {
        "accept" => Some(Outcome::Accepted),
        "refuse" => Some(Outcome::Refused),
        _ => None,
    };
    let errors = match outcome {
        None => Errors::one("decision", "error-decision"),
        Some(outcome) => {
            let decided = app
                .registry
                .decide_contest(&work.asker, ContestId(id), outcome, &form.reason)
                .await;
            match decided {
                Ok(_) => return Ok(to_case(id)),
                Err(DecideError::Case(CaseError::Words)) => Errors::one("reason", "error-reason"),
                Err(DecideError::Gone | DecideError::NoOneProfile) => Errors::one("decision", "error-gone"),
                Err(DecideError::NoEffect) => Errors::one("decision", "error-no-effect"),
                Err(DecideError::Part(_)) => Errors::one("decision", "error-nothing-left"),
                Err(error) => return Err(error.into()),
            }
        }
    };
    show(&app, page, &work, ContestId(id), errors, form).await
}

fn to_case(id: u64) -> Response {
    Redirect::to(&format!("/office/corrections/{id}")).into_response()
}
