//! What is changed behind the triggers is found.

use registry::{
    access::{action::Action, actor::Actor, purpose::PurposeId},
    conformance::fixtures::{minute, profile},
    port::Store,
    trace::{Broken, ChainHead, Entry, Outcome},
};
use std::sync::Arc;
use store::SqliteStore;

async fn looked_at(url: &str) -> Arc<dyn Store> {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(url).await.unwrap());
    look(&store).await;
    store
}

/// Looks three times at a profile.
pub(crate) async fn look(store: &Arc<dyn Store>) {
    for at in 1..=3 {
        let mut work = store.begin().await.unwrap();
        let entry = Entry {
            at: minute(at),
            actor: Actor::Operator {
                name: "root".to_owned(),
            },
            action: Action::ViewProfile,
            purpose: PurposeId::parse("support").unwrap(),
            legal_basis: "152-FZ".to_owned(),
            case: None,
            profiles: vec![profile(1)],
            outcome: Outcome::Done,
            shown_from: minute(at),
        };
        work.trace(entry).await.unwrap();
        work.commit().await.unwrap();
    }
}

/// Goes through the chain as `verify_trace` does.
pub(crate) async fn check(store: &Arc<dyn Store>) -> Result<u64, Broken> {
    let mut head: Option<ChainHead> = None;
    for entry in store
        .begin_read()
        .await
        .unwrap()
        .trace_entries(0, 100)
        .await
        .unwrap()
    {
        entry.check(head)?;
        head = Some(entry.head());
    }
    Ok(head.map_or(0, |head| head.number))
}

/// What somebody does who has put the triggers aside, and where the chain shows it. `zeros` is 32 of them in the words of
/// the database.
pub(crate) fn changes(zeros: &str) -> [(String, Broken); 5] {
    let words = "UPDATE trace SET words = replace(words, 'root', 'boot') WHERE number = 2".to_owned();
    let gone = "DELETE FROM trace WHERE number = 2".to_owned();
    let chain = format!("UPDATE trace SET chain = {zeros} WHERE number = 1");
    let leaf = format!("UPDATE trace SET leaf = {zeros} WHERE number = 3");
    let about = "DELETE FROM trace_about WHERE number = 3".to_owned();
    [
        (words, Broken::Words { number: 2 }),
        (gone, Broken::Missing { number: 2 }),
        (chain, Broken::Order { number: 1 }),
        (leaf, Broken::Words { number: 3 }),
        (about, Broken::Profiles { number: 3 }),
    ]
}

#[tokio::test]
async fn what_was_changed_behind_the_triggers_is_found() {
    for (statement, found) in changes("zeroblob(32)") {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("sojourn.db").display());
        let store = looked_at(&url).await;
        assert_eq!(check(&store).await, Ok(3));
        let options = url
            .parse::<sqlx::sqlite::SqliteConnectOptions>()
            .unwrap()
            .foreign_keys(false);
        let raw = sqlx::SqlitePool::connect_with(options).await.unwrap();
        for trigger in [
            "trace_never_changes",
            "trace_never_goes",
            "trace_about_never_goes",
        ] {
            let drop_it = sqlx::AssertSqlSafe(format!("DROP TRIGGER {trigger}"));
            sqlx::query(drop_it).execute(&raw).await.unwrap();
        }
        let change = sqlx::query(sqlx::AssertSqlSafe(statement.clone()));
        change.execute(&raw).await.unwrap();
        assert_eq!(check(&store).await, Err(found), "{statement}");
    }
}
