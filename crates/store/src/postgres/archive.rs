//! The tables of a database as one file each, taken out of one snapshot and put back into an empty database.
//!
//! Memory: a piece of a file, however large the table.
//! Invariant: what was put back is there as a whole, or the database is as empty as before.
//! Not here: checksums and the manifest (`backup`).

use std::{
    fs::{File, OpenOptions},
    io::{Read as _, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::Path,
};

use futures_util::TryStreamExt as _;
use sqlx::{AssertSqlSafe, Connection as _, FromRow, PgConnection, postgres::PgConnectOptions};

use super::{MIGRATIONS, server};
use crate::{
    backup::{BackupError, at},
    form::Form,
    open::OpenError,
};

/// Ending of a table's file.
const ENDING: &str = ".copy";
const PIECE: usize = 1 << 20;

/// Every table but that of the migrations, those that others point to first. What holds a partition is its table's.
const TABLES: &str = "\
    WITH RECURSIVE kept AS ( \
        SELECT oid FROM pg_class \
        WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') \
            AND NOT relispartition AND relname <> '_sqlx_migrations' \
    ), depth AS ( \
        SELECT oid, 0 AS steps FROM kept \
        UNION \
        SELECT pointing.conrelid, steps + 1 FROM depth \
        JOIN pg_constraint AS pointing ON pointing.confrelid = depth.oid \
            AND pointing.contype = 'f' AND pointing.conrelid <> pointing.confrelid \
    ) \
    SELECT relname::text AS name, \
        (SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute \
         WHERE attrelid = kept.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns, \
        (SELECT attname::text FROM pg_attribute WHERE attrelid = kept.oid AND attidentity <> '') AS numbered \
    FROM kept JOIN pg_class ON pg_class.oid = kept.oid \
    ORDER BY (SELECT max(steps) FROM depth WHERE depth.oid = kept.oid), relname";

#[derive(FromRow)]
struct Table {
    name: String,
    columns: String,
    /// The column to which the database gives numbers.
    numbered: Option<String>,
}

impl Table {
    fn file(&self) -> String {
        format!("{}{ENDING}", self.name)
    }
}

/// What was taken out.
pub(crate) struct Taken {
    pub(crate) files: Vec<String>,
    /// The last migration that the tables have had.
    pub(crate) migration: i64,
}

/// Writes one committed state of every table to new files. Writers go on meanwhile.
pub(crate) async fn write(servers: &[PgConnectOptions], into: &Path) -> Result<Taken, BackupError> {
    let (_, mut connection) = server::connect(servers).await?;
    let mut work = connection
        .begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        .await?;
    let migration = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations")
        .fetch_one(&mut *work)
        .await?;
    let mut files = Vec::new();
    for table in tables(&mut work).await? {
        take_out(&mut work, &table, &into.join(table.file())).await?;
        files.push(table.file());
    }
    work.rollback().await?;
    Ok(Taken { files, migration })
}

/// Makes the tables as they were and fills them. The files have been compared with their checksums before.
pub(crate) async fn put_back(
    servers: &[PgConnectOptions],
    from: &Path,
    taken: &Taken,
) -> Result<(), BackupError> {
    let migration = taken.migration;
    if !MIGRATIONS.iter().any(|known| known.version == migration) {
        return Err(OpenError::Newer { migration }.into());
    }
    let (_, mut connection) = server::connect(servers).await?;
    if !matches!(server::form_of(&mut connection).await?, Form::Absent { .. }) {
        return Err(BackupError::Inhabited);
    }
    let mut work = connection.begin().await?;
    let made = MIGRATIONS.run_direct(Some(migration), &mut *work, false).await;
    made.map_err(OpenError::Migration)?;
    // the one row that a migration writes
    sqlx::query("DELETE FROM extent").execute(&mut *work).await?;
    let tables = tables(&mut work).await?;
    let known: Vec<String> = tables.iter().map(Table::file).collect();
    if known != taken.files {
        let path = from.join(crate::backup::MANIFEST);
        let what = "it names other tables";
        return Err(BackupError::Damaged { path, what });
    }
    for table in &tables {
        put_in(&mut work, table, &from.join(table.file())).await?;
    }
    work.commit().await?;
    // the planner knows nothing of what came by COPY
    sqlx::query("ANALYZE").execute(&mut connection).await?;
    Ok(connection.close().await?)
}

async fn tables(connection: &mut PgConnection) -> Result<Vec<Table>, sqlx::Error> {
    sqlx::query_as(TABLES).fetch_all(connection).await
}

async fn take_out(connection: &mut PgConnection, table: &Table, path: &Path) -> Result<(), BackupError> {
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(at(path))?;
    let Table { name, columns, .. } = table;
    let statement = format!("COPY (SELECT {columns} FROM \"{name}\") TO STDOUT (FORMAT binary)");
    let mut rows = connection.copy_out_raw(&statement).await?;
    while let Some(piece) = rows.try_next().await? {
        file.write_all(&piece).map_err(at(path))?;
    }
    file.sync_all().map_err(at(path))
}

async fn put_in(connection: &mut PgConnection, table: &Table, path: &Path) -> Result<(), BackupError> {
    let mut file = File::open(path).map_err(at(path))?;
    let Table {
        name,
        columns,
        numbered,
    } = table;
    let statement = format!("COPY \"{name}\" ({columns}) FROM STDIN (FORMAT binary)");
    let mut rows = connection.copy_in_raw(&statement).await?;
    let mut piece = vec![0; PIECE];
    loop {
        let read = file.read(&mut piece).map_err(at(path))?;
        let Some(read) = piece.get(..read).filter(|read| !read.is_empty()) else {
            break;
        };
        rows.send(read).await?;
    }
    rows.finish().await?;
    if let Some(column) = numbered {
        let go_on = format!(
            "SELECT setval(pg_get_serial_sequence('{name}', '{column}'), coalesce(max({column}), 1), \
             max({column}) IS NOT NULL) FROM \"{name}\""
        );
        sqlx::query(AssertSqlSafe(go_on)).execute(connection).await?;
    }
    Ok(())
}
