//! What an agency or a verifier is told: listed until it is acknowledged, and again on request.

use axum::{
    Json,
    extract::{Query as Parameters, State},
    http::StatusCode,
};
use exchange::notice::NoticeReply;
use registry::deliver::{NOTICES_MAX, Notices};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    Reply,
    caller::Caller,
    problem::{Problem, ProblemDetails},
};
use crate::http::state::AppState;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Page {
    /// Number after which to begin; what is acknowledged when left out.
    after: Option<u64>,
    /// Notices at most, up to 500.
    limit: Option<u32>,
}

/// A page of notices, in the order in which things happened to each person.
#[derive(Serialize, ToSchema)]
pub(crate) struct NoticesReply {
    notices: Vec<NoticeReply>,
    /// The last number that the caller has acknowledged.
    acknowledged: u64,
    /// Whether there is more.
    more: bool,
}

/// What the caller was told and has not acknowledged. What is not acknowledged comes again.
#[utoipa::path(get, path = "/api/v1/notices", tag = "notices", security(("bearer" = [])),
    params(Page, ("Sojourn-Purpose" = String, Header, description = "`notices`")), responses(
    (status = 200, body = NoticesReply),
    (status = 400, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 401, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 403, body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    Caller(asker): Caller,
    Parameters(page): Parameters<Page>,
) -> Reply<NoticesReply> {
    let limit = page.limit.unwrap_or(NOTICES_MAX);
    let Notices {
        notices,
        acknowledged,
        more,
    } = state.registry.notices(&asker, page.after, limit).await?;
    Ok(Json(NoticesReply {
        notices: notices.into_iter().map(NoticeReply::from).collect(),
        acknowledged,
        more,
    }))
}

/// A place in the caller's notices.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    number: u64,
}

/// How many notices were acknowledged that were not before.
#[derive(Serialize, ToSchema)]
pub(crate) struct AcknowledgedReply {
    new: u64,
}

/// Notes that the caller has read its notices up to a number. Doing it again does nothing.
#[utoipa::path(put, path = "/api/v1/notices/acknowledged", tag = "notices", security(("bearer" = [])),
    request_body = Place, params(("Sojourn-Purpose" = String, Header, description = "`notices`")), responses(
    (status = 200, body = AcknowledgedReply),
    (status = 401, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 403, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 404, body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn acknowledge(
    State(state): State<AppState>,
    Caller(asker): Caller,
    Json(place): Json<Place>,
) -> Reply<AcknowledgedReply> {
    let new = state.registry.acknowledge(&asker, place.number).await?;
    Ok(Json(AcknowledgedReply { new }))
}

/// Puts the caller back to a number: what came after it is listed again.
#[utoipa::path(post, path = "/api/v1/notices/replays", tag = "notices", security(("bearer" = [])),
    request_body = Place, params(("Sojourn-Purpose" = String, Header, description = "`notices`")), responses(
    (status = 204),
    (status = 401, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 403, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 404, body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn replay(
    State(state): State<AppState>,
    Caller(asker): Caller,
    Json(place): Json<Place>,
) -> Result<StatusCode, Problem> {
    state.registry.replay(&asker, place.number).await?;
    Ok(StatusCode::NO_CONTENT)
}
