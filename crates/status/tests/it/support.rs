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
    let text = |name: &&str| {
        let text = fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name.to_string(), text)
    };
    PackFiles::names().iter().map(text).collect()
}

pub(crate) static RU: LazyLock<Pack> =
    LazyLock::new(|| Pack::load(&files("ru")).unwrap_or_else(|error| panic!("{error}")));
