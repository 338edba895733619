//! Contesting a fact or a link, and following one's own cases: for holders and agencies.
//!
//! Not here: the decision, which an official takes on the page where the case lies beside the profile.

use axum::{
    Json,
    extract::{Path, Query as Parameters, State},
    http::StatusCode,
};
use records::key::ProfileId;
use registry::{
    access::actor::Actor,
    own_contests::OwnContest,
    port::contests::{Contest, ContestId, Contested, Step},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Reply,
    caller::Caller,
    problem::{Problem, ProblemDetails},
};
use crate::http::{fault::Fault, state::AppState};

/// Cases on one page.
const PAGE: u32 = 100;

/// What is wrong, and what is right.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Objection {
    /// `{"contested": "person", "field": "latin", "value": {…}, "right": {…}}`: a field of the person, both values as
    /// the records write them; `{"contested": "part", "record": {…}, "version": 1, "at": "/valid_until", "was": …,
    /// "right": …}`: a part of an event; `{"contested": "no_event", "record": {…}, "version": 1}`: it never happened;
    /// `{"contested": "link", "record": {…}}`: the record is about somebody else.
    #[schema(value_type = Object)]
    about: Contested,
    /// In words, up to 2,000 characters.
    says: String,
}

/// The case that was opened.
#[derive(Serialize, ToSchema)]
pub(crate) struct Opened {
    case: u64,
}

/// A case and its steps.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseReply {
    case: u64,
    #[schema(value_type = Object)]
    about: Contested,
    says: String,
    /// Last day of the legal term for a decision.
    #[serde(skip_serializing_if = "Option::is_none")]
    due_on: Option<String>,
    #[schema(value_type = Vec<Object>)]
    steps: Vec<Step>,
    /// Who was told of the outcome.
    notices: Vec<ToldReply>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ToldReply {
    to: String,
    sent_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed_at: Option<String>,
}

impl From<OwnContest> for CaseReply {
    fn from(own: OwnContest) -> Self {
        let notices = own.notices.iter().map(|notice| ToldReply {
            to: notice.to.name().to_owned(),
            sent_at: notice.sent_at.to_string(),
            confirmed_at: notice.confirmed_at.map(|at| at.to_string()),
        });
        Self {
            notices: notices.collect(),
            ..own.contest.into()
        }
    }
}

impl From<Contest> for CaseReply {
    fn from(contest: Contest) -> Self {
        Self {
            case: contest.id.0,
            due_on: contest.due_on().map(|day| day.to_string()),
            about: contest.about,
            says: contest.says,
            steps: contest.steps,
            notices: Vec::new(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub(crate) struct CasesReply {
    cases: Vec<CaseReply>,
    /// Where the next page begins, if there may be one.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_before: Option<u64>,
}

/// Opens a case. The fact is marked as contested from now on, for every reader.
#[utoipa::path(post, path = "/api/v1/persons/{id}/contests", tag = "contests", security(("bearer" = [])),
    request_body = Objection, params(
        ("id" = String, Path, description = "profile id"),
        ("Sojourn-Purpose" = Option<String>, Header, description = "purpose; a holder need not name one"),
        ("Sojourn-Case" = Option<String>, Header, description = "number of the office's case; some purposes demand one"),
    ), responses(
    (status = 201, body = Opened),
    (status = 400, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 401, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 403, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 404, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 409, body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn contest(
    State(state): State<AppState>,
    Caller(asker): Caller,
    Path(id): Path<String>,
    Json(objection): Json<Objection>,
) -> Result<(StatusCode, Json<Opened>), Problem> {
    let profile = ProfileId::parse(&id).map_err(|_| Problem(Fault::NotFound))?;
    let Objection { about, says } = objection;
    let case = state.registry.contest(&asker, profile, about, &says).await?;
    Ok((StatusCode::CREATED, Json(Opened { case: case.0 })))
}

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Before {
    /// Number of the case before which to begin: the newest come first.
    before: Option<u64>,
}

/// The caller's own cases: a holder's, or those that an office has opened.
#[utoipa::path(get, path = "/api/v1/contests", tag = "contests", security(("bearer" = [])), params(
        Before,
        ("Sojourn-Purpose" = Option<String>, Header, description = "purpose; a holder need not name one"),
        ("Sojourn-Case" = Option<String>, Header, description = "number of the office's case; some purposes demand one"),
    ), responses(
    (status = 200, body = CasesReply),
    (status = 401, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 403, body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn own(
    State(state): State<AppState>,
    Caller(asker): Caller,
    Parameters(page): Parameters<Before>,
) -> Reply<CasesReply> {
    if let Actor::Holder { profile } = asker.actor {
        let cases = state.registry.own_contests(&asker, profile).await?;
        return Ok(Json(CasesReply {
            cases: cases.into_iter().map(CaseReply::from).collect(),
            next_before: None,
        }));
    }
    let before = page.before.map(ContestId);
    let cases = state.registry.office_contests(&asker, before, PAGE).await?;
    let next_before = cases.last().filter(|_| cases.len() == PAGE as usize);
    Ok(Json(CasesReply {
        next_before: next_before.map(|last| last.id.0),
        cases: cases.into_iter().map(CaseReply::from).collect(),
    }))
}

/// What the contesting party says to the question of the office.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AnswerGiven {
    /// A holder's own profile; an office names the one that the case is about.
    profile: String,
    text: String,
}

/// Answers what was asked in a case; the term for the decision runs anew.
#[utoipa::path(post, path = "/api/v1/contests/{case}/answers", tag = "contests", security(("bearer" = [])),
    request_body = AnswerGiven, params(
        ("case" = u64, Path, description = "number of the case"),
        ("Sojourn-Purpose" = Option<String>, Header, description = "purpose; a holder need not name one"),
        ("Sojourn-Case" = Option<String>, Header, description = "number of the office's case; some purposes demand one"),
    ), responses(
    (status = 204),
    (status = 400, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 401, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 403, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 404, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 409, body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn answer(
    State(state): State<AppState>,
    Caller(asker): Caller,
    Path(case): Path<u64>,
    Json(given): Json<AnswerGiven>,
) -> Result<StatusCode, Problem> {
    let profile = ProfileId::parse(&given.profile).map_err(|_| Problem(Fault::NotFound))?;
    let case = ContestId(case);
    state
        .registry
        .answer_question(&asker, profile, case, &given.text)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
