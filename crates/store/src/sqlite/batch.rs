//! Many rows in one statement: a statement a row would spend most of its time on the way to SQLite's thread.

use registry::port::StoreError;
use sqlx::{QueryBuilder, Sqlite, SqliteConnection, query_builder::Separated};

use super::failure::failed;

/// Values that one statement binds; SQLite allows 32,766, and longer statements gain nothing.
const VALUES_MAX: usize = 4_000;

/// Runs `INSERT ... VALUES (...), (...)` over all rows; `columns` values are bound for each.
pub(super) async fn insert<T>(
    connection: &mut SqliteConnection,
    head: &'static str,
    columns: usize,
    rows: &[T],
    bind: impl FnMut(Separated<'_, Sqlite, &'static str>, &T),
) -> Result<(), StoreError> {
    insert_or(connection, [head, ""], columns, rows, bind).await
}

/// As [`insert`], with words before and after the values: what to do with rows that are there.
pub(super) async fn insert_or<T>(
    connection: &mut SqliteConnection,
    [head, tail]: [&'static str; 2],
    columns: usize,
    rows: &[T],
    mut bind: impl FnMut(Separated<'_, Sqlite, &'static str>, &T),
) -> Result<(), StoreError> {
    for rows in rows.chunks(VALUES_MAX / columns) {
        let mut statement = QueryBuilder::new(head);
        statement.push_values(rows, &mut bind);
        statement.push(tail);
        statement
            .build()
            .execute(&mut *connection)
            .await
            .map_err(failed)?;
    }
    Ok(())
}
