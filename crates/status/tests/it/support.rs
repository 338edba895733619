//! The packs of this repository, read from disk.

use std::{fs, path::PathBuf, sync::LazyLock};

use status::pack::{Pack, PackFiles};

pub(crate) fn folder(jurisdiction: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", "..", "packs", jurisdiction]
        .iter()
        .collect()
}

pub(crate) fn files(jurisdiction: &str) -> PackFiles {
    let folder = folder(jurisdiction);
    let present = PackFiles::names()
        .iter()
        .filter(|name| folder.join(name).exists());
    present
        .map(|name| (name.to_string(), fs::read_to_string(folder.join(name)).unwrap()))
        .collect()
}

fn load(jurisdiction: &str) -> Pack {
    Pack::load(&files(jurisdiction)).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) static RU: LazyLock<Pack> = LazyLock::new(|| load("ru"));
pub(crate) static SCHENGEN: LazyLock<Pack> = LazyLock::new(|| load("schengen"));

/// All worked cases of a pack, one a line.
pub(crate) fn lines(jurisdiction: &str) -> String {
    let cases = fs::read_dir(folder(jurisdiction).join("cases")).unwrap();
    let mut files: Vec<PathBuf> = cases.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect()
}
