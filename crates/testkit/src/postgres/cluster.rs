//! One server in a directory of its own, reached by a socket in it.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::{
    ClusterError, at,
    program::{hand_over, program, run},
    unwatched,
};
use crate::watchdog::Watchdog;

/// How long a server may take until it answers, recovery after a crash included.
const START_MAX: Duration = Duration::from_secs(60);
const START_POLL: Duration = Duration::from_millis(50);
/// Role that may do everything, from this machine, without a password; all others need theirs.
const SUPERUSER: &str = "postgres";
const ACCESS: &str =
    "local all postgres trust\nlocal all all scram-sha-256\nlocal replication postgres trust\n";

/// A server that only one test uses. Ends when dropped.
pub struct Cluster {
    directory: PathBuf,
    server: Option<Child>,
    settings: Vec<(String, String)>,
    watchdog: Option<Watchdog>,
}

/// Whether a server had to repair what the last one left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    Clean,
    Recovered,
}

impl Cluster {
    /// Makes and starts a server.
    pub async fn start() -> Result<Self, ClusterError> {
        Self::start_with(&[]).await
    }

    /// As [`Cluster::start`], with settings beside PostgreSQL's own.
    pub async fn start_with(settings: &[(&str, &str)]) -> Result<Self, ClusterError> {
        Self::start_from(settings, make).await
    }

    /// As [`Cluster::start_with`], of files that `fill` puts into the directory of the server, as `data`.
    pub async fn start_from(
        settings: &[(&str, &str)],
        fill: impl FnOnce(&Path) -> Result<(), ClusterError>,
    ) -> Result<Self, ClusterError> {
        let directory = tempfile::Builder::new().prefix("sojourn-pg-").tempdir_in("/tmp");
        let directory = directory.map_err(at(Path::new("/tmp")))?.keep();
        let watchdog = Watchdog::private(&directory).map_err(unwatched)?;
        hand_over(&directory)?;
        fill(&directory)?;
        let mut cluster = Self {
            directory,
            server: None,
            settings: settings
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            watchdog: Some(watchdog),
        };
        cluster.restart().await?;
        Ok(cluster)
    }

    /// The directory that the server and nobody else uses.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// URL of a database of this server.
    pub fn url(&self, database: &str) -> String {
        url(&self.directory, database)
    }

    /// How PostgreSQL's own programs reach this server.
    pub fn conninfo(&self) -> String {
        format!(
            "host={} user={SUPERUSER} dbname=postgres",
            self.directory.display()
        )
    }

    /// Makes an empty database and gives its URL.
    pub async fn new_database(&self, name: &str) -> Result<String, ClusterError> {
        new_database(&self.directory, name, "template0").await?;
        Ok(self.url(name))
    }

    /// An empty database on a disk of so many megabytes, which goes with the server. Gives the directory of its files; none
    /// where nobody may mount a disk.
    pub async fn database_on_small_disk(
        &self,
        database: &str,
        megabytes: u32,
    ) -> Result<Option<PathBuf>, ClusterError> {
        let Some(place) = self.mount_disk(megabytes)? else {
            return Ok(None);
        };
        let mut connection = PgConnection::connect(&self.url("postgres")).await?;
        for statement in [
            format!("CREATE TABLESPACE small LOCATION '{}'", place.display()),
            format!("CREATE DATABASE \"{database}\" TEMPLATE template0 ENCODING 'UTF8' TABLESPACE small"),
        ] {
            sqlx::query(AssertSqlSafe(statement))
                .execute(&mut connection)
                .await?;
        }
        connection.close().await?;
        Ok(Some(place))
    }

    fn mount_disk(&self, megabytes: u32) -> Result<Option<PathBuf>, ClusterError> {
        let disk = self.directory.join("small");
        fs::create_dir(&disk).map_err(at(&disk))?;
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs"])
            .arg(&disk)
            .stderr(Stdio::null())
            .status();
        if !mounted.is_ok_and(|status| status.success()) {
            return Ok(None);
        }
        let tablespace = disk.join("tablespace");
        fs::create_dir(&tablespace).map_err(at(&tablespace))?;
        hand_over(&tablespace)?;
        Ok(Some(tablespace))
    }

    /// Kills every process of the server at once: no farewell, nothing written any more.
    pub fn kill(&mut self) -> Result<(), ClusterError> {
        if let Some(mut server) = self.server.take() {
            let first = server.id();
            let all = [vec![first], children_of(first)?].concat();
            let all: Vec<String> = all.iter().map(u32::to_string).collect();
            let killed = Command::new("sh")
                .args(["-c", "kill -KILL \"$@\"", "kill"])
                .args(all)
                .stderr(Stdio::null())
                .status();
            // one that had ended by itself is no failure
            killed.and_then(|_| server.wait()).map_err(at(&self.directory))?;
        }
        Ok(())
    }

    /// Starts the server again and waits until it answers. Processes of a killed one may be about for a moment, and
    /// keep the next from starting.
    pub async fn restart(&mut self) -> Result<Start, ClusterError> {
        self.kill()?;
        let begun = Instant::now();
        let log = self.directory.join("log");
        let written = fs::metadata(&log).map_or(0, |log| log.len());
        let mut server = serve(&self.directory, &self.settings)?;
        while !answers(&self.directory).await {
            if server.try_wait().map_err(at(&self.directory))?.is_some() {
                server = serve(&self.directory, &self.settings)?;
            }
            if begun.elapsed() > START_MAX {
                return Err(silent(&self.directory));
            }
            tokio::time::sleep(START_POLL).await;
        }
        self.server = Some(server);
        let text = fs::read(&log).map_err(at(&log))?;
        let since = text
            .get(usize::try_from(written).unwrap_or(0)..)
            .unwrap_or_default();
        let recovered = String::from_utf8_lossy(since).contains("automatic recovery in progress");
        Ok(if recovered { Start::Recovered } else { Start::Clean })
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // it stops the server, cleans up, and comes back
        self.watchdog = None;
        if let Err(error) = self.kill() {
            eprintln!("testkit: a server was lost: {error}");
        }
    }
}

/// Processes whose parent is `parent`, as `/proc` tells.
fn children_of(parent: u32) -> Result<Vec<u32>, ClusterError> {
    let proc = Path::new("/proc");
    let mut children = Vec::new();
    for entry in fs::read_dir(proc).map_err(at(proc))? {
        let entry = entry.map_err(at(proc))?;
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        // a process may end while we look; its name may hold spaces and brackets
        let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else {
            continue;
        };
        let after_name = stat.rsplit(") ").next().unwrap_or_default();
        if after_name.split(' ').nth(1) == Some(&parent.to_string()) {
            children.push(id);
        }
    }
    Ok(children)
}

/// Makes the files of a cluster in an empty directory.
pub(super) fn make(directory: &Path) -> Result<(), ClusterError> {
    let data = directory.join("data");
    let mut initdb = program("initdb");
    initdb
        .args(["--username", SUPERUSER, "--encoding", "UTF8", "--locale", "C"])
        .args(["--auth", "trust", "--no-instructions", "--no-sync", "--pgdata"])
        .arg(&data)
        .current_dir("/");
    run(initdb)?;
    let access = data.join("pg_hba.conf");
    fs::write(&access, ACCESS).map_err(at(&access))
}

/// Starts the server of a cluster; does not wait for it.
pub(super) fn serve(directory: &Path, settings: &[(String, String)]) -> Result<Child, ClusterError> {
    let log = directory.join("log");
    let log = File::options()
        .create(true)
        .append(true)
        .open(&log)
        .map_err(at(&log))?;
    let mut postgres = program("postgres");
    postgres
        .arg("-D")
        .arg(directory.join("data"))
        .args(["-c", "listen_addresses=", "-c"])
        .arg(format!("unix_socket_directories={}", directory.display()))
        .current_dir("/")
        .stderr(log);
    for (name, value) in settings {
        postgres.arg("-c").arg(format!("{name}={value}"));
    }
    let program = "postgres".to_owned();
    postgres
        .spawn()
        .map_err(|source| ClusterError::Run { program, source })
}

pub(super) fn url(directory: &Path, database: &str) -> String {
    format!(
        "postgres://{SUPERUSER}@localhost/{database}?host={}",
        directory.display()
    )
}

pub(super) async fn answers(directory: &Path) -> bool {
    match PgConnection::connect(&url(directory, "postgres")).await {
        Ok(connection) => connection.close().await.is_ok(),
        Err(_) => false,
    }
}

/// Waits until a server answers.
pub(super) async fn wait(directory: &Path) -> Result<(), ClusterError> {
    let begun = Instant::now();
    while !answers(directory).await {
        if begun.elapsed() > START_MAX {
            return Err(silent(directory));
        }
        tokio::time::sleep(START_POLL).await;
    }
    Ok(())
}

fn silent(directory: &Path) -> ClusterError {
    let log = fs::read_to_string(directory.join("log")).unwrap_or_else(|error| error.to_string());
    ClusterError::Silent { log }
}

/// Makes a database as a copy of another.
pub(super) async fn new_database(directory: &Path, name: &str, template: &str) -> Result<(), ClusterError> {
    let mut connection = PgConnection::connect(&url(directory, "postgres")).await?;
    let make = format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\" ENCODING 'UTF8'");
    sqlx::query(AssertSqlSafe(make)).execute(&mut connection).await?;
    connection.close().await?;
    Ok(())
}
