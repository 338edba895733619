//! Style sheet, images and scripts that `npm run build` leaves in `web/dist`, embedded in the program.
//!
//! Invariant: every file's name holds a digest of its content, so a browser may keep it for ever.
//! A program built without them still serves every page, unstyled; [`Assets::are_built`] lets the start-up say so.

use std::collections::BTreeMap;

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[exclude = ".*"]
#[allow_missing = true]
struct Dist;

const MANIFEST: &str = "manifest.json";
/// Ending of a compressed asset.
const PACKED: &str = ".gz";
const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Where each asset is found, by the name that templates use.
#[derive(Clone, Debug, Default)]
pub(crate) struct Assets(BTreeMap<String, String>);

impl Assets {
    pub(crate) fn load() -> Result<Self, serde_json::Error> {
        let Some(manifest) = Dist::get(MANIFEST) else {
            return Ok(Self::default());
        };
        let names: BTreeMap<String, String> = serde_json::from_slice(&manifest.data)?;
        Ok(Self(
            names
                .into_iter()
                .map(|(name, file)| (name, format!("/assets/{file}")))
                .collect(),
        ))
    }

    pub(crate) fn are_built(&self) -> bool {
        !self.0.is_empty()
    }

    pub(crate) fn href(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }
}

/// One asset, compressed where the browser takes that. Pages are not compressed: they hold tokens (BREACH).
pub(crate) async fn asset(Path(file): Path<String>, asked: HeaderMap) -> Response {
    if file == MANIFEST || file.ends_with(PACKED) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let accepted = asked
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok());
    let takes_gzip = accepted.is_some_and(|codings| codings.split(',').any(|coding| coding.trim() == "gzip"));
    let packed = Dist::get(&format!("{file}{PACKED}")).filter(|_| takes_gzip);
    let is_packed = packed.is_some();
    let Some(found) = packed.or_else(|| Dist::get(&file)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, media_type(&file)),
        (header::CACHE_CONTROL, FOR_EVER),
        (header::VARY, "accept-encoding"),
    ];
    let mut response = (headers, found.data).into_response();
    if is_packed {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    response
}

fn media_type(file: &str) -> &'static str {
    match file.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
