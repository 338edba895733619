//! Ends a server when the tests have ended, be it that they were killed.

use std::{
    io,
    os::unix::process::CommandExt as _,
    path::Path,
    process::{Child, Command, Stdio},
};

/// Stops the server whose files are in `$1` at once and removes everything. Whoever is left after ten seconds is killed; whoever
/// is dead and only waits for its parent to notice is gone for us.
const END: &str = r#"
runs() { [ -r "/proc/$1/stat" ] && ! sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | grep -q '^Z'; }
end() {
  server=$(cat "$1/data/postmaster.pid" "$1/nats.pid" 2>/dev/null | head -n 1) && kill -QUIT "$server" 2>/dev/null
  tries=0
  while [ -n "$server" ] && runs "$server" && [ $tries -lt 200 ]; do
    tries=$((tries + 1))
    [ $tries -lt 100 ] || kill -KILL "$server" 2>/dev/null
    sleep 0.1
  done
  grep -F " $1/" /proc/mounts | cut -d ' ' -f 2 | while read -r disk; do umount "$disk"; done
  rm -rf "$1"
}
"#;

/// Waits for the end of the standard input, which is that of the test.
const PRIVATE: &str = r#"cat >/dev/null; end "$1""#;

/// Waits until nobody has held the file of users for some seconds; takes the lock by which others begin to use it.
const SHARED: &str = r#"
exec 9>"$2"
while :; do
  idle=0
  while [ $idle -lt 10 ]; do
    if flock -n "$1/users" true; then idle=$((idle + 1)); else idle=0; fi
    sleep 0.5
  done
  flock 9
  if flock -n "$1/users" true; then end "$1"; exit; fi
  flock -u 9
done
"#;

/// Ends the server when dropped.
pub(crate) struct Watchdog(Option<Child>);

impl Watchdog {
    /// Looks after the server of one test.
    pub(crate) fn private(server: &Path) -> io::Result<Self> {
        let child = shell(PRIVATE, &[server]).stdin(Stdio::piped()).spawn();
        Ok(Self(Some(child?)))
    }

    /// Looks after a server that others use as well, and stays when this program ends.
    pub(crate) fn shared(server: &Path, lock: &Path) -> io::Result<()> {
        shell(SHARED, &[server, lock]).spawn()?;
        Ok(())
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            drop(child.stdin.take());
            if let Err(error) = child.wait() {
                eprintln!("testkit: the watchdog of a server was lost: {error}");
            }
        }
    }
}

fn shell(script: &str, arguments: &[&Path]) -> Command {
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg([END, script].concat())
        .arg("watchdog")
        .args(arguments)
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0);
    command
}
