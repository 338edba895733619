//! The holder proves a right: a QR code to show or print, or a code to tell.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use credential::{Answer, Grant, Purpose as Matter, qr_svg, statement::Condition};
use jiff::SignedDuration;
use registry::{port::proofs::ShareCode, share_code::ShareCodeError};
use serde::Deserialize;

use super::{
    asker::Holder,
    forms::{Errors, Posted},
    page::Page,
    routes::Html,
    words::{Words, code},
};
use crate::http::{fault::Fault, state::AppState};

/// Days for which a code may be made.
const CODE_DAYS: [i64; 4] = [1, 7, 30, 90];
const HOURS_IN_DAY: i64 = 24;

/// A name and its value.
pub(crate) struct NamedValue {
    pub(crate) name: String,
    pub(crate) value: String,
}

impl NamedValue {
    pub(crate) fn new(name: String, value: impl Into<String>) -> Self {
        Self {
            name,
            value: value.into(),
        }
    }
}

#[derive(Template)]
#[template(path = "holder/proof.html")]
struct ProofPage {
    page: Page,
    errors: Errors,
    purposes: Vec<PurposeCard>,
    code_days: Vec<DaysChoice>,
    live_codes: Vec<LiveCode>,
}

/// A question that can be proven.
struct PurposeCard {
    code: &'static str,
    title: String,
    text: String,
    preview: Vec<String>,
}

struct DaysChoice {
    days: i64,
    text: String,
}

/// A code in force; the code itself is not kept.
struct LiveCode {
    says: String,
    until: String,
    hash: String,
}

/// What can be proven, and the codes in force.
pub(crate) async fn choose(
    State(state): State<AppState>,
    page: Page,
    holder: Holder,
) -> Result<Response, Fault> {
    show(&state, page, &holder, Errors::default()).await
}

async fn show(state: &AppState, page: Page, holder: &Holder, errors: Errors) -> Result<Response, Fault> {
    let live = state.registry.share_codes(&holder.asker, holder.profile).await?;
    let purposes = Matter::ALL.map(|matter| PurposeCard {
        code: matter.name(),
        title: page.t(&format!("proof-{}", matter.name())),
        text: page.t(&format!("proof-{}-text", matter.name())),
        preview: preview(&page, matter),
    });
    let days = |days: i64| DaysChoice {
        days,
        text: page.language.say_with("count-days", &[("n", days.into())]),
    };
    Html::page(&ProofPage {
        purposes: purposes.into(),
        code_days: CODE_DAYS.into_iter().map(days).collect(),
        live_codes: live.iter().map(|code| live_code(code, &page)).collect(),
        page,
        errors,
    })
}

/// What whoever checks will see.
fn preview(page: &Page, matter: Matter) -> Vec<String> {
    let keys: &[&str] = match matter {
        Matter::Work => &[
            "preview-answer",
            "preview-until",
            "preview-regions",
            "preview-document",
        ],
        Matter::Stay => &["preview-answer", "preview-until", "preview-document"],
    };
    keys.iter().map(|key| page.t(key)).collect()
}

fn live_code(live: &ShareCode, page: &Page) -> LiveCode {
    LiveCode {
        says: page.t(&format!("proof-{}", live.matter.name())),
        until: page.language.time(live.expires_at),
        hash: hex::encode(live.code_hash),
    }
}

#[derive(Deserialize)]
pub(crate) struct PurposeForm {
    purpose: String,
    #[serde(default)]
    days: Option<String>,
}

fn matter_of(name: &str) -> Result<Matter, Fault> {
    Matter::ALL
        .into_iter()
        .find(|matter| matter.name() == name)
        .ok_or(Fault::Form)
}

#[derive(Template)]
#[template(path = "holder/proof_shown.html")]
struct ProofShown {
    page: Page,
    heading: String,
    qr_svg: String,
    qr_text: String,
    facts: Vec<NamedValue>,
}

/// A signed answer for today, as a symbol and as text.
pub(crate) async fn make_qr(
    State(state): State<AppState>,
    page: Page,
    holder: Holder,
    Posted(form): Posted<PurposeForm>,
) -> Result<Response, Fault> {
    let matter = matter_of(&form.purpose)?;
    let proof = state
        .registry
        .issue_proof(&holder.asker, holder.profile, matter)
        .await?;
    let words = Words {
        language: page.language,
        countries: &state.countries,
    };
    let heading = page.t(&format!("proof-heading-{}", matter.name()));
    let mut facts = answer_facts(&proof.statement.answer, matter, &words);
    facts.push(NamedValue::new(
        page.t("proof-issued"),
        page.language.time(proof.statement.issued_at),
    ));
    facts.push(NamedValue::new(
        page.t("proof-good-until"),
        page.language.time(proof.statement.expires_at),
    ));
    facts.push(NamedValue::new(
        page.t("proof-receipt"),
        proof.statement.credential.to_string(),
    ));
    let qr_svg = qr_svg(&proof.text, &heading).map_err(|error| Fault::internal(&error))?;
    Html::page(&ProofShown {
        page,
        heading,
        qr_svg,
        qr_text: proof.text.to_string(),
        facts,
    })
}

/// What an answer says, line by line: the same for the holder and for whoever checks.
pub(crate) fn answer_facts(answer: &Answer, matter: Matter, words: &Words<'_>) -> Vec<NamedValue> {
    let language = words.language;
    let mut facts = vec![NamedValue::new(
        language.say("proof-answer"),
        answer_heading(answer, matter, words),
    )];
    match answer {
        Answer::Yes(grant) => facts.extend(grant_facts(grant, matter, words)),
        Answer::No { reason } => facts.push(NamedValue::new(
            language.say("proof-reason"),
            words.reason(reason),
        )),
        Answer::Undetermined { reason, since } => {
            facts.push(NamedValue::new(
                language.say("proof-reason"),
                words.reason(reason),
            ));
            facts.push(NamedValue::new(language.say("proof-since"), language.day(*since)));
        }
    }
    facts
}

/// The answer itself, in words.
pub(crate) fn answer_heading(answer: &Answer, matter: Matter, words: &Words<'_>) -> String {
    words.language.say(&match answer {
        Answer::Yes(_) => format!("verdict-{}-yes", matter.name()),
        Answer::No { .. } => format!("verdict-{}-no", matter.name()),
        Answer::Undetermined { .. } => "verdict-unsure".to_owned(),
    })
}

fn grant_facts(grant: &Grant, matter: Matter, words: &Words<'_>) -> Vec<NamedValue> {
    let language = words.language;
    let until = match grant.until {
        Some(day) => language.say_with("proof-until-day", &[("day", language.day(day).into())]),
        None => language.say("proof-open"),
    };
    let mut facts = vec![NamedValue::new(language.say("proof-until"), until)];
    if matter == Matter::Work {
        let regions: Vec<String> = grant.regions.iter().map(|region| words.region(*region)).collect();
        let regions = if regions.is_empty() {
            language.say("regions-everywhere")
        } else {
            regions.join(", ")
        };
        facts.push(NamedValue::new(language.say("proof-regions"), regions));
    }
    let condition = |condition: &Condition| language.say(&format!("condition-{}", code(condition)));
    let conditions: Vec<String> = grant.conditions.iter().map(condition).collect();
    if !conditions.is_empty() {
        facts.push(NamedValue::new(
            language.say("verdict-conditions"),
            conditions.join("; "),
        ));
    }
    facts
}

#[derive(Template)]
#[template(path = "holder/share_code.html")]
struct ShareCodePage {
    page: Page,
    purpose_text: String,
    code: String,
    until: String,
}

/// A code to tell; shown this once.
pub(crate) async fn make_code(
    State(state): State<AppState>,
    page: Page,
    holder: Holder,
    Posted(form): Posted<PurposeForm>,
) -> Result<Response, Fault> {
    let matter = matter_of(&form.purpose)?;
    let days = form
        .days
        .and_then(|days| days.parse().ok())
        .filter(|days| CODE_DAYS.contains(days));
    let lives = SignedDuration::from_hours(days.ok_or(Fault::Form)? * HOURS_IN_DAY);
    let made = match state
        .registry
        .make_share_code(&holder.asker, holder.profile, matter, lives)
        .await
    {
        Err(ShareCodeError::TooManyCodes) => {
            return show(
                &state,
                page,
                &holder,
                Errors::one("live-codes", "error-codes-full"),
            )
            .await;
        }
        made => made?,
    };
    let purpose_text = page.t(&format!("share-for-{}", matter.name()));
    let until = page.language.time(made.expires_at);
    Html::page(&ShareCodePage {
        page,
        purpose_text,
        code: made.code.to_string(),
        until,
    })
}

#[derive(Deserialize)]
pub(crate) struct EndCodeForm {
    code: String,
}

/// Ends a code at once.
pub(crate) async fn end_code(
    State(state): State<AppState>,
    holder: Holder,
    Posted(form): Posted<EndCodeForm>,
) -> Result<Response, Fault> {
    let mut hash = [0; 32];
    hex::decode_to_slice(&form.code, &mut hash).map_err(|_| Fault::Form)?;
    state
        .registry
        .withdraw_share_code(&holder.asker, holder.profile, hash)
        .await?;
    Ok(Redirect::to("/my/proof").into_response())
}
