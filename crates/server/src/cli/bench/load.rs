//! Clients that ask over HTTP, each again as soon as it was answered, and what they measured.
//!
//! Invariant: they talk to this machine alone, and stop by themselves.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use serde::Serialize;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

/// Bytes of an answer; a status is some thousand.
const ANSWER_MAX: usize = 1 << 20;
const HEAD_END: &[u8] = b"\r\n\r\n";
/// Asked before the clock counts, so that connections and plans are made.
const WARM_UP: Duration = Duration::from_secs(1);

/// What so many clients measured.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Measured {
    pub(crate) requests_per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) requests: usize,
    /// Answers other than 200.
    pub(crate) refused: usize,
}

/// Has clients ask for a while, each going through the requests from a place of its own.
pub(crate) async fn ask(
    port: u16,
    requests: &Arc<[Vec<u8>]>,
    clients: usize,
    lasts: Duration,
) -> io::Result<Measured> {
    let begin = Instant::now() + WARM_UP;
    let end = begin + lasts;
    let mut asking = JoinSet::new();
    for client in 0..clients {
        let requests = Arc::clone(requests);
        let first = client * requests.len() / clients;
        asking.spawn(client_of(port, requests, first, begin, end));
    }
    let (mut took, mut refused) = (Vec::new(), 0);
    while let Some(client) = asking.join_next().await {
        let (its, its_refused) = client.map_err(io::Error::other)??;
        took.extend(its);
        refused += its_refused;
    }
    took.sort_unstable();
    let at = |part: f64| {
        took.get((took.len() as f64 * part) as usize)
            .map_or(0.0, |took| took.as_secs_f64() * 1e3)
    };
    Ok(Measured {
        requests_per_second: took.len() as f64 / lasts.as_secs_f64(),
        p50_ms: at(0.5),
        p99_ms: at(0.99),
        requests: took.len(),
        refused,
    })
}

async fn client_of(
    port: u16,
    requests: Arc<[Vec<u8>]>,
    first: usize,
    begin: Instant,
    end: Instant,
) -> io::Result<(Vec<Duration>, usize)> {
    let mut stream = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    stream.set_nodelay(true)?;
    let (mut took, mut refused, mut answer) = (Vec::new(), 0, Vec::new());
    for request in requests.iter().cycle().skip(first) {
        let asked = Instant::now();
        if asked >= end {
            break;
        }
        stream.write_all(request).await?;
        let is_ok = read_answer(&mut stream, &mut answer).await?;
        let answered = Instant::now();
        if asked >= begin && answered < end {
            took.push(answered - asked);
            refused += usize::from(!is_ok);
        }
    }
    Ok((took, refused))
}

/// Reads one whole answer; answers whether it was 200.
async fn read_answer(stream: &mut TcpStream, answer: &mut Vec<u8>) -> io::Result<bool> {
    answer.clear();
    let broken = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
    let mut whole = None;
    while whole.is_none_or(|whole| answer.len() < whole) {
        if answer.len() > ANSWER_MAX {
            return Err(broken("an answer is too long"));
        }
        if stream.read_buf(answer).await? == 0 {
            return Err(broken("the server hung up"));
        }
        if whole.is_none()
            && let Some(head) = answer
                .windows(HEAD_END.len())
                .position(|window| window == HEAD_END)
        {
            let length =
                length(&answer[..head]).ok_or_else(|| broken("an answer does not tell its length"))?;
            whole = Some(head + HEAD_END.len() + length);
        }
    }
    Ok(answer.starts_with(b"HTTP/1.1 200"))
}

fn length(head: &[u8]) -> Option<usize> {
    let head = std::str::from_utf8(head).ok()?;
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    let (_, length) = lines.find(|(name, _)| name.eq_ignore_ascii_case("content-length"))?;
    length.trim().parse().ok()
}
