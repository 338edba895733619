//! URLs of stores. A URL of PostgreSQL may hold a password, so it is shown without.

use std::{borrow::Cow, convert::Infallible, fmt, str::FromStr};

use serde::Deserialize;
use sqlx::postgres::PgConnectOptions;

use crate::{hosts, open::OpenError};

const SQLITE: &str = "sqlite:";
const POSTGRES: [&str; 2] = ["postgres://", "postgresql://"];
/// What may stand behind the question mark; others are refused, for the driver only warns of them, value and all.
const PARAMETERS: &[&str] = &[
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
    hosts::TARGET,
    "user",
];

/// A store's URL as somebody typed it. Neither `Debug` nor `Display` shows a password.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct StoreUrl(String);

impl StoreUrl {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for StoreUrl {
    fn from(typed: String) -> Self {
        Self(typed)
    }
}

impl FromStr for StoreUrl {
    /// Whatever was typed is taken: the reason that it cannot be opened must not be told together with it.
    type Err = Infallible;
    fn from_str(typed: &str) -> Result<Self, Infallible> {
        Ok(Self(typed.to_owned()))
    }
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Target::parse(&self.0) {
            Ok(Target::Sqlite(place)) => write!(f, "{SQLITE}{place}"),
            Ok(Target::Postgres(servers)) => {
                let places: Vec<String> = servers.iter().map(place).collect();
                let first = servers.first();
                let user = first.map_or("", |first| first.get_username());
                let database = first.and_then(|first| first.get_database()).unwrap_or(user);
                write!(f, "{}{user}@{}/{database}", POSTGRES[0], places.join(","))
            }
            Err(_) => f.write_str("(no store's URL)"),
        }
    }
}

impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreUrl({self})")
    }
}

/// Socket, or host and port.
fn place(server: &PgConnectOptions) -> String {
    match server.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", server.get_host(), server.get_port()),
    }
}

/// Where a store is.
pub(crate) enum Target<'u> {
    /// A path, or `:memory:`.
    Sqlite(&'u str),
    /// Servers, of which the one that takes writes is meant; at least one.
    Postgres(Vec<PgConnectOptions>),
}

impl<'u> Target<'u> {
    pub(crate) fn parse(url: &'u str) -> Result<Self, OpenError> {
        if let Some(place) = url.strip_prefix(SQLITE) {
            return if place.is_empty() {
                Err(OpenError::Url)
            } else {
                Ok(Self::Sqlite(place))
            };
        }
        if !POSTGRES.iter().any(|scheme| url.starts_with(scheme)) {
            return Err(OpenError::Url);
        }
        if let Some((_, parameters)) = url.split_once('?') {
            check_parameters(parameters)?;
        }
        let servers = hosts::one_by_one(url)?.into_iter().map(|url| {
            // the driver's own reason could quote what was typed
            PgConnectOptions::from_str(&with_host(&url)).map_err(|_| OpenError::Url)
        });
        Ok(Self::Postgres(servers.collect::<Result<_, _>>()?))
    }
}

/// A user without a host (`postgres://anna@/sojourn?host=/run/postgresql`) is good for PostgreSQL's own programs, but
/// not for the driver, which reads the host elsewhere in the end.
fn with_host(url: &str) -> Cow<'_, str> {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    match url[after_scheme..].find('/').map(|slash| after_scheme + slash) {
        Some(slash) if url[..slash].ends_with('@') => {
            Cow::Owned(format!("{}localhost{}", &url[..slash], &url[slash..]))
        }
        _ => Cow::Borrowed(url),
    }
}

fn check_parameters(parameters: &str) -> Result<(), OpenError> {
    for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
        let name = parameter.split('=').next().unwrap_or_default();
        let known = PARAMETERS.contains(&name) || name.starts_with("options[") && name.ends_with(']');
        if !known {
            return Err(OpenError::Parameter(name.to_owned()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_never_shown() {
        for url in [
            "postgres://anna:s3cr3t@db.example/sojourn",
            "postgresql://anna@db.example/sojourn?password=s3cr3t",
            "postgres://anna:s3cr3t@[broken/sojourn",
            "postgres://anna:s3cr3t@db.example:port/sojourn",
            "postgres://anna:s3/cr3t@db.example/sojourn",
            "mysql://anna:s3cr3t@db.example/sojourn",
        ] {
            let shown = StoreUrl::from(url.to_owned());
            let refused = Target::parse(url).err().map(|error| format!("{error} {error:?}"));
            let told = format!("{shown} {shown:?} {refused:?}");
            assert!(!told.contains("s3cr3t") && !told.contains("s3"), "{told}");
        }
    }

    #[test]
    fn a_url_is_shown_by_what_it_leads_to() {
        for (url, shown) in [
            ("sqlite:./var/sojourn.db", "sqlite:./var/sojourn.db"),
            (
                "postgres://anna:x@db.example/sojourn",
                "postgres://anna@db.example:5432/sojourn",
            ),
            (
                "postgres://anna@/sojourn?host=/run/pg",
                "postgres://anna@/run/pg/sojourn",
            ),
            (
                "postgres://anna:x@one,two:5433/sojourn?target_session_attrs=read-write",
                "postgres://anna@one:5432,two:5433/sojourn",
            ),
            ("oracle:sojourn", "(no store's URL)"),
        ] {
            assert_eq!(StoreUrl::from(url.to_owned()).to_string(), shown);
        }
    }

    #[test]
    fn parameters_that_nobody_reads_are_refused() {
        let refused = Target::parse("postgres://db.example/sojourn?sslmod=require");
        assert!(matches!(refused, Err(OpenError::Parameter(name)) if name == "sslmod"));
        assert!(Target::parse("postgres://db.example/s?sslmode=require&options[search_path]=x").is_ok());
    }
}
