//! Makes worlds in places of their own and reads what was written.

use std::{
    collections::BTreeMap,
    fs,
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use tempfile::TempDir;
use world::{
    make::{Layout, make},
    pack::{Pack, PackTables},
    report::Source,
    world::{Recipe, World},
};

pub(crate) struct Made {
    directory: TempDir,
}

pub(crate) fn pack() -> Pack {
    Pack::parse(PackTables {
        countries: include_str!("../../../../packs/ru/countries.csv"),
        country_names: include_str!("../../../../packs/ru/country_names.csv"),
        regions: include_str!("../../../../packs/ru/regions_ru.csv"),
        patent_price: include_str!("../../../../packs/ru/patent_price.csv"),
        observed_price: include_str!("../../../../packs/ru/observed_price.csv"),
        parameters: include_str!("../../../../packs/ru/parameters.csv"),
    })
    .unwrap()
}

pub(crate) fn recipe(people: u64, seed: u64) -> Recipe {
    Recipe {
        seed,
        people,
        noise: 1.0,
    }
}

pub(crate) fn made(recipe: Recipe, threads: usize, layout: Layout) -> Made {
    let directory = tempfile::tempdir().unwrap();
    let world = World::new(recipe, pack()).unwrap();
    let threads = NonZeroUsize::new(threads).unwrap();
    make(&world, &directory.path().join("world"), threads, layout).unwrap();
    Made { directory }
}

impl Made {
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join("world").join(name)
    }

    /// Every file by its path, with its bytes.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let root = self.path("");
        let mut files = BTreeMap::new();
        let mut open = vec![root.clone()];
        while let Some(directory) = open.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    open.push(path);
                } else {
                    let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
                    files.insert(name, fs::read(&path).unwrap());
                }
            }
        }
        files
    }

    /// Lines of records of one source below a folder.
    pub(crate) fn lines(&self, folder: &str, source: Source) -> Vec<Vec<u8>> {
        records(&self.path(folder).join("sources").join(source.path()), source)
    }

    /// Rows of a truth file as its header names them.
    pub(crate) fn truth(&self, file: &str) -> Vec<BTreeMap<String, String>> {
        csv::Reader::from_path(self.path("truth").join(file))
            .unwrap()
            .deserialize()
            .map(|row| row.unwrap())
            .collect()
    }
}

pub(crate) fn records(path: &Path, source: Source) -> Vec<Vec<u8>> {
    let Ok(bytes) = fs::read(path) else {
        return Vec::new();
    };
    bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| id(line, source).is_some())
        .map(|line| line.strip_suffix(b",").unwrap_or(line).to_vec())
        .collect()
}

/// The id that a line of a record begins with.
pub(crate) fn id(line: &[u8], source: Source) -> Option<String> {
    let from = source.id_offset();
    let id = std::str::from_utf8(line.get(from..from + 12)?).ok()?;
    id.starts_with(source.id_prefix()).then(|| id.to_owned())
}
