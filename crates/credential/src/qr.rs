//! Draws a credential as a QR symbol (ISO/IEC 18004), error correction M.

use qrcode::{Color, EcLevel, QrCode, types::QrError};

use crate::QrText;

/// Empty modules around the symbol. ISO/IEC 18004 section 6.3.8
const QUIET_ZONE: usize = 4;

#[derive(Debug, thiserror::Error)]
#[error("the text does not fit a symbol")]
pub struct QrSvgError(#[source] QrError);

/// The symbol as an SVG image that `label` describes to those who do not see it. It has no style, script or id, so
/// it may stand in a page under a strict content security policy, more than once.
pub fn qr_svg(text: &QrText, label: &str) -> Result<String, QrSvgError> {
    let symbol = QrCode::with_error_correction_level(text.as_str(), EcLevel::M).map_err(QrSvgError)?;
    let width = symbol.width();
    let side = width + 2 * QUIET_ZONE;
    let label = escaped(label);
    let dark = dark_runs(&symbol.to_colors(), width);
    Ok(format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" aria-label="{label}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path fill="#000" d="{dark}"/></svg>"##
    ))
}

/// Modules on a side of the symbol for `text`, without the quiet zone.
pub fn qr_modules(text: &QrText) -> Result<usize, QrSvgError> {
    let symbol = QrCode::with_error_correction_level(text.as_str(), EcLevel::M).map_err(QrSvgError)?;
    Ok(symbol.width())
}

/// One rectangle for each run of dark modules in a row.
fn dark_runs(colors: &[Color], width: usize) -> String {
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                let (left, top, length) = (x + QUIET_ZONE, y + QUIET_ZONE, run.len());
                path += &format!("M{left} {top}h{length}v1h-{length}z");
            }
            x += run.len();
        }
    }
    path
}

fn escaped(label: &str) -> String {
    label
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
