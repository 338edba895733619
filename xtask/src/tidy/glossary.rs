//! The glossary names things that are there: a word that was renamed in the code is renamed in the glossary.

use std::collections::BTreeMap;

use super::{finding::Finding, tree::Tree};

const FILE: &str = "docs/glossary.md";

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(text) = tree.text(FILE) else {
        return Vec::new();
    };
    let words = words_of_crates(tree);
    let mut findings = Vec::new();
    for (at, line) in text.lines().enumerate() {
        // what stands between marks of code has an odd place among the parts
        for path in line.split('`').skip(1).step_by(2) {
            let Some((name, rest)) = path.split_once("::") else {
                continue;
            };
            let Some(words) = words.get(name) else { continue };
            for absent in rest.split("::").filter(|part| !words.contains(part)) {
                findings.push(Finding::error(
                    FILE,
                    at + 1,
                    format!("{path}: {name} has no {absent}"),
                ));
            }
        }
    }
    findings
}

/// Words of the code and names of the files of each crate.
fn words_of_crates(tree: &Tree) -> BTreeMap<&str, Vec<&str>> {
    let mut words: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in tree.rust() {
        let Some(name) = file.crate_name() else { continue };
        let known = words.entry(name).or_default();
        known.extend(file.path.split(['/', '.']));
        for line in &file.code {
            known.extend(line.split(|letter: char| !letter.is_alphanumeric() && letter != '_'));
        }
    }
    for known in words.values_mut() {
        known.sort_unstable();
        known.dedup();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_not_in_the_code_is_found() {
        let code = (
            "crates/records/src/key.rs",
            "//! Keys.\npub struct ProfileId;\n// Ghost\n",
        );
        let found = |glossary: &str| {
            let findings = check(&Tree::of(&[code, (FILE, glossary)]));
            findings.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(
            found("| id | `records::key::ProfileId` | `on` | `std::fmt` |"),
            [""; 0]
        );
        assert_eq!(
            found("# Glossary\n| x | `records::key::Ghost` |"),
            ["error: docs/glossary.md:2: records::key::Ghost: records has no Ghost"]
        );
    }
}
