//! `sojourn.toml`: read once, unknown keys refused.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde::Deserialize;
use store::StoreUrl;

use crate::http::telemetry::Telemetry;

/// What `sojourn serve` needs to know. Every key has a line in `sojourn.example.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Config {
    /// Address of the API and the portals.
    #[serde(default = "default_listen")]
    pub(crate) listen: SocketAddr,
    /// Origin as a browser spells it; forms from elsewhere are refused.
    pub(crate) public_origin: String,
    /// Where the records are.
    pub(crate) store: StoreUrl,
    /// Directory of the signing and pseudonymisation keys.
    pub(crate) keys: PathBuf,
    /// Directory of packs and mappings to use instead of those built in.
    #[serde(default)]
    pub(crate) data: Option<PathBuf>,
    /// For demonstrations and rehearsals only: the time that the system takes for the moment of its start.
    #[serde(default)]
    pub(crate) simulated_start: Option<Timestamp>,
    /// Days for which the statistics page shows tables, the latest first.
    #[serde(default)]
    pub(crate) statistics_days: Vec<records::Day>,
    /// Message broker by which agencies are told and send; without one they ask the API.
    #[serde(default)]
    pub(crate) exchange: Option<exchange::settings::Settings>,
    /// How the program tells of its own work.
    #[serde(default)]
    pub(crate) telemetry: Telemetry,
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("{path} could not be read")]
    Read { path: PathBuf, source: std::io::Error },
    /// What stands there is not told: it may be the store's password.
    #[error("{path} is not a valid configuration, line {line}: {reason}")]
    Form {
        path: PathBuf,
        line: usize,
        reason: String,
    },
}

impl Config {
    pub(crate) fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(path).map_err(|source| ConfigError::Read {
            path: path.to_owned(),
            source,
        })?;
        toml::from_str(&text).map_err(|error| ConfigError::Form {
            path: path.to_owned(),
            line: error.span().map_or(1, |span| line(&text, span.start)),
            reason: error.message().to_owned(),
        })
    }
}

/// The line, from 1, in which a byte of a text stands.
fn line(text: &str, byte: usize) -> usize {
    let before = text.as_bytes().iter().take(byte);
    1 + before.filter(|letter| **letter == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_named_by_its_line_and_not_told() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("sojourn.toml");
        for (text, told) in [
            (
                "public_origin = \"x\"\nstore = postgres://anna:s3cr3t@db/s\n",
                "line 2",
            ),
            (
                "public_origin = \"x\"\nkeys = \"k\"\nstoer = \"s3cr3t\"\n",
                "line 3: unknown field `stoer`",
            ),
        ] {
            fs::write(&path, text).unwrap();
            let error = crate::delivery::chain(&Config::load(&path).unwrap_err());
            assert!(error.contains(told) && !error.contains("s3cr3t"), "{error}");
        }
    }
}
