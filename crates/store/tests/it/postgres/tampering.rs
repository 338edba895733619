//! What is changed behind the triggers is found.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection};

use super::fresh_url;
use crate::tampering::{changes, check, look};

#[tokio::test]
async fn what_was_changed_behind_the_triggers_is_found() {
    for (statement, found) in changes("decode(repeat('00', 32), 'hex')") {
        let Some(url) = fresh_url().await else { return };
        let store = store::open(&url).await.unwrap();
        look(&store).await;
        assert_eq!(check(&store).await, Ok(3));
        let mut raw = PgConnection::connect(&url).await.unwrap();
        for statement in ["SET session_replication_role = replica", &statement] {
            sqlx::query(AssertSqlSafe(statement.to_owned()))
                .execute(&mut raw)
                .await
                .unwrap();
        }
        assert_eq!(check(&store).await, Err(found), "{statement}");
    }
}
