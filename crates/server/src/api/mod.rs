//! The API for machines: JSON over HTTP, described by OpenAPI 3.1, errors as RFC 9457 problem details.
//!
//! A caller signs in for a bearer token and names purpose and case in headers, so neither stands in an address or a
//! log. Cookies are not looked at, so no other site can make a browser call the API.
//!
//! * frame: [`caller`], [`problem`], [`document`]
//! * verbs: [`sessions`], [`checks`], [`persons`], [`status`], [`contests`], [`notices`], [`tables`], [`health`]

mod caller;
mod checks;
mod contests;
mod document;
mod health;
mod notices;
mod persons;
mod problem;
mod sessions;
mod status;
mod tables;
#[cfg(test)]
mod tests;

use axum::{
    Json, Router,
    http::header,
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post, put},
};

pub(crate) use self::document::openapi;
use self::problem::Problem;
use crate::http::{fault::Fault, state::AppState};

pub(crate) fn router(state: AppState) -> Router {
    let v1 = Router::new()
        .route("/openapi.json", get(describe))
        .route("/sessions", post(sessions::sign_in))
        .route(
            "/sessions/current",
            get(sessions::current).delete(sessions::sign_out),
        )
        .route("/checks/code", post(checks::check_code))
        .route("/checks/qr", post(checks::check_qr))
        .route("/searches", post(persons::find))
        .route("/persons/{id}/profile", get(persons::profile))
        .route("/persons/{id}/status", get(persons::status))
        .route("/status", post(status::by_document))
        .route("/persons/{id}/contests", post(contests::contest))
        .route("/contests", get(contests::own))
        .route("/contests/{case}/answers", post(contests::answer))
        .route("/notices", get(notices::list))
        .route("/notices/acknowledged", put(notices::acknowledge))
        .route("/notices/replays", post(notices::replay))
        .route("/proofs/withdrawn", get(checks::withdrawn))
        .route("/statistics", get(tables::list))
        .route("/statistics/{table}/{day}", get(tables::table))
        .fallback(async || Problem(Fault::NotFound))
        .layer(middleware::map_response(problem::of_rejection));
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .nest("/api/v1", v1)
        .with_state(state)
}

async fn describe() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], openapi()).into_response()
}

/// Where everybody may read which signed answers were withdrawn.
pub(crate) const WITHDRAWN_PROOFS: &str = "/api/v1/proofs/withdrawn";

/// A reply of the API.
pub(crate) type Reply<T> = Result<Json<T>, Problem>;
