//! The files that the checks look at: our Rust sources, manifests and prose.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::source::RustFile;
use crate::Failure;

/// Not ours, or not written by hand.
const SKIPPED: &[&str] = &["target", "node_modules", "var", "dist"];
/// Deeper than any folder of ours: a loop of links ends here.
const DEPTH_MAX: usize = 12;

pub(crate) struct Tree {
    rust: Vec<RustFile>,
    /// Text of Markdown files and manifests, by path.
    texts: BTreeMap<String, String>,
}

impl Tree {
    pub(crate) fn read(root: &Path) -> Result<Self, Failure> {
        let mut paths = Vec::new();
        gather(root, 0, &mut paths)?;
        let mut tree = Self {
            rust: Vec::new(),
            texts: BTreeMap::new(),
        };
        for path in paths {
            let name = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('\\', "/");
            let text = fs::read_to_string(&path).map_err(|source| Failure::File { path, source })?;
            tree.add(name, text);
        }
        Ok(tree)
    }

    fn add(&mut self, name: String, text: String) {
        if name.ends_with(".rs") {
            self.rust.push(RustFile::new(name, &text));
        } else {
            self.texts.insert(name, text);
        }
    }

    /// Of files by name and text.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let mut tree = Self {
            rust: Vec::new(),
            texts: BTreeMap::new(),
        };
        for (name, text) in files {
            tree.add((*name).to_owned(), (*text).to_owned());
        }
        tree
    }

    pub(crate) fn rust(&self) -> &[RustFile] {
        &self.rust
    }

    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.texts
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

fn gather(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let failed = |source| Failure::File {
        path: folder.to_owned(),
        source,
    };
    if depth > DEPTH_MAX {
        return Ok(());
    }
    for entry in fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() && !name.starts_with('.') && !SKIPPED.contains(&name.as_str()) {
            gather(&entry.path(), depth + 1, paths)?;
        } else if kind.is_file() && (name.ends_with(".rs") || name.ends_with(".md") || name == "Cargo.toml") {
            paths.push(entry.path());
        }
    }
    Ok(())
}
