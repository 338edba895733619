//! The landing page, signing in and out, the choice of language, and what the product says of itself.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect, Response},
};
use registry::{account::Secret, sign_in::SignInError};
use serde::Deserialize;

use super::{
    conclusions::Reader,
    forms::{Errors, Posted},
    page::{Page, first_page},
    routes::Html,
    teller::Teller,
    text::Language,
    visitor::{Cookie, Visitor},
    words::Words,
};
use crate::http::{
    fault::Fault,
    limits::Bounded,
    peer::Peer,
    state::{AppState, DemoSignIn, Sight},
};

/// A section that the landing page opens.
struct Door {
    href: &'static str,
    title: &'static str,
    text: &'static str,
}

const DOORS: [Door; 4] = [
    Door {
        href: "/my",
        title: "door-holder",
        text: "door-holder-text",
    },
    Door {
        href: "/check",
        title: "door-verifier",
        text: "door-verifier-text",
    },
    Door {
        href: "/office/find",
        title: "door-official",
        text: "door-official-text",
    },
    Door {
        href: "/statistics",
        title: "door-statistics",
        text: "door-statistics-text",
    },
];

#[derive(Template)]
#[template(path = "landing.html")]
struct Landing {
    page: Page,
    demo: Vec<DemoLine>,
    doors: &'static [Door],
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    page: Page,
    errors: Errors,
    login: String,
    demo: Vec<DemoLine>,
}

#[derive(Template)]
#[template(path = "about.html")]
struct About {
    page: Page,
}

/// One sign-in of the demonstration.
struct DemoLine {
    login: String,
    secret: String,
    role: String,
    shows: String,
}

fn demo_lines(state: &AppState, language: Language) -> Vec<DemoLine> {
    let words = Words {
        language,
        countries: &state.countries,
    };
    let teller = Teller {
        words,
        pack: state.registry.pack(),
        reader: Reader::Holder,
    };
    let line = |sign_in: &DemoSignIn| DemoLine {
        login: sign_in.login.clone(),
        secret: sign_in.secret.clone(),
        role: words.of("role", &sign_in.role),
        shows: match &sign_in.shows {
            Sight::Lawful { basis } => {
                language.say_with("demo-lawful", &[("basis", teller.basis_name(basis).into())])
            }
            Sight::NoBasis => language.say("demo-no-basis"),
            Sight::Undetermined => language.say("demo-undetermined"),
            Sight::Office => language.say("demo-office"),
            Sight::Check => language.say("demo-check"),
        },
    };
    state.demo_sign_ins.iter().map(line).collect()
}

pub(crate) async fn landing(State(state): State<AppState>, page: Page) -> Result<Response, Fault> {
    Html::page(&Landing {
        demo: demo_lines(&state, page.language),
        page,
        doors: &DOORS,
    })
}

pub(crate) async fn about(page: Page) -> Result<Response, Fault> {
    Html::page(&About { page })
}

pub(crate) async fn sign_in_page(State(state): State<AppState>, page: Page) -> Result<Response, Fault> {
    Html::page(&SignInPage {
        demo: demo_lines(&state, page.language),
        page,
        errors: Errors::default(),
        login: String::new(),
    })
}

#[derive(Deserialize)]
pub(crate) struct SignInForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    secret: String,
}

/// Opens a session under a new token and leads to the role's first section.
pub(crate) async fn sign_in(
    State(state): State<AppState>,
    peer: Peer,
    page: Page,
    Posted(form): Posted<SignInForm>,
) -> Result<Response, Fault> {
    let errors = match check(&form) {
        Err(errors) => errors,
        Ok(secret) => {
            peer.take(&state, Bounded::SignIn)?;
            match state
                .registry
                .sign_in(&form.login, secret, &peer.0.to_string())
                .await
            {
                Ok((token, signed_in)) => {
                    let href = first_page(signed_in.actor.role());
                    let cookie = Cookie::Session.set(token.as_str(), state.transport);
                    return Ok(with_cookie(Redirect::to(href).into_response(), cookie));
                }
                Err(SignInError::NotFitting) => Errors::one("login", "error-sign-in"),
                Err(error) => return Err(error.into()),
            }
        }
    };
    Html::page(&SignInPage {
        demo: demo_lines(&state, page.language),
        page,
        errors,
        login: form.login,
    })
}

fn check(form: &SignInForm) -> Result<Secret, Errors> {
    let mut errors = Errors::default();
    if form.login.trim().is_empty() {
        errors.add("login", "error-login-empty");
    }
    if form.secret.is_empty() {
        errors.add("secret", "error-secret-empty");
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    // A secret that could never be one is answered as a wrong one.
    Secret::parse(&form.secret).map_err(|_| Errors::one("login", "error-sign-in"))
}

/// Ends the session.
pub(crate) async fn sign_out(
    State(state): State<AppState>,
    visitor: axum::Extension<Visitor>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    if let Some(present) = &visitor.signed_in {
        state.registry.sign_out(&present.token).await?;
        state.matters.close(&present.token);
    }
    Ok(forgetting(&state))
}

/// Leads to the start and has the browser forget what it kept (ASVS 14.3.1).
fn forgetting(state: &AppState) -> Response {
    let mut response = with_cookie(
        Redirect::to("/").into_response(),
        Cookie::Session.set("", state.transport),
    );
    response.headers_mut().insert(
        "clear-site-data",
        HeaderValue::from_static("\"cache\", \"storage\""),
    );
    response
}

/// Ends every session of the account: a lost phone (ASVS 7.4.5).
pub(crate) async fn sign_out_everywhere(
    State(state): State<AppState>,
    visitor: axum::Extension<Visitor>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    let present = visitor.signed_in.as_ref().ok_or(Fault::SignIn)?;
    state.registry.sign_out_everywhere(present.account).await?;
    state.matters.close(&present.token);
    Ok(forgetting(&state))
}

#[derive(Deserialize)]
pub(crate) struct Return {
    #[serde(default)]
    to: String,
}

/// Remembers the language and goes back. A language is no secret and no change to anybody's data, so a link may set it.
pub(crate) async fn choose_language(
    State(state): State<AppState>,
    Path(code): Path<String>,
    Query(back): Query<Return>,
) -> Result<Response, Fault> {
    let language = Language::of_code(&code).ok_or(Fault::NotFound)?;
    let cookie = Cookie::Language.set(language.code(), state.transport);
    Ok(with_cookie(
        Redirect::to(own_path(&back.to)).into_response(),
        cookie,
    ))
}

/// A path of ours, else the start: never an address of another site (ASVS 3.7.2).
fn own_path(to: &str) -> &str {
    let plain = to.bytes().all(|b| b.is_ascii_graphic() && b != b'\\');
    if plain && to.starts_with('/') && !to.starts_with("//") {
        to
    } else {
        "/"
    }
}

fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_never_leads_to_another_site() {
        assert_eq!(own_path("/statistics?on=2025-12-01"), "/statistics?on=2025-12-01");
        for foreign in [
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "evil",
            "",
            "/a\r\nb",
            "javascript:1",
        ] {
            assert_eq!(own_path(foreign), "/", "{foreign:?}");
        }
    }
}
