//! Who asks, in the form that use cases take: the person signed in, in the role that a page is for.

use axum::{extract::FromRequestParts, http::request::Parts};
use records::key::ProfileId;
use registry::access::{
    action::Action,
    actor::{Actor, Asker, CaseNumber, Role},
    purpose::{Purpose, PurposeId},
};

use super::visitor::{Present, Visitor};
use crate::http::{fault::Fault, state::AppState};

fn present(parts: &Parts) -> Result<&Present, Fault> {
    parts
        .extensions
        .get::<Visitor>()
        .and_then(|visitor| visitor.signed_in.as_ref())
        .ok_or(Fault::SignIn)
}

/// The purpose under which a role does what it has one purpose for.
fn only_purpose(state: &AppState, role: Role, action: Action) -> Result<PurposeId, Fault> {
    let purpose = state.registry.purposes().open_to(role, action).next();
    purpose.map(|purpose| purpose.id.clone()).ok_or(Fault::Forbidden)
}

/// The holder and their own profile.
pub(crate) struct Holder {
    pub(crate) asker: Asker,
    pub(crate) profile: ProfileId,
}

impl FromRequestParts<AppState> for Holder {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Fault> {
        let actor = present(parts)?.actor.clone();
        let profile = actor.own_profile().ok_or(Fault::Forbidden)?;
        let purpose = only_purpose(state, Role::Holder, Action::ViewProfile)?;
        Ok(Self {
            asker: Asker::new(actor, purpose),
            profile,
        })
    }
}

/// A verifier's organisation; the purpose is named on the form of each check.
pub(crate) struct Verifier(pub(crate) Actor);

impl FromRequestParts<AppState> for Verifier {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Fault> {
        let actor = present(parts)?.actor.clone();
        if actor.role() == Role::Verifier {
            Ok(Self(actor))
        } else {
            Err(Fault::Forbidden)
        }
    }
}

impl Verifier {
    /// The verifier under a purpose of the closed list.
    pub(crate) fn under(self, state: &AppState, purpose: &str) -> Result<Asker, Fault> {
        let id = PurposeId::parse(purpose).map_err(|_| Fault::Form)?;
        let open = state
            .registry
            .purposes()
            .open_to(Role::Verifier, Action::CheckAnswer)
            .any(|open| open.id == id);
        if open {
            Ok(Asker::new(self.0, id))
        } else {
            Err(Fault::Form)
        }
    }
}

/// An official, before a purpose is named.
pub(crate) struct Official(pub(crate) Present);

impl FromRequestParts<AppState> for Official {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &AppState) -> Result<Self, Fault> {
        let present = present(parts)?.clone();
        if present.actor.role() == Role::Official {
            Ok(Self(present))
        } else {
            Err(Fault::Forbidden)
        }
    }
}

/// What an official works on: purpose and case, named before anybody is looked for.
#[derive(Clone)]
pub(crate) struct Matter {
    pub(crate) purpose: Purpose,
    pub(crate) case: Option<CaseNumber>,
}

/// An official at work on a matter.
pub(crate) struct AtWork {
    pub(crate) asker: Asker,
    pub(crate) matter: Matter,
}

impl Matter {
    pub(crate) fn allows(&self, action: Action) -> bool {
        self.purpose.actions.contains(&action)
    }
}

impl FromRequestParts<AppState> for AtWork {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Fault> {
        let Official(Present { actor, token, .. }) = Official::from_request_parts(parts, state).await?;
        let matter = state.matters.find(&token).ok_or(Fault::NoMatter)?;
        Ok(Self {
            asker: asker(actor, &matter),
            matter,
        })
    }
}

fn asker(actor: Actor, matter: &Matter) -> Asker {
    Asker {
        case: matter.case.clone(),
        ..Asker::new(actor, matter.purpose.id.clone())
    }
}
