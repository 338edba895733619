//! Rows for `COPY … FROM STDIN (FORMAT binary)`: many at once, and without their words in the server's log when one is
//! refused.

use sqlx::PgConnection;

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";
/// No flags, no extension of the header.
const HEADER: [u8; 8] = [0; 8];
const END: i16 = -1;
const NULL: i32 = -1;

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
        if self.too_long {
            return Err(sqlx::Error::Encode("a value of more than 2 GiB".into()));
        }
        self.bytes.extend(END.to_be_bytes());
        let mut copy = connection.copy_in_raw(statement).await?;
        copy.send(self.bytes).await?;
        copy.finish().await
    }
}
