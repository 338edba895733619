//! The database as one file, taken out and put back.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

use super::{BUSY_TIMEOUT, IN_MEMORY, SCHEME};
use crate::backup::{BackupError, at};

/// Name of the file within a copy.
pub(crate) const FILE: &str = "sojourn.db";

pub(crate) fn path_of(url: &str) -> Result<&Path, BackupError> {
    match url.strip_prefix(SCHEME) {
        None | Some("" | IN_MEMORY) => Err(BackupError::Url),
        Some(path) => Ok(Path::new(path)),
    }
}

/// Writes one committed state of the database to a new file. Writers go on meanwhile.
pub(crate) async fn write(database: &Path, into: &Path) -> Result<(), BackupError> {
    // SQLite writes into an empty file that is there: made here, nobody else may ever read it.
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(into);
    made.map_err(at(into))?;
    let options = SqliteConnectOptions::new()
        .filename(database)
        .busy_timeout(BUSY_TIMEOUT);
    let mut connection = SqliteConnection::connect_with(&options)
        .await
        .map_err(BackupError::Database)?;
    sqlx::query("VACUUM INTO ?")
        .bind(into.to_string_lossy().into_owned())
        .execute(&mut connection)
        .await
        .map_err(BackupError::Database)?;
    connection.close().await.map_err(BackupError::Database)?;
    File::open(into)
        .and_then(|file| file.sync_all())
        .map_err(at(into))
}

/// Puts a copied file where `url` says; nothing may be there.
pub(crate) async fn put_back(copy: &Path, url: &str) -> Result<(), BackupError> {
    let path = path_of(url)?;
    for occupied in [path.to_owned(), beside(path, "-wal"), beside(path, "-shm")] {
        if occupied.exists() {
            return Err(BackupError::Occupied { path: occupied });
        }
    }
    let part = beside(path, ".part");
    copy_file(copy, path, &part).map_err(at(path))?;
    let options = SqliteConnectOptions::new().filename(&part).read_only(true);
    let mut connection = SqliteConnection::connect_with(&options)
        .await
        .map_err(BackupError::Database)?;
    let verdict: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
        .fetch_one(&mut connection)
        .await
        .map_err(BackupError::Database)?;
    connection.close().await.map_err(BackupError::Database)?;
    if verdict != "ok" {
        fs::remove_file(&part).map_err(at(&part))?;
        return Err(BackupError::Damaged {
            path: copy.to_owned(),
            what: "the database in it is not whole",
        });
    }
    fs::rename(&part, path)
        .and_then(|()| File::open(folder_of(path))?.sync_all())
        .map_err(at(path))
}

fn copy_file(copy: &Path, path: &Path, part: &Path) -> io::Result<()> {
    fs::create_dir_all(folder_of(path))?;
    let mut written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(part)?;
    io::copy(&mut File::open(copy)?, &mut written)?;
    written.sync_all()
}

fn folder_of(path: &Path) -> &Path {
    path.parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}
