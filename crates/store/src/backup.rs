//! A copy of a whole store in a folder of its own, with a manifest that tells what must be in it.
//!
//! In: the URL of a store in use. Out: `manifest.json` beside the copied files, each with its SHA-256.
//! Invariant: the manifest is written last, so a copy that was cut off is none.
//! Invariant: restoring writes a store that was not there, and nothing before every checksum has held.
//! Not here: the installation's keys, which are kept apart from the data that they protect.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use registry::note_backup::StoreMark;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    open::OpenError,
    postgres::archive::{self, Taken},
    sqlite,
    url::Target,
};

pub const MANIFEST: &str = "manifest.json";
/// Edition of the manifest's form.
const FORM: u32 = 1;
/// A manifest has some dozens of files; one larger than this is something else.
const MANIFEST_BYTES_MAX: u64 = 64 * 1024;

/// What a copy consists of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub form: u32,
    pub made_at: Timestamp,
    /// Version of the program that made it.
    pub program: String,
    pub backend: Backend,
    /// The last migration of the copied tables; a file of SQLite holds its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub migration: Option<i64>,
    pub files: Vec<CopiedFile>,
    pub mark: StoreMark,
}

/// Which database the copy is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backend {
    /// One file.
    Sqlite,
    /// A file a table.
    Postgres,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CopiedFile {
    pub name: String,
    pub bytes: u64,
    /// In hexadecimal.
    pub sha256: String,
}

#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("only a store of the form sqlite:PATH or postgres://… can be copied by this command")]
    Url,
    #[error("the copy is of a store on another kind of database than this URL names")]
    Backend,
    #[error("the database holds a store already: a restored one needs an empty database")]
    Inhabited,
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error("{path} is there already: a copy and a restored store need a place of their own")]
    Occupied { path: PathBuf },
    #[error("{path} cannot be read or written")]
    File { path: PathBuf, source: io::Error },
    #[error("{path} is no manifest of a copy")]
    Manifest {
        path: PathBuf,
        source: serde_json::Error,
    },
    #[error("{path} is a manifest of form {found}; this program reads form {FORM}")]
    Form { path: PathBuf, found: u32 },
    #[error("{path} differs from its manifest: {what}; use another copy")]
    Damaged { path: PathBuf, what: &'static str },
    #[error("the store cannot be copied")]
    Database(#[from] sqlx::Error),
}

/// A copy that can be taken: the store is of a kind that this program copies, and the folder is there and empty.
pub struct Begun<'c> {
    origin: Target<'c>,
    into: &'c Path,
}

/// Makes the new folder `into` for a copy of the store that `url` names. Nothing is read yet.
pub fn begin<'c>(url: &'c str, into: &'c Path) -> Result<Begun<'c>, BackupError> {
    let origin = Target::parse(url).map_err(|_| BackupError::Url)?;
    if let Target::Sqlite(_) = origin {
        sqlite::copy::path_of(url)?;
    }
    make_folder(into)?;
    Ok(Begun { origin, into })
}

impl Begun<'_> {
    /// Copies the store while others work on it.
    pub async fn copy(self, mark: StoreMark, made_at: Timestamp) -> Result<Manifest, BackupError> {
        let (backend, migration, files) = match self.origin {
            Target::Sqlite(database) => {
                let name = sqlite::copy::FILE;
                sqlite::copy::write(Path::new(database), &self.into.join(name)).await?;
                (Backend::Sqlite, None, vec![name.to_owned()])
            }
            Target::Postgres(servers) => {
                let taken = archive::write(&servers, self.into).await?;
                (Backend::Postgres, Some(taken.migration), taken.files)
            }
        };
        let measured = files.iter().map(|name| measure(self.into, name));
        let manifest = Manifest {
            form: FORM,
            made_at,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            backend,
            migration,
            files: measured.collect::<Result<_, _>>()?,
            mark,
        };
        write_manifest(self.into, &manifest)?;
        Ok(manifest)
    }
}

/// Makes the store that `url` names from the copy in `from`. Opening it then brings it to this program's form.
pub async fn restore(from: &Path, url: &str) -> Result<Manifest, BackupError> {
    let manifest = read_manifest(from)?;
    let damaged = |what| BackupError::Damaged {
        path: from.join(MANIFEST),
        what,
    };
    for copied in &manifest.files {
        compare(from, copied)?;
    }
    match (manifest.backend, Target::parse(url)?) {
        (Backend::Sqlite, Target::Sqlite(_)) => {
            let [copied] = manifest.files.as_slice() else {
                return Err(damaged("it names another number of files"));
            };
            if copied.name != sqlite::copy::FILE {
                return Err(damaged("it names another file"));
            }
            sqlite::copy::put_back(&from.join(&copied.name), url).await?;
        }
        (Backend::Postgres, Target::Postgres(servers)) => {
            let taken = Taken {
                files: manifest.files.iter().map(|copied| copied.name.clone()).collect(),
                migration: manifest.migration.ok_or(damaged("it names no migration"))?,
            };
            archive::put_back(&servers, from, &taken).await?;
        }
        (Backend::Sqlite, Target::Postgres(_)) | (Backend::Postgres, Target::Sqlite(_)) => {
            return Err(BackupError::Backend);
        }
    }
    Ok(manifest)
}

/// Compares a file with what the manifest says of it.
fn compare(folder: &Path, copied: &CopiedFile) -> Result<(), BackupError> {
    let damaged = |what| {
        let path = folder.join(&copied.name);
        Err(BackupError::Damaged { path, what })
    };
    // a name that leads elsewhere is none that we gave
    if copied.name.contains('/') {
        return damaged("a file of another folder");
    }
    let found = measure(folder, &copied.name)?;
    if found.bytes != copied.bytes {
        damaged("another length")
    } else if found.sha256 != copied.sha256 {
        damaged("another checksum")
    } else {
        Ok(())
    }
}

fn make_folder(into: &Path) -> Result<(), BackupError> {
    if into.exists() {
        return Err(BackupError::Occupied {
            path: into.to_owned(),
        });
    }
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(into);
    made.map_err(at(into))
}

/// Length and checksum of a file, read piece by piece.
fn measure(folder: &Path, name: &str) -> Result<CopiedFile, BackupError> {
    let path = folder.join(name);
    let mut file = File::open(&path).map_err(at(&path))?;
    let mut digest = Sha256::new();
    let mut bytes = 0;
    let mut piece = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut piece).map_err(at(&path))?;
        let Some(read) = piece.get(..read).filter(|read| !read.is_empty()) else {
            break;
        };
        digest.update(read);
        bytes += read.len() as u64;
    }
    Ok(CopiedFile {
        name: name.to_owned(),
        bytes,
        sha256: hex::encode(digest.finalize()),
    })
}

fn write_manifest(folder: &Path, manifest: &Manifest) -> Result<(), BackupError> {
    let path = folder.join(MANIFEST);
    let text = serde_json::to_vec_pretty(manifest).map_err(|source| BackupError::Manifest {
        path: path.clone(),
        source,
    })?;
    let begun = folder.join("manifest.json.part");
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&begun)
        .and_then(|mut file| file.write_all(&text).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&begun, &path))
        .and_then(|()| File::open(folder)?.sync_all());
    written.map_err(at(&path))
}

fn read_manifest(folder: &Path) -> Result<Manifest, BackupError> {
    let path = folder.join(MANIFEST);
    let mut text = Vec::new();
    File::open(&path)
        .and_then(|file| file.take(MANIFEST_BYTES_MAX).read_to_end(&mut text))
        .map_err(at(&path))?;
    let manifest: Manifest = match serde_json::from_slice(&text) {
        Ok(manifest) => manifest,
        Err(source) => return Err(BackupError::Manifest { path, source }),
    };
    if manifest.form == FORM {
        Ok(manifest)
    } else {
        Err(BackupError::Form {
            path,
            found: manifest.form,
        })
    }
}

pub(crate) fn at(path: &Path) -> impl Fn(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::File {
        path: path.clone(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_copied_is_refused_before_anything_is_made() {
        let place = tempfile::tempdir().unwrap();
        let into = place.path().join("copy");
        for url in ["mysql://anna@localhost/sojourn", "sqlite::memory:", "sqlite:"] {
            assert!(matches!(begin(url, &into), Err(BackupError::Url)), "{url}");
            assert!(!into.exists());
        }
        assert!(begin("sqlite:some.db", &into).is_ok());
        let again = begin("sqlite:some.db", &into);
        assert!(matches!(again, Err(BackupError::Occupied { .. })));
    }
}
