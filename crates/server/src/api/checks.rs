//! One question about a holder, one answer: by share code and birth date, or by a QR text.

use axum::{Json, extract::State};
use credential::{Answer, Statement};
use records::partial_date::PartialDate;
use registry::check_answer::{Checked, QrChecked};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Reply,
    caller::Caller,
    problem::{Problem, ProblemDetails},
};
use crate::http::{fault::Fault, limits::Bounded, peer::Peer, state::AppState};

/// A share code, and the birth date that the holder told with it.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeCheck {
    #[schema(example = "W7KM-2Q9R-TBXD")]
    code: String,
    /// `YYYY-MM-DD`, or what the document says of it: `YYYY-MM`, `YYYY`.
    #[schema(example = "1990-05-29")]
    born: String,
}

/// The text of a QR code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct QrCheck {
    text: String,
}

/// What holds at the moment of the check.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckReply {
    /// `confirmed`: decided now. `withdrawn`: signed here and withdrawn since; what holds now. `signed_elsewhere`: soundly signed by another trusted issuer. `not_valid` and
    /// `undetermined`: of the text itself, with the reason.
    #[schema(example = "confirmed")]
    outcome: &'static str,
    /// `work` or `stay`.
    #[serde(skip_serializing_if = "Option::is_none")]
    purpose: Option<&'static str>,
    /// `yes`, `no` or `undetermined`, with its bounds or its reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    answer: Option<Answer>,
    /// When the answer was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<String>,
    /// Last characters of the document that the person uses now.
    #[serde(skip_serializing_if = "Option::is_none")]
    document_tail: Option<String>,
    /// Since when the text is withdrawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn_at: Option<String>,
    /// Why a text is not valid, or cannot be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

const NOTHING: CheckReply = CheckReply {
    outcome: "",
    purpose: None,
    answer: None,
    at: None,
    receipt: None,
    document_tail: None,
    withdrawn_at: None,
    reason: None,
};

impl From<Checked> for CheckReply {
    fn from(checked: Checked) -> Self {
        Self {
            outcome: "confirmed",
            purpose: Some(checked.matter.name()),
            answer: Some(checked.answer),
            at: Some(checked.at.to_string()),
            receipt: Some(checked.receipt.to_string()),
            document_tail: checked.document_tail,
            ..NOTHING
        }
    }
}

impl From<Statement> for CheckReply {
    fn from(signed: Statement) -> Self {
        Self {
            outcome: "signed_elsewhere",
            purpose: Some(signed.purpose.name()),
            answer: Some(signed.answer),
            at: Some(signed.issued_at.to_string()),
            receipt: Some(signed.credential.to_string()),
            ..NOTHING
        }
    }
}

impl From<QrChecked> for CheckReply {
    fn from(checked: QrChecked) -> Self {
        match checked {
            QrChecked::Confirmed { now, .. } => now.into(),
            QrChecked::Withdrawn {
                withdrawn_at, now, ..
            } => Self {
                outcome: "withdrawn",
                withdrawn_at: Some(withdrawn_at.to_string()),
                ..now.into()
            },
            QrChecked::Elsewhere { signed } => (*signed).into(),
            QrChecked::NotValid(reason) => Self {
                outcome: "not_valid",
                reason: Some(reason.code()),
                ..NOTHING
            },
            QrChecked::Undetermined(reason) => Self {
                outcome: "undetermined",
                reason: Some(reason.code()),
                ..NOTHING
            },
        }
    }
}

/// The present answer to the question of a share code. A wrong code and a wrong birth date are one answer: 404.
#[utoipa::path(post, path = "/api/v1/checks/code", tag = "checks", security(("bearer" = [])), request_body = CodeCheck,
    params(("Sojourn-Purpose" = String, Header, description = "purpose, from the closed list")), responses(
    (status = 200, body = CheckReply),
    (status = 400, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 401, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 403, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 404, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 429, body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn check_code(
    State(state): State<AppState>,
    peer: Peer,
    Caller(asker): Caller,
    Json(asked): Json<CodeCheck>,
) -> Reply<CheckReply> {
    peer.take(&state, Bounded::CodeCheck)?;
    let born = PartialDate::parse_iso(&asked.born).map_err(|_| Problem(Fault::Form))?;
    Ok(Json(
        state.registry.check_code(&asker, &asked.code, born).await?.into(),
    ))
}

/// What a QR text is worth now.
#[utoipa::path(post, path = "/api/v1/checks/qr", tag = "checks", security(("bearer" = [])), request_body = QrCheck,
    params(("Sojourn-Purpose" = String, Header, description = "purpose, from the closed list")), responses(
    (status = 200, body = CheckReply),
    (status = 400, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 401, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 403, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 429, body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn check_qr(
    State(state): State<AppState>,
    peer: Peer,
    Caller(asker): Caller,
    Json(asked): Json<QrCheck>,
) -> Reply<CheckReply> {
    peer.take(&state, Bounded::CodeCheck)?;
    Ok(Json(state.registry.check_qr(&asker, &asked.text).await?.into()))
}

/// Signed answers that no longer stand, and would otherwise still be good.
#[derive(Serialize, ToSchema)]
pub(crate) struct WithdrawnReply {
    /// As of when.
    at: String,
    withdrawn: Vec<WithdrawnAnswer>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct WithdrawnAnswer {
    /// Number of the answer, as the QR text carries it. Says nothing about the person.
    #[schema(example = "0f1e2d3c4b5a6978")]
    receipt: String,
    since: String,
}

/// The list that verifiers look into: open to everybody, about nobody by name.
#[utoipa::path(get, path = "/api/v1/proofs/withdrawn", tag = "checks", responses(
    (status = 200, body = WithdrawnReply),
))]
pub(crate) async fn withdrawn(State(state): State<AppState>, peer: Peer) -> Reply<WithdrawnReply> {
    peer.take(&state, Bounded::Statistics)?;
    let list = state.registry.withdrawn_proofs().await?;
    let rows = list.withdrawn.into_iter().map(|withdrawal| WithdrawnAnswer {
        receipt: withdrawal.credential.to_string(),
        since: withdrawal.at.to_string(),
    });
    Ok(Json(WithdrawnReply {
        at: list.at.to_string(),
        withdrawn: rows.collect(),
    }))
}
