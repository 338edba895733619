//! `sojourn profile ID`.

use std::fmt::Write as _;

use profile::{
    cite::Citation,
    field::{Difference, Field},
    presence::{Entry, Exit, Stay},
    view::Profile,
};
use records::key::ProfileId;
use registry::registry::AsOf;

use super::{Finish, args::Common, args::View, find::full, show};
use crate::installation::{self, Installation, Stop};

/// Records that one line names before it says how many more there are.
const CITED_SHOWN: usize = 3;

pub(crate) async fn run(common: &Common, view: &View) -> Result<Finish, Stop> {
    let installation = super::open(common).await?;
    let asker = installation::operator_named(view.why.official.clone(), &view.why.purpose)?;
    let as_of = as_of(&installation, view);
    let seen = installation
        .registry
        .view_profile(&asker, ProfileId::parse(&view.id)?, as_of)
        .await?;
    if common.json {
        show::json(&seen.profile)?;
    } else {
        show::text(&as_text(&seen.profile))?;
    }
    Ok(Finish::Done)
}

/// Today and now, unless the user says otherwise.
pub(crate) fn as_of(installation: &Installation, view: &View) -> AsOf {
    let now = AsOf::now(&installation.registry);
    AsOf {
        on: view.on.unwrap_or(now.on),
        known_at: view.known_at.unwrap_or(now.known_at),
    }
}

fn as_text(profile: &Profile) -> String {
    let mut text = format!(
        "profile {}\non {}, as known at {}\n",
        profile.id, profile.on, profile.known_at
    );
    identity(&mut text, profile);
    for stay in &profile.stays {
        add(&mut text, "stay", &stay_text(stay), &stay.notices);
    }
    for job in &profile.jobs {
        let end = job.until.map_or_else(String::new, |day| day.to_string());
        let begin = job.from.map_or_else(|| "?".to_owned(), |day| day.to_string());
        let what = format!("{} at {}, {begin} to {end}", job.profession, job.employer.name);
        add(&mut text, "work", &what, &job.cited);
    }
    for moment in &profile.timeline {
        add(
            &mut text,
            "event",
            &format!("{} {:?}", moment.on, moment.what),
            &moment.cited,
        );
    }
    text
}

fn identity(text: &mut String, profile: &Profile) {
    let identity = &profile.identity;
    line(text, "name", identity.latin.as_ref(), full);
    line(text, "name in Cyrillic", identity.cyrillic.as_ref(), full);
    line(text, "born", identity.birth_date.as_ref(), ToString::to_string);
    line(text, "birth place", identity.birth_place.as_ref(), Clone::clone);
    line(text, "sex", identity.sex.as_ref(), |sex| {
        format!("{sex:?}").to_lowercase()
    });
    line(
        text,
        "citizenship",
        identity.citizenship.as_ref(),
        ToString::to_string,
    );
    for held in &identity.documents {
        let issuer = held
            .document
            .issuer
            .map_or_else(String::new, |issuer| format!("{issuer} "));
        let (number, state) = (
            held.document.number.as_str(),
            format!("{:?}", held.state).to_lowercase(),
        );
        let what = format!(
            "{issuer}{number}, {state}, used {} to {}",
            held.first_used, held.last_used
        );
        add(text, "document", &what, &held.cited);
    }
}

fn line<T>(text: &mut String, name: &str, field: Option<&Field<T>>, print: impl Fn(&T) -> String) {
    let Some(field) = field else { return };
    add(
        text,
        name,
        &format!("{} ({:?})", print(&field.value), field.chosen_by),
        &field.cited,
    );
    for other in field
        .others
        .iter()
        .filter(|other| other.difference == Difference::Conflict)
    {
        add(text, "  CONFLICT", &print(&other.value), &other.cited);
    }
}

fn add(text: &mut String, name: &str, value: &str, cited: &[Citation]) {
    let shown: Vec<String> = cited
        .iter()
        .take(CITED_SHOWN)
        .map(|citation| citation.key.to_string())
        .collect();
    let more = cited.len().saturating_sub(CITED_SHOWN);
    let more = if more == 0 {
        String::new()
    } else {
        format!(" and {more} more")
    };
    // writing to a String cannot fail
    let written = writeln!(text, "{name:<17} {value}  [{}{more}]", shown.join(", "));
    debug_assert!(written.is_ok());
}

fn stay_text(stay: &Stay) -> String {
    let entry = match &stay.entry {
        Entry::Crossed { on, .. } => format!("entered {on}"),
        Entry::Notified { on, .. } => format!("entered {on} as notified, no crossing on record"),
        Entry::Unrecorded { not_after, .. } => format!("entry not on record, here by {not_after}"),
    };
    let exit = match &stay.exit {
        Exit::Crossed { on, .. } => format!("left {on}"),
        Exit::Open => "not left as far as known".to_owned(),
        Exit::Unrecorded {
            not_before,
            not_after,
            ..
        } => {
            format!("exit not on record, between {not_before} and {not_after}")
        }
    };
    format!("{entry}, {exit}")
}
