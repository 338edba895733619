//! Who calls: the bearer token's account, under the purpose and the case that the headers name.

use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use registry::access::{
    action::Action,
    actor::{Actor, Asker, CaseNumber, Role},
    purpose::PurposeId,
};

use super::problem::Problem;
use crate::http::{fault::Fault, state::AppState};

/// Header that names the purpose.
pub(crate) const PURPOSE: &str = "sojourn-purpose";
/// Header that names the office's case.
pub(crate) const CASE: &str = "sojourn-case";

/// A session's token and whose it is.
pub(crate) struct Session {
    pub(crate) token: String,
    pub(crate) signed_in: registry::sign_in::SignedIn,
}

impl FromRequestParts<AppState> for Session {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let header = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let token = header
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token)
            .ok_or(Problem(Fault::SignIn))?;
        let signed_in = state
            .registry
            .session(token)
            .await?
            .ok_or(Problem(Fault::SignIn))?;
        Ok(Self {
            token: token.to_owned(),
            signed_in,
        })
    }
}

/// Who asks, for use cases.
pub(crate) struct Caller(pub(crate) Asker);

impl FromRequestParts<AppState> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let Session { signed_in, .. } = Session::from_request_parts(parts, state).await?;
        let text = |name: &str| {
            parts
                .headers
                .get(name)
                .map(|value| value.to_str().map_err(|_| Problem(Fault::Form)))
                .transpose()
        };
        let purpose = match text(PURPOSE)? {
            Some(named) => PurposeId::parse(named).map_err(|_| Problem(Fault::NoMatter))?,
            None => own_purpose(state, &signed_in.actor).ok_or(Problem(Fault::NoMatter))?,
        };
        let case = text(CASE)?
            .map(CaseNumber::parse)
            .transpose()
            .map_err(|_| Problem(Fault::Form))?;
        Ok(Self(Asker {
            case,
            ..Asker::new(signed_in.actor, purpose)
        }))
    }
}

/// A holder looks at their own data and need not say why.
fn own_purpose(state: &AppState, actor: &Actor) -> Option<PurposeId> {
    let purpose = state
        .registry
        .purposes()
        .open_to(Role::Holder, Action::ViewProfile)
        .next();
    purpose
        .filter(|_| actor.role() == Role::Holder)
        .map(|purpose| purpose.id.clone())
}
