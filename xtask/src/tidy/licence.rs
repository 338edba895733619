//! Ours is Apache-2.0; what we stand on must be at least as free to use.

use super::{finding::Finding, metadata::Metadata};

const OURS: &str = "Apache-2.0";
/// Permissive licences, and two that bind only changes to their own files (MPL-2.0) or data (CDLA).
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "OpenSSL",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "bzip2-1.0.6",
];

pub(crate) fn check(metadata: &Metadata) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in metadata.all() {
        let (name, licence) = (&package.name, &package.licence);
        if package.is_ours && licence != OURS {
            findings.push(Finding::error(
                "Cargo.toml",
                0,
                format!("crate {name} is not marked as {OURS}"),
            ));
        }
        if !package.is_ours && !is_allowed(licence) {
            let version = &package.version;
            let message = format!("{name} {version} has the licence '{licence}', which is not on our list");
            findings.push(Finding::error("Cargo.lock", 0, message));
        }
    }
    findings
}

/// Whether one of the ways that an SPDX expression leaves open is made of allowed licences alone.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    either(&words, &mut at) && at == words.len()
}

fn either(words: &[&str], at: &mut usize) -> bool {
    let mut allowed = both(words, at);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        allowed |= both(words, at);
    }
    allowed
}

fn both(words: &[&str], at: &mut usize) -> bool {
    let mut allowed = one(words, at);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        allowed &= one(words, at);
    }
    allowed
}

fn one(words: &[&str], at: &mut usize) -> bool {
    let Some(&word) = words.get(*at) else { return false };
    *at += 1;
    if word == "(" {
        let allowed = either(words, at);
        let closed = words.get(*at) == Some(&")");
        *at += 1;
        return allowed && closed;
    }
    if words.get(*at) == Some(&"WITH") {
        *at += 2; // an exception only ever allows more
    }
    ALLOWED.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_free_way_is_enough_and_all_of_it_must_be_free() {
        for free in [
            "MIT",
            "MIT OR GPL-3.0-only",
            "MIT/Apache-2.0",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "ISC AND (Apache-2.0 OR ISC) AND OpenSSL",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0-only",
        ] {
            assert!(is_allowed(free), "{free}");
        }
        for bound in [
            "",
            "GPL-3.0-only",
            "MIT AND AGPL-3.0-only",
            "(MIT",
            "MIT MIT",
            "SSPL-1.0 OR BUSL-1.1",
        ] {
            assert!(!is_allowed(bound), "{bound}");
        }
    }
}
