//! Which broker, and as whom. Secrets stand in files of their own; nothing here holds one.

use std::path::PathBuf;

use async_nats::ServerAddr;
use serde::Deserialize;

/// Days for which the broker keeps notices, unless the operator says otherwise.
const KEEP_DAYS: u32 = 30;

/// Section `[exchange]` of the configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Servers of one NATS cluster.
    pub nats: Servers,
    /// File of a user's JWT and seed, as NATS writes it.
    #[serde(default)]
    pub credentials: Option<PathBuf>,
    /// Name of a user who has a password.
    #[serde(default)]
    pub user: Option<String>,
    #[serde(default)]
    pub password_file: Option<PathBuf>,
    /// Certificates of the authorities that the broker's certificate is checked against; the machine's if left out.
    #[serde(default)]
    pub tls_authorities: Option<PathBuf>,
    /// Our own certificate, for a broker that asks for one, and its key.
    #[serde(default)]
    pub tls_certificate: Option<PathBuf>,
    #[serde(default)]
    pub tls_key: Option<PathBuf>,
    /// Stream of the notices; made when it is not there.
    #[serde(default = "out_stream")]
    pub out_stream: String,
    /// Stream of the messages to us; made when it is not there.
    #[serde(default = "in_stream")]
    pub in_stream: String,
    /// Days for which a stream that is made keeps notices. What is older is carried again on request.
    #[serde(default = "keep_days")]
    pub keep_days: u32,
    /// Servers of the cluster on which a stream that is made lies.
    #[serde(default = "replicas")]
    pub replicas: usize,
}

impl Settings {
    /// A broker that asks for no names; all else as when nothing is said.
    pub fn of(nats: Servers) -> Self {
        Self {
            nats,
            credentials: None,
            user: None,
            password_file: None,
            tls_authorities: None,
            tls_certificate: None,
            tls_key: None,
            out_stream: out_stream(),
            in_stream: in_stream(),
            keep_days: KEEP_DAYS,
            replicas: replicas(),
        }
    }
}

fn out_stream() -> String {
    "SOJOURN_OUT".to_owned()
}

fn in_stream() -> String {
    "SOJOURN_IN".to_owned()
}

fn keep_days() -> u32 {
    KEEP_DAYS
}

fn replicas() -> usize {
    1
}

/// Addresses of a cluster, separated by commas: `nats://HOST:PORT`, or `tls://HOST:PORT` to insist on TLS.
/// Invariant: none of them names a user or a password.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Servers(pub(crate) Vec<ServerAddr>);

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServersError {
    #[error("an address of a broker reads nats://HOST:PORT or tls://HOST:PORT")]
    Form,
    #[error("an address of a broker names no user: use `user` and `password_file`, or `credentials`")]
    NamesUser,
}

impl Servers {
    pub fn parse(raw: &str) -> Result<Self, ServersError> {
        let address = |part: &str| {
            let address: ServerAddr = part.trim().parse().map_err(|_| ServersError::Form)?;
            if address.has_user_pass() || address.username().is_some() {
                Err(ServersError::NamesUser)
            } else {
                Ok(address)
            }
        };
        raw.split(',').map(address).collect::<Result<_, _>>().map(Self)
    }
}

impl TryFrom<String> for Servers {
    type Error = ServersError;
    fn try_from(raw: String) -> Result<Self, ServersError> {
        Self::parse(&raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_name_no_user() {
        assert!(Servers::parse("nats://a:4222, tls://b:4222").is_ok());
        assert_eq!(Servers::parse("http://a").unwrap_err(), ServersError::Form);
        for secret in ["nats://anna:s3cr3t@a:4222", "nats://t0ken@a:4222"] {
            assert_eq!(Servers::parse(secret).unwrap_err(), ServersError::NamesUser);
        }
    }

    #[test]
    fn unknown_keys_are_refused() {
        assert!(toml::from_str::<Settings>("nats = \"nats://a:4222\"").is_ok());
        assert!(toml::from_str::<Settings>("nats = \"nats://a:4222\"\npasword = \"x\"").is_err());
    }
}
