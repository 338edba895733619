//! Who sends a request: the session behind its cookie, its language, and the cookie that its forms are tied to.
//!
//! Over TLS the cookies carry the `__Host-` prefix and `Secure`; a demonstration on plain http at a loopback address
//! leaves both out, because not every browser keeps a `Secure` cookie there.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use registry::{
    access::actor::{AccountId, Actor},
    sign_in::SignedIn,
};

use super::{routes::fault_page, text::Language};
use crate::http::{fault::Fault, state::AppState};

/// Longest cookie value that is looked at.
const COOKIE_MAX: usize = 128;
/// Language and form cookies stay for a year.
const YEAR_SECONDS: u32 = 31_536_000;

/// How cookies are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    Tls,
    /// Loopback address, plain http.
    PlainLoopback,
}

/// A cookie of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cookie {
    /// Token of the session; ends with the browser.
    Session,
    /// What form tokens are tied to.
    Form,
    Language,
}

impl Cookie {
    fn name(self, transport: Transport) -> &'static str {
        match (self, transport) {
            (Self::Session, Transport::Tls) => "__Host-sojourn-session",
            (Self::Form, Transport::Tls) => "__Host-sojourn-form",
            (Self::Language, Transport::Tls) => "__Host-sojourn-language",
            (Self::Session, Transport::PlainLoopback) => "sojourn-session",
            (Self::Form, Transport::PlainLoopback) => "sojourn-form",
            (Self::Language, Transport::PlainLoopback) => "sojourn-language",
        }
    }

    fn find(self, headers: &HeaderMap, transport: Transport) -> Option<String> {
        let cookies = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok());
        let mut pairs = cookies
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='));
        let (_, value) = pairs.find(|(name, _)| *name == self.name(transport))?;
        (!value.is_empty() && value.len() <= COOKIE_MAX).then(|| value.to_owned())
    }

    /// `Set-Cookie` with this value; an empty one removes the cookie.
    pub(crate) fn set(self, value: &str, transport: Transport) -> Option<HeaderValue> {
        let secure = match transport {
            Transport::Tls => "; Secure",
            Transport::PlainLoopback => "",
        };
        let age = match self {
            _ if value.is_empty() => "; Max-Age=0".to_owned(),
            Self::Session => String::new(),
            Self::Form | Self::Language => format!("; Max-Age={YEAR_SECONDS}"),
        };
        let name = self.name(transport);
        HeaderValue::try_from(format!(
            "{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{age}"
        ))
        .ok()
    }
}

/// What is known of the sender of a request.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub(crate) language: Language,
    pub(crate) signed_in: Option<Present>,
    pub(crate) form_cookie: Option<String>,
}

/// Someone signed in, with the token to sign out.
#[derive(Clone)]
pub(crate) struct Present {
    pub(crate) account: AccountId,
    pub(crate) actor: Actor,
    pub(crate) token: String,
}

impl Present {
    /// How the bar above a page names the reader; a holder's own name stands on the pages themselves.
    pub(crate) fn display_name(&self, language: Language) -> String {
        match &self.actor {
            Actor::Holder { .. } => language.say("role-holder"),
            Actor::Official { name, office } | Actor::Analyst { name, office } => format!("{name}, {office}"),
            Actor::Verifier { organisation } => organisation.clone(),
            Actor::Operator { name } => name.clone(),
        }
    }
}

/// Finds out who sends the request, and gives the browser a form cookie when it has none.
pub(crate) async fn recognise(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let transport = state.transport;
    let headers = request.headers();
    let token = Cookie::Session.find(headers, transport);
    let accepted = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("");
    let chosen = Cookie::Language.find(headers, transport);
    let language = chosen
        .and_then(|code| Language::of_code(&code))
        .unwrap_or_else(|| Language::accepted(accepted));
    let kept = Cookie::Form.find(headers, transport);
    let mut visitor = Visitor {
        language,
        signed_in: None,
        form_cookie: kept.clone(),
    };
    match know(&state, token, &mut visitor).await {
        Ok(()) => {}
        Err(fault) => return fault_page(&state, &visitor, request.method(), request.uri().path(), fault),
    }
    let new_cookie = visitor.form_cookie.as_deref().filter(|_| kept.is_none());
    let new_cookie = new_cookie.and_then(|cookie| Cookie::Form.set(cookie, transport));
    request.extensions_mut().insert(visitor);
    let mut response = next.run(request).await;
    if let Some(cookie) = new_cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// Fills in the session behind the token, and a form cookie where the browser has none.
async fn know(state: &AppState, token: Option<String>, visitor: &mut Visitor) -> Result<(), Fault> {
    if visitor.form_cookie.is_none() {
        let bytes: [u8; 16] = state.random.bytes().map_err(|error| Fault::internal(&error))?;
        visitor.form_cookie = Some(hex::encode(bytes));
    }
    if let Some(token) = token {
        visitor.signed_in = session(state, token).await?;
    }
    Ok(())
}

async fn session(state: &AppState, token: String) -> Result<Option<Present>, Fault> {
    let found = state.registry.session(&token).await?;
    Ok(found.map(|SignedIn { account, actor, .. }| Present {
        account,
        actor,
        token,
    }))
}
