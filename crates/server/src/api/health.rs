//! Whether the program runs, and whether it can answer.

use axum::{extract::State, http::StatusCode};

use crate::http::state::AppState;

/// The program runs.
pub(crate) async fn alive() -> &'static str {
    "ok"
}

/// The program can reach its store.
pub(crate) async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    // Any token asks the store; this one is nobody's.
    match state.registry.session("").await {
        Ok(_) => (StatusCode::OK, "ready"),
        Err(error) => {
            tracing::warn!(error = crate::delivery::chain(&error), "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "not ready")
        }
    }
}
