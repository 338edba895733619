//! Style sheet, images and scripts that `npm run build` leaves in `web/dist`, embedded in the program.
//!
//! Invariant: every file's name holds a digest of its content, so a browser may keep it for ever.
//! A program built without them still serves every page, unstyled; [`Assets::are_built`] lets the start-up say so.

use std::collections::BTreeMap;

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[exclude = ".*"]
#[allow_missing = true]
struct Dist;

const MANIFEST: &str = "manifest.json";
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

pub(crate) async fn asset(Path(file): Path<String>) -> Response {
    match Dist::get(&file) {
        Some(found) if file != MANIFEST => {
            let headers = [
                (header::CONTENT_TYPE, media_type(&file)),
                (header::CACHE_CONTROL, FOR_EVER),
            ];
            (headers, found.data).into_response()
        }
        Some(_) | None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn media_type(file: &str) -> &'static str {
    match file.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
