//! `sojourn find`.

use profile::identity::DocumentState;
use records::{country::Country, document::DocumentNumber, partial_date::PartialDate, subject::Name};
use registry::{
    find::{Found, Query},
    registry::AsOf,
    search_key::SearchKind,
};
use serde_json::json;

use super::{Finish, args, args::Common, show};
use crate::installation::{self, Stop};

pub(crate) async fn run(common: &Common, find: &args::Find) -> Result<Finish, Stop> {
    let query = query(find)?;
    let installation = super::open(common).await?;
    let now = AsOf::now(&installation.registry);
    let as_of = AsOf {
        on: find.on.unwrap_or(now.on),
        known_at: find.known_at.unwrap_or(now.known_at),
    };
    let asker = installation::operator_named(find.official.clone(), &find.purpose)?;
    let found = installation.registry.find(&asker, &query, as_of).await?;
    if common.json {
        let rows: Vec<_> = found
            .iter()
            .map(|f| json!({ "profile": f.profile.id, "because": f.because }))
            .collect();
        show::json(&json!({ "candidates": rows }))?;
    } else if found.is_empty() {
        show::text("nobody found")?;
    } else {
        show::text(&found.iter().map(line).collect::<Vec<_>>().join("\n"))?;
    }
    Ok(if found.is_empty() {
        Finish::Problems
    } else {
        Finish::Done
    })
}

fn query(find: &args::Find) -> Result<Query, Stop> {
    if let Some(number) = &find.number {
        let (kind, number) = number
            .split_once(':')
            .ok_or("say --number KIND:NUMBER, snils:112-233-445 95")?;
        let kind = SearchKind::of_number(kind).ok_or_else(|| format!("there is no kind of number {kind}"))?;
        return Ok(Query::Number {
            kind,
            number: number.to_owned(),
        });
    }
    match (&find.document, &find.name, &find.born) {
        (Some(document), _, _) => {
            let (issuer, number) = match document.split_once(':') {
                Some((issuer, number)) => (Some(Country::parse(issuer)?), number),
                None => (None, document.as_str()),
            };
            Ok(Query::Document {
                number: DocumentNumber::parse(number)?,
                issuer,
            })
        }
        (None, Some(name), Some(born)) => Ok(Query::Name {
            name: name.clone(),
            born: PartialDate::parse_iso(born)?,
        }),
        _ => Err("say --document ISSUER:NUMBER, --number KIND:NUMBER, or --name and --born".into()),
    }
}

fn line(found: &Found) -> String {
    let identity = &found.profile.identity;
    let name = identity
        .latin
        .as_ref()
        .or(identity.cyrillic.as_ref())
        .map_or_else(String::new, |field| full(&field.value));
    let born = identity
        .birth_date
        .as_ref()
        .map_or_else(String::new, |field| field.value.to_string());
    let current = identity
        .documents
        .iter()
        .find(|held| held.state == DocumentState::Current);
    let document = current.map_or("", |held| held.document.number.as_str());
    let because: Vec<String> = found
        .because
        .iter()
        .map(|because| format!("{because:?}"))
        .collect();
    format!(
        "{}  {name}, {born}, {document}  ({})",
        found.profile.id,
        because.join("; ")
    )
}

pub(crate) fn full(name: &Name) -> String {
    let parts = [
        Some(&name.surname),
        Some(&name.given),
        name.patronymic.as_ref(),
        name.unsplit.as_ref(),
    ];
    let parts: Vec<&str> = parts
        .into_iter()
        .flatten()
        .map(String::as_str)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" ")
}
