//! `sojourn`: the one binary. Command line, API and portals over the registry's use cases.

mod api;
mod cli;
mod config;
mod data;
mod delivery;
mod http;
mod installation;
mod keys;
mod portal;
mod readers;
mod simulated_clock;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let cli = cli::args::Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("sojourn: the runtime could not start: {error}");
            return ExitCode::from(cli::USAGE);
        }
    };
    runtime.block_on(cli::run(cli))
}
