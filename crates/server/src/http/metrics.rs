//! What the program counts about itself, for `/metrics` in the OpenMetrics text form.
//!
//! Invariant: labels are methods, routes as the router spells them and status codes: nothing of a person, and no more
//! series than there are routes.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64},
    },
    time::Instant,
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use exchange::exchange::Status;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
        info::Info,
    },
    registry::{Registry, Unit},
};

use super::grouped::Groups;

const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// The fastest answers take under a millisecond; the slowest are given up after half a minute.
const FIRST_BUCKET_SECONDS: f64 = 0.001;
const BUCKETS: u16 = 15;
/// Label of requests that no route takes: their paths are the callers' words, and as many as they like.
const NO_ROUTE: &str = "(none)";

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: &'static str,
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

/// The counters, and the registry that writes them out.
pub(crate) struct Metrics {
    registry: Registry,
    answers: Family<Answered, Counter<u64, AtomicU64>>,
    seconds: Family<Asked, Histogram, fn() -> Histogram>,
    under_way: Gauge<i64, AtomicI64>,
    exchange: Option<ExchangeGauges>,
}

/// How the exchange with the broker stands, looked up when asked for.
struct ExchangeGauges {
    status: Arc<Status>,
    connected: Gauge<i64, AtomicI64>,
    waiting: Gauge<i64, AtomicI64>,
}

impl ExchangeGauges {
    fn new(registry: &mut Registry, status: Arc<Status>) -> Self {
        let (connected, waiting) = (Gauge::default(), Gauge::default());
        let help = "Whether the message broker is there";
        registry.register("exchange_connected", help, Gauge::clone(&connected));
        let help = "Events of the outbox that the broker has not acknowledged";
        registry.register("exchange_waiting", help, Gauge::clone(&waiting));
        Self {
            status,
            connected,
            waiting,
        }
    }

    async fn look(&self) {
        self.connected.set(i64::from(self.status.is_connected()));
        match self.status.waiting().await {
            Ok(waiting) => {
                self.waiting.set(i64::try_from(waiting).unwrap_or(i64::MAX));
            }
            Err(error) => {
                tracing::warn!(
                    error = crate::delivery::chain(&error),
                    "the outbox could not be counted"
                );
            }
        }
    }
}

impl Metrics {
    pub(crate) fn new(of: Arc<registry::registry::Registry>, exchange: Option<Arc<Status>>) -> Self {
        let mut registry = Registry::with_prefix("sojourn");
        let answers = Family::default();
        let seconds = Family::new_with_constructor(histogram as fn() -> Histogram);
        let under_way = Gauge::default();
        registry.register("http_requests", "Requests answered", Family::clone(&answers));
        registry.register_with_unit(
            "http_request_duration",
            "Time from the request's head to the answer's head",
            Unit::Seconds,
            Family::clone(&seconds),
        );
        registry.register(
            "http_requests_under_way",
            "Requests not answered yet",
            Gauge::clone(&under_way),
        );
        registry.register_collector(Box::new(Groups(of)));
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The program that runs", version);
        let exchange = exchange.map(|status| ExchangeGauges::new(&mut registry, status));
        Self {
            exchange,
            registry,
            answers,
            seconds,
            under_way,
        }
    }
}

fn histogram() -> Histogram {
    Histogram::new(exponential_buckets(FIRST_BUCKET_SECONDS, 2.0, BUCKETS))
}

/// The few methods that routes take; others are the callers' words.
fn method_of(request: &Request) -> &'static str {
    match request.method().as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        _ => "other",
    }
}

/// A request under way; no longer counted when dropped, be it answered or given up.
struct UnderWay(Gauge<i64, AtomicI64>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.dec();
    }
}

pub(crate) async fn count(State(metrics): State<Arc<Metrics>>, request: Request, next: Next) -> Response {
    let method = method_of(&request);
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or(NO_ROUTE, MatchedPath::as_str)
        .to_owned();
    metrics.under_way.inc();
    let under_way = UnderWay(metrics.under_way.clone());
    let started = Instant::now();
    let response = next.run(request).await;
    drop(under_way);
    let status = response.status().as_u16();
    let asked = Asked { method, route };
    metrics
        .seconds
        .get_or_create(&asked)
        .observe(started.elapsed().as_secs_f64());
    let Asked { method, route } = asked;
    metrics
        .answers
        .get_or_create(&Answered {
            method,
            route,
            status,
        })
        .inc();
    response
}

/// Everything counted so far.
pub(crate) async fn show(State(metrics): State<Arc<Metrics>>) -> Response {
    if let Some(exchange) = &metrics.exchange {
        exchange.look().await;
    }
    let mut text = String::new();
    match encode(&mut text, &metrics.registry) {
        Ok(()) => ([(header::CONTENT_TYPE, OPENMETRICS)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "metrics cannot be written");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
