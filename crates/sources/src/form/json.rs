//! One JSON text into a row: bounded in depth, no key twice.

use std::{borrow::Cow, cell::Cell, fmt};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::{
    fault::{Fault, Reason},
    row::Node,
};

/// Objects in objects; the deepest extract has two.
pub(crate) const DEPTH_MAX: usize = 16;

/// Reads an object. Of two equal keys no one can say which counts, so they are refused (RFC 8259 leaves it open).
pub(crate) fn read_object(text: &str) -> Result<Node<'_>, Reason> {
    let fault = Cell::new(None);
    let mut reader = serde_json::Deserializer::from_str(text);
    let seed = Seed {
        depth: 0,
        fault: &fault,
    };
    let read = seed
        .deserialize(&mut reader)
        .and_then(|node| reader.end().map(|()| node));
    match read {
        Ok(node @ Node::Fields(_)) => Ok(node),
        Ok(_) => Err(Fault::BrokenJson.because("is no object")),
        Err(error) => Err(match fault.get() {
            Some(Fault::TooDeep) => Fault::TooDeep.because("nests deeper than a record may"),
            Some(Fault::OutOfRange) => Fault::OutOfRange.because("has more keys than a record may"),
            Some(_) => Fault::RepeatedElement.because("has a key twice"),
            None if error.is_eof() => Fault::Truncated.because("ends before its object does"),
            None => Fault::BrokenJson.because("is no JSON"),
        }),
    }
}

#[derive(Clone, Copy)]
struct Seed<'f> {
    depth: usize,
    fault: &'f Cell<Option<Fault>>,
}

impl Seed<'_> {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.depth == DEPTH_MAX {
            return Err(self.fails(Fault::TooDeep));
        }
        Ok(Self {
            depth: self.depth + 1,
            ..self
        })
    }

    fn fails<E: serde::de::Error>(self, fault: Fault) -> E {
        self.fault.set(Some(fault));
        E::custom(fault.word())
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Node<'de>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Empty)
    }

    fn visit_bool<E>(self, _flag: bool) -> Result<Node<'de>, E> {
        Ok(Node::Other)
    }

    fn visit_u64<E>(self, number: u64) -> Result<Node<'de>, E> {
        Ok(Node::Whole(number))
    }

    fn visit_i64<E>(self, _negative: i64) -> Result<Node<'de>, E> {
        Ok(Node::Other)
    }

    fn visit_f64<E>(self, _number: f64) -> Result<Node<'de>, E> {
        Ok(Node::Other)
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Node<'de>, E> {
        Ok(Node::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node<'de>, A::Error> {
        let seed = self.deeper()?;
        let mut nodes = Vec::new();
        while let Some(node) = items.next_element_seed(seed)? {
            nodes.push(node);
        }
        Ok(Node::List(nodes))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node<'de>, A::Error> {
        let seed = self.deeper()?;
        let mut fields: Vec<(Cow<'de, str>, Node<'de>)> = Vec::new();
        while let Some(key) = entries.next_key_seed(KeySeed)? {
            // an object of more keys than any record has is no record, and comparing them all takes its time
            if fields.len() == KEYS_MAX {
                return Err(self.fails(Fault::OutOfRange));
            }
            if fields.iter().any(|(earlier, _)| *earlier == key) {
                return Err(self.fails(Fault::RepeatedElement));
            }
            fields.push((key, entries.next_value_seed(seed)?));
        }
        Ok(Node::Fields(fields))
    }
}

/// Keys of one object; the widest extract has twenty.
const KEYS_MAX: usize = 256;

struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Cow<'de, str>;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> Fault {
        read_object(text).unwrap_err().fault
    }

    #[test]
    fn each_fault_has_its_word() {
        assert_eq!(fault(r#"{"a": 1"#), Fault::Truncated);
        assert_eq!(fault(r#"{"a": "b"#), Fault::Truncated);
        assert_eq!(fault(r#"{"a": 1}}"#), Fault::BrokenJson);
        assert_eq!(fault(r#"{"a" 1}"#), Fault::BrokenJson);
        assert_eq!(fault("[1]"), Fault::BrokenJson);
        assert_eq!(fault(r#"{"a": 1, "a": 2}"#), Fault::RepeatedElement);
        assert_eq!(fault(r#"{"a": 1, "\u0061": 2}"#), Fault::RepeatedElement);
        assert_eq!(
            fault(&format!("{}{}", r#"{"a":"#.repeat(60), "1")),
            Fault::TooDeep
        );
        assert_eq!(fault(&"{\"a\":[".repeat(100_000)), Fault::TooDeep);
        assert_eq!(fault(r#"{"a": 1e999}"#), Fault::BrokenJson);
        assert_eq!(fault(r#"{"a": "\ud800"}"#), Fault::BrokenJson);
    }

    #[test]
    fn values_keep_their_kind() {
        let node =
            read_object(r#"{"a": "x\ny", "b": 18446744073709551615, "c": -1, "d": null, "e": [true, 1.5]}"#)
                .unwrap();
        let expected = Node::Fields(vec![
            ("a".into(), Node::Text("x\ny".into())),
            ("b".into(), Node::Whole(u64::MAX)),
            ("c".into(), Node::Other),
            ("d".into(), Node::Empty),
            ("e".into(), Node::List(vec![Node::Other, Node::Other])),
        ]);
        assert_eq!(node, expected);
    }
}
