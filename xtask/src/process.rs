//! Runs cargo.

use std::{
    env,
    ffi::OsString,
    path::Path,
    process::{Command, Stdio},
};

use crate::Failure;

/// The cargo that runs us.
pub(crate) fn cargo(root: &Path, arguments: &[&str]) -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root).stdin(Stdio::null());
    command
}

/// Runs `command` with its output shown.
pub(crate) fn run(mut command: Command) -> Result<(), Failure> {
    let name = shown(&command);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Failure::ProgramFailed { name }),
        Err(source) => Err(Failure::Program { name, source }),
    }
}

/// What `command` prints on standard output.
pub(crate) fn output(mut command: Command) -> Result<Vec<u8>, Failure> {
    let name = shown(&command);
    match command.stderr(Stdio::inherit()).output() {
        Ok(output) if output.status.success() => Ok(output.stdout),
        Ok(_) => Err(Failure::ProgramFailed { name }),
        Err(source) => Err(Failure::Program { name, source }),
    }
}

/// Whether `cargo NAME` exists.
pub(crate) fn has_subcommand(root: &Path, name: &str) -> bool {
    let mut command = cargo(root, &[name, "--version"]);
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

fn shown(command: &Command) -> String {
    let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
    format!("cargo {}", words.join(" "))
}
