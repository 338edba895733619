//! Servers and databases that will not do, and what is said of those that will.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use store::{OpenError, PostgresStore, form::Form, open};
use testkit::postgres::{self, Cluster};

use super::{add, batch, fresh_url, ids};

async fn run(url: &str, statement: &str) {
    let mut raw = PgConnection::connect(url).await.unwrap();
    let statement = AssertSqlSafe(statement.to_owned());
    sqlx::query(statement).execute(&mut raw).await.unwrap();
}

/// An error with its causes, and as a log would show it.
fn told(error: &OpenError) -> String {
    let mut text = format!("{error:?} {error}");
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(&format!(" {error:?} {error}"));
        cause = error.source();
    }
    text
}

#[tokio::test]
async fn passwords_do_not_show_in_errors() {
    let Some(url) = fresh_url().await else { return };
    for (from, to) in [
        ("postgres@localhost", "anna:s3cr3t@localhost"),
        ("postgres@localhost", "anna:s3cr3t@localhost:port"),
        (
            "?host=",
            "?password=s3cr3t&user=anna&sslmode=verify-full&host=/nowhere",
        ),
        ("?host=", "?passwort=s3cr3t&host="),
    ] {
        let url = url.replacen(from, to, 1);
        let refused = store::open(&url).await.map(|_| ()).unwrap_err();
        assert!(!told(&refused).contains("s3cr3t"), "{}", told(&refused));
    }
}

#[tokio::test]
async fn a_store_of_a_later_program_is_refused() {
    let Some(url) = fresh_url().await else { return };
    run(
        &url,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'from the future', true, 'x', 0)",
    )
    .await;
    assert!(matches!(
        PostgresStore::open(&url).await,
        Err(OpenError::Newer { migration: 9999 })
    ));
    assert!(matches!(open::form(&url).await, Err(OpenError::Newer { .. })));
}

#[tokio::test]
async fn a_store_is_made_once_and_by_whoever_may() {
    if !postgres::is_installed() {
        return postgres::skip();
    }
    let cluster = Cluster::start().await.unwrap();
    let url = cluster.new_database("sojourn").await.unwrap();
    assert!(matches!(open::form(&url).await.unwrap(), Form::Absent { .. }));
    let (one, other) = tokio::join!(store::open(&url), store::open(&url));
    assert!(one.is_ok() && other.is_ok(), "two that begin at once");
    assert_eq!(open::form(&url).await.unwrap(), Form::Current);

    // a role that may write but make no tables opens what is made
    for statement in [
        "CREATE ROLE clerk LOGIN PASSWORD 'c'",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk",
    ] {
        run(&url, statement).await;
    }
    let clerk = url.replacen("postgres@", "clerk:c@", 1);
    let store = store::open(&clerk).await.unwrap();
    add(&*store, &batch(0, 3)).await.unwrap();
    assert_eq!(ids(&*store).await.len(), 3);
    assert_eq!(open::examine(&clerk).await.unwrap().len(), 5);
    run(&url, "UPDATE _sqlx_migrations SET checksum = 'other'").await;
    assert!(matches!(store::open(&url).await, Err(OpenError::Damaged { .. })));
}

#[tokio::test]
async fn a_database_that_cannot_keep_every_name_is_refused() {
    let Some(url) = fresh_url().await else { return };
    let name = format!("latin_{}", std::process::id());
    let make = format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'LATIN1'");
    run(&url, &make).await;
    let (place, socket) = url.split_once('?').unwrap();
    let (server, _) = place.rsplit_once('/').unwrap();
    let refused = store::open(&format!("{server}/{name}?{socket}")).await;
    assert!(matches!(refused, Err(OpenError::Encoding { found }) if found == "LATIN1"));
}

#[tokio::test]
async fn settings_that_lose_work_are_found() {
    let Some(url) = fresh_url().await else { return };
    let remedies = |findings: Vec<store::health::Finding>| {
        let unsound = findings.into_iter().filter(|finding| finding.remedy.is_some());
        unsound.map(|finding| finding.part).collect::<Vec<_>>()
    };
    assert_eq!(remedies(open::examine(&url).await.unwrap()), [""; 0]);
    let name = url.rsplit_once('?').unwrap().0.rsplit_once('/').unwrap().1;
    run(
        &url,
        &format!("ALTER DATABASE \"{name}\" SET synchronous_commit = off"),
    )
    .await;
    assert_eq!(
        remedies(open::examine(&url).await.unwrap()),
        ["server's settings"]
    );
}
