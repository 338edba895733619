//! One command a file; each opens what it needs, calls use cases and prints.
//!
//! Exit status: 0 done, 1 the work found problems that it names, 2 wrong usage or something that stopped the work.

mod account;
pub(crate) mod args;
mod backup;
mod bench;
mod demo;
mod doctor;
mod exchange;
mod export;
mod find;
mod ingest;
mod link;
mod migrate;
mod prepare;
mod profile;
mod proof;
mod rules;
mod serve;
mod show;
mod stats;
mod status;
mod withdrawn;
mod world;

use std::process::ExitCode;

use self::args::{Account, Cli, Command, Common, Exchange, Export, Rules, Stats};
use crate::{
    data::DataFiles,
    delivery::chain,
    installation::{Installation, Site, Stop},
};

pub(crate) const PROBLEMS: u8 = 1;
pub(crate) const USAGE: u8 = 2;

/// What a command came to, when nothing stopped it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finish {
    Done,
    /// Done, and it found problems that it has named.
    Problems,
}

/// The installation that the command line names.
async fn open(common: &Common) -> Result<Installation, Stop> {
    Installation::at(Site {
        store: &common.store(),
        keys: common.keys(),
        data: DataFiles::new(common.data.clone()),
        simulated_start: common.simulated_start,
    })
    .await
}

pub(crate) async fn run(cli: Cli) -> ExitCode {
    match dispatch(&cli.common, cli.command).await {
        Ok(Finish::Done) => ExitCode::SUCCESS,
        Ok(Finish::Problems) => ExitCode::from(PROBLEMS),
        Err(stop) => {
            eprintln!("sojourn: {}", chain(stop.as_ref()));
            ExitCode::from(USAGE)
        }
    }
}

async fn dispatch(common: &Common, command: Command) -> Result<Finish, Stop> {
    match command {
        Command::Demo(demo) => demo::run(common, demo).await,
        Command::Ingest { dir } => ingest::run(common, &dir).await,
        Command::Link => link::run(common).await,
        Command::Export(Export::Links { out, on, known_at }) => {
            export::links(common, &out, on, known_at).await
        }
        Command::Export(Export::Quarantine { out, known_at }) => {
            export::quarantine(common, &out, known_at).await
        }
        Command::Profile(view) => profile::run(common, &view).await,
        Command::Find(find) => find::run(common, &find).await,
        Command::Status(view) => status::run(common, &view).await,
        Command::Rules(Rules::Check { cases, pack }) => rules::check(common, &cases, &pack),
        Command::Verify(verify) => proof::verify(common, &verify),
        Command::Prove(prove) => proof::prove(common, &prove).await,
        Command::Trust { out } => proof::trust(common, &out),
        Command::Stats(Stats::Publish { on, out }) => stats::publish(common, on, &out).await,
        Command::Stats(Stats::Table { dims, measure, on }) => stats::table(common, &dims, &measure, on).await,
        Command::Account(Account::Add(new)) => account::add(common, &new).await,
        Command::Account(Account::Close { login }) => account::close(common, &login).await,
        Command::World(world) => world::run(common, &world),
        Command::Serve { config } => serve::run(&config).await,
        Command::Backup { out } => backup::back_up(common, &out).await,
        Command::Restore { from } => backup::restore(common, &from).await,
        Command::Prepare => prepare::run(common).await,
        Command::Bench(bench) => bench::run(common, bench).await,
        Command::Doctor { config } => doctor::run(common, config.as_deref()).await,
        Command::Exchange(Exchange::Replay { from, to, config }) => {
            exchange::replay(common, &config, from, to).await
        }
        Command::Migrate { check } => migrate::run(common, check).await,
        Command::Openapi => serve::openapi(),
    }
}
