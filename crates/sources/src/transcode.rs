//! Turns a stream in an encoding in which lines cannot be cut into UTF-8, a piece at a time.
//!
//! What is no text in that encoding becomes U+FFFD, and the line that holds it is set aside when it is decoded
//! ([`crate::text::Charset::decode`]).

use std::io::{self, Read};

use encoding_rs::{CoderResult, Decoder};

const PIECE_BYTES: usize = 16 << 10;

pub(crate) struct Transcode<R> {
    input: R,
    decoder: Decoder,
    ready: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: Read> Transcode<R> {
    pub(crate) fn new(input: R, decoder: Decoder) -> Self {
        Self {
            input,
            decoder,
            ready: Vec::new(),
            given: 0,
            ended: false,
        }
    }

    fn refill(&mut self) -> io::Result<()> {
        let mut piece = Vec::with_capacity(PIECE_BYTES);
        (&mut self.input)
            .take(PIECE_BYTES as u64)
            .read_to_end(&mut piece)?;
        self.ended = piece.is_empty();
        self.ready.clear();
        self.given = 0;
        let mut from = 0;
        loop {
            let room = self.decoder.max_utf8_buffer_length(piece.len() - from);
            let start = self.ready.len();
            self.ready.resize(start + room.unwrap_or(PIECE_BYTES), 0);
            let (result, read, written, _) =
                self.decoder
                    .decode_to_utf8(&piece[from..], &mut self.ready[start..], self.ended);
            self.ready.truncate(start + written);
            from += read;
            match result {
                CoderResult::InputEmpty => return Ok(()),
                CoderResult::OutputFull => {}
            }
        }
    }
}

impl<R: Read> Read for Transcode<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.ready.len() && !self.ended {
            self.refill()?;
        }
        let count = out.len().min(self.ready.len() - self.given);
        out[..count].copy_from_slice(&self.ready[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Charset;

    #[test]
    fn wide_text_comes_out_as_utf8_and_damage_is_marked() {
        let text = "ИД;ФИО\n".repeat(5000);
        let mut wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        wide.extend([0x00, 0xd8]);
        let mut plain = String::new();
        let charset = Charset::find("utf-16le").unwrap();
        Transcode::new(&wide[..], charset.decoder())
            .read_to_string(&mut plain)
            .unwrap();
        assert_eq!(plain, format!("{text}\u{fffd}"));
        assert!(charset.decode("a\u{fffd}".as_bytes()).is_err());
    }
}
