//! Rows for `COPY … FROM STDIN (FORMAT binary)`: many at once, and without their words in the server's log when one is
//! refused.

use registry::port::StoreError;
use sqlx::PgConnection;

use super::failure::failed;

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";
/// No flags, no extension of the header.
const HEADER: [u8; 8] = [0; 8];
const END: i16 = -1;
const NULL: i32 = -1;
/// Rows that are on their way to the server while the next are written.
const ROWS_AT_ONCE: usize = 250;

/// Rows of one table, in the order in which they are to go in.
pub(super) struct CopyRows {
    bytes: Vec<u8>,
    columns: i16,
    too_long: bool,
}

impl CopyRows {
    pub(super) fn of(columns: i16) -> Self {
        Self {
            bytes: [SIGNATURE, &HEADER].concat(),
            columns,
            too_long: false,
        }
    }

    /// Begins a row; as many values as there are columns follow.
    pub(super) fn row(&mut self) -> &mut Self {
        self.bytes.extend(self.columns.to_be_bytes());
        self
    }

    pub(super) fn bytes(&mut self, value: &[u8]) -> &mut Self {
        match i32::try_from(value.len()) {
            Ok(length) => {
                self.bytes.extend(length.to_be_bytes());
                self.bytes.extend(value);
            }
            Err(_) => self.too_long = true,
        }
        self
    }

    pub(super) fn text(&mut self, value: &str) -> &mut Self {
        self.bytes(value.as_bytes())
    }

    pub(super) fn number(&mut self, value: i64) -> &mut Self {
        self.bytes(&value.to_be_bytes())
    }

    pub(super) fn weight(&mut self, value: f64) -> &mut Self {
        self.bytes(&value.to_be_bytes())
    }

    /// A value that may be absent, written by `write` if it is not.
    pub(super) fn maybe<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) -> &mut Self {
        match value {
            Some(value) => write(self, value),
            None => self.bytes.extend(NULL.to_be_bytes()),
        }
        self
    }

    /// Sends the rows; answers how many there were.
    pub(super) async fn send(
        mut self,
        connection: &mut PgConnection,
        statement: &str,
    ) -> Result<u64, sqlx::Error> {
        self.bytes.extend(END.to_be_bytes());
        let bytes = self.take()?;
        let mut copy = connection.copy_in_raw(statement).await?;
        copy.send(bytes).await?;
        copy.finish().await
    }

    /// What was written since the last time.
    fn take(&mut self) -> Result<Vec<u8>, sqlx::Error> {
        if self.too_long {
            return Err(sqlx::Error::Encode("a value of more than 2 GiB".into()));
        }
        Ok(std::mem::take(&mut self.bytes))
    }
}

/// Sends a row for each item, and lets the server take it in while the next ones are written; answers how many there
/// were. An item that cannot be written ends the whole.
pub(super) async fn send_each<T>(
    connection: &mut PgConnection,
    statement: &str,
    mut rows: CopyRows,
    items: &[T],
    write: impl Fn(&mut CopyRows, &T) -> Result<(), StoreError>,
) -> Result<u64, StoreError> {
    let mut copy = connection.copy_in_raw(statement).await.map_err(failed)?;
    for items in items.chunks(ROWS_AT_ONCE) {
        let written = items.iter().try_for_each(|item| write(&mut rows, item));
        match written.and_then(|()| rows.take().map_err(failed)) {
            Ok(bytes) => copy.send(bytes).await.map(|_| ()).map_err(failed)?,
            Err(error) => {
                copy.abort("a row cannot be written").await.map_err(failed)?;
                return Err(error);
            }
        }
    }
    copy.send(END.to_be_bytes().as_slice()).await.map_err(failed)?;
    copy.finish().await.map_err(failed)
}
