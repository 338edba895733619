//! Which records make a profile, and why; takes records out of it, merges it with another, takes a ruling back.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    extract::{Form, FromRequest, Path, Request, State},
    response::{IntoResponse, Redirect, Response},
};
use records::key::{ProfileId, RecordKey, SourceName, SourceRecordId};
use registry::{
    merge::MergeError,
    part::PartError,
    port::{
        link_book::{Link, LinkedBy},
        ruling_book::{Ruled, Ruling, RulingId},
    },
    undo_ruling::UndoError,
};
use serde::Deserialize;

use super::{
    asker::AtWork,
    forms::{Errors, Posted},
    matter::band,
    page::Page,
    routes::Html,
    words::Words,
};
use crate::http::{fault::Fault, state::AppState};

#[derive(Template)]
#[template(path = "office/records.html")]
struct RecordsPage {
    page: Page,
    matter: String,
    errors: Errors,
    id: String,
    records: Vec<RecordLine>,
    rulings: Vec<RulingLine>,
    form: RulingForm,
}

struct RecordLine {
    key: String,
    name: String,
    by: String,
    since: String,
    is_chosen: bool,
}

struct RulingLine {
    id: u64,
    says: String,
    lines: Vec<String>,
    stands: bool,
}

/// What the forms of the page send.
#[derive(Default)]
pub(crate) struct RulingForm {
    records: Vec<String>,
    reason: String,
    other: String,
    merge_reason: String,
}

pub(crate) async fn records(
    State(state): State<AppState>,
    page: Page,
    work: AtWork,
    Path(id): Path<String>,
) -> Result<Response, Fault> {
    let profile = ProfileId::parse(&id).map_err(|_| Fault::NotFound)?;
    show(
        &state,
        page,
        &work,
        profile,
        Errors::default(),
        RulingForm::default(),
    )
    .await
}

async fn show(
    state: &AppState,
    page: Page,
    work: &AtWork,
    profile: ProfileId,
    errors: Errors,
    form: RulingForm,
) -> Result<Response, Fault> {
    let registry = &state.registry;
    let links = registry.view_links(&work.asker, profile, registry.now()).await?;
    let rulings = registry.rulings_about(&work.asker, profile).await?;
    let words = Words {
        language: page.language,
        countries: &state.countries,
    };
    Html::page(&RecordsPage {
        matter: band(&work.matter, page.language),
        errors,
        id: profile.to_string(),
        records: links
            .iter()
            .map(|link| record_line(link, &form, &words))
            .collect(),
        rulings: rulings
            .iter()
            .map(|ruling| ruling_line(ruling, profile, &words))
            .collect(),
        form,
        page,
    })
}

fn record_line(link: &Link, form: &RulingForm, words: &Words<'_>) -> RecordLine {
    let key = format!("{}/{}", link.record.source, link.record.id);
    RecordLine {
        name: format!(
            "{} · {}",
            words.source(link.record.source.as_str()),
            link.record.id
        ),
        by: match &link.by {
            LinkedBy::Engine { .. } => words.language.say_with(
                "records-by-engine",
                &[("weight", format!("{:+.1}", link.weight).into())],
            ),
            LinkedBy::Official { name, office } => format!("{office}, {name}"),
        },
        since: words.language.time(link.known_from),
        is_chosen: form.records.contains(&key),
        key,
    }
}

fn ruling_line(ruling: &Ruling, profile: ProfileId, words: &Words<'_>) -> RulingLine {
    let language = words.language;
    let told = &ruling.ruling;
    let other = if told.ruled.from_profile() == profile {
        told.ruled.into_profile()
    } else {
        told.ruled.from_profile()
    };
    let key = match told.ruled {
        Ruled::Merged { .. } => "ruling-merged",
        Ruled::Parted { .. } => "ruling-parted",
    };
    let fills = [
        ("n", told.records.len().into()),
        ("other", other.to_string().into()),
        ("at", language.time(told.ruled_at).into()),
    ];
    let mut lines = vec![
        told.reason.clone(),
        format!("{}, {}", told.official.office, told.official.name),
        told.legal_basis.clone(),
    ];
    lines.extend(ruling.undone.as_ref().map(|undone| {
        let fills = [
            ("at", language.time(undone.at).into()),
            ("by", undone.official.name.as_str().into()),
            ("reason", undone.reason.as_str().into()),
        ];
        language.say_with("ruling-undone", &fills)
    }));
    RulingLine {
        id: ruling.id.0,
        says: language.say_with(key, &fills),
        lines,
        stands: ruling.undone.is_none(),
    }
}

/// Records chosen by boxes come as one field sent several times, which a struct cannot take.
pub(crate) struct ChosenRecords(RulingForm);

impl FromRequest<AppState> for ChosenRecords {
    type Rejection = Response;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Response> {
        let cookie = super::forms::form_cookie(&request);
        let Form(sent) = Form::<Vec<(String, String)>>::from_request(request, state)
            .await
            .map_err(IntoResponse::into_response)?;
        let mut form = RulingForm::default();
        let mut token = String::new();
        for (name, value) in sent {
            match name.as_str() {
                super::forms::TOKEN_FIELD => token = value,
                "record" => form.records.push(value),
                "reason" => form.reason = value,
                _ => {}
            }
        }
        if state.form_key.is_ours(cookie.as_deref(), &token) {
            Ok(Self(form))
        } else {
            Err(Fault::Form.into_response())
        }
    }
}

/// Takes the chosen records out of the profile.
pub(crate) async fn part(
    State(state): State<AppState>,
    page: Page,
    work: AtWork,
    Path(id): Path<String>,
    ChosenRecords(form): ChosenRecords,
) -> Result<Response, Fault> {
    let profile = ProfileId::parse(&id).map_err(|_| Fault::NotFound)?;
    let chosen: Option<BTreeSet<RecordKey>> = form.records.iter().map(|key| key_of(key)).collect();
    let chosen = chosen.ok_or(Fault::Form)?;
    let parted = state
        .registry
        .part_profile(&work.asker, profile, chosen, &form.reason)
        .await;
    let errors = match parted {
        Ok(_) => return Ok(to_records(profile)),
        Err(PartError::Words) => Errors::one("reason", "error-reason"),
        Err(PartError::NothingLeft | PartError::NotItsRecord) => Errors::one("records", "error-records"),
        Err(error) => return Err(error.into()),
    };
    show(&state, page, &work, profile, errors, form).await
}

fn key_of(text: &str) -> Option<RecordKey> {
    let (source, id) = text.split_once('/')?;
    Some(RecordKey {
        source: SourceName::parse(source).ok()?,
        id: SourceRecordId::parse(id).ok()?,
    })
}

#[derive(Deserialize)]
pub(crate) struct MergeForm {
    #[serde(default)]
    other: String,
    #[serde(default, rename = "merge-reason")]
    reason: String,
}

/// Merges the profile with another.
pub(crate) async fn merge(
    State(state): State<AppState>,
    page: Page,
    work: AtWork,
    Path(id): Path<String>,
    Posted(sent): Posted<MergeForm>,
) -> Result<Response, Fault> {
    let profile = ProfileId::parse(&id).map_err(|_| Fault::NotFound)?;
    let form = RulingForm {
        other: sent.other,
        merge_reason: sent.reason,
        ..RulingForm::default()
    };
    let errors = match ProfileId::parse(form.other.trim()) {
        Err(_) => Errors::one("other", "error-other"),
        Ok(other) => {
            let merged = state
                .registry
                .merge_profiles(&work.asker, [profile, other], &form.merge_reason)
                .await;
            match merged {
                Ok(merged) => return Ok(to_records(merged.into)),
                Err(MergeError::Words) => Errors::one("merge-reason", "error-reason"),
                Err(MergeError::NoSuchProfile | MergeError::One) => Errors::one("other", "error-other"),
                Err(MergeError::Contradiction) => Errors::one("other", "error-contradiction"),
                Err(error) => return Err(error.into()),
            }
        }
    };
    show(&state, page, &work, profile, errors, form).await
}

#[derive(Deserialize)]
pub(crate) struct UndoForm {
    #[serde(default)]
    profile: String,
    #[serde(default)]
    why: String,
}

/// Takes a ruling back.
pub(crate) async fn undo(
    State(state): State<AppState>,
    page: Page,
    work: AtWork,
    Path(ruling): Path<u64>,
    Posted(form): Posted<UndoForm>,
) -> Result<Response, Fault> {
    let profile = ProfileId::parse(&form.profile).map_err(|_| Fault::Form)?;
    let undone = state
        .registry
        .undo_ruling(&work.asker, RulingId(ruling), &form.why)
        .await;
    let errors = match undone {
        Ok(()) => return Ok(to_records(profile)),
        Err(UndoError::Words) => Errors::one("rulings", "error-reason"),
        Err(UndoError::Later) => Errors::one("rulings", "error-later-ruling"),
        Err(UndoError::Already) => Errors::one("rulings", "error-undone-already"),
        Err(error) => return Err(error.into()),
    };
    show(&state, page, &work, profile, errors, RulingForm::default()).await
}

fn to_records(profile: ProfileId) -> Response {
    Redirect::to(&format!("/office/person/{profile}/records")).into_response()
}
