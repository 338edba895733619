//! A bounded view into a stream of bytes, and the count of its lines.
//!
//! In: a reader of any length. Out: the bytes ahead, as many as asked for and no more than the bound needs.
//! Invariant: holds at most [`RECORD_BYTES_MAX`] and one chunk; `line` is the physical line of the first byte in view.

use std::io::{self, Read};

use crate::fault::ExtractError;

/// The longest line, element or object that is read as one record. Longer ones are set aside without being held.
pub const RECORD_BYTES_MAX: usize = 1 << 20;

const CHUNK_BYTES: usize = 64 << 10;

pub(crate) struct Window<R> {
    input: R,
    held: Vec<u8>,
    start: usize,
    line: u64,
    ended: bool,
}

/// Where the line that begins the view ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineEnd {
    /// Bytes of the line, and with its ending.
    At { text: usize, whole: usize },
    /// Not within [`RECORD_BYTES_MAX`].
    TooLong,
    /// There is no further line.
    NoLine,
}

impl<R: Read> Window<R> {
    pub(crate) fn new(input: R) -> Self {
        Self {
            input,
            held: Vec::new(),
            start: 0,
            line: 1,
            ended: false,
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.held[self.start..]
    }

    pub(crate) fn line(&self) -> u64 {
        self.line
    }

    /// Whether all that the input has is in view.
    pub(crate) fn ended(&self) -> bool {
        self.ended
    }

    /// Reads on until `wanted` bytes are in view or the input ends.
    pub(crate) fn grow(&mut self, wanted: usize) -> io::Result<()> {
        while !self.ended && self.bytes().len() < wanted {
            self.held.drain(..self.start);
            self.start = 0;
            let read = (&mut self.input)
                .take(CHUNK_BYTES as u64)
                .read_to_end(&mut self.held)?;
            self.ended = read == 0;
        }
        Ok(())
    }

    pub(crate) fn consume(&mut self, count: usize) {
        let passed = &self.held[self.start..self.start + count];
        self.line += memchr::memchr_iter(b'\n', passed).count() as u64;
        self.start += count;
    }

    /// Brings the whole line into view, if it is not too long.
    pub(crate) fn find_line_end(&mut self) -> io::Result<LineEnd> {
        let mut searched = 0;
        loop {
            let ahead = self.bytes();
            if let Some(at) = memchr::memchr(b'\n', &ahead[searched..]) {
                let end = searched + at;
                let text = end - usize::from(ahead[..end].ends_with(b"\r"));
                return Ok(match text <= RECORD_BYTES_MAX {
                    true => LineEnd::At { text, whole: end + 1 },
                    false => LineEnd::TooLong,
                });
            }
            searched = ahead.len();
            if searched > RECORD_BYTES_MAX {
                return Ok(LineEnd::TooLong);
            }
            if self.ended {
                return Ok(match searched {
                    0 => LineEnd::NoLine,
                    whole => LineEnd::At {
                        text: whole - usize::from(ahead.ends_with(b"\r")),
                        whole,
                    },
                });
            }
            self.grow(searched + 1)?;
        }
    }

    /// Passes over the rest of the line, however long, without holding it.
    pub(crate) fn skip_line(&mut self) -> io::Result<()> {
        loop {
            self.grow(1)?;
            let ahead = self.bytes();
            if ahead.is_empty() {
                return Ok(());
            }
            if let Some(at) = memchr::memchr(b'\n', ahead) {
                self.consume(at + 1);
                return Ok(());
            }
            self.consume(ahead.len());
        }
    }

    /// The first byte that is no blank; passes over the blanks before it.
    pub(crate) fn find_first(&mut self) -> io::Result<Option<u8>> {
        loop {
            self.grow(1)?;
            let ahead = self.bytes();
            let blanks = ahead.iter().take_while(|b| b.is_ascii_whitespace()).count();
            if blanks < ahead.len() || ahead.is_empty() {
                let first = ahead.get(blanks).copied();
                self.consume(blanks);
                return Ok(first);
            }
            self.consume(blanks);
        }
    }

    /// Refuses a file that does not begin as its form does.
    pub(crate) fn expect_first(
        &mut self,
        byte: u8,
        file: &str,
        expected: &'static str,
    ) -> Result<(), ExtractError> {
        let file = file.to_owned();
        match self.find_first() {
            Ok(Some(first)) if first == byte => Ok(()),
            Ok(Some(_)) => Err(ExtractError::WrongForm { file, expected }),
            Ok(None) => Err(ExtractError::Empty { file }),
            Err(source) => Err(ExtractError::Io { file, source }),
        }
    }

    /// Passes over a byte order mark of UTF-8.
    pub(crate) fn skip_mark(&mut self) -> io::Result<()> {
        self.grow(UTF8_MARK.len())?;
        if self.bytes().starts_with(UTF8_MARK) {
            self.consume(UTF8_MARK.len());
        }
        Ok(())
    }
}

pub(crate) const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives out one byte repeated, so many times, a few at a time.
    struct Repeat(u8, usize);

    impl Read for Repeat {
        fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
            let count = out.len().min(self.1).min(1000);
            out[..count].fill(self.0);
            self.1 -= count;
            Ok(count)
        }
    }

    #[test]
    fn a_line_of_any_length_is_passed_over_in_bounded_memory() {
        let mut window = Window::new(Repeat(b'x', 64 << 20).chain(&b"\nnext"[..]));
        assert_eq!(window.find_line_end().unwrap(), LineEnd::TooLong);
        window.skip_line().unwrap();
        assert!(
            window.held.capacity() <= 4 * RECORD_BYTES_MAX,
            "{}",
            window.held.capacity()
        );
        assert_eq!(window.line(), 2);
        assert_eq!(window.find_line_end().unwrap(), LineEnd::At { text: 4, whole: 4 });
        assert_eq!(window.bytes(), b"next");
        window.skip_line().unwrap();
        assert_eq!(window.find_line_end().unwrap(), LineEnd::NoLine);
    }

    #[test]
    fn either_line_ending_is_taken_off() {
        let mut window = Window::new(&b"\xef\xbb\xbfa\r\n\nb"[..]);
        window.skip_mark().unwrap();
        assert_eq!(window.find_line_end().unwrap(), LineEnd::At { text: 1, whole: 3 });
        window.consume(3);
        assert_eq!(window.find_line_end().unwrap(), LineEnd::At { text: 0, whole: 1 });
        window.consume(1);
        assert_eq!((window.line(), window.bytes()), (3, &b"b"[..]));
    }
}
