//! SQLite: write-ahead log, foreign keys checked, one connection that writes.
//!
//! Invariant: what is committed is on disk (`synchronous = FULL`): no look is forgotten because the power failed.
//! Invariant: a connection on which SQLite ended a transaction by itself (full disk) is not used again.

mod accounts;
mod attempts;
mod bare;
mod batch;
mod contests;
pub(crate) mod copy;
mod failure;
mod link_book;
mod outbox;
mod prepared_statuses;
mod presence_log;
mod proofs;
mod quarantine;
mod record_log;
mod review_queue;
mod ruling_book;
mod search_index;
mod trace_log;
mod transaction;

use std::{path::Path, sync::Arc, time::Duration};

use async_trait::async_trait;
use registry::port::{Store, StoreError, Transaction};
use sqlx::{
    ConnectOptions as _, Connection as _, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tempfile::TempDir;

use self::{failure::failed, transaction::SqliteTransaction};
use crate::{
    form::{self, Form},
    open::OpenError,
};

pub(crate) use self::bare::write_bare;

const SCHEME: &str = "sqlite:";
const IN_MEMORY: &str = ":memory:";
/// How long a writer waits for another, be it in this program or in another one.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);
/// Connections that read.
const READERS: u32 = 4;
/// Page cache of the writer in KiB (SQLite counts them below zero): a batch of an extract fits.
const WRITER_CACHE: &str = "-65536";

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations/sqlite");

/// Bounds on what the store may take.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bounds {
    /// Pages of 4 KiB; none: as much as the disk has.
    pub pages_max: Option<u32>,
}

/// A store in one file.
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
    /// Goes with the store, if it was not to stay.
    _folder: Option<Arc<TempDir>>,
}

impl SqliteStore {
    /// Opens the file that a URL names; makes and migrates it where needed.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        Self::open_within(url, Bounds::default()).await
    }

    pub async fn open_within(url: &str, bounds: Bounds) -> Result<Self, OpenError> {
        match url.strip_prefix(SCHEME) {
            None | Some("") => Err(OpenError::Url),
            // Readers and the writer need connections of their own, which a database in memory does not give.
            Some(IN_MEMORY) => {
                let folder = tempfile::tempdir().map_err(OpenError::Folder)?;
                let path = folder.path().join("sojourn.db");
                Self::at(&path, bounds, Some(Arc::new(folder))).await
            }
            Some(path) => Self::at(Path::new(path), bounds, None).await,
        }
    }

    async fn at(path: &Path, bounds: Bounds, folder: Option<Arc<TempDir>>) -> Result<Self, OpenError> {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(OpenError::Folder)?;
        }
        let shared = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT);
        let mut writing = shared.clone().pragma("cache_size", WRITER_CACHE);
        if let Some(pages) = bounds.pages_max {
            writing = writing.pragma("max_page_count", pages.to_string());
        }
        let writer = pool(1).connect_with(writing).await.map_err(OpenError::Database)?;
        let mut connection = writer.acquire().await.map_err(OpenError::Database)?;
        form_of(&mut connection).await?;
        drop(connection);
        MIGRATIONS.run(&writer).await.map_err(OpenError::Migration)?;
        let reading = shared.pragma("query_only", "ON");
        let readers = pool(READERS)
            .connect_with(reading)
            .await
            .map_err(OpenError::Database)?;
        Ok(Self {
            writer,
            readers,
            _folder: folder,
        })
    }

    /// Closes every connection; the write-ahead log goes into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// The form of the file at `place`, which is not made if it is not there.
pub(crate) async fn form(place: &str) -> Result<Form, OpenError> {
    if place == IN_MEMORY || !Path::new(place).exists() {
        return Ok(Form::absent(&MIGRATIONS));
    }
    let options = SqliteConnectOptions::new()
        .filename(place)
        .busy_timeout(BUSY_TIMEOUT);
    let mut connection = options.connect().await.map_err(OpenError::Database)?;
    form_of(&mut connection).await
}

async fn form_of(connection: &mut SqliteConnection) -> Result<Form, OpenError> {
    let tables: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?")
            .bind(form::TABLE)
            .fetch_one(&mut *connection)
            .await
            .map_err(OpenError::Database)?;
    if tables == 0 {
        Ok(Form::absent(&MIGRATIONS))
    } else {
        Form::of(connection, &MIGRATIONS).await
    }
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .min_connections(1)
        .acquire_timeout(BUSY_TIMEOUT)
        .idle_timeout(None)
        .max_lifetime(None)
        .after_release(|connection, _| {
            Box::pin(async move {
                // A rollback may be on its way still; after the ping it has come through or failed.
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
}

#[async_trait]
impl Store for SqliteStore {
    async fn begin(&self) -> Result<Box<dyn Transaction>, StoreError> {
        // IMMEDIATE: the turn to write is taken at once, not in the middle of the work.
        let work = self.writer.begin_with("BEGIN IMMEDIATE").await.map_err(failed)?;
        Ok(Box::new(SqliteTransaction { work }))
    }

    async fn begin_read(&self) -> Result<Box<dyn Transaction>, StoreError> {
        let work = self.readers.begin().await.map_err(failed)?;
        Ok(Box::new(SqliteTransaction { work }))
    }
}
