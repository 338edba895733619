//! Asks whether a signed answer was withdrawn: at the installation that signed it, or in a copy of its list.
//!
//! Three answers, never two: a list that cannot be had says nothing about the proof.

use std::{fmt, fs, io::Read as _, path::Path, time::Duration};

use credential::CredentialId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::api::WITHDRAWN_PROOFS;

/// Longest list that is read.
const LIST_BYTES_MAX: u64 = 32 << 20;
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// What the list says of a proof.
#[derive(Serialize)]
#[serde(tag = "withdrawn", rename_all = "snake_case")]
pub(super) enum Withdrawn {
    No { list_of: Timestamp },
    Yes { since: Timestamp },
    Unknown { because: String },
}

impl Withdrawn {
    pub(super) fn is_no(&self) -> bool {
        matches!(self, Self::No { .. })
    }
}

impl fmt::Display for Withdrawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::No { list_of } => write!(f, "not withdrawn, by the list of {list_of}"),
            Self::Yes { since } => write!(
                f,
                "WITHDRAWN since {since}: the facts it rests on were wrong; ask for a new one"
            ),
            Self::Unknown { because } => {
                write!(f, "whether it was withdrawn CANNOT BE TOLD: {because}")
            }
        }
    }
}

/// The list as the API gives it.
#[derive(Deserialize)]
struct List {
    at: Timestamp,
    withdrawn: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    receipt: String,
    since: Timestamp,
}

pub(super) fn ask(place: &str, credential: CredentialId) -> Withdrawn {
    match read(place) {
        Err(because) => Withdrawn::Unknown { because },
        Ok(list) => {
            let id = credential.to_string();
            let row = list.withdrawn.into_iter().find(|row| row.receipt == id);
            row.map_or(Withdrawn::No { list_of: list.at }, |row| Withdrawn::Yes {
                since: row.since,
            })
        }
    }
}

fn read(place: &str) -> Result<List, String> {
    let text = if place.starts_with("http://") || place.starts_with("https://") {
        fetch(&format!("{}{WITHDRAWN_PROOFS}", place.trim_end_matches('/')))
    } else {
        open(Path::new(place))
    };
    serde_json::from_str(&text?).map_err(|_| "the list is not in the form described".to_owned())
}

fn fetch(url: &str) -> Result<String, String> {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .timeout_global(Some(ANSWER_WITHIN))
        .build()
        .into();
    let mut answer = agent.get(url).call().map_err(|error| error.to_string())?;
    let body = answer.body_mut().with_config().limit(LIST_BYTES_MAX);
    body.read_to_string().map_err(|error| error.to_string())
}

fn open(path: &Path) -> Result<String, String> {
    let file = fs::File::open(path).map_err(|error| error.to_string())?;
    let mut text = String::new();
    let read = file.take(LIST_BYTES_MAX + 1).read_to_string(&mut text);
    match read {
        Ok(bytes) if bytes as u64 <= LIST_BYTES_MAX => Ok(text),
        Ok(_) => Err("the list is too long".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(list: &str) -> Withdrawn {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("list.json");
        fs::write(&path, list).unwrap();
        ask(path.to_str().unwrap(), CredentialId::from_random_bytes([0xab; 8]))
    }

    #[test]
    fn a_list_tells_three_ways() {
        let list = |id: &str| {
            format!(
                r#"{{"at":"2025-12-15T06:00:00Z","withdrawn":[{{"receipt":"{id}","since":"2025-12-14T06:00:00Z"}}]}}"#
            )
        };
        assert!(matches!(told(&list("abababababababab")), Withdrawn::Yes { .. }));
        assert!(told(&list("1111111111111111")).is_no());
        for spoilt in ["", "{}", "[]", "<html>"] {
            assert!(matches!(told(spoilt), Withdrawn::Unknown { .. }), "{spoilt}");
        }
        let nowhere = ask("/no/such/list", CredentialId::from_random_bytes([1; 8]));
        assert!(matches!(nowhere, Withdrawn::Unknown { .. }));
    }
}
