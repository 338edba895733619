//! Where messages lie at the broker.
//!
//! * `sojourn.out.agency.OFFICE.PERSON`: notices to an office, the person by the id of its sector
//! * `sojourn.out.verifier.ORGANISATION.answer`: notices to who asked a question
//! * `sojourn.in.SOURCE`: records of a source
//! * `sojourn.ack.agency.OFFICE`, `sojourn.ack.verifier.ORGANISATION`: what a receiver has read
//!
//! Invariant: the name of a receiver is one token; two names never become the same one, and each can be led back.

use records::key::SourceName;
use registry::{port::outbox::Receiver, relay::Posting};

/// Everything that goes out.
pub const OUT_ALL: &str = "sojourn.out.>";
/// Everything that comes in.
pub const IN_ALL: [&str; 2] = ["sojourn.in.>", "sojourn.ack.>"];

const OUT: &str = "sojourn.out";
const RECORDS: &str = "sojourn.in.";
const READ: &str = "sojourn.ack.";
/// In the place of the person, whom a verifier is not told.
const ANSWER: &str = "answer";
/// Begins a byte that may not stand in a token as it is.
const ESCAPE: char = '=';

/// The subject of a notice.
pub fn of_posting(posting: &Posting) -> String {
    let person = match posting.notice.person {
        Some(person) => person.to_string(),
        None => ANSWER.to_owned(),
    };
    format!("{OUT}.{}.{person}", of_receiver(&posting.to))
}

/// All notices to one receiver.
pub fn all_to(receiver: &Receiver) -> String {
    format!("{OUT}.{}.*", of_receiver(receiver))
}

/// Where a receiver says what it has read.
pub fn of_reading(receiver: &Receiver) -> String {
    format!("{READ}{}", of_receiver(receiver))
}

/// Where a source sends its records.
pub fn of_source(source: &SourceName) -> String {
    format!("{RECORDS}{}", source.as_str())
}

/// What a message to us is about.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum About {
    Records(SourceName),
    Read(Receiver),
}

impl About {
    /// None for a subject that nobody is told to use.
    pub(crate) fn of(subject: &str) -> Option<Self> {
        if let Some(source) = subject.strip_prefix(RECORDS) {
            return SourceName::parse(source).ok().map(Self::Records);
        }
        let (kind, token) = subject.strip_prefix(READ)?.split_once('.')?;
        Receiver::of(kind, name_of(token)?).map(Self::Read)
    }
}

fn of_receiver(receiver: &Receiver) -> String {
    format!("{}.{}", receiver.kind(), token(receiver.name()))
}

/// A name as one token: ASCII letters, digits, `-` and `_` as they are, every other byte as `=` and two digits.
pub fn token(name: &str) -> String {
    let mut token = String::with_capacity(name.len());
    for byte in name.bytes() {
        if stands(byte) {
            token.push(char::from(byte));
        } else {
            token.push_str(&format!("{ESCAPE}{byte:02X}"));
        }
    }
    token
}

fn stands(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

/// The name that became this token; none where no name becomes it.
fn name_of(token_of_name: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(token_of_name.len());
    let mut rest = token_of_name.bytes();
    while let Some(byte) = rest.next() {
        if byte == ESCAPE as u8 {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    let name = String::from_utf8(bytes).ok()?;
    (!name.is_empty() && token(&name) == token_of_name).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_tokens_and_come_back() {
        for name in ["УВМ по г. Москве", "ООО «Пекарня»", "a.b>c*", "=41", "FNS-77_x"]
        {
            let token = token(name);
            assert!(token.bytes().all(|byte| stands(byte) || byte == b'='), "{token}");
            assert_eq!(name_of(&token).as_deref(), Some(name));
        }
        assert_ne!(token("a b"), token("a=20b"));
        for no_token in ["", "=4", "=zz", "=41", "=FF", "a.b", "=+1"] {
            assert_eq!(name_of(no_token), None, "{no_token}");
        }
    }

    #[test]
    fn subjects_to_us_are_read() {
        let border = SourceName::parse("border").unwrap();
        assert_eq!(About::of("sojourn.in.border"), Some(About::Records(border)));
        let office = Receiver::Agency {
            office: "УВМ".to_owned(),
        };
        assert_eq!(About::of(&of_reading(&office)), Some(About::Read(office)));
        for other in [
            "sojourn.in.",
            "sojourn.in.a.b",
            "sojourn.ack.agency",
            "sojourn.ack.king.x",
            "x",
        ] {
            assert_eq!(About::of(other), None, "{other}");
        }
    }
}
