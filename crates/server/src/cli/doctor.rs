//! `sojourn doctor`: looks at each part an installation needs, and says what to do about what is wrong.

use std::path::Path;

use exchange::{
    connection::{Patience, connect},
    settings::Settings,
    stream::{self, Kept},
};
use serde::Serialize;
use store::form::Form;

use super::{Finish, args::Common, show};
use crate::{
    config::Config,
    data::DataFiles,
    delivery::chain,
    installation::{self, Installation, Stop},
};

#[derive(Serialize)]
struct Finding {
    part: &'static str,
    sound: bool,
    says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<&'static str>,
}

pub(crate) async fn run(common: &Common, config: Option<&Path>) -> Result<Finish, Stop> {
    let data = DataFiles::new(common.data.clone());
    let mut findings = vec![
        finding(
            "mappings",
            "correct the mapping that is named",
            installation::reading(&data)
                .map(|reading| format!("{} extracts can be read", reading.mappings.iter().count())),
        ),
        finding(
            "pack ru",
            "correct the file and line that are named",
            installation::pack(&data, "ru").map(|pack| format!("rules of edition {}", pack.edition())),
        ),
        finding(
            "pack schengen",
            "correct the file and line that are named",
            installation::pack(&data, "schengen").map(|pack| format!("rules of edition {}", pack.edition())),
        ),
        clock(common),
    ];
    findings.extend(store(common).await?);
    if let Some(path) = config {
        findings.extend(broker(path).await);
    }
    let sound = findings.iter().all(|finding| finding.sound);
    if common.json {
        show::json(&findings)?;
    } else {
        show::text(&findings.iter().map(line).collect::<Vec<_>>().join("\n"))?;
    }
    Ok(if sound { Finish::Done } else { Finish::Problems })
}

fn finding(part: &'static str, remedy: &'static str, looked: Result<String, Stop>) -> Finding {
    match looked {
        Ok(says) => Finding {
            part,
            sound: true,
            says,
            remedy: None,
        },
        Err(error) => Finding {
            part,
            sound: false,
            says: chain(error.as_ref()),
            remedy: Some(remedy),
        },
    }
}

/// The store's tables, its server if it has one, and what it holds. A store of an older form is left as it is.
async fn store(common: &Common) -> Result<Vec<Finding>, Stop> {
    let store = common.store();
    match store::open::form(store.as_str()).await {
        Err(error) => return Ok(vec![closed(error.into())]),
        Ok(Form::Behind { migrations }) => {
            let lacks = format!("{store} lacks {migrations} migrations of this program");
            let remedy = "keep a copy, then run sojourn migrate";
            return Ok(vec![finding("store and keys", remedy, Err(lacks.into()))]);
        }
        Ok(Form::Absent { .. } | Form::Current) => {}
    }
    let open = match super::open(common).await {
        Err(error) => return Ok(vec![closed(error)]),
        Ok(open) => open,
    };
    let says = format!("{store} opens, its tables are up to date");
    let mut findings = vec![finding("store and keys", "", Ok(says))];
    let examined = store::open::examine(store.as_str()).await?;
    findings.extend(examined.into_iter().map(Finding::from));
    findings.push(trace(&open).await?);
    Ok(findings)
}

fn closed(error: Stop) -> Finding {
    finding("store and keys", "see the cause; nothing was changed", Err(error))
}

impl From<store::health::Finding> for Finding {
    fn from(examined: store::health::Finding) -> Self {
        Self {
            part: examined.part,
            sound: examined.remedy.is_none(),
            says: examined.says,
            remedy: examined.remedy,
        }
    }
}

async fn trace(installation: &Installation) -> Result<Finding, Stop> {
    let asker = installation::operator(installation::OPERATION)?;
    let looked = installation.registry.verify_trace(&asker).await;
    let remedy =
        "restore the store from a copy taken before the entry that is named, and report the incident";
    Ok(finding(
        "trace",
        remedy,
        looked.map_err(Stop::from).map(|report| {
            format!(
                "{} entries, each follows the one before; head {}",
                report.entries,
                report.head.unwrap_or_default()
            )
        }),
    ))
}

/// The broker that a configuration names; none where it names none.
async fn broker(path: &Path) -> Option<Finding> {
    let remedy =
        "notices wait in the outbox and nothing is lost; see that the broker runs and lets sojourn in";
    let settings = match Config::load(path) {
        Ok(config) => config.exchange?,
        Err(error) => {
            let remedy = "correct the line that is named";
            return Some(finding("configuration", remedy, Err(error.into())));
        }
    };
    Some(finding("broker", remedy, look(&settings).await))
}

async fn look(settings: &Settings) -> Result<String, Stop> {
    let client = connect(settings, Patience::Once).await?;
    let Kept { notices, messages } = stream::kept(client, settings).await?;
    Ok(format!("keeps {notices} notices and {messages} messages to us"))
}

fn clock(common: &Common) -> Finding {
    match common.simulated_start {
        None => finding("clock", "", Ok("the machine's".to_owned())),
        Some(start) => finding(
            "clock",
            "take the simulated start away before real work",
            Err(format!("simulated, starts at {start}").into()),
        ),
    }
}

fn line(finding: &Finding) -> String {
    let mark = if finding.sound { "ok     " } else { "WRONG  " };
    let remedy = finding
        .remedy
        .map_or_else(String::new, |remedy| format!("\n       {remedy}"));
    format!("{mark}{}: {}{remedy}", finding.part, finding.says)
}
