//! Signing in for a bearer token.

use axum::{Json, extract::State, http::StatusCode};
use registry::{
    access::actor::{Actor, Role},
    account::Secret,
    sign_in::SignedIn,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Reply,
    caller::Session,
    problem::{Problem, ProblemDetails},
};
use crate::http::{fault::Fault, limits::Bounded, peer::Peer, state::AppState};

/// What is typed to sign in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Credentials {
    login: String,
    secret: String,
}

/// A session. The token is shown once; send it as `Authorization: Bearer …`.
#[derive(Serialize, ToSchema)]
pub(crate) struct Opened {
    token: String,
    #[serde(flatten)]
    session: SessionReply,
}

/// Whose session, and how long it lasts.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionReply {
    #[schema(value_type = String, example = "official")]
    role: Role,
    /// A holder's own profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<String>,
    /// Ends when not used until then.
    idle_until: String,
    /// Ends then in any case.
    ends_at: String,
}

impl From<&SignedIn> for SessionReply {
    fn from(signed_in: &SignedIn) -> Self {
        let profile = match &signed_in.actor {
            Actor::Holder { profile } => Some(profile.to_string()),
            _ => None,
        };
        Self {
            role: signed_in.actor.role(),
            profile,
            idle_until: signed_in.idle_until.to_string(),
            ends_at: signed_in.ends_at.to_string(),
        }
    }
}

/// Opens a session. A wrong login and a wrong secret are one answer.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "sessions", request_body = Credentials, responses(
    (status = 201, body = Opened),
    (status = 400, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 401, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 429, body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn sign_in(
    State(state): State<AppState>,
    peer: Peer,
    Json(typed): Json<Credentials>,
) -> Result<(StatusCode, Json<Opened>), Problem> {
    peer.take(&state, Bounded::SignIn)?;
    let secret = Secret::parse(&typed.secret).map_err(|_| Problem(Fault::SignIn))?;
    let (token, signed_in) = state
        .registry
        .sign_in(&typed.login, secret, &peer.0.to_string())
        .await?;
    let opened = Opened {
        token: token.as_str().to_owned(),
        session: (&signed_in).into(),
    };
    Ok((StatusCode::CREATED, Json(opened)))
}

/// Whose session the token is.
#[utoipa::path(get, path = "/api/v1/sessions/current", tag = "sessions", security(("bearer" = [])), responses(
    (status = 200, body = SessionReply),
    (status = 401, body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn current(session: Session) -> Reply<SessionReply> {
    Ok(Json((&session.signed_in).into()))
}

/// Ends the session.
#[utoipa::path(delete, path = "/api/v1/sessions/current", tag = "sessions", security(("bearer" = [])), responses(
    (status = 204),
    (status = 401, body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn sign_out(State(state): State<AppState>, session: Session) -> Result<StatusCode, Problem> {
    state.registry.sign_out(&session.token).await?;
    Ok(StatusCode::NO_CONTENT)
}
