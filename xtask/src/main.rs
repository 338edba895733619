//! The checks that a change must pass: `cargo xtask ci`, or one of its parts.
//!
//! Not here: what a user of Sojourn runs (`./sojourn`, the crate `server`). Builds in seconds, so it depends on
//! little.

mod ci;
mod failure;
mod openapi;
mod process;
mod tidy;

use std::{env, path::PathBuf, process::ExitCode};

use failure::Failure;

const USAGE: &str = "usage: cargo xtask COMMAND

  ci               every check, in the order in which they fail fastest
  tidy             what grew out of shape: edges between crates, sizes, forbidden words, licences, prose
  openapi          writes docs/openapi.json as the program describes itself
  openapi --check  whether that file is as the program describes itself";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let root = workspace_root();
    let done = match words[..] {
        ["ci"] => ci::run(&root),
        ["tidy"] => tidy::run(&root),
        ["openapi"] => openapi::write(&root),
        ["openapi", "--check"] => openapi::check(&root),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn workspace_root() -> PathBuf {
    let package = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    package.parent().map_or(package.clone(), PathBuf::from)
}
