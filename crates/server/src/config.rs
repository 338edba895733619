//! `sojourn.toml`: read once, unknown keys refused.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde::Deserialize;

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
    /// Store URL.
    pub(crate) store: String,
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
    #[error("{path} is not a valid configuration")]
    Form { path: PathBuf, source: toml::de::Error },
}

impl Config {
    pub(crate) fn load(path: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(path).map_err(|source| ConfigError::Read {
            path: path.to_owned(),
            source,
        })?;
        toml::from_str(&text).map_err(|source| ConfigError::Form {
            path: path.to_owned(),
            source,
        })
    }
}
