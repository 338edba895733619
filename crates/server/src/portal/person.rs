//! What the official sees of a person: status, facts with provenance, timeline; as far as the purpose opens it.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use jiff::{Timestamp, civil};
use profile::timeline::Moment;
use records::{Day, key::ProfileId};
use registry::{
    access::action::Action,
    registry::{AsOf, Registry},
};
use serde::Deserialize;

use super::{
    asker::AtWork,
    conclusions::{Conclusions, Reader},
    facts::Facts,
    holder::{Person, as_of_line},
    matter::band,
    page::Page,
    routes::Html,
    teller::Teller,
    text::MOSCOW,
    words::Words,
};
use crate::http::{fault::Fault, state::AppState};

#[derive(Template)]
#[template(path = "office/person.html")]
struct PersonPage {
    page: Page,
    matter: String,
    id: String,
    person: Person,
    as_of: String,
    on: String,
    known_at: String,
    /// Whether the purpose lets records be moved to and from the profile.
    may_part: bool,
    /// None where the purpose does not open the status.
    conclusions: Option<Conclusions>,
    facts: Facts,
    withheld: Option<String>,
    timeline: Vec<MomentLine>,
}

struct MomentLine {
    when: String,
    says: String,
    sources: String,
}

#[derive(Deserialize)]
pub(crate) struct AsAsked {
    on: Option<String>,
    known_at: Option<String>,
}

/// One person, on a day.
pub(crate) async fn person(
    State(state): State<AppState>,
    page: Page,
    work: AtWork,
    Path(id): Path<String>,
    Query(query): Query<AsAsked>,
) -> Result<Response, Fault> {
    let profile = ProfileId::parse(&id).map_err(|_| Fault::NotFound)?;
    let as_of = as_of(
        &state.registry,
        query.on.as_deref().unwrap_or_default(),
        query.known_at.as_deref().unwrap_or_default(),
    )?;
    let seen = state.registry.view_profile(&work.asker, profile, as_of).await?;
    let status = if work.matter.allows(Action::ViewStatus) {
        Some(state.registry.view_status(&work.asker, profile, as_of).await?)
    } else {
        None
    };
    let words = Words {
        language: page.language,
        countries: &state.countries,
    };
    let teller = Teller {
        words,
        pack: state.registry.pack(),
        reader: Reader::Official,
    };
    let closed: Vec<String> = seen
        .closed
        .iter()
        .map(|group| words.of("fields", group))
        .collect();
    // What is contested is what stands now.
    let is_now = query.known_at.as_deref().is_none_or(str::is_empty);
    let contest_at =
        (is_now && work.matter.allows(Action::Contest)).then(|| format!("/office/person/{profile}/contest"));
    let withheld = (!closed.is_empty()).then(|| page.t1("office-withheld", "groups", closed.join(", ")));
    Html::page(&PersonPage {
        matter: band(&work.matter, page.language),
        id: profile.to_string(),
        person: Person::of(&seen.profile, &words),
        as_of: as_of_line(as_of, page.language),
        on: as_of.on.to_string(),
        known_at: query.known_at.unwrap_or_default(),
        may_part: work.matter.allows(Action::PartProfile),
        conclusions: status.map(|status| teller.conclusions(&status)),
        facts: Facts::of(&seen, &words, contest_at),
        withheld,
        timeline: seen
            .profile
            .timeline
            .iter()
            .rev()
            .map(|moment| moment_line(moment, &words))
            .collect(),
        page,
    })
}

/// The day asked about, today when none is; by what was known then, now when no time is named.
pub(crate) fn as_of(registry: &Registry, on: &str, known_at: &str) -> Result<AsOf, Fault> {
    let now = AsOf::now(registry);
    let on = match on.trim() {
        "" => now.on,
        day => day.parse::<Day>().map_err(|_| Fault::Form)?,
    };
    let known_at = match known_at.trim() {
        "" => now.known_at,
        time => moscow_time(time).ok_or(Fault::Form)?,
    };
    Ok(AsOf { on, known_at })
}

/// A time as the browser's field writes it, `2025-12-15T09:30`: Moscow time, as every time on these pages.
fn moscow_time(written: &str) -> Option<Timestamp> {
    let time: civil::DateTime = written.parse().ok()?;
    MOSCOW.to_timestamp(time).ok()
}

fn moment_line(moment: &Moment, words: &Words<'_>) -> MomentLine {
    let what = words.of("what", &moment.what);
    let says = match &moment.detail {
        None => what,
        Some(detail) => {
            let detail = words.moment_detail(moment.what, detail);
            words
                .language
                .say_with("moment-line", &[("what", what.into()), ("detail", detail.into())])
        }
    };
    MomentLine {
        when: words.language.day(moment.on),
        says,
        sources: words.sources(&moment.cited),
    }
}
