//! What a form sent, what is wrong with it, and the token that proves it is ours.

use aws_lc_rs::hmac;
use axum::{
    extract::{Form, FromRequest, Request},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, de::DeserializeOwned};

use super::visitor::Visitor;
use crate::http::{fault::Fault, state::AppState};

/// Field that carries the token.
pub(crate) const TOKEN_FIELD: &str = "form-token";

/// Key of the form tokens; drawn at start, so forms of an earlier run are out of date.
pub(crate) struct FormKey(hmac::Key);

impl FormKey {
    pub(crate) fn new(secret: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// Token of the forms shown to the browser that holds this cookie.
    pub(crate) fn token(&self, cookie: &str) -> String {
        hex::encode(hmac::sign(&self.0, cookie.as_bytes()))
    }

    /// Whether a form that carries the token was shown to this browser.
    pub(crate) fn is_ours(&self, cookie: Option<&str>, token: &str) -> bool {
        cookie.is_some_and(|cookie| self.fits(cookie, token))
    }

    /// Compares in constant time.
    fn fits(&self, cookie: &str, token: &str) -> bool {
        hex::decode(token).is_ok_and(|tag| hmac::verify(&self.0, cookie.as_bytes(), &tag).is_ok())
    }
}

/// A form sent by a page of ours.
pub(crate) struct Posted<T>(pub(crate) T);

#[derive(Deserialize)]
struct WithToken<T> {
    #[serde(rename = "form-token")]
    token: String,
    #[serde(flatten)]
    form: T,
}

impl<T: DeserializeOwned> FromRequest<AppState> for Posted<T> {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let cookie = form_cookie(&request);
        let Form(sent) = Form::<WithToken<T>>::from_request(request, state)
            .await
            .map_err(|rejection| rejection.into_response())?;
        if state.form_key.is_ours(cookie.as_deref(), &sent.token) {
            Ok(Self(sent.form))
        } else {
            Err(Fault::Form.into_response())
        }
    }
}

/// The cookie to which the forms of a browser are bound.
pub(crate) fn form_cookie(request: &Request) -> Option<String> {
    let visitor = request.extensions().get::<Visitor>();
    visitor.and_then(|visitor| visitor.form_cookie.clone())
}

/// One thing that is wrong: the field's id and the key of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FieldError {
    pub(crate) field: &'static str,
    pub(crate) text: &'static str,
}

/// Everything wrong with a form, in the order of its fields.
#[derive(Clone, Debug, Default)]
pub(crate) struct Errors(Vec<FieldError>);

impl Errors {
    pub(crate) fn one(field: &'static str, text: &'static str) -> Self {
        Self(vec![FieldError { field, text }])
    }

    pub(crate) fn add(&mut self, field: &'static str, text: &'static str) {
        self.0.push(FieldError { field, text });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn list(&self) -> &[FieldError] {
        &self.0
    }

    pub(crate) fn of(&self, field: &str) -> Option<&'static str> {
        self.0
            .iter()
            .find(|error| error.field == field)
            .map(|error| error.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_fits_its_cookie_and_key_only() {
        let (key, other) = (FormKey::new(&[1; 32]), FormKey::new(&[2; 32]));
        let token = key.token("cookie");
        assert!(key.fits("cookie", &token));
        assert!(!key.fits("another", &token));
        assert!(!other.fits("cookie", &token));
        assert!(!key.fits("cookie", "not hexadecimal"));
        assert!(!key.fits("cookie", ""));
    }
}
