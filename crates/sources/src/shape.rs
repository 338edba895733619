//! Shapes of numbers, as mappings write them: `#` stands for a digit, any other character for itself.

use records::key::SourceRecordId;

/// How far into a line its id is looked for.
const ID_WITHIN_BYTES: usize = 256;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shape(String);

impl Shape {
    pub(crate) fn new(pattern: &str) -> Self {
        Self(pattern.to_owned())
    }

    pub(crate) fn fits(&self, text: &str) -> bool {
        text.len() == self.0.len() && fits_bytes(&self.0, text.as_bytes())
    }

    /// Something that fits.
    pub(crate) fn specimen(&self) -> String {
        self.0.replace('#', "0")
    }

    /// The id of a record in a line that cannot be read as a whole: the first such text in it.
    pub(crate) fn find_id(&self, line: &[u8], stands: Stands) -> Option<SourceRecordId> {
        let head = &line[..line.len().min(ID_WITHIN_BYTES)];
        let length = self.0.len();
        let last = head.len().checked_sub(length)?;
        let bounded = |at: Option<usize>| {
            at.and_then(|at| head.get(at))
                .is_none_or(|b| b.is_ascii() && !b.is_ascii_alphanumeric())
        };
        let begins = |at: usize| match stands {
            Stands::First => at == 0 || (at == 1 && head[0] == b'"'),
            Stands::Within => bounded(at.checked_sub(1)),
        };
        (0..=last)
            .find(|&at| {
                begins(at) && bounded(Some(at + length)) && fits_bytes(&self.0, &head[at..at + length])
            })
            .and_then(|at| std::str::from_utf8(&head[at..at + length]).ok())
            .and_then(|id| SourceRecordId::parse(id).ok())
    }
}

/// Where a form writes the id of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stands {
    /// As the first field of a line.
    First,
    /// After a key or in a tag, before anything that could be taken for it.
    Within,
}

fn fits_bytes(shape: &str, text: &[u8]) -> bool {
    shape.bytes().zip(text).all(|(want, have)| match want {
        b'#' => have.is_ascii_digit(),
        other => *have == other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_found_in_what_is_left_of_a_line() {
        let shape = Shape::new("BX####");
        let first = |line: &str| shape.find_id(line.as_bytes(), Stands::First).map(String::from);
        assert_eq!(first("BX1234;1;IN").as_deref(), Some("BX1234"));
        assert_eq!(first("\"BX1234\";1").as_deref(), Some("BX1234"));
        assert_eq!(first("BX1234").as_deref(), Some("BX1234"));
        assert_eq!(first("1;BX1234"), None, "another field is not the id");
        for line in ["BX12345;1", "BX12", "", "XBX1234"] {
            assert_eq!(first(line), None, "{line}");
        }
        let within = |line: &str| shape.find_id(line.as_bytes(), Stands::Within).map(String::from);
        assert_eq!(within(r#"{"id": "BX1234", "ver"#).as_deref(), Some("BX1234"));
        assert_eq!(within(r#"{"id": BX1234", "ver"#).as_deref(), Some("BX1234"));
        assert_eq!(within(r#"{"id": "ABX1234"}"#), None);
    }
}
