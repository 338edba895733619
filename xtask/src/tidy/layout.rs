//! Where things stand and how they begin: module headers, names of files, prose.

use super::{finding::Finding, source::RustFile, tree::Tree};

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["util", "utils", "helper", "helpers", "common", "manager", "misc"];

/// Prose that somebody keeps true. Another file is a promise that nobody keeps.
const PROSE: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/glossary.md",
    "docs/data-model.md",
    "docs/performance.md",
    "docs/limitations.md",
    "docs/exchange.md",
    "docs/operation.md",
    "docs/faults.md",
];

/// What the README has to name.
const COMMANDS: &[&str] = &["./sojourn demo", "./sojourn test"];

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings: Vec<Finding> = tree.rust().iter().flat_map(rust_file).collect();
    for path in PROSE.iter().filter(|path| tree.text(path).is_none()) {
        findings.push(Finding::error(*path, 0, "is missing"));
    }
    for (path, _) in tree
        .texts()
        .filter(|(path, _)| is_prose(path) && !PROSE.contains(path))
    {
        findings.push(Finding::error(
            path,
            0,
            "is prose that nobody has promised to keep true",
        ));
    }
    for (path, text) in tree.texts().filter(|(path, _)| is_member(path)) {
        if !text.contains("[lints]\nworkspace = true") {
            findings.push(Finding::error(
                path,
                0,
                "does not take the lints of the workspace",
            ));
        }
    }
    let readme = tree.text("README.md").unwrap_or_default();
    for command in COMMANDS.iter().filter(|command| !readme.contains(**command)) {
        findings.push(Finding::error("README.md", 0, format!("does not name {command}")));
    }
    findings
}

/// Markdown at the root, in `docs/` and beside the code; data in Markdown (`packs/`) is no prose.
fn is_prose(path: &str) -> bool {
    let decision = path.starts_with("docs/adr/");
    let place = !path.contains('/')
        || ["docs/", "crates/", "xtask/"]
            .iter()
            .any(|place| path.starts_with(place));
    path.ends_with(".md") && place && !decision
}

fn is_member(path: &str) -> bool {
    path.ends_with("/Cargo.toml") && (path.starts_with("crates/") || path.starts_with("xtask/"))
}

/// Another file in a crate's `tests/` would be linked as a program of its own; a module of tests below `src/` is none.
fn is_second_binary(path: &str) -> bool {
    matches!(path.split('/').collect::<Vec<_>>()[..], ["crates", _, "tests", _])
}

fn rust_file(file: &RustFile) -> Vec<Finding> {
    let mut findings = Vec::new();
    if file.is_source() && !file.header {
        findings.push(Finding::error(
            &file.path,
            1,
            "begins without a module header (`//!`)",
        ));
    }
    if is_second_binary(&file.path) {
        findings.push(Finding::error(
            &file.path,
            0,
            "stands outside the one test program `tests/it/main.rs`",
        ));
    }
    let name = file
        .path
        .rsplit('/')
        .next()
        .unwrap_or_default()
        .trim_end_matches(".rs");
    let words: Vec<&str> = name.split('_').collect();
    let empty = EMPTY_NAMES.iter().any(|empty| words.contains(empty));
    if empty || name.starts_with("new_") || name.ends_with("_v2") {
        findings.push(Finding::error(
            &file.path,
            0,
            "has a name that does not say what it holds",
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[(&str, &str)]) -> Vec<String> {
        let readme = ("README.md", "Run ./sojourn demo or ./sojourn test.");
        let prose = PROSE
            .iter()
            .filter(|path| **path != "README.md")
            .map(|path| (*path, "text"));
        let files: Vec<(&str, &str)> = prose.chain([readme]).chain(files.iter().copied()).collect();
        check(&Tree::of(&files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_tree_in_shape_passes() {
        let files = [
            ("crates/a/src/lib.rs", "//! Says what it is.\n"),
            ("crates/a/src/b/tests/one.rs", "//! Tries b.\n"),
            ("crates/a/tests/it/main.rs", "mod one;\n"),
            (
                "crates/a/Cargo.toml",
                "[package]\nname = \"a\"\n\n[lints]\nworkspace = true\n",
            ),
            ("docs/adr/0001-choice.md", "# 1. Choice"),
            ("packs/ru/terms.md", "| data |"),
        ];
        assert_eq!(found(&files), [""; 0]);
    }

    #[test]
    fn what_is_out_of_shape_is_named() {
        assert_eq!(
            found(&[("crates/a/src/lib.rs", "pub mod b;\n")]),
            ["error: crates/a/src/lib.rs:1: begins without a module header (`//!`)"]
        );
        for name in ["utils", "string_helpers", "new_store", "store_v2"] {
            let path = format!("crates/a/src/{name}.rs");
            assert_eq!(found(&[(&path, "//! x\n")]).len(), 1, "{name}");
        }
        for (path, text) in [
            ("crates/a/tests/one.rs", "mod one;\n"),
            ("crates/a/Cargo.toml", "[package]\n"),
        ] {
            assert_eq!(found(&[(path, text)]).len(), 1, "{path}");
        }
        for path in ["SUMMARY.md", "docs/notes.md", "crates/a/README.md"] {
            assert_eq!(found(&[(path, "text")]).len(), 1, "{path}");
        }
        assert_eq!(
            found(&[("README.md", "Run ./sojourn demo.")]),
            ["error: README.md: does not name ./sojourn test"]
        );
    }
}
