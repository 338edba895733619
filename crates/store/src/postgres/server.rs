//! The server behind a store: whether it will do, and what is wrong with how it is set up.

use jiff::{SignedDuration, Timestamp};
use sqlx::{ConnectOptions as _, FromRow, PgConnection, postgres::PgConnectOptions};

use super::{CONNECTION_WAIT_MAX, MIGRATIONS, READERS, WRITERS};
use crate::{
    form::{self, Form},
    health::Finding,
    open::OpenError,
};

/// The oldest server that the conformance suite has been run on.
const SERVER_MIN: u32 = 15;
/// Version numbers count minor releases below this.
const MAJOR: u32 = 10_000;
/// As `pg_encoding_to_char` spells it.
const ENCODING: &str = "UTF8";
/// Clocks of program and server that differ by more show that one of them is not kept in time.
const CLOCK_DIFFERENCE_MAX: SignedDuration = SignedDuration::from_secs(1);

/// Whether a session could not write: on a standby, or by its settings.
pub(super) const ONLY_READS: &str =
    "SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean";

/// One connection to the first server that will do, and which that is.
pub(super) async fn connect(
    servers: &[PgConnectOptions],
) -> Result<(&PgConnectOptions, PgConnection), OpenError> {
    let mut refused = None;
    for server in servers {
        match connect_to(server).await {
            Ok(connection) => return Ok((server, connection)),
            // why the one that should take writes did not is worth more than that another is a standby
            Err(OpenError::Standby) if refused.is_some() => {}
            Err(error) => refused = Some(error),
        }
    }
    Err(refused.unwrap_or(OpenError::Url))
}

/// One connection to a server, if it will do.
pub(super) async fn connect_to(options: &PgConnectOptions) -> Result<PgConnection, OpenError> {
    let connected = tokio::time::timeout(CONNECTION_WAIT_MAX, options.connect()).await;
    let seconds = CONNECTION_WAIT_MAX.as_secs();
    let mut connection = connected
        .map_err(|_| OpenError::Unanswered { seconds })?
        .map_err(OpenError::Database)?;
    let (version, encoding): (i32, String) = sqlx::query_as(
        "SELECT current_setting('server_version_num')::integer, current_setting('server_encoding')",
    )
    .fetch_one(&mut connection)
    .await
    .map_err(OpenError::Database)?;
    let only_reads: bool = sqlx::query_scalar(ONLY_READS)
        .fetch_one(&mut connection)
        .await
        .map_err(OpenError::Database)?;
    let found = u32::try_from(version).unwrap_or(0) / MAJOR;
    if found < SERVER_MIN {
        let needed = SERVER_MIN;
        return Err(OpenError::ServerTooOld { found, needed });
    }
    if encoding != ENCODING {
        return Err(OpenError::Encoding { found: encoding });
    }
    if only_reads {
        return Err(OpenError::Standby);
    }
    Ok(connection)
}

pub(crate) async fn form(servers: &[PgConnectOptions]) -> Result<Form, OpenError> {
    form_of(&mut connect(servers).await?.1).await
}

pub(super) async fn form_of(connection: &mut PgConnection) -> Result<Form, OpenError> {
    let (there,): (bool,) = sqlx::query_as("SELECT to_regclass($1) IS NOT NULL")
        .bind(form::TABLE)
        .fetch_one(&mut *connection)
        .await
        .map_err(OpenError::Database)?;
    if there {
        Form::of(connection, &MIGRATIONS).await
    } else {
        Ok(Form::absent(&MIGRATIONS))
    }
}

#[derive(FromRow)]
struct ServerRow {
    version: String,
    fsync: String,
    full_page_writes: String,
    synchronous_commit: String,
    connections_free: i64,
    now: i64,
    encrypted: bool,
    remote: bool,
}

/// Looks at the server's version, clock, connections and settings.
pub(crate) async fn examine(servers: &[PgConnectOptions]) -> Result<Vec<Finding>, OpenError> {
    let (_, mut connection) = connect(servers).await?;
    let asked = Timestamp::now();
    let row: ServerRow = sqlx::query_as(
        "SELECT current_setting('server_version') AS version, current_setting('fsync') AS fsync, \
         current_setting('full_page_writes') AS full_page_writes, \
         current_setting('synchronous_commit') AS synchronous_commit, \
         current_setting('max_connections')::bigint \
             - current_setting('superuser_reserved_connections')::bigint \
             - (SELECT sum(numbackends)::bigint FROM pg_stat_database) + 1 AS connections_free, \
         (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS now, \
         coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS encrypted, \
         coalesce(host(inet_client_addr()) <> host(inet_server_addr()), false) AS remote",
    )
    .fetch_one(&mut connection)
    .await
    .map_err(OpenError::Database)?;
    let answered = Timestamp::now();
    let mut findings = vec![Finding::of(
        "server",
        format!("PostgreSQL {}", row.version),
        true,
        "",
    )];
    findings.push(clock(&row, asked, answered));
    findings.push(durability(&row));
    findings.push(connections(&row));
    findings.push(way(&row));
    Ok(findings)
}

fn clock(row: &ServerRow, asked: Timestamp, answered: Timestamp) -> Finding {
    let middle = (asked.as_microsecond() + answered.as_microsecond()) / 2;
    let difference = SignedDuration::from_micros(row.now - middle);
    Finding::of(
        "server's clock",
        format!("{} ms from this machine's", difference.as_millis()),
        difference.abs() <= CLOCK_DIFFERENCE_MAX,
        "keep the clocks of both machines in time (NTP): what is known when is told by them",
    )
}

fn durability(row: &ServerRow) -> Finding {
    let settings = [
        ("fsync", &row.fsync),
        ("full_page_writes", &row.full_page_writes),
        ("synchronous_commit", &row.synchronous_commit),
    ];
    let told: Vec<String> = settings.map(|(name, value)| format!("{name} {value}")).to_vec();
    Finding::of(
        "server's settings",
        told.join(", "),
        settings.iter().all(|(_, value)| value.as_str() != "off"),
        "turn on what is off: without it a power failure loses what was acknowledged",
    )
}

fn connections(row: &ServerRow) -> Finding {
    let needed = i64::from(WRITERS + READERS);
    Finding::of(
        "server's connections",
        format!(
            "{} free, a program takes up to {needed}",
            row.connections_free.max(0)
        ),
        row.connections_free >= needed,
        "raise max_connections, or end programs that hold connections",
    )
}

fn way(row: &ServerRow) -> Finding {
    let says = match (row.encrypted, row.remote) {
        (true, _) => "encrypted",
        (false, false) => "not encrypted, within this machine",
        (false, true) => "not encrypted, to another machine",
    };
    Finding::of(
        "way to the server",
        says.to_owned(),
        row.encrypted || !row.remote,
        "turn on ssl at the server and put ?sslmode=verify-full&sslrootcert=FILE behind the URL",
    )
}
