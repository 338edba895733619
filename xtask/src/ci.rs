//! Every check that a change must pass. All are made even when one fails, so that one run names all faults.

use std::{path::Path, time::Instant};

use crate::{
    Failure, openapi,
    process::{self, cargo, has_subcommand},
    tidy,
};

type Check = fn(&Path) -> Result<(), Failure>;

/// In the order in which they fail fastest.
const CHECKS: &[(&str, Check)] = &[
    ("format", format),
    ("tidy", tidy::run),
    ("clippy", clippy),
    ("tests", test),
    ("documentation", documentation),
    ("openapi", openapi::check),
];

pub(crate) fn run(root: &Path) -> Result<(), Failure> {
    run_all(root, CHECKS)
}

fn run_all(root: &Path, checks: &[(&'static str, Check)]) -> Result<(), Failure> {
    let mut failed = Vec::new();
    for &(name, check) in checks {
        eprintln!("xtask: {name} …");
        let begun = Instant::now();
        let outcome = check(root);
        let seconds = begun.elapsed().as_secs();
        match outcome {
            Ok(()) => eprintln!("xtask: {name}: passed in {seconds} s"),
            Err(failure) => {
                eprintln!("xtask: {name}: FAILED after {seconds} s: {failure}");
                failed.push(name);
            }
        }
    }
    if failed.is_empty() {
        Ok(())
    } else {
        Err(Failure::Checks(failed))
    }
}

fn format(root: &Path) -> Result<(), Failure> {
    run_cargo(root, &["fmt", "--all", "--check"])
}

/// All targets: this is also what shows that benchmarks compile.
fn clippy(root: &Path) -> Result<(), Failure> {
    run_cargo(
        root,
        &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"],
    )
}

fn test(root: &Path) -> Result<(), Failure> {
    if !has_subcommand(root, "nextest") {
        eprintln!("xtask: cargo-nextest is not installed, so `cargo test` takes its place");
        return run_cargo(root, &["test", "--workspace"]);
    }
    run_cargo(root, &["nextest", "run", "--workspace"])?;
    // nextest leaves the examples in documentation out
    run_cargo(root, &["test", "--workspace", "--doc", "--quiet"])
}

fn documentation(root: &Path) -> Result<(), Failure> {
    let mut command = cargo(
        root,
        &[
            "doc",
            "--workspace",
            "--no-deps",
            "--document-private-items",
            "--quiet",
        ],
    );
    command.env("RUSTDOCFLAGS", "-D warnings");
    process::run(command)
}

fn run_cargo(root: &Path, arguments: &[&str]) -> Result<(), Failure> {
    process::run(cargo(root, arguments))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_check_is_made_and_each_failure_is_named() {
        let good: Check = |_| Ok(());
        let bad: Check = |_| Err(Failure::Findings { count: 1 });
        assert!(run_all(Path::new("."), &[("one", good), ("two", good)]).is_ok());
        let failure = run_all(Path::new("."), &[("one", bad), ("two", good), ("three", bad)]).unwrap_err();
        assert_eq!(failure.to_string(), "failed: one, three");
    }
}
