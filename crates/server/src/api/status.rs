//! The status of whoever holds a document. The number is in the body: addresses land in logs.

use axum::{Json, extract::State};
use records::{Day, country::Country, document::DocumentNumber};
use registry::status_by_document::AskedDocument;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::{
    Reply,
    caller::Caller,
    problem::{Problem, ProblemDetails},
};
use crate::http::{fault::Fault, state::AppState};

/// A document, and as of when.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StatusQuestion {
    /// As the document writes it; any that the person held, also an earlier one.
    #[schema(example = "FA1234567")]
    document: String,
    /// Alpha-3 code of the issuing state, where numbers of several states fit.
    #[serde(default)]
    issuer: Option<String>,
    /// Day in question, `YYYY-MM-DD`; today when left out.
    #[serde(default)]
    on: Option<String>,
    /// Time up to which records count, RFC 3339; now when left out.
    #[serde(default)]
    known_at: Option<String>,
}

/// Conclusions and duties of the person who holds the document, each with the rules and records it rests on.
#[derive(Serialize, ToSchema)]
pub(crate) struct DocumentStatusReply {
    /// Profile id.
    person: String,
    #[schema(value_type = Object)]
    status: Box<RawValue>,
    /// Edition of the rules.
    edition: String,
}

/// What the rules say of whoever holds a document. Nobody holds it: 404; several do: 409 `several-persons`.
#[utoipa::path(post, path = "/api/v1/status", tag = "persons", security(("bearer" = [])),
    request_body = StatusQuestion, params(
        ("Sojourn-Purpose" = String, Header, description = "purpose, from the closed list"),
        ("Sojourn-Case" = Option<String>, Header, description = "number of the office's case; some purposes demand one"),
    ), responses(
    (status = 200, body = DocumentStatusReply),
    (status = 400, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 401, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 403, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 404, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 409, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 503, body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn by_document(
    State(state): State<AppState>,
    Caller(asker): Caller,
    Json(asked): Json<StatusQuestion>,
) -> Reply<DocumentStatusReply> {
    let form = || Problem(Fault::Form);
    let document = AskedDocument {
        number: DocumentNumber::parse(&asked.document).map_err(|_| form())?,
        issuer: asked
            .issuer
            .map(|code| Country::parse(&code))
            .transpose()
            .map_err(|_| form())?,
    };
    let on = asked
        .on
        .map(|day| day.parse::<Day>())
        .transpose()
        .map_err(|_| form())?;
    let known_at = asked
        .known_at
        .map(|at| at.parse())
        .transpose()
        .map_err(|_| form())?;
    let found = state
        .registry
        .status_by_document(&asker, &document, on, known_at)
        .await?;
    Ok(Json(DocumentStatusReply {
        person: found.person.to_string(),
        status: RawValue::from_string(found.words).map_err(|error| Fault::internal(&error))?,
        edition: state.registry.pack().edition().to_owned(),
    }))
}
