//! Opens the store that a URL names, and says why one cannot be opened.

use std::sync::Arc;

use registry::port::Store;

use crate::{
    form::Form,
    health::Finding,
    postgres::{self, PostgresStore},
    sqlite::{self, SqliteStore},
    url::Target,
};

/// Why a store could not be opened. Messages name no secret of the URL.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("a store is named as sqlite:PATH, sqlite::memory: or postgres://USER@HOST/DATABASE")]
    Url,
    #[error("a URL of PostgreSQL has no parameter of this name: {0}")]
    Parameter(String),
    #[error("a URL of PostgreSQL names at most {most} servers, and one port for all or one for each")]
    Hosts { most: usize },
    #[error("target_session_attrs can only be read-write or primary: a store is written to")]
    Target,
    #[error("the store's folder cannot be made")]
    Folder(#[source] std::io::Error),
    #[error("the store cannot be opened")]
    Database(#[source] sqlx::Error),
    #[error("the database server does not answer within {seconds} s")]
    Unanswered { seconds: u64 },
    #[error("the database server is PostgreSQL {found}; {needed} or later is needed")]
    ServerTooOld { found: u32, needed: u32 },
    #[error("the database keeps text as {found}; make one with the encoding UTF8")]
    Encoding { found: String },
    #[error("the database server only reads: a standby, or one that was told to")]
    Standby,
    #[error("the store was made by a newer program (migration {migration}); use that one")]
    Newer { migration: i64 },
    #[error("migration {migration} of the store is not the one that this program knows, or was cut off")]
    Damaged { migration: i64 },
    #[error("the store's tables cannot be made")]
    Migration(#[source] sqlx::migrate::MigrateError),
}

/// Opens the store that a URL names; makes and migrates it where needed.
pub async fn open(url: &str) -> Result<Arc<dyn Store>, OpenError> {
    Ok(match Target::parse(url)? {
        Target::Sqlite(_) => Arc::new(SqliteStore::open(url).await?),
        Target::Postgres(servers) => Arc::new(PostgresStore::connect(servers).await?),
    })
}

/// How the form of a store compares with the one that this program knows; changes nothing.
pub async fn form(url: &str) -> Result<Form, OpenError> {
    match Target::parse(url)? {
        Target::Sqlite(place) => sqlite::form(place).await,
        Target::Postgres(servers) => postgres::form(&servers).await,
    }
}

/// Looks at the database behind a URL: its server, its settings, its clock. Empty for one that has no server.
pub async fn examine(url: &str) -> Result<Vec<Finding>, OpenError> {
    match Target::parse(url)? {
        Target::Sqlite(_) => Ok(Vec::new()),
        Target::Postgres(servers) => postgres::examine(&servers).await,
    }
}
