//! PostgreSQL's programs, where they are installed, run by a user that it accepts.

use std::{
    fs,
    os::unix::{fs::MetadataExt as _, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use super::{ClusterError, at};

/// Where Debian keeps the programs of each version.
const DEBIAN: &str = "/usr/lib/postgresql";
/// `nobody` and its group on Debian: a user that owns nothing.
const NOBODY: u32 = 65_534;

/// Whether tests that need a server can run here.
pub fn is_installed() -> bool {
    directory().is_some()
}

/// Says aloud that a test could not run.
pub fn skip() {
    println!("SKIPPED: PostgreSQL is not installed");
}

/// The directory of the newest version's programs.
fn directory() -> Option<PathBuf> {
    let version = |path: &Path| path.file_name()?.to_str()?.parse::<u32>().ok();
    let mut versions: Vec<(u32, PathBuf)> = fs::read_dir(DEBIAN)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| Some((version(&entry.path())?, entry.path().join("bin"))))
        .collect();
    versions.sort();
    let debian = versions.into_iter().rev().map(|(_, directory)| directory);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let others: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut places = debian.chain(others);
    places.find(|directory| {
        ["initdb", "postgres"]
            .iter()
            .all(|name| directory.join(name).is_file())
    })
}

/// One of PostgreSQL's programs, to be run as the user who owns clusters here.
pub(super) fn program(name: &str) -> Command {
    as_owner(Command::new(directory().unwrap_or_default().join(name)))
}

fn as_owner(mut command: Command) -> Command {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // what a terminal or a test runner sends to the tests' group does not reach the server
        .process_group(0);
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

/// Runs a script of commands as the user who owns clusters here; stops at the first that fails. Gives what it printed.
pub fn shell(script: &str, variables: &[(&str, &str)]) -> Result<String, ClusterError> {
    let programs = directory().unwrap_or_default();
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = as_owner(Command::new("sh"));
    command
        .args(["-euc", script])
        .env("PATH", format!("{}:{path}", programs.display()))
        .envs(variables.iter().copied())
        .current_dir("/");
    Ok(String::from_utf8_lossy(&run(command)?.stdout).into_owned())
}

/// Runs a program to its end.
pub(super) fn run(mut command: Command) -> Result<Output, ClusterError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .map_err(|source| ClusterError::Run {
            program: program.clone(),
            source,
        })?;
    if output.status.success() {
        Ok(output)
    } else {
        let says = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(ClusterError::Program { program, says })
    }
}

/// Gives a directory to the user who owns clusters here.
pub fn hand_over(directory: &Path) -> Result<(), ClusterError> {
    if is_root() {
        std::os::unix::fs::chown(directory, Some(NOBODY), Some(NOBODY)).map_err(at(directory))?;
    }
    Ok(())
}

/// The user who runs this program, as the owner of what describes it.
pub(super) fn user() -> u32 {
    fs::metadata("/proc/self").map_or(NOBODY, |metadata| metadata.uid())
}

fn is_root() -> bool {
    user() == 0
}
