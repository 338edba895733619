//! One pair of the review queue: side by side, with the evidence, and the decision.
//!
//! An official takes a pair before deciding it; the decision names its reason.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use linkage::evidence::{Evidence, total};
use records::envelope::Record;
use registry::{
    access::actor::Actor,
    merge::MergeError,
    port::review_queue::{ItemId, ItemState, OfficialName, Verdict},
    review::{ItemView, ReviewError, Side},
};
use serde::Deserialize;

use super::{
    asker::AtWork,
    forms::{Errors, Posted},
    matter::band,
    page::Page,
    queue::{Explanation, explanation, waits},
    routes::Html,
    words::{Words, name_line},
};
use crate::http::{fault::Fault, state::AppState};

#[derive(Template)]
#[template(path = "office/review.html")]
struct ReviewPage {
    page: Page,
    matter: String,
    errors: Errors,
    id: u64,
    why: String,
    sides: [SideHead; 2],
    rows: Vec<Row>,
    evidence: Vec<EvidenceLine>,
    total: String,
    state: Hand,
    taken_by: String,
    reason: String,
}

/// In whose hand the item is.
#[derive(PartialEq, Eq)]
enum Hand {
    Nobody,
    Own,
    Other,
    Closed,
}

struct SideHead {
    title: String,
    record: String,
    profile: Option<String>,
}

struct Row {
    name: String,
    left: String,
    right: String,
}

struct EvidenceLine {
    name: String,
    finding: String,
    weight: String,
    bar: Bar,
}

/// One step of the waterfall as a bar: where it begins and how long it is, in hundredths of the whole width.
struct Bar {
    from: String,
    width: String,
    css: &'static str,
}

pub(crate) async fn item(
    State(state): State<AppState>,
    page: Page,
    work: AtWork,
    Path(id): Path<u64>,
) -> Result<Response, Fault> {
    show(&state, page, &work, ItemId(id), Errors::default(), String::new()).await
}

async fn show(
    state: &AppState,
    page: Page,
    work: &AtWork,
    id: ItemId,
    errors: Errors,
    reason: String,
) -> Result<Response, Fault> {
    let ItemView {
        item,
        sides: [left, right],
    } = state.registry.view_item(&work.asker, id).await?;
    let words = Words {
        language: page.language,
        countries: &state.countries,
    };
    let Explanation { waits: why, evidence } = explanation(&item)?;
    let (hand, taken_by) = hand(&item.state, &work.asker.actor);
    Html::page(&ReviewPage {
        matter: band(&work.matter, page.language),
        errors,
        id: id.0,
        why: waits(&why, &words),
        sides: [head(&left, &words), head(&right, &words)],
        rows: rows(&left.record, &right.record, &words),
        total: total(&evidence).to_string(),
        evidence: waterfall(&evidence, &words),
        state: hand,
        taken_by,
        reason,
        page,
    })
}

fn hand(state: &ItemState, actor: &Actor) -> (Hand, String) {
    let is_own = |by: &OfficialName| matches!(actor, Actor::Official { name, office } if *name == by.name && *office == by.office);
    match state {
        ItemState::Waiting => (Hand::Nobody, String::new()),
        ItemState::Taken { by, .. } if is_own(by) => (Hand::Own, String::new()),
        ItemState::Taken { by, .. } => (Hand::Other, by.name.clone()),
        ItemState::Decided { .. } | ItemState::Withdrawn { .. } => (Hand::Closed, String::new()),
    }
}

fn head(side: &Side, words: &Words<'_>) -> SideHead {
    SideHead {
        title: words.source(side.record.key.source.as_str()),
        record: side.record.key.id.to_string(),
        profile: side.profile.as_ref().map(|profile| profile.id.to_string()),
    }
}

/// The steps in order, each bar beginning where the one before it ended.
fn waterfall(evidence: &[Evidence], words: &Words<'_>) -> Vec<EvidenceLine> {
    let mut sums = vec![0.0_f64];
    for step in evidence {
        sums.push(sums.last().copied().unwrap_or_default() + step.weight.as_bits());
    }
    let least = sums.iter().copied().fold(0.0, f64::min);
    let span = (sums.iter().copied().fold(0.0, f64::max) - least).max(f64::MIN_POSITIVE);
    let at = |sum: f64| (sum - least) / span * 100.0;
    let line = |(step, ends): (&Evidence, &[f64])| {
        let (from, until) = (at(ends[0].min(ends[1])), at(ends[0].max(ends[1])));
        EvidenceLine {
            name: words.of("evidence", &step.field),
            finding: words.of("level", &step.level),
            weight: step.weight.to_string(),
            bar: Bar {
                from: format!("{from:.1}"),
                width: format!("{:.1}", until - from),
                css: if ends[1] < ends[0] { "against" } else { "for" },
            },
        }
    };
    evidence.iter().zip(sums.windows(2)).map(line).collect()
}

/// What a record says in one field, in the reader's words.
type ReadField = fn(&Record, &Words<'_>) -> Option<String>;

/// The two records field by field; fields that neither fills are left out.
fn rows(left: &Record, right: &Record, words: &Words<'_>) -> Vec<Row> {
    let fields: [(&str, ReadField); 11] = [
        ("field-latin", |r, _| r.subject.latin.as_ref().map(name_line)),
        ("field-cyrillic", |r, _| {
            r.subject.cyrillic.as_ref().map(name_line)
        }),
        ("field-birth", |r, w| {
            r.subject.birth.map(|birth| w.partial_date(&birth.date))
        }),
        ("field-birth-place", |r, _| r.subject.birth_place.clone()),
        ("field-sex", |r, w| r.subject.sex.map(|sex| w.of("sex", &sex))),
        ("field-citizenship", |r, w| {
            r.subject.citizenship.map(|country| w.country(country))
        }),
        ("field-document", |r, _| {
            r.subject.document.as_ref().map(|d| d.number.as_str().to_owned())
        }),
        ("field-inn", |r, _| {
            r.subject.inn.as_ref().map(|n| n.as_str().to_owned())
        }),
        ("field-snils", |r, _| {
            r.subject.snils.as_ref().map(|n| n.as_str().to_owned())
        }),
        ("review-kind", |r, w| {
            Some(w.language.say(&format!("kind-{}", r.payload.kind())))
        }),
        ("review-recorded", |r, w| Some(w.language.day(r.recorded_on))),
    ];
    let row = |(key, read): (&str, ReadField)| {
        let (left, right) = (read(left, words), read(right, words));
        (left.is_some() || right.is_some()).then(|| Row {
            name: words.language.say(key),
            left: left.unwrap_or_else(|| "–".to_owned()),
            right: right.unwrap_or_else(|| "–".to_owned()),
        })
    };
    fields.into_iter().filter_map(row).collect()
}

/// Takes an item to decide it.
pub(crate) async fn take(
    State(state): State<AppState>,
    page: Page,
    work: AtWork,
    Path(id): Path<u64>,
    Posted(()): Posted<()>,
) -> Result<Response, Fault> {
    match state.registry.take_item(&work.asker, ItemId(id)).await {
        Ok(()) => Ok(Redirect::to(&format!("/office/queue/{id}")).into_response()),
        Err(ReviewError::TakenByOther) => {
            show(
                &state,
                page,
                &work,
                ItemId(id),
                Errors::one("decide", "error-taken"),
                String::new(),
            )
            .await
        }
        Err(error) => Err(error.into()),
    }
}

/// Gives an item back.
pub(crate) async fn release(
    State(state): State<AppState>,
    work: AtWork,
    Path(id): Path<u64>,
    Posted(()): Posted<()>,
) -> Result<Redirect, Fault> {
    state.registry.release_item(&work.asker, ItemId(id)).await?;
    Ok(Redirect::to("/office/queue"))
}

#[derive(Deserialize)]
pub(crate) struct DecisionForm {
    #[serde(default)]
    decision: String,
    #[serde(default)]
    reason: String,
}

/// Records the decision on an item that the official has taken.
pub(crate) async fn decide(
    State(state): State<AppState>,
    page: Page,
    work: AtWork,
    Path(id): Path<u64>,
    Posted(form): Posted<DecisionForm>,
) -> Result<Response, Fault> {
    let verdict = match form.decision.as_str() {
        "same" => Some(Verdict::Same),
        "different" => Some(Verdict::Different),
        _ => None,
    };
    let error = match verdict {
        None => Errors::one("decision", "error-decision"),
        Some(verdict) => match state
            .registry
            .decide_item(&work.asker, ItemId(id), verdict, &form.reason)
            .await
        {
            Ok(_) => return Ok(Redirect::to("/office/queue").into_response()),
            Err(ReviewError::Reason) => Errors::one("reason", "error-reason"),
            Err(ReviewError::Merge(MergeError::Contradiction)) => {
                Errors::one("decision", "error-contradiction")
            }
            Err(error) => return Err(error.into()),
        },
    };
    show(&state, page, &work, ItemId(id), error, form.reason).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_decided_by_who_has_taken_it() {
        let me = Actor::Official {
            name: "A".into(),
            office: "B".into(),
        };
        let by = |name: &str, office: &str| ItemState::Taken {
            by: OfficialName {
                name: name.into(),
                office: office.into(),
            },
            at: jiff::Timestamp::UNIX_EPOCH,
        };
        assert!(hand(&by("A", "B"), &me).0 == Hand::Own);
        assert!(hand(&by("A", "C"), &me).0 == Hand::Other);
        assert!(hand(&ItemState::Waiting, &me).0 == Hand::Nobody);
    }
}
