//! Errors as RFC 9457 has them: what kind, in words for a developer, never a word about a person.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use registry::{
    check_answer::CheckError, contest::ContestError, deliver::DeliverError, find::FindError,
    port::StoreError, sign_in::SignInError, status_by_document::DocumentStatusError, view_profile::ViewError,
    view_status::StatusError,
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::fault::Fault;

/// A fault in the form of the API.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Problem(pub(crate) Fault);

/// Problem details (RFC 9457), `application/problem+json`.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProblemDetails {
    /// Names the kind of problem; programs compare this.
    #[serde(rename = "type")]
    #[schema(example = "urn:sojourn:problem:not-found")]
    kind: &'static str,
    title: &'static str,
    status: u16,
}

macro_rules! problem_of {
    ($($error:ty),+ $(,)?) => {$(
        impl From<$error> for Problem {
            fn from(error: $error) -> Self {
                Self(error.into())
            }
        }
    )+};
}
problem_of!(
    Fault,
    StoreError,
    ViewError,
    StatusError,
    DocumentStatusError,
    CheckError,
    ContestError,
    DeliverError,
    FindError,
    SignInError
);

impl Problem {
    /// Kind and words of a fault.
    fn names(self) -> (&'static str, &'static str) {
        match self.0 {
            Fault::SignIn => ("urn:sojourn:problem:sign-in", "sign in first"),
            Fault::NoMatter => (
                "urn:sojourn:problem:purpose",
                "name a purpose that is open to you",
            ),
            Fault::NotFound => ("urn:sojourn:problem:not-found", "there is no such thing"),
            Fault::Forbidden => ("urn:sojourn:problem:not-allowed", "not allowed"),
            Fault::Form => (
                "urn:sojourn:problem:form",
                "the request is not in the form described",
            ),
            Fault::Conflict => ("urn:sojourn:problem:conflict", "the state does not allow it"),
            Fault::Several => (
                "urn:sojourn:problem:several-persons",
                "several persons fit: name the issuing state, or search",
            ),
            Fault::TooMany { .. } => (
                "urn:sojourn:problem:too-many",
                "too many attempts; try again later",
            ),
            Fault::TooLarge => ("urn:sojourn:problem:too-large", "the request is too large"),
            Fault::Busy => ("urn:sojourn:problem:busy", "busy; try again"),
            Fault::Away => ("urn:sojourn:problem:away", "the store is away; try again"),
            Fault::Internal => ("urn:sojourn:problem:internal", "failed on our side"),
        }
    }

    /// A page leads a browser on; a program is told instead.
    fn status(self) -> StatusCode {
        match self.0 {
            Fault::SignIn => StatusCode::UNAUTHORIZED,
            Fault::NoMatter => StatusCode::FORBIDDEN,
            fault => fault.status(),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (kind, title) = self.names();
        let status = self.status();
        let details = ProblemDetails {
            kind,
            title,
            status: status.as_u16(),
        };
        let mut response = (status, Json(details)).into_response();
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = self.0.wait_seconds() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.0 == Fault::SignIn {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// Puts the framework's own refusals (a body that is no JSON, a method that is not there) in the same form.
pub(crate) async fn of_rejection(response: Response) -> Response {
    let is_problem = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|media| media.as_bytes().starts_with(b"application/"));
    match Fault::of_status(response.status()) {
        Some(fault) if !is_problem => Problem(fault).into_response(),
        _ => response,
    }
}
