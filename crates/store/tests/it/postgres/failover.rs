//! A URL that names two servers leads to the one that takes writes, before a failover and after it.

use std::time::{Duration, Instant};

use registry::port::StoreError;
use testkit::postgres::{self, Cluster, shell};

use super::{add, batch, ids};

const LONG: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_go_to_the_standby_that_was_promoted() {
    if !postgres::is_installed() {
        return postgres::skip();
    }
    let mut primary = Cluster::start().await.unwrap();
    primary.new_database("sojourn").await.unwrap();
    let conninfo = primary.conninfo();
    let standby = Cluster::start_from(&[], |directory| {
        let data = directory.join("data");
        let follow =
            "pg_basebackup --dbname \"$PRIMARY\" --pgdata \"$DATA\" --write-recovery-conf --checkpoint fast";
        shell(
            follow,
            &[("PRIMARY", &conninfo), ("DATA", &data.to_string_lossy())],
        )
        .map(|_| ())
    });
    let standby = standby.await.unwrap();
    let confirm = "psql -X -d \"$PRIMARY\" -c \"ALTER SYSTEM SET synchronous_standby_names = '*'\" \
                   -c 'SELECT pg_reload_conf()'; sleep 2";
    shell(confirm, &[("PRIMARY", &conninfo)]).unwrap();

    // the standby first: it is there, and not the one
    let [one, other] = [&standby, &primary].map(|server| server.directory().display());
    let url =
        format!("postgres://postgres@localhost/sojourn?host={one},{other}&target_session_attrs=read-write");
    let store = store::open(&url).await.unwrap();
    add(&*store, &batch(0, 100)).await.unwrap();
    primary.kill().unwrap();
    let begun = Instant::now();
    let away = add(&*store, &batch(1, 100)).await;
    assert!(matches!(away, Err(StoreError::Away(_))), "{away:?}");
    assert!(begun.elapsed() < LONG / 3, "told soon: {:?}", begun.elapsed());

    shell(
        "psql -X -d \"$STANDBY\" -c 'SELECT pg_promote()'",
        &[("STANDBY", &standby.conninfo())],
    )
    .unwrap();
    let begun = Instant::now();
    while add(&*store, &batch(1, 100)).await.is_err() {
        assert!(begun.elapsed() < LONG, "it does not find the new one");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(ids(&*store).await.len(), 200, "what was acknowledged came along");
}
