//! Whether the program runs, and whether it can answer.

use axum::{extract::State, http::StatusCode};

use crate::http::state::AppState;

/// The program runs.
pub(crate) async fn alive() -> &'static str {
    "ok"
}

/// The program can reach its store. A broker that is away is told of and holds nobody up: what is for it waits.
pub(crate) async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    // Any token asks the store; this one is nobody's.
    match state.registry.session("").await {
        Ok(_) => match &state.exchange {
            Some(exchange) if !exchange.is_connected() => (StatusCode::OK, "ready; the broker is away"),
            Some(_) | None => (StatusCode::OK, "ready"),
        },
        Err(error) => {
            tracing::warn!(error = crate::delivery::chain(&error), "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready")
        }
    }
}
