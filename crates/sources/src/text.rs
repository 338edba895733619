//! Bytes to text, by the encoding that the mapping names; nothing is replaced or guessed.

use std::borrow::Cow;

use encoding_rs::{Decoder, Encoding};

use crate::fault::{Fault, Reason};

/// The encoding of an extract.
///
/// In UTF-8 and the encodings of one byte a character every ASCII byte stands for itself, so that lines are cut first and
/// decoded one by one. The others (UTF-16, Shift JIS) pass through [`crate::transcode`] first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Charset(&'static Encoding);

impl Charset {
    pub(crate) fn find(label: &str) -> Option<Self> {
        let encoding = Encoding::for_label(label.as_bytes())?;
        let real = encoding != encoding_rs::REPLACEMENT && encoding != encoding_rs::X_USER_DEFINED;
        real.then_some(Self(encoding))
    }

    pub(crate) fn name(self) -> &'static str {
        self.0.name()
    }

    pub(crate) fn needs_transcoding(self) -> bool {
        self.0 != encoding_rs::UTF_8 && !self.0.is_single_byte()
    }

    pub(crate) fn decoder(self) -> Decoder {
        self.0.new_decoder_without_bom_handling()
    }

    /// Text of a line; what was transcoded is UTF-8 by now.
    pub(crate) fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, Reason> {
        let undecodable = || Fault::WrongEncoding.because(format!("is no {}", self.name()));
        if self.0 == encoding_rs::UTF_8 || self.needs_transcoding() {
            let text = std::str::from_utf8(bytes).map_err(|_| undecodable())?;
            return match self.needs_transcoding() && text.contains(char::REPLACEMENT_CHARACTER) {
                true => Err(undecodable()),
                false => Ok(Cow::Borrowed(text)),
            };
        }
        let text = self
            .0
            .decode_without_bom_handling_and_without_replacement(bytes)
            .ok_or_else(undecodable)?;
        // The WHATWG tables, made for browsers, read an undefined byte (0x98 of windows-1251) as a C1 control character.
        if text.chars().any(|c| ('\u{80}'..='\u{9f}').contains(&c)) {
            return Err(undecodable());
        }
        Ok(text)
    }
}

/// What the first bytes tell of an encoding in which no line can be cut, or of bytes that are no text at all.
pub(crate) fn find_foreign_start(head: &[u8]) -> Option<&'static str> {
    match head {
        [0xff, 0xfe, ..] => Some("UTF-16LE"),
        [0xfe, 0xff, ..] => Some("UTF-16BE"),
        [_, 0, ..] | [0, ..] => Some("UTF-16 without its mark, or no text"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_undefined_byte_is_refused_and_not_replaced() {
        let cyrillic = Charset::find("windows-1251").unwrap();
        assert_eq!(cyrillic.decode(b"\xc8\xe2\xe0\xed").unwrap(), "Иван");
        assert_eq!(
            cyrillic.decode(b"\xc8\x98").unwrap_err().fault,
            Fault::WrongEncoding
        );
        let utf8 = Charset::find("utf-8").unwrap();
        assert_eq!(utf8.decode(b"\xc8\xe2").unwrap_err().fault, Fault::WrongEncoding);
    }

    #[test]
    fn any_encoding_that_has_a_name_is_offered() {
        assert!(Charset::find("utf-16le").unwrap().needs_transcoding());
        assert!(Charset::find("shift_jis").unwrap().needs_transcoding());
        assert!(!Charset::find("koi8-r").unwrap().needs_transcoding());
        assert_eq!(Charset::find("no-such"), None);
        assert_eq!(
            Charset::find("iso-2022-kr"),
            None,
            "browsers refuse it, and so does this"
        );
    }
}
