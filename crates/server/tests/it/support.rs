//! A place of its own for each run of the binary.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;
use testkit::postgres::{self, Template};

/// A database in which nothing was ever made.
struct NoTables;

impl Template for NoTables {
    const NAME: &'static str = "no_tables";
    async fn fill(_url: &str) {}
}

/// A directory with a store and keys that only one test uses.
pub(crate) struct Place {
    pub(crate) directory: TempDir,
    /// Where the records are; in the directory if nothing is said.
    store: Option<String>,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
            store: None,
        }
    }

    /// A place whose records are in an empty database of PostgreSQL; none, and a word about it, where there is none.
    pub(crate) async fn on_postgres() -> Option<Self> {
        if !postgres::is_installed() {
            postgres::skip();
            return None;
        }
        Some(Self::at(postgres::fresh_database::<NoTables>().await.unwrap()))
    }

    /// A place whose records are where a URL says.
    pub(crate) fn at(store: String) -> Self {
        Self {
            store: Some(store),
            ..Self::new()
        }
    }

    /// From now on the records are where a URL says; keys stay.
    pub(crate) fn move_to(&mut self, store: String) {
        self.store = Some(store);
    }

    pub(crate) fn store(&self) -> String {
        let own = || format!("sqlite:{}", self.path("store.db").display());
        self.store.clone().unwrap_or_else(own)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// `sojourn` with this place's store and keys.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sojourn"));
        command
            .args(arguments)
            .env("SOJOURN_STORE", self.store())
            .env("SOJOURN_KEYS", self.path("keys"))
            .env_remove("SOJOURN_DATA")
            .current_dir(self.directory.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Runs `sojourn` and gives what came out.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.output().unwrap()
    }

    /// Runs `sojourn --json`, which must exit with `status`, and reads its one document.
    pub(crate) fn json(&self, status: i32, arguments: &[&str]) -> Value {
        let output = self.run(&[&["--json"], arguments].concat());
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {error}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Exports links or quarantine and gives the lines after the header.
    pub(crate) fn export(&self, what: &str, header: &str) -> Vec<Vec<String>> {
        let file = self.path(&format!("{what}.csv"));
        let output = self.run(&["export", what, "--out", &file.to_string_lossy()]);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let mut reader = csv::Reader::from_path(&file).unwrap();
        assert_eq!(
            reader.headers().unwrap().iter().collect::<Vec<_>>().join(","),
            header
        );
        reader
            .records()
            .map(|row| row.unwrap().iter().map(str::to_owned).collect())
            .collect()
    }
}

/// The commands of `docs/operation.md` that stand in the block of this name, so that what an operator reads is what was
/// tried.
pub(crate) fn documented(name: &str) -> String {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operation.md");
    let page = fs::read_to_string(page).unwrap();
    let begins = format!("```sh\n# {name}: ");
    let (_, block) = page.split_once(&begins).unwrap();
    let (block, _) = block.split_once("\n```").unwrap();
    format!("# {block}\n")
}

pub(crate) fn small_world() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/world")
}

/// The large sample, which only developers have; says aloud when it is not there.
pub(crate) fn large_world() -> Option<PathBuf> {
    let named = std::env::var_os("SOJOURN_SAMPLE_WORLD").map(PathBuf::from);
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/world/sample");
    let world = named.unwrap_or(beside);
    if world.join("sources").is_dir() {
        return Some(world);
    }
    println!(
        "SKIPPED: no large sample world (SOJOURN_SAMPLE_WORLD names none, none lies beside the checkout)"
    );
    None
}

/// Rows of a truth table, the named columns only.
pub(crate) fn truth(world: &Path, file: &str, columns: &[&str]) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_path(world.join("truth").join(file)).unwrap();
    let header = reader.headers().unwrap().clone();
    let places: Vec<usize> = columns
        .iter()
        .map(|name| header.iter().position(|title| title == *name).unwrap())
        .collect();
    reader
        .records()
        .map(|row| {
            row.map(|row| places.iter().map(|&at| row[at].to_owned()).collect())
                .unwrap()
        })
        .collect()
}

/// Copies a world's extracts, so that a test may spoil them.
pub(crate) fn copy_sources(world: &Path, to: &Path) {
    for folder in fs::read_dir(world.join("sources")).unwrap() {
        let folder = folder.unwrap();
        let target = to.join(folder.file_name());
        fs::create_dir_all(&target).unwrap();
        for file in fs::read_dir(folder.path()).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), target.join(file.file_name())).unwrap();
        }
    }
}
