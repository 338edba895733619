//! A NATS server of one's own with JetStream, for as long as a test runs.
//!
//! Invariant: it listens on this machine alone, keeps its files in a directory of its own, and ends with the test,
//! however that ends: a watchdog outside of the test's process group notices.

use std::{
    fs::{self, File},
    io::{self, Read as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::watchdog::Watchdog;

/// Debian keeps it where only root's PATH leads.
const DEBIAN: &str = "/usr/sbin/nats-server";
const START_MAX: Duration = Duration::from_secs(30);
const START_POLL: Duration = Duration::from_millis(20);

/// Why a test got no server.
#[derive(Debug, thiserror::Error)]
pub enum NatsError {
    #[error("{} could not be used", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("nats-server could not be run")]
    Run(#[source] io::Error),
    #[error("the server did not answer; its log: {log}")]
    Silent { log: String },
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> NatsError {
    let path = path.to_owned();
    |source| NatsError::File { path, source }
}

/// Whether tests that need a server can run here.
pub fn is_installed() -> bool {
    program().is_some()
}

/// Says aloud that a test could not run.
pub fn skip() {
    println!("SKIPPED: nats-server is not installed");
}

fn program() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let others = std::env::split_paths(&path).map(|directory| directory.join("nats-server"));
    others
        .chain([PathBuf::from(DEBIAN)])
        .find(|program| program.is_file())
}

/// A server that only one test uses. Ends when dropped.
pub struct Nats {
    directory: PathBuf,
    address: SocketAddr,
    server: Option<Child>,
    _watchdog: Watchdog,
}

impl Nats {
    /// Starts a server that lets everybody do everything.
    pub fn start() -> Result<Self, NatsError> {
        Self::start_with("")
    }

    /// As [`Nats::start`], with more of NATS's own configuration: users and what they may do.
    pub fn start_with(configuration: &str) -> Result<Self, NatsError> {
        let directory = tempfile::Builder::new()
            .prefix("sojourn-nats-")
            .tempdir_in("/tmp");
        let directory = directory.map_err(at(Path::new("/tmp")))?.keep();
        let watchdog = Watchdog::private(&directory).map_err(NatsError::Run)?;
        let file = directory.join("nats.conf");
        fs::write(&file, configuration).map_err(at(&file))?;
        let mut nats = Self {
            directory,
            address: free_address()?,
            server: None,
            _watchdog: watchdog,
        };
        nats.restart()?;
        Ok(nats)
    }

    pub fn url(&self) -> String {
        format!("nats://{}", self.address)
    }

    /// Kills the server: no farewell, nothing written any more.
    pub fn kill(&mut self) -> Result<(), NatsError> {
        if let Some(mut server) = self.server.take() {
            server
                .kill()
                .and_then(|()| server.wait())
                .map_err(NatsError::Run)?;
        }
        Ok(())
    }

    /// Starts the server again, at the same address and with what it kept, and waits until it answers.
    pub fn restart(&mut self) -> Result<(), NatsError> {
        self.kill()?;
        let begun = Instant::now();
        self.server = Some(self.serve()?);
        while !self.answers() {
            if begun.elapsed() > START_MAX {
                let log = fs::read_to_string(self.directory.join("log"));
                let log = log.unwrap_or_else(|error| error.to_string());
                return Err(NatsError::Silent { log });
            }
            thread::sleep(START_POLL);
        }
        Ok(())
    }

    fn serve(&self) -> Result<Child, NatsError> {
        let log = self.directory.join("log");
        let log = File::options()
            .create(true)
            .append(true)
            .open(&log)
            .map_err(at(&log))?;
        let mut command = Command::new(program().unwrap_or_else(|| PathBuf::from(DEBIAN)));
        command
            .args(["--addr", &self.address.ip().to_string()])
            .args(["--port", &self.address.port().to_string()])
            .args(["--jetstream", "--store_dir"])
            .arg(self.directory.join("jetstream"))
            .arg("--pid")
            .arg(self.directory.join("nats.pid"))
            .arg("--config")
            .arg(self.directory.join("nats.conf"))
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .process_group(0);
        command.spawn().map_err(NatsError::Run)
    }

    /// Whether the server speaks first, as NATS servers do.
    fn answers(&self) -> bool {
        let mut word = [0; 4];
        let spoken = TcpStream::connect_timeout(&self.address, START_MAX).and_then(|mut stream| {
            stream.set_read_timeout(Some(START_MAX))?;
            stream.read_exact(&mut word)
        });
        spoken.is_ok() && word == *b"INFO"
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        if let Err(error) = self.kill() {
            eprintln!("testkit: a server was lost: {error}");
        }
    }
}

/// A port that nobody listens on now. It stays the server's own, so that it can come back where it was.
fn free_address() -> Result<SocketAddr, NatsError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(NatsError::Run)?;
    listener.local_addr().map_err(NatsError::Run)
}
