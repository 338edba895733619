//! The text inside the symbol: a prefix, then base45 (RFC 9285) of the signed bytes.
//!
//! Invariant: one credential has one spelling; text that would be written otherwise is refused.

use std::{fmt, io::Read as _};

use flate2::bufread::ZlibDecoder;

/// Tells our text from other passes, and its first form from later ones.
pub const PREFIX: &str = "SJ1:";
/// Longest text that is looked at. Ours is shorter than 320 characters; a symbol can hold 4,296.
pub const TEXT_MAX: usize = 1_024;
/// Longest credential after inflating.
const BYTES_MAX: usize = 1_024;
/// First byte of a zlib stream (RFC 1950). We do not write it: below 250 bytes it makes the text longer.
const ZLIB: u8 = 0x78;

/// Text of a credential, ready for a symbol.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct QrText(String); // invariant: the prefix, then base45

impl QrText {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn of(signed: &[u8]) -> Self {
        Self(format!("{PREFIX}{}", base45::encode(signed)))
    }

    /// Whether the text stays what it is in a form that trims it or joins neighbouring spaces: base45 has the
    /// space among its letters.
    pub(crate) fn survives_retyping(&self) -> bool {
        !self.0.ends_with(' ') && !self.0.contains("  ") && !self.0[PREFIX.len()..].starts_with(' ')
    }
}

impl fmt::Display for QrText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The length alone: whoever reads the text holds the credential.
impl fmt::Debug for QrText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "QrText({} characters)", self.0.len())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TextError {
    #[error("does not begin with {PREFIX}")]
    Prefix,
    #[error("is longer than {TEXT_MAX} characters")]
    TooLong,
    #[error("is not base45 as it would be written")]
    Base45,
    #[error("cannot be inflated to at most {BYTES_MAX} bytes")]
    Inflate,
}

/// The signed bytes of `text`. A line end that a reader or a file adds is dropped; spaces count.
pub(crate) fn decode(text: &str) -> Result<Vec<u8>, TextError> {
    let text = text.trim_end_matches(['\r', '\n']);
    let encoded = text.strip_prefix(PREFIX).ok_or(TextError::Prefix)?;
    if text.len() > TEXT_MAX {
        return Err(TextError::TooLong);
    }
    let bytes = base45::decode(encoded).map_err(|_| TextError::Base45)?;
    if base45::encode(&bytes) != encoded {
        return Err(TextError::Base45);
    }
    match bytes.first() {
        Some(&ZLIB) => inflate(&bytes),
        _ => Ok(bytes),
    }
}

fn inflate(bytes: &[u8]) -> Result<Vec<u8>, TextError> {
    let mut inflated = Vec::new();
    let mut reader = ZlibDecoder::new(bytes).take(BYTES_MAX as u64 + 1);
    reader
        .read_to_end(&mut inflated)
        .map_err(|_| TextError::Inflate)?;
    let whole = reader.into_inner().into_inner().is_empty();
    if whole && inflated.len() <= BYTES_MAX {
        Ok(inflated)
    } else {
        Err(TextError::Inflate)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn deflated(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn bytes_come_back_deflated_or_not() {
        let bytes: Vec<u8> = (0..=255).rev().collect();
        assert_eq!(decode(QrText::of(&bytes).as_str()).unwrap(), bytes);
        assert_eq!(decode(QrText::of(&deflated(&bytes)).as_str()).unwrap(), bytes);
        assert_eq!(decode(&format!("{}\r\n", QrText::of(&bytes))).unwrap(), bytes);
    }

    #[test]
    fn a_bomb_a_cut_stream_and_a_tail_are_refused() {
        let bomb = deflated(&[0; 100_000]);
        let cut = &deflated(b"some bytes")[..12];
        let tail = [deflated(b"some bytes"), vec![0]].concat();
        for bytes in [&bomb[..], cut, &tail] {
            assert_eq!(decode(QrText::of(bytes).as_str()), Err(TextError::Inflate));
        }
        assert_eq!(
            decode(QrText::of(&deflated(&[0; BYTES_MAX])).as_str())
                .unwrap()
                .len(),
            BYTES_MAX
        );
    }

    #[test]
    fn only_one_spelling_is_read() {
        assert_eq!(decode("HC1:ABC"), Err(TextError::Prefix));
        assert_eq!(decode("sj1:ABC"), Err(TextError::Prefix));
        assert_eq!(
            decode(&format!("{PREFIX}{}", "0".repeat(TEXT_MAX))),
            Err(TextError::TooLong)
        );
        for wrong in ["abc", "A", "AB\u{0}", ":::", "GGX", "ÄBC", "000 ", "::"] {
            assert_eq!(
                decode(&format!("{PREFIX}{wrong}")),
                Err(TextError::Base45),
                "{wrong}"
            );
        }
    }
}
