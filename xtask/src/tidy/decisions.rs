//! Decision records: numbered without gaps, half a page each, in one shape.

use super::{finding::Finding, tree::Tree};

const FOLDER: &str = "docs/adr/";
const PARTS: &[&str] = &[
    "accepted ",
    "**Question.**",
    "**Options.**",
    "**Decision.**",
    "**Price.**",
];
/// Half a page.
const LINES_MAX: usize = 40;

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let decisions: Vec<(&str, &str)> = tree
        .texts()
        .filter(|(path, _)| path.starts_with(FOLDER))
        .collect();
    let mut findings = Vec::new();
    for (at, (path, text)) in decisions.iter().enumerate() {
        let expected = at + 1;
        let number = path[FOLDER.len()..].split_once('-').map(|(number, _)| number);
        if number != Some(&format!("{expected:04}")) {
            findings.push(Finding::error(
                *path,
                0,
                format!("stands where decision {expected:04} should stand"),
            ));
        }
        if !text.starts_with(&format!("# {expected}. ")) {
            findings.push(Finding::error(
                *path,
                1,
                format!("does not begin with `# {expected}. `"),
            ));
        }
        for part in PARTS.iter().filter(|part| !text.contains(**part)) {
            findings.push(Finding::error(*path, 0, format!("lacks `{}`", part.trim())));
        }
        if text.lines().count() > LINES_MAX {
            findings.push(Finding::error(
                *path,
                0,
                format!("is longer than {LINES_MAX} lines"),
            ));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: &str =
        "accepted 2026-11-24\n**Question.** a\n**Options.** b\n**Decision.** c\n**Price.** d\n";

    fn found(files: &[(&str, String)]) -> Vec<String> {
        let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
        check(&Tree::of(&files)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn gaps_and_missing_parts_are_named() {
        let first = ("docs/adr/0001-one.md", format!("# 1. One {SHAPE}"));
        let second = ("docs/adr/0002-two.md", format!("# 2. Two {SHAPE}"));
        assert_eq!(found(&[first.clone(), second.clone()]), [""; 0]);
        let third = ("docs/adr/0003-three.md", format!("# 3. Three {SHAPE}"));
        assert_eq!(found(&[first.clone(), third]).len(), 2, "a gap");
        let again = ("docs/adr/0001-other.md", format!("# 1. Other {SHAPE}"));
        assert_eq!(found(&[first, again]).len(), 2, "a number twice");
        let free = ("docs/adr/0001-one.md", "# 1. One".to_owned());
        assert_eq!(found(&[free]).len(), 5);
    }
}
