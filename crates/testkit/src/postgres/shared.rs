//! One server for all test programs of a checkout: to make one for each test would take longer than the tests.
//!
//! Whoever comes first makes it; each holds a lock on the file of users as long as it lives; the watchdog ends the server
//! when nobody has held it for some seconds. Databases go with the server.

use std::{
    fs::{self, File, Permissions},
    hash::{DefaultHasher, Hash as _, Hasher as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use tokio::sync::OnceCell;

use super::{
    ClusterError, at,
    cluster::{answers, make, new_database, serve, url, wait},
    program::{hand_over, user},
    unwatched,
};
use crate::watchdog::Watchdog;

/// A server that is shared, for as long as this program lives.
struct Shared {
    directory: PathBuf,
    lock: PathBuf,
    _in_use: File,
}

/// What every fresh database holds from the beginning.
pub trait Template {
    /// Names it among the databases.
    const NAME: &'static str;
    /// Fills the database at a URL and leaves no connection to it open.
    fn fill(url: &str) -> impl Future<Output = ()>;
}

static SHARED: OnceCell<Shared> = OnceCell::const_new();
static DATABASES: AtomicU32 = AtomicU32::new(0);

/// URL of a database that holds what the template says and that nobody else uses.
pub async fn fresh_database<T: Template>() -> Result<String, ClusterError> {
    let shared = SHARED.get_or_try_init(Shared::join).await?;
    shared.keep_template::<T>().await?;
    let number = DATABASES.fetch_add(1, Ordering::Relaxed);
    let name = format!("{}_{}_{number}", T::NAME, process::id());
    new_database(&shared.directory, &name, T::NAME).await?;
    Ok(url(&shared.directory, &name))
}

impl Shared {
    async fn join() -> Result<Self, ClusterError> {
        let place = place();
        let directory = PathBuf::from(format!("{place}.d"));
        let lock = PathBuf::from(format!("{place}.lock"));
        // released when this ends, or fails
        let _turn = exclusive(&lock)?;
        if !answers(&directory).await {
            Self::begin(&directory, &lock).await?;
        }
        let users = directory.join("users");
        let in_use = File::open(&users).map_err(at(&users))?;
        in_use.lock_shared().map_err(at(&users))?;
        Ok(Self {
            directory,
            lock,
            _in_use: in_use,
        })
    }

    async fn begin(directory: &Path, lock: &Path) -> Result<(), ClusterError> {
        if directory.exists() {
            // a machine that stopped in the middle
            fs::remove_dir_all(directory).map_err(at(directory))?;
        }
        fs::create_dir(directory).map_err(at(directory))?;
        fs::set_permissions(directory, Permissions::from_mode(0o700)).map_err(at(directory))?;
        let users = directory.join("users");
        // held until the server answers, so that the watchdog does not end what has only begun
        let begun = File::create(&users).map_err(at(&users))?;
        begun.lock_shared().map_err(at(&users))?;
        Watchdog::shared(directory, lock).map_err(unwatched)?;
        hand_over(directory)?;
        make(directory)?;
        serve(directory, &[])?;
        wait(directory).await
    }

    async fn keep_template<T: Template>(&self) -> Result<(), ClusterError> {
        let mark = self.directory.join(format!("{}.made", T::NAME));
        let _turn = exclusive(&self.lock)?;
        if !mark.exists() {
            new_database(&self.directory, T::NAME, "template0").await?;
            T::fill(&url(&self.directory, T::NAME)).await;
            File::create(&mark).map_err(at(&mark))?;
        }
        Ok(())
    }
}

/// Opens a file and waits until it is ours alone.
fn exclusive(path: &Path) -> Result<File, ClusterError> {
    let file = File::options()
        .create(true)
        .append(true)
        .open(path)
        .map_err(at(path))?;
    file.lock().map_err(at(path))?;
    Ok(file)
}

/// A place that only this user's tests of this checkout use.
fn place() -> String {
    let mut hasher = DefaultHasher::new();
    env!("CARGO_MANIFEST_DIR").hash(&mut hasher);
    format!("/tmp/sojourn-pg-{}-{:016x}", user(), hasher.finish())
}
