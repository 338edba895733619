//! Who may use whom: the table in ARCHITECTURE.md against what cargo builds.
//!
//! Invariant: the table names every crate there is and no crate that is not.

use std::collections::{BTreeMap, BTreeSet};

use super::{finding::Finding, metadata::Metadata, tree::Tree};
use crate::Failure;

const FILE: &str = "ARCHITECTURE.md";
const CRATE_COLUMN: &str = "crate";
const USES_COLUMN: &str = "uses of ours";

/// Allowed edges, and the line of the table that allows them.
type Allowed = BTreeMap<String, (usize, BTreeSet<String>)>;

pub(crate) fn check(tree: &Tree, metadata: &Metadata) -> Result<Vec<Finding>, Failure> {
    let text = tree.text(FILE).ok_or(Failure::Document {
        path: FILE,
        lacks: "existence",
    })?;
    let allowed = allowed_edges(text).ok_or(Failure::Document {
        path: FILE,
        lacks: "a table with the columns 'crate' and 'uses of ours'",
    })?;
    let ours: BTreeMap<&str, &[String]> = metadata
        .ours()
        .map(|package| (package.name.as_str(), package.uses.as_slice()))
        .collect();
    let mut findings = Vec::new();
    for (name, (line, uses)) in &allowed {
        for absent in [name]
            .into_iter()
            .chain(uses)
            .filter(|name| !ours.contains_key(name.as_str()))
        {
            findings.push(Finding::error(
                FILE,
                *line,
                format!("names the crate {absent}, which does not exist"),
            ));
        }
    }
    for (name, uses) in &ours {
        let Some((line, allowed)) = allowed.get(*name) else {
            findings.push(Finding::error(FILE, 0, format!("does not name the crate {name}")));
            continue;
        };
        for used in uses
            .iter()
            .filter(|used| ours.contains_key(used.as_str()) && !allowed.contains(*used))
        {
            findings.push(Finding::error(
                FILE,
                *line,
                format!("does not allow {name} to use {used}"),
            ));
        }
    }
    Ok(findings)
}

fn allowed_edges(text: &str) -> Option<Allowed> {
    let mut lines = text.lines().enumerate();
    let header = lines.by_ref().map(|(_, line)| cells(line)).find(|cells| {
        cells.iter().any(|cell| cell == CRATE_COLUMN) && cells.iter().any(|cell| cell == USES_COLUMN)
    })?;
    let column = |name: &str| header.iter().position(|cell| cell == name);
    let (name_at, uses_at) = (column(CRATE_COLUMN)?, column(USES_COLUMN)?);
    let rows: Vec<(usize, Vec<String>)> = lines
        .skip(1)
        .map(|(at, line)| (at + 1, cells(line)))
        .take_while(|(_, cells)| cells.len() > name_at.max(uses_at))
        .collect();
    let names: Vec<&String> = rows.iter().map(|(_, cells)| &cells[name_at]).collect();
    let uses = |name: &String, cell: &str| match cell {
        "all" => names
            .iter()
            .filter(|other| **other != name)
            .map(|other| (*other).clone())
            .collect(),
        "–" | "" => BTreeSet::new(),
        listed => listed.split(',').map(|used| used.trim().to_owned()).collect(),
    };
    let edges = rows.iter().map(|(line, cells)| {
        let name = &cells[name_at];
        (name.clone(), (*line, uses(name, &cells[uses_at])))
    });
    Some(edges.collect())
}

/// Cells of a row of a Markdown table, without the marks of code.
fn cells(line: &str) -> Vec<String> {
    let inner = line
        .trim()
        .strip_prefix('|')
        .and_then(|rest| rest.strip_suffix('|'));
    let cells = inner.map(|inner| {
        inner
            .split('|')
            .map(|cell| cell.trim().replace('`', ""))
            .collect()
    });
    cells.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const TABLE: &str = "# Architecture\n\n| crate | one line | uses of ours |\n|---|---|---|\n\
        | `records` | words | – |\n| `names` | names | `records` |\n| `server` | all | all |\n\nMore.\n";

    fn metadata(names_uses: &[&str]) -> Metadata {
        let package = |name: &str, uses: &[&str]| {
            let dependencies: Vec<_> = uses
                .iter()
                .map(|name| json!({ "name": name, "kind": null }))
                .collect();
            json!({ "id": name, "name": name, "version": "1", "license": "MIT", "dependencies": dependencies })
        };
        Metadata::of(&json!({
            "workspace_members": ["records", "names", "server"],
            "packages": [
                package("records", &["serde"]),
                package("names", names_uses),
                package("server", &["records", "names"]),
            ],
        }))
    }

    fn messages(table: &str, metadata: &Metadata) -> Vec<String> {
        let tree = Tree::of(&[(FILE, table)]);
        check(&tree, metadata)
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn edges_in_the_table_pass() {
        assert_eq!(messages(TABLE, &metadata(&["records"])), [""; 0]);
        assert_eq!(messages(TABLE, &metadata(&[])), [""; 0]);
    }

    #[test]
    fn an_edge_that_is_not_in_the_table_is_found() {
        let table = TABLE.replace("| `names` | names | `records` |", "| `names` | names | – |");
        let found = messages(&table, &metadata(&["records"]));
        assert_eq!(
            found,
            ["error: ARCHITECTURE.md:6: does not allow names to use records"]
        );
    }

    #[test]
    fn the_table_and_the_workspace_name_the_same_crates() {
        let renamed = TABLE.replace("| `names` | names |", "| `sources` | names |");
        let mut found = messages(&renamed, &metadata(&["records"]));
        found.sort();
        assert_eq!(
            found,
            [
                "error: ARCHITECTURE.md: does not name the crate names",
                "error: ARCHITECTURE.md:6: names the crate sources, which does not exist",
                "error: ARCHITECTURE.md:7: does not allow server to use names",
                "error: ARCHITECTURE.md:7: names the crate sources, which does not exist",
            ]
        );
    }

    #[test]
    fn a_document_without_the_table_fails() {
        let tree = Tree::of(&[(FILE, "# Architecture\n")]);
        assert!(check(&tree, &metadata(&[])).is_err());
    }
}
