//! Bytes to text, by the encoding that the mapping names; nothing is replaced or guessed.

use std::borrow::Cow;

use encoding_rs::Encoding;

use crate::fault::{Fault, Reason};

/// An encoding in which every ASCII byte stands for itself, so that a line can be cut before it is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Charset(&'static Encoding);

impl Charset {
    pub(crate) fn find(label: &str) -> Option<Self> {
        let encoding = Encoding::for_label(label.as_bytes())?;
        (encoding == encoding_rs::UTF_8 || encoding.is_single_byte()).then_some(Self(encoding))
    }

    pub(crate) fn name(self) -> &'static str {
        self.0.name()
    }

    pub(crate) fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, Reason> {
        let undecodable = || Fault::WrongEncoding.because(format!("is no {}", self.name()));
        if self.0 == encoding_rs::UTF_8 {
            return std::str::from_utf8(bytes)
                .map(Cow::Borrowed)
                .map_err(|_| undecodable());
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

/// The encoding that a byte order mark tells of, when it is none that a line can be cut in.
pub(crate) fn find_wide_mark(head: &[u8]) -> Option<&'static str> {
    match head {
        [0xff, 0xfe, ..] => Some("UTF-16LE"),
        [0xfe, 0xff, ..] => Some("UTF-16BE"),
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
    fn an_encoding_that_hides_separators_is_not_offered() {
        assert_eq!(Charset::find("utf-16le"), None);
        assert_eq!(Charset::find("shift_jis"), None);
        assert_eq!(Charset::find("no-such"), None);
        assert!(Charset::find("koi8-r").is_some() && Charset::find("ibm866").is_some());
    }
}
