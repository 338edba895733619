//! One row by its primary key and nothing else: what the program's own measurements are compared with.
//!
//! Not here: rights, traces, known time. So nothing but a measurement reads by it.

use records::key::ProfileId;
use registry::port::StoreError;
use sqlx::{
    PgPool, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};

use crate::{open::OpenError, postgres, url::Target};

/// As many connections as a store reads by.
const CONNECTIONS: u32 = 8;

enum Pool {
    Postgres(PgPool),
    Sqlite(SqlitePool),
}

/// The statuses made ready of a store, by profile.
pub struct BareRows(Pool);

impl BareRows {
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let pool = match Target::parse(url)? {
            Target::Postgres(servers) => {
                let primary = postgres::primary(&servers).await?;
                let options = primary.options([("plan_cache_mode", "force_generic_plan"), ("jit", "off")]);
                let pool = PgPoolOptions::new()
                    .max_connections(CONNECTIONS)
                    .connect_with(options);
                Pool::Postgres(pool.await.map_err(OpenError::Database)?)
            }
            Target::Sqlite(path) => {
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .pragma("query_only", "ON");
                let pool = SqlitePoolOptions::new()
                    .max_connections(CONNECTIONS)
                    .connect_with(options);
                Pool::Sqlite(pool.await.map_err(OpenError::Database)?)
            }
        };
        Ok(Self(pool))
    }

    /// The words of one row.
    pub async fn row(&self, profile: ProfileId) -> Result<Option<String>, StoreError> {
        let id = profile.as_bytes().as_slice();
        let found = match &self.0 {
            Pool::Postgres(pool) => {
                let row = sqlx::query_scalar("SELECT words FROM prepared_status WHERE profile = $1");
                row.bind(id).fetch_optional(pool).await
            }
            Pool::Sqlite(pool) => {
                let row = sqlx::query_scalar("SELECT words FROM prepared_status WHERE profile = ?");
                row.bind(id).fetch_optional(pool).await
            }
        };
        found.map_err(|error| StoreError::Backend(Box::new(error)))
    }
}
