//! The review queue: pairs of records that linkage would not settle, and why.
//!
//! Not here: one pair side by side (`review`).

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use linkage::{assignment::WaitReason, evidence::Evidence};
use registry::port::review_queue::{Item, ItemId, ItemState};
use serde::Deserialize;

use super::{asker::AtWork, matter::band, page::Page, routes::Html, words::Words};
use crate::http::{fault::Fault, state::AppState};

/// Pairs on one page.
const QUEUE_PAGE: u32 = 50;

#[derive(Template)]
#[template(path = "office/queue.html")]
struct QueuePage {
    page: Page,
    matter: String,
    items: Vec<ItemLine>,
    count: String,
    next_after: Option<u64>,
}

struct ItemLine {
    id: u64,
    name: String,
    why: String,
    state: String,
    weight: String,
}

/// Why a pair waits, and what was compared: what linkage wrote beside it.
#[derive(Deserialize)]
pub(super) struct Explanation {
    pub(super) waits: WaitReason,
    pub(super) evidence: Vec<Evidence>,
}

#[derive(Deserialize)]
pub(crate) struct QueueQuery {
    after: Option<u64>,
}

pub(crate) async fn list(
    State(state): State<AppState>,
    page: Page,
    work: AtWork,
    Query(query): Query<QueueQuery>,
) -> Result<Response, Fault> {
    let found = state
        .registry
        .queue(&work.asker, query.after.map(ItemId), QUEUE_PAGE)
        .await?;
    let words = Words {
        language: page.language,
        countries: &state.countries,
    };
    let items: Vec<ItemLine> = found
        .items
        .iter()
        .map(|item| item_line(item, &words))
        .collect::<Result<_, Fault>>()?;
    let fills = [("shown", items.len().into()), ("all", found.open.into())];
    Html::page(&QueuePage {
        matter: band(&work.matter, page.language),
        count: page.language.say_with("queue-count", &fills),
        next_after: found.next_after.map(|id| id.0),
        items,
        page,
    })
}

pub(super) fn explanation(item: &Item) -> Result<Explanation, Fault> {
    serde_json::from_value(item.explanation.clone()).map_err(|error| Fault::internal(&error))
}

fn item_line(item: &Item, words: &Words<'_>) -> Result<ItemLine, Fault> {
    let state = match &item.state {
        ItemState::Taken { by, .. } => words
            .language
            .say_with("queue-taken", &[("by", by.name.as_str().into())]),
        ItemState::Waiting | ItemState::Decided { .. } | ItemState::Withdrawn { .. } => {
            words.language.say("queue-waiting")
        }
    };
    Ok(ItemLine {
        id: item.id.0,
        name: format!(
            "{} – {}",
            words.source(item.pair.left().source.as_str()),
            words.source(item.pair.right().source.as_str())
        ),
        why: waits(&explanation(item)?.waits, words),
        state,
        weight: format!("{:+.1}", item.weight),
    })
}

pub(super) fn waits(reason: &WaitReason, words: &Words<'_>) -> String {
    let fields = |fields: &[linkage::evidence::Field]| {
        fields
            .iter()
            .map(|field| words.of("evidence", field))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let language = words.language;
    match reason {
        WaitReason::BetweenThresholds => language.say("waits-between"),
        WaitReason::Contradicted { fields: against } => {
            language.say_with("waits-contradicted", &[("fields", fields(against).into())])
        }
        WaitReason::SeveralCandidates { candidates } => {
            language.say_with("waits-several", &[("n", (*candidates).into())])
        }
        WaitReason::Harmful { contradicting } if contradicting.is_empty() => language.say("waits-harmful"),
        WaitReason::Harmful { contradicting } => language.say_with(
            "waits-harmful-contradicted",
            &[("fields", fields(contradicting).into())],
        ),
        WaitReason::SharedDocument => language.say("waits-shared-document"),
        WaitReason::OtherIdentity => language.say("waits-other-identity"),
    }
}
