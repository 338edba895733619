//! The command line as a user types it.

use std::{
    num::NonZeroUsize,
    path::{Path, PathBuf},
};

use clap::{Args, Parser, Subcommand, ValueEnum};
use records::Day;
use registry::port::outbox::Receiver;
use store::StoreUrl;

use super::bench::Bench;

/// One living profile for every foreign resident, and migration statistics that reveal nobody.
#[derive(Debug, Parser)]
#[command(name = "sojourn", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Args)]
pub(crate) struct Common {
    /// Where the records are: sqlite:PATH or postgres://USER@HOST/DATABASE (default: sqlite:./var/sojourn.db)
    #[arg(
        long,
        global = true,
        env = "SOJOURN_STORE",
        hide_env_values = true,
        value_name = "URL"
    )]
    pub(crate) store: Option<StoreUrl>,
    /// Print one JSON document instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Directory of packs and mappings to use instead of those built in
    #[arg(long, global = true, env = "SOJOURN_DATA", value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Directory of the signing and pseudonymisation keys, made on first use (default: ./var/keys)
    #[arg(long, global = true, env = "SOJOURN_KEYS", value_name = "DIR")]
    pub(crate) keys: Option<PathBuf>,
    /// For rehearsals only: the time that the system takes for the moment of its start, RFC 3339
    #[arg(long, global = true, env = "SOJOURN_SIMULATED_START", value_name = "TIME")]
    pub(crate) simulated_start: Option<jiff::Timestamp>,
}

impl Common {
    pub(crate) fn store(&self) -> StoreUrl {
        let own = || StoreUrl::from("sqlite:./var/sojourn.db".to_owned());
        self.store.clone().unwrap_or_else(own)
    }

    pub(crate) fn keys(&self) -> &Path {
        self.keys.as_deref().unwrap_or(Path::new("./var/keys"))
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Take a world, ingest, link and serve the portals with demonstration sign-ins
    Demo(Demo),
    /// Read every extract under a directory; doing it again changes nothing
    Ingest {
        /// Directory that holds the agencies' extracts (border/crossings.csv, mvd/permits.csv, …)
        dir: PathBuf,
    },
    /// Decide whose records the unlinked ones are
    Link,
    /// Make everybody's status of today ready, so that no look by document has to wait for it
    Prepare,
    /// Measure, beside the least that the machine could do
    #[command(subcommand)]
    Bench(Bench),
    /// Write links or quarantined lines as CSV
    #[command(subcommand)]
    Export(Export),
    /// Show the resolved view of one person, with sources and conflicts
    Profile(View),
    /// Look for a person; needs a purpose, leaves a trace
    Find(Find),
    /// Show the right to stay and to work, and the duties, of one person
    Status(View),
    /// Work with the rules
    #[command(subcommand)]
    Rules(Rules),
    /// Check a proof without network: a file or the text of a QR
    Verify(Verify),
    /// Issue a proof for one purpose, as text and as a QR
    Prove(Prove),
    /// Write the trust list that verifiers carry
    Trust {
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Publish statistics
    #[command(subcommand)]
    Stats(Stats),
    /// Say who may sign in
    #[command(subcommand)]
    Account(Account),
    /// Make an invented world in the formats of the extracts, with its truth, for rehearsals and load
    World(World),
    /// Serve the API and the portals
    Serve {
        #[arg(long, value_name = "FILE", default_value = "sojourn.toml")]
        config: PathBuf,
    },
    /// Copy the whole store to a new folder, with checksums, while others work on it
    Backup {
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// Make the store from a copy; refuses where one is there already
    Restore {
        /// Folder that `sojourn backup` wrote
        from: PathBuf,
    },
    /// Check store, packs, keys, trace and clock, and say what to do
    Doctor {
        /// Configuration of `sojourn serve`, to check the message broker as well
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Work with the message broker
    #[command(subcommand)]
    Exchange(Exchange),
    /// Bring the store's tables to the form that this program needs; every command does so as well
    Migrate {
        /// Only say what is to be done
        #[arg(long)]
        check: bool,
    },
    /// Print the description of the API (OpenAPI 3.1)
    Openapi,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub(crate) listen: std::net::SocketAddr,
    /// World to take instead of the small one built in: a directory with sources/
    #[arg(long, value_name = "DIR")]
    pub(crate) world: Option<PathBuf>,
    /// The day that the demonstration takes for today (its world ends with 2025)
    #[arg(long, default_value = "2025-12-15")]
    pub(crate) today: Day,
    /// Make everything ready, print the sign-ins and stop
    #[arg(long)]
    pub(crate) no_serve: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Exchange {
    /// Carry notices to the broker again, from an event on; receivers know what they have read by its number
    Replay {
        /// Number of the first event
        #[arg(long, value_name = "NUMBER")]
        from: u64,
        /// Only to this receiver: agency/OFFICE or verifier/ORGANISATION
        #[arg(long, value_name = "RECEIVER", value_parser = receiver)]
        to: Option<Receiver>,
        #[arg(long, value_name = "FILE", default_value = "sojourn.toml")]
        config: PathBuf,
    },
}

fn receiver(raw: &str) -> Result<Receiver, String> {
    raw.split_once('/')
        .filter(|(_, name)| !name.is_empty())
        .and_then(|(kind, name)| Receiver::of(kind, name.to_owned()))
        .ok_or_else(|| "a receiver reads agency/OFFICE or verifier/ORGANISATION".to_owned())
}

#[derive(Debug, Subcommand)]
pub(crate) enum Export {
    /// source,record_id,profile_id of every person-level record
    Links {
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Only records that hold in the world on this day
        #[arg(long, value_name = "DAY")]
        on: Option<Day>,
        /// Links as known at this time, RFC 3339 (default: now)
        #[arg(long, value_name = "TIME")]
        known_at: Option<jiff::Timestamp>,
    },
    /// source,file,line,field,reason of every line that was set aside
    Quarantine {
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// Lines set aside by this time, RFC 3339 (default: now)
        #[arg(long, value_name = "TIME")]
        known_at: Option<jiff::Timestamp>,
    },
}

/// Whom to look at, as of when, and why.
#[derive(Debug, Args)]
pub(crate) struct View {
    /// Profile id
    pub(crate) id: String,
    /// Day in question (default: today)
    #[arg(long, value_name = "DAY")]
    pub(crate) on: Option<Day>,
    /// Time up to which records count, RFC 3339 (default: now)
    #[arg(long, value_name = "TIME")]
    pub(crate) known_at: Option<jiff::Timestamp>,
    #[command(flatten)]
    pub(crate) why: Why,
}

/// Who looks at personal data, and by what right.
#[derive(Debug, Args)]
pub(crate) struct Why {
    /// Purpose, from the closed list of the pack
    #[arg(long, default_value = "support", value_name = "PURPOSE")]
    pub(crate) purpose: String,
    /// Name that the trace shows (default: the user's login name)
    #[arg(long, env = "USER", default_value = "operator", value_name = "NAME")]
    pub(crate) official: String,
}

#[derive(Debug, Args)]
pub(crate) struct Find {
    /// A document as issuer and number, held now or before: UZB:AA1234567
    #[arg(long, group = "what")]
    pub(crate) document: Option<String>,
    /// Another number by its kind: inn, snils, enp, student_id, permit, visa, migration_card; snils:112-233-445 95
    #[arg(long, group = "what", value_name = "KIND:NUMBER")]
    pub(crate) number: Option<String>,
    /// A name, in any script
    #[arg(long, group = "what", requires = "born", required_unless_present_any = ["document", "number"])]
    pub(crate) name: Option<String>,
    /// Birth date: YYYY-MM-DD, YYYY-MM or YYYY
    #[arg(long)]
    pub(crate) born: Option<String>,
    /// Day in question (default: today)
    #[arg(long, value_name = "DAY")]
    pub(crate) on: Option<Day>,
    /// Time up to which records count, RFC 3339 (default: now)
    #[arg(long, value_name = "TIME")]
    pub(crate) known_at: Option<jiff::Timestamp>,
    /// Purpose, from the closed list of the pack
    #[arg(long, value_name = "PURPOSE")]
    pub(crate) purpose: String,
    /// Name that the trace shows
    #[arg(long, env = "USER", default_value = "operator", value_name = "NAME")]
    pub(crate) official: String,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Rules {
    /// Run worked cases (JSON lines) and print each failure
    Check {
        /// File of cases
        cases: PathBuf,
        /// Pack to judge by
        #[arg(long, default_value = "ru")]
        pack: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Account {
    /// Open an account and print its secret once
    Add(AccountAdd),
    /// Close an account and end its sessions; what it did stays in the trace
    Close {
        /// What is typed at sign-in
        login: String,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum AccountRole {
    /// The person whom a profile is about
    Holder,
    /// Works on cases of an office
    Official,
    /// Asks one question about a holder who agrees
    Verifier,
}

#[derive(Debug, Args)]
pub(crate) struct AccountAdd {
    /// What is typed at sign-in
    pub(crate) login: String,
    #[arg(long, value_enum)]
    pub(crate) role: AccountRole,
    /// A holder's profile id
    #[arg(long, value_name = "ID")]
    pub(crate) profile: Option<String>,
    /// An official's name
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// An official's office, or a verifier's organisation
    #[arg(long, value_name = "NAME")]
    pub(crate) office: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ProofPurpose {
    Work,
    Stay,
}

#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// File with the text, or the text itself
    pub(crate) proof: String,
    /// Trust list: whose keys may sign
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: PathBuf,
    /// Time at which to check, RFC 3339 (default: now)
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<jiff::Timestamp>,
    /// Also ask whether the proof was withdrawn: the address of the installation, or a file of its list
    #[arg(long, value_name = "URL|FILE")]
    pub(crate) withdrawn: Option<String>,
    /// The passport in your hand, to tell whether the proof is about its bearer: UZB:AA1234567
    #[arg(long, requires = "born", value_name = "ISSUER:NUMBER")]
    pub(crate) document: Option<String>,
    /// Birth date in that passport: YYYY-MM-DD, YYYY-MM or YYYY
    #[arg(long, requires = "document", value_name = "DATE")]
    pub(crate) born: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Prove {
    /// Profile id
    pub(crate) id: String,
    /// What is to be proven
    #[arg(long = "for", value_enum)]
    pub(crate) proof: ProofPurpose,
    /// Also write the QR as SVG
    #[arg(long, value_name = "FILE")]
    pub(crate) svg: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Stats {
    /// Build the statistical register and write the published tables
    Publish {
        #[arg(long, value_name = "DAY")]
        on: Day,
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
    },
    /// One table after disclosure control
    Table {
        /// Dimensions, separated by commas: citizenship, region, sex, age_group, month, purpose
        #[arg(long, value_delimiter = ',')]
        dims: Vec<String>,
        /// What is counted: stock, entries, exits
        #[arg(long)]
        measure: String,
        #[arg(long, value_name = "DAY")]
        on: Day,
    },
}

/// An invented world: the same people, seed and noise give the same bytes.
#[derive(Debug, Args)]
pub(crate) struct World {
    /// How many people
    #[arg(long)]
    pub(crate) people: u64,
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Directory to make it in: sources/ and truth/; does not exist or is empty
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// How often clerks slip, 1 being usual
    #[arg(long, default_value_t = 1.0)]
    pub(crate) noise: f64,
    /// Threads (default: one for each processor)
    #[arg(long)]
    pub(crate) threads: Option<NonZeroUsize>,
    /// Put what was recorded from this year on into a folder for each day, as agencies send increments
    #[arg(long, value_name = "YEAR")]
    pub(crate) increments: Option<i32>,
}
