//! Finds what grew out of shape before a reader has to.
//!
//! In: the tree and `cargo metadata`. Out: one line a finding, `path:line: what`.
//! Not here: what clippy and rustfmt already see.

mod decisions;
mod edges;
mod finding;
mod glossary;
mod layout;
mod licence;
mod metadata;
mod size;
mod source;
mod tree;
mod words;

use std::path::Path;

use finding::{Finding, Weight};
use metadata::Metadata;
use tree::Tree;

use crate::Failure;

pub(crate) fn run(root: &Path) -> Result<(), Failure> {
    let tree = Tree::read(root)?;
    let metadata = Metadata::load(root)?;
    let mut findings = edges::check(&tree, &metadata)?;
    findings.extend(licence::check(&metadata));
    findings.extend(layout::check(&tree));
    findings.extend(decisions::check(&tree));
    findings.extend(glossary::check(&tree));
    for file in tree.rust() {
        findings.extend(size::check(file));
        findings.extend(words::check(file));
    }
    report(findings)
}

fn report(mut findings: Vec<Finding>) -> Result<(), Failure> {
    findings.sort();
    for finding in &findings {
        eprintln!("{finding}");
    }
    let count = findings
        .iter()
        .filter(|finding| finding.weight == Weight::Error)
        .count();
    if count == 0 {
        Ok(())
    } else {
        Err(Failure::Findings { count })
    }
}
