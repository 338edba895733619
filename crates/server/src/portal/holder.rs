//! The holder's pages: where I stand, my data, who looked.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use profile::view::Profile;
use registry::{access::actor::Actor, own_view::Look, registry::AsOf, trace::Outcome};
use serde::Deserialize;

use super::{
    asker::Holder,
    conclusions::{Answer, Conclusions, DutyLine, Notice, Reader},
    facts::Facts,
    matter::basis,
    page::Page,
    routes::Html,
    teller::Teller,
    text::Language,
    words::{Words, name_line},
};
use crate::http::{fault::Fault, state::AppState};

/// Looks on one page.
const LOOKS_PAGE: u32 = 100;

/// Who a page is about.
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) line: String,
}

impl Person {
    pub(crate) fn of(profile: &Profile, words: &Words<'_>) -> Self {
        let who = &profile.identity;
        let name = who
            .latin
            .as_ref()
            .or(who.cyrillic.as_ref())
            .map(|field| name_line(&field.value));
        let born = who
            .birth_date
            .as_ref()
            .map(|field| words.partial_date(&field.value));
        let citizenship = who.citizenship.as_ref().map(|field| words.country(field.value));
        let line = match (citizenship, born) {
            (Some(citizenship), Some(born)) => words.language.say_with(
                "person-line",
                &[("citizenship", citizenship.into()), ("born", born.into())],
            ),
            (None, Some(born)) => words
                .language
                .say_with("person-line-born", &[("born", born.into())]),
            (citizenship, None) => citizenship.unwrap_or_default(),
        };
        Self {
            name: name.unwrap_or_else(|| words.language.say("person-unnamed")),
            line,
        }
    }
}

pub(crate) fn as_of_line(as_of: AsOf, language: Language) -> String {
    let fills = [
        ("day", language.day(as_of.on).into()),
        ("known", language.time(as_of.known_at).into()),
    ];
    language.say_with("status-as-of", &fills)
}

#[derive(Template)]
#[template(path = "holder/status.html")]
struct StatusPage {
    page: Page,
    person: Person,
    as_of: String,
    stay: Answer,
    work: Answer,
    notices: Vec<Notice>,
    next: Vec<DutyLine>,
    settled: Vec<DutyLine>,
    edition: String,
}

/// May I stay, until when, may I work, what next.
pub(crate) async fn status(
    State(state): State<AppState>,
    page: Page,
    holder: Holder,
) -> Result<Response, Fault> {
    let as_of = AsOf::now(&state.registry);
    let seen = state
        .registry
        .view_profile(&holder.asker, holder.profile, as_of)
        .await?;
    let status = state
        .registry
        .view_status(&holder.asker, holder.profile, as_of)
        .await?;
    let words = Words {
        language: page.language,
        countries: &state.countries,
    };
    let teller = Teller {
        words,
        pack: state.registry.pack(),
        reader: Reader::Holder,
    };
    let Conclusions {
        stay,
        work,
        next,
        settled,
        notices,
    } = teller.conclusions(&status);
    let person = Person::of(&seen.profile, &words);
    let as_of = as_of_line(as_of, page.language);
    let edition = state.registry.pack().edition().to_owned();
    Html::page(&StatusPage {
        page,
        person,
        as_of,
        stay,
        work,
        notices,
        next,
        settled,
        edition,
    })
}

#[derive(Template)]
#[template(path = "holder/data.html")]
struct DataPage {
    page: Page,
    facts: Facts,
}

/// Everything on record of the holder.
pub(crate) async fn data(
    State(state): State<AppState>,
    page: Page,
    holder: Holder,
) -> Result<Response, Fault> {
    let as_of = AsOf::now(&state.registry);
    let seen = state
        .registry
        .view_profile(&holder.asker, holder.profile, as_of)
        .await?;
    let words = Words {
        language: page.language,
        countries: &state.countries,
    };
    let facts = Facts::of(&seen, &words, Some("/my/corrections/new".to_owned()));
    Html::page(&DataPage { page, facts })
}

#[derive(Template)]
#[template(path = "holder/looks.html")]
struct LooksPage {
    page: Page,
    others: Vec<LookLine>,
    own: Vec<LookLine>,
    withheld: Option<String>,
    next_before: Option<u64>,
}

/// One look in the reader's words.
struct LookLine {
    when: String,
    who: String,
    what: String,
    why: String,
}

#[derive(Deserialize)]
pub(crate) struct LooksQuery {
    before: Option<u64>,
}

/// Who looked, the newest first; the holder's own visits apart.
pub(crate) async fn looks(
    State(state): State<AppState>,
    page: Page,
    holder: Holder,
    Query(query): Query<LooksQuery>,
) -> Result<Response, Fault> {
    let found = state
        .registry
        .who_looked(&holder.asker, holder.profile, query.before, LOOKS_PAGE)
        .await?;
    let (own, others): (Vec<&Look>, Vec<&Look>) = found
        .looks
        .iter()
        .partition(|look| matches!(look.actor, Actor::Holder { .. }));
    let line = |look: &Look| look_line(look, &state, page.language);
    let withheld = (found.withheld > 0).then(|| {
        page.language
            .say_with("looks-withheld", &[("n", found.withheld.into())])
    });
    Html::page(&LooksPage {
        others: others.into_iter().map(line).collect(),
        own: own.into_iter().map(line).collect(),
        withheld,
        next_before: found.next_before,
        page,
    })
}

fn look_line(look: &Look, state: &AppState, language: Language) -> LookLine {
    let who = match &look.actor {
        Actor::Holder { .. } => language.say("looks-yourself"),
        Actor::Official { name, office } | Actor::Analyst { name, office } => format!("{office}, {name}"),
        Actor::Verifier { organisation } => organisation.clone(),
        Actor::Operator { name } => format!("{}, {name}", language.say("role-operator")),
    };
    let mut what = language.say(look.action.text_key());
    if matches!(look.outcome, Outcome::Refused { .. }) {
        what = format!("{what} – {}", language.say("looks-refused"));
    }
    let purpose = state.registry.purposes().find(&look.purpose);
    let name = purpose.map_or_else(
        || look.purpose.to_string(),
        |purpose| language.say(&purpose.text_key),
    );
    let mut why = vec![language.say_with("looks-purpose", &[("purpose", name.into())])];
    let basis = purpose.map_or_else(|| look.legal_basis.clone(), |purpose| basis(purpose, language));
    why.extend(Some(basis).filter(|basis| !basis.is_empty()));
    why.extend(
        look.case
            .as_ref()
            .map(|case| language.say_with("looks-case", &[("case", case.as_str().into())])),
    );
    LookLine {
        when: language.time(look.at),
        who,
        what,
        why: why.join(" · "),
    }
}
