//! Packs and mappings: built into the program, or read from a directory that an operator edits.
//!
//! Invariant: a file comes from one place only; a directory that is named replaces the built-in files as a whole.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../packs"]
#[exclude = "*/cases/*"]
struct Packs;

#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/../../mappings"]
struct Mappings;

#[derive(Debug, thiserror::Error)]
pub(crate) enum DataError {
    #[error("{0} is missing from the data directory")]
    Missing(String),
    #[error("{path} could not be read")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{0} is not valid UTF-8")]
    Encoding(String),
}

/// Where packs and mappings come from.
#[derive(Clone, Debug)]
pub(crate) enum DataFiles {
    BuiltIn,
    Directory(PathBuf),
}

impl DataFiles {
    pub(crate) fn new(directory: Option<PathBuf>) -> Self {
        directory.map_or(Self::BuiltIn, Self::Directory)
    }

    /// One file of `packs/`, by its path below it: `ru/countries.csv`.
    pub(crate) fn pack_file(&self, path: &str) -> Result<String, DataError> {
        match self {
            Self::BuiltIn => {
                let file = Packs::get(path).ok_or_else(|| DataError::Missing(format!("packs/{path}")))?;
                text(path, file.data.into_owned())
            }
            Self::Directory(root) => read(&root.join("packs").join(path)),
        }
    }

    /// All files below one folder of `packs/`, by their path below that folder.
    pub(crate) fn pack(&self, folder: &str) -> Result<BTreeMap<String, String>, DataError> {
        match self {
            Self::BuiltIn => embedded::<Packs>(&format!("{folder}/")),
            Self::Directory(root) => below(&root.join("packs").join(folder)),
        }
    }

    /// All files of `mappings/`, by name.
    pub(crate) fn mappings(&self) -> Result<BTreeMap<String, String>, DataError> {
        match self {
            Self::BuiltIn => embedded::<Mappings>(""),
            Self::Directory(root) => below(&root.join("mappings")),
        }
    }
}

fn embedded<E: RustEmbed>(prefix: &str) -> Result<BTreeMap<String, String>, DataError> {
    let mut files = BTreeMap::new();
    for path in E::iter() {
        let (Some(name), Some(file)) = (path.strip_prefix(prefix), E::get(&path)) else {
            continue;
        };
        files.insert(name.to_owned(), text(&path, file.data.into_owned())?);
    }
    Ok(files)
}

fn below(root: &Path) -> Result<BTreeMap<String, String>, DataError> {
    let listed = |source| DataError::Read {
        path: root.to_owned(),
        source,
    };
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(root).map_err(listed)? {
        let entry = entry.map_err(listed)?;
        if entry.file_type().map_err(listed)?.is_file() {
            let name = entry.file_name().to_string_lossy().into_owned();
            files.insert(name, read(&entry.path())?);
        }
    }
    Ok(files)
}

fn read(path: &Path) -> Result<String, DataError> {
    let bytes = fs::read(path).map_err(|source| DataError::Read {
        path: path.to_owned(),
        source,
    })?;
    text(&path.display().to_string(), bytes)
}

fn text(name: &str, bytes: Vec<u8>) -> Result<String, DataError> {
    String::from_utf8(bytes).map_err(|_| DataError::Encoding(name.to_owned()))
}
