//! What the program tells about its own work: log lines, and traces for an OpenTelemetry collector when one is named.
//!
//! One span and one line a request: method, route as written in the router, status and time. Never a path with an id,
//! a query, a form or an address: neither log nor trace holds personal data (ASVS 16.2.5). Names of attributes are
//! those of OpenTelemetry's semantic conventions for HTTP.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use serde::Deserialize;
use tracing::{Instrument as _, Level, Span, field::Empty};
use tracing_subscriber::{
    Layer, filter::LevelFilter, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// Under which name the collector lists this program.
const SERVICE: &str = "sojourn";
/// Requests that no route takes: their paths are the callers' words.
const NO_ROUTE: &str = "(none)";

/// How the program tells of its work.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Telemetry {
    pub(crate) log_form: LogForm,
    /// Where traces go: a collector's OTLP address over HTTP, such as `http://127.0.0.1:4318/v1/traces`.
    pub(crate) otlp_endpoint: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogForm {
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

#[derive(Debug, thiserror::Error)]
#[error("traces cannot be sent to the collector that is named")]
pub(crate) struct TelemetryError(#[from] opentelemetry_otlp::ExporterBuildError);

/// Ends with the program; what was not sent yet is sent then.
#[derive(Default)]
pub(crate) struct Sending(Option<SdkTracerProvider>);

impl Drop for Sending {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.0.as_ref().map(SdkTracerProvider::shutdown) {
            eprintln!("sojourn: the last traces were not sent: {error}");
        }
    }
}

/// Has what is told at this level and above written to standard error, and spans sent where configured. Where a
/// subscriber is set already (a test's), that one stays.
pub(crate) fn start(level: Level, telemetry: &Telemetry) -> Result<Sending, TelemetryError> {
    let level = LevelFilter::from_level(level);
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_writer(std::io::stderr);
    let lines = match telemetry.log_form {
        LogForm::Text => lines.with_filter(level).boxed(),
        LogForm::Json => lines.json().with_filter(level).boxed(),
    };
    let provider = telemetry.otlp_endpoint.as_deref().map(provider).transpose()?;
    let spans = provider.as_ref().map(|provider| {
        tracing_opentelemetry::layer()
            .with_tracer(provider.tracer(SERVICE))
            .with_location(false)
            .with_threads(false)
            .with_filter(level)
    });
    let subscriber = tracing_subscriber::registry().with(lines).with(spans);
    if subscriber.try_init().is_err() {
        tracing::debug!("logging was set up before");
    }
    Ok(Sending(provider))
}

fn provider(endpoint: &str) -> Result<SdkTracerProvider, TelemetryError> {
    let exporter = SpanExporter::builder()
        .with_http()
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(endpoint)
        .build()?;
    Ok(SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_resource(Resource::builder_empty().with_service_name(SERVICE).build())
        .build())
}

pub(crate) async fn tell(request: Request, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or(NO_ROUTE, MatchedPath::as_str)
        .to_owned();
    let method = request.method().clone();
    let span = tracing::info_span!(
        "request",
        otel.name = format!("{method} {route}"),
        otel.kind = "server",
        http.request.method = %method,
        http.route = route,
        http.response.status_code = Empty,
    );
    answer(request, next, &method, &route).instrument(span).await
}

async fn answer(request: Request, next: Next, method: &axum::http::Method, route: &str) -> Response {
    let started = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    Span::current().record("http.response.status_code", status);
    tracing::info!(
        %method,
        route,
        status,
        milliseconds = started.elapsed().as_millis() as u64,
        "answered"
    );
    response
}
