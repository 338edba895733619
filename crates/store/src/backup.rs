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

pub const MANIFEST: &str = "manifest.json";
/// Edition of the manifest's form.
const FORM: u32 = 1;
/// A manifest has a handful of files; one larger than this is something else.
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
    pub files: Vec<CopiedFile>,
    pub mark: StoreMark,
}

/// Which database the copy is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Backend {
    Sqlite,
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
    #[error("only a store of the form sqlite:PATH can be copied by this command")]
    Url,
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
    Database(#[source] sqlx::Error),
}

/// A copy that can be taken: the store is of a kind that this program copies, and the folder is there and empty.
pub struct Begun<'c> {
    database: &'c Path,
    into: &'c Path,
}

/// Makes the new folder `into` for a copy of the store that `url` names. Nothing is read yet.
pub fn begin<'c>(url: &'c str, into: &'c Path) -> Result<Begun<'c>, BackupError> {
    let database = crate::sqlite::copy::path_of(url)?;
    make_folder(into)?;
    Ok(Begun { database, into })
}

impl Begun<'_> {
    /// Copies the store while others work on it.
    pub async fn copy(self, mark: StoreMark, made_at: Timestamp) -> Result<Manifest, BackupError> {
        let name = crate::sqlite::copy::FILE;
        crate::sqlite::copy::write(self.database, &self.into.join(name)).await?;
        let manifest = Manifest {
            form: FORM,
            made_at,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            backend: Backend::Sqlite,
            files: vec![measure(self.into, name)?],
            mark,
        };
        write_manifest(self.into, &manifest)?;
        Ok(manifest)
    }
}

/// Makes the store that `url` names from the copy in `from`. Opening it then brings it to this program's form.
pub async fn restore(from: &Path, url: &str) -> Result<Manifest, BackupError> {
    let manifest = read_manifest(from)?;
    let damaged = |path: PathBuf, what| Err(BackupError::Damaged { path, what });
    let [copied] = manifest.files.as_slice() else {
        return damaged(from.join(MANIFEST), "it names another number of files");
    };
    if copied.name != crate::sqlite::copy::FILE {
        return damaged(from.join(MANIFEST), "it names another file");
    }
    let path = from.join(&copied.name);
    let found = measure(from, &copied.name)?;
    if found.bytes != copied.bytes {
        return damaged(path, "another length");
    }
    if found.sha256 != copied.sha256 {
        return damaged(path, "another checksum");
    }
    crate::sqlite::copy::put_back(&path, url).await?;
    Ok(manifest)
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
        for url in ["postgres://anna@localhost/sojourn", "sqlite::memory:", "sqlite:"] {
            assert!(matches!(begin(url, &into), Err(BackupError::Url)), "{url}");
            assert!(!into.exists());
        }
        assert!(begin("sqlite:some.db", &into).is_ok());
        let again = begin("sqlite:some.db", &into);
        assert!(matches!(again, Err(BackupError::Occupied { .. })));
    }
}
