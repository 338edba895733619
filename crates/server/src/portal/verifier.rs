//! The verifier's page: a code and a birth date, or the text of a QR code; one answer.

use askama::Template;
use axum::{extract::State, response::Response};
use credential::{Answer, NotValid, Purpose as Matter, Statement, Undetermined, text::TEXT_MAX};
use jiff::Timestamp;
use records::partial_date::PartialDate;
use registry::{
    access::{action::Action, actor::Role},
    check_answer::{CheckError, Checked, QrChecked},
};
use serde::Deserialize;

use super::{
    asker::Verifier,
    conclusions::Shape,
    forms::{Errors, Posted},
    page::Page,
    proof::{NamedValue, answer_facts, answer_heading},
    routes::Html,
    words::Words,
};
use crate::http::{fault::Fault, limits::Bounded, peer::Peer, state::AppState};

#[derive(Template)]
#[template(path = "verifier/check.html")]
struct CheckPage {
    page: Page,
    errors: Errors,
    purposes: Vec<PurposeChoice>,
    code: String,
    birth: (String, String, String),
    qr: String,
}

/// Why the organisation may check.
struct PurposeChoice {
    code: String,
    name: String,
    chosen: bool,
}

/// What was typed, shown again beside what is wrong with it.
#[derive(Default)]
struct Typed {
    purpose: String,
    code: String,
    birth: (String, String, String),
    qr: String,
}

fn show(state: &AppState, page: Page, errors: Errors, typed: Typed) -> Result<Response, Fault> {
    let purposes = state
        .registry
        .purposes()
        .open_to(Role::Verifier, Action::CheckAnswer);
    let purposes = purposes.map(|purpose| PurposeChoice {
        code: purpose.id.to_string(),
        name: page.t(&purpose.text_key),
        chosen: purpose.id.as_str() == typed.purpose,
    });
    let purposes = purposes.collect();
    let Typed { code, birth, qr, .. } = typed;
    Html::page(&CheckPage {
        page,
        errors,
        purposes,
        code,
        birth,
        qr,
    })
}

#[derive(Template)]
#[template(path = "verifier/verdict.html")]
struct VerdictPage {
    page: Page,
    shape: Shape,
    heading: String,
    facts: Vec<NamedValue>,
    reason: Option<String>,
    advice: &'static str,
}

pub(crate) async fn form(State(state): State<AppState>, page: Page, _: Verifier) -> Result<Response, Fault> {
    show(&state, page, Errors::default(), Typed::default())
}

#[derive(Deserialize)]
pub(crate) struct CodeForm {
    purpose: String,
    #[serde(default)]
    code: String,
    #[serde(default, rename = "birth-day")]
    day: String,
    #[serde(default, rename = "birth-month")]
    month: String,
    #[serde(default, rename = "birth-year")]
    year: String,
}

/// Answers the question of a code.
pub(crate) async fn check_code(
    State(state): State<AppState>,
    peer: Peer,
    page: Page,
    verifier: Verifier,
    Posted(form): Posted<CodeForm>,
) -> Result<Response, Fault> {
    let asker = verifier.under(&state, &form.purpose)?;
    let errors = match read(&form) {
        Err(errors) => errors,
        Ok(born) => {
            peer.take(&state, Bounded::CodeCheck)?;
            match state.registry.check_code(&asker, &form.code, born).await {
                Ok(checked) => return present(page, &state, &checked, None),
                Err(CheckError::Code(_)) => Errors::one("code", "error-code-form"),
                Err(CheckError::NotFitting) => Errors::one("code", "verdict-code-unknown"),
                Err(error) => return Err(error.into()),
            }
        }
    };
    let birth = (form.day, form.month, form.year);
    let typed = Typed {
        purpose: form.purpose,
        code: form.code,
        birth,
        ..Typed::default()
    };
    show(&state, page, errors, typed)
}

fn read(form: &CodeForm) -> Result<PartialDate, Errors> {
    let mut errors = Errors::default();
    if form.code.trim().is_empty() {
        errors.add("code", "error-code-empty");
    }
    let born = birth_date(form);
    if born.is_none() {
        errors.add("birth-day", "error-birth");
    }
    match born {
        Some(born) if errors.is_empty() => Ok(born),
        Some(_) | None => Err(errors),
    }
}

/// A day or month left empty is one that nobody knows, as the person's document has it.
fn birth_date(form: &CodeForm) -> Option<PartialDate> {
    let mut iso = form.year.trim().to_owned();
    let mut parts = [form.month.trim(), form.day.trim()].into_iter().peekable();
    while let Some(part) = parts.next_if(|part| !part.is_empty()) {
        iso = format!("{iso}-{part:0>2}");
    }
    // A day without its month is a slip.
    if parts.any(|part| !part.is_empty()) {
        return None;
    }
    PartialDate::parse_iso(&iso).ok()
}

#[derive(Deserialize)]
pub(crate) struct QrForm {
    purpose: String,
    #[serde(default)]
    qr: String,
}

/// Answers the question of a QR text.
pub(crate) async fn check_qr(
    State(state): State<AppState>,
    peer: Peer,
    page: Page,
    verifier: Verifier,
    Posted(form): Posted<QrForm>,
) -> Result<Response, Fault> {
    let asker = verifier.under(&state, &form.purpose)?;
    // Forms end lines with CR LF; spaces inside the text are part of it.
    let text = form.qr.trim_matches(['\r', '\n']);
    let error = match text.len() {
        0 => "error-qr-empty",
        length if length > TEXT_MAX => "error-qr-long",
        _ => {
            peer.take(&state, Bounded::CodeCheck)?;
            return match state.registry.check_qr(&asker, text).await? {
                QrChecked::Confirmed { now, .. } => present(page, &state, &now, None),
                QrChecked::Withdrawn {
                    now, withdrawn_at, ..
                } => present(page, &state, &now, Some(withdrawn_at)),
                QrChecked::Elsewhere { signed } => present_signed(page, &state, &signed),
                QrChecked::NotValid(reason) => present_invalid(page, reason),
                QrChecked::Undetermined(reason) => present_unsure(page, reason),
            };
        }
    };
    let errors = Errors::one("qr", error);
    show(
        &state,
        page,
        errors,
        Typed {
            purpose: form.purpose,
            qr: form.qr,
            ..Typed::default()
        },
    )
}

/// The present answer; of a text that was withdrawn it is said so first.
fn present(
    page: Page,
    state: &AppState,
    checked: &Checked,
    withdrawn_at: Option<Timestamp>,
) -> Result<Response, Fault> {
    let Checked {
        matter,
        answer,
        at,
        receipt,
        document_tail,
    } = checked;
    let mut more = Vec::new();
    if let Some(tail) = document_tail {
        more.push(NamedValue::new(
            page.t("verdict-document"),
            page.t1("verdict-document-tail", "tail", tail.as_str()),
        ));
    }
    more.push(NamedValue::new(page.t("verdict-receipt"), receipt.to_string()));
    let reason = withdrawn_at.map(|at| page.t1("verdict-withdrawn", "at", page.language.time(at)));
    present_answer(page, state, (answer, *matter, *at), more, reason)
}

fn present_signed(page: Page, state: &AppState, signed: &Statement) -> Result<Response, Fault> {
    let more = vec![
        NamedValue::new(page.t("verdict-issuer"), signed.issuer.to_string()),
        NamedValue::new(
            page.t("verdict-valid-until"),
            page.language.time(signed.expires_at),
        ),
        NamedValue::new(page.t("verdict-receipt"), signed.credential.to_string()),
    ];
    present_answer(
        page,
        state,
        (&signed.answer, signed.purpose, signed.issued_at),
        more,
        None,
    )
}

fn present_answer(
    page: Page,
    state: &AppState,
    (answer, matter, at): (&Answer, Matter, Timestamp),
    more: Vec<NamedValue>,
    reason: Option<String>,
) -> Result<Response, Fault> {
    let words = Words {
        language: page.language,
        countries: &state.countries,
    };
    let (shape, advice) = match answer {
        Answer::Yes(_) => (Shape::Yes, "advice-yes"),
        Answer::No { .. } => (Shape::No, "advice-no"),
        Answer::Undetermined { .. } => (Shape::Unsure, "advice-unsure"),
    };
    let heading = answer_heading(answer, matter, &words);
    let mut facts: Vec<NamedValue> = answer_facts(answer, matter, &words).into_iter().skip(1).collect();
    facts.push(NamedValue::new(page.t("verdict-asked"), page.language.time(at)));
    facts.extend(more);
    Html::page(&VerdictPage {
        page,
        shape,
        heading,
        facts,
        reason,
        advice,
    })
}

fn present_invalid(page: Page, reason: NotValid) -> Result<Response, Fault> {
    let heading = page.t("verdict-invalid");
    let facts = match reason {
        NotValid::Expired(at) => vec![NamedValue::new(page.t("verdict-ended"), page.language.time(at))],
        NotValid::NotYetValid(at) => vec![NamedValue::new(page.t("verdict-begins"), page.language.time(at))],
        _ => Vec::new(),
    };
    let reason = Some(page.t(&format!("invalid-{}", reason.code())));
    Html::page(&VerdictPage {
        page,
        shape: Shape::No,
        heading,
        facts,
        reason,
        advice: "advice-invalid",
    })
}

fn present_unsure(page: Page, reason: Undetermined) -> Result<Response, Fault> {
    let heading = page.t("verdict-unsure");
    let reason = Some(page.t(&format!("unsure-{}", reason.code())));
    Html::page(&VerdictPage {
        page,
        shape: Shape::Unsure,
        heading,
        facts: Vec::new(),
        reason,
        advice: "advice-unsure",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn born(day: &str, month: &str, year: &str) -> Option<String> {
        let form = CodeForm {
            purpose: String::new(),
            code: String::new(),
            day: day.into(),
            month: month.into(),
            year: year.into(),
        };
        birth_date(&form).map(|date| date.to_string())
    }

    #[test]
    fn a_birth_date_may_lack_what_the_document_lacks() {
        assert_eq!(born("29", "5", "1990").as_deref(), Some("1990-05-29"));
        assert_eq!(born("", " 05", "1990").as_deref(), Some("1990-05"));
        assert_eq!(born("", "", "1990").as_deref(), Some("1990"));
        for (day, month, year) in [
            ("31", "2", "1990"),
            ("1", "", "1990"),
            ("1", "1", ""),
            ("x", "1", "1990"),
            ("1", "1", "-1"),
        ] {
            assert_eq!(born(day, month, year), None, "{day} {month} {year}");
        }
    }
}
