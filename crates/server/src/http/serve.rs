//! Serves API and portals on one listener until told to stop.

use std::{future::Future, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Router, extract::DefaultBodyLimit, middleware, routing::get};
use tokio::net::TcpListener;
use tower_http::timeout::TimeoutLayer;

use super::{
    guard,
    metrics::{self, Metrics},
    state::AppState,
    telemetry,
};
use crate::{api, portal};

/// Bytes of a request body; the largest form holds a QR text and a reason.
const BODY_MAX: usize = 64 * 1024;
/// A request that takes longer is given up.
const REQUEST_SECONDS_MAX: u64 = 30;

/// Everything that is served.
pub(crate) fn router(state: AppState) -> Router {
    let counted = Arc::new(Metrics::new(Arc::clone(&state.registry), state.exchange.clone()));
    let measure = middleware::from_fn_with_state(Arc::clone(&counted), metrics::count);
    Router::new()
        .route("/metrics", get(metrics::show).with_state(counted))
        .merge(portal::router(state.clone()))
        .merge(api::router(state))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(TimeoutLayer::with_status_code(
            axum::http::StatusCode::SERVICE_UNAVAILABLE,
            Duration::from_secs(REQUEST_SECONDS_MAX),
        ))
        .layer(middleware::from_fn(guard::set_headers))
        .layer(measure)
        .layer(middleware::from_fn(telemetry::tell))
}

/// Serves until `stop` is done, then lets open requests end.
pub(crate) async fn serve(
    listener: TcpListener,
    state: AppState,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}
