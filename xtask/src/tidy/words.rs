//! Words that code outside tests must not hold.

use super::{finding::Finding, source::RustFile};

/// A word and what is wrong with it.
type Forbidden = (&'static str, &'static str);

const EVERYWHERE: &[Forbidden] = &[
    (".unwrap()", "panics, and may print a row"),
    (".unwrap_err()", "panics, and may print a row"),
    (".expect(", "panics, and may print a row"),
    ("todo!", "is a placeholder"),
    ("unimplemented!", "is a placeholder"),
    ("dbg!", "prints what nobody may see"),
    ("let _ =", "swallows an error"),
    ("cfg(any())", "hides code from the compiler"),
    ("allow(dead_code)", "keeps code that nobody uses"),
];

/// Stages without clock and randomness: the same input gives the same output.
const CORES: &[&str] = &[
    "records",
    "names",
    "sources",
    "linkage",
    "profile",
    "status",
    "credential",
    "statistics",
];

const IN_CORES: &[Forbidden] = &[
    ("Timestamp::now", "is a clock in a core"),
    ("Zoned::now", "is a clock in a core"),
    ("Utc::now", "is a clock in a core"),
    ("SystemTime::now", "is a clock in a core"),
    ("Instant::now", "is a clock in a core"),
    ("std::fs", "is IO in a core"),
    ("std::net", "is IO in a core"),
    ("tokio::", "is IO in a core"),
];

pub(crate) fn check(file: &RustFile) -> Vec<Finding> {
    let core = file.crate_name().is_some_and(|name| CORES.contains(&name));
    let forbidden: Vec<&Forbidden> = EVERYWHERE
        .iter()
        .chain(IN_CORES.iter().filter(|_| core))
        .collect();
    let mut findings = Vec::new();
    for (at, line) in file.code.iter().enumerate() {
        for (word, fault) in forbidden.iter().filter(|(word, _)| line.contains(word)) {
            findings.push(Finding::error(&file.path, at + 1, format!("`{word}` {fault}")));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        check(&RustFile::new(path.to_owned(), text))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn a_forbidden_word_is_found_in_code_alone() {
        let text = "// x.unwrap()\nlet a = \"todo!\";\nlet b = x.unwrap();\n#[cfg(test)]\nmod tests { y.unwrap(); }\n";
        let found = found("crates/server/src/a.rs", text);
        assert_eq!(
            found,
            ["error: crates/server/src/a.rs:3: `.unwrap()` panics, and may print a row"]
        );
    }

    #[test]
    fn clocks_are_forbidden_in_cores_alone() {
        let text = "let now = Timestamp::now();\n";
        assert_eq!(found("crates/server/src/a.rs", text), [""; 0]);
        assert_eq!(found("crates/status/src/a.rs", text).len(), 1);
        assert_eq!(found("crates/status/tests/it/a.rs", text), [""; 0]);
    }
}
