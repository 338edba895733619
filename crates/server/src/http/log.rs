//! One line a request: method, route as written in the router, status and time. Never a path with an id, a query,
//! a form or an address: the log holds no personal data (ASVS 16.2.5).

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use tracing::Level;

pub(crate) async fn log_request(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map(|path| path.as_str().to_owned());
    let method = request.method().clone();
    let started = Instant::now();
    let response = next.run(request).await;
    tracing::info!(
        %method,
        route = route.as_deref().unwrap_or("(none)"),
        status = response.status().as_u16(),
        milliseconds = started.elapsed().as_millis() as u64,
        "answered"
    );
    response
}

/// Has what is logged at this level and above written to standard error, one line an event. Where a subscriber is set
/// already (a test's), that one stays.
pub(crate) fn start(level: Level) {
    let lines = tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(false)
        .with_writer(std::io::stderr);
    if lines.try_init().is_err() {
        tracing::debug!("logging was set up before");
    }
}
