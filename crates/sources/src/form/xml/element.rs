//! One element into a row: bounded in depth, no entities but the five of XML itself.

use std::borrow::Cow;

use quick_xml::{
    XmlVersion,
    escape::resolve_xml_entity,
    events::{BytesRef, BytesStart, Event},
    reader::Reader,
};

use crate::{
    fault::{Fault, Reason},
    row::Node,
};

/// Elements in elements; the deepest extract has three.
const DEPTH_MAX: usize = 16;

/// Attributes and children of one element.
const PARTS_MAX: usize = 256;

/// An element whose end has not come yet.
struct Open {
    name: String,
    parts: Vec<(Cow<'static, str>, Node<'static>)>,
    text: String,
}

/// Reads the one element that `text` is.
pub(super) fn read_element(text: &str) -> Result<Node<'static>, Reason> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut open: Vec<Open> = Vec::new();
    loop {
        match reader.read_event().map_err(|_| broken())? {
            Event::Start(tag) => {
                if open.len() == DEPTH_MAX {
                    return Err(Fault::TooDeep.because("nests deeper than a record may"));
                }
                open.push(read_tag(&tag)?);
            }
            Event::End(_) => {
                let closed = open.pop().ok_or_else(broken)?;
                let (name, node) = closed.into_node();
                match open.last_mut() {
                    Some(outer) => outer.add(name.into(), node)?,
                    None => return Ok(node),
                }
            }
            Event::Text(text) => add_text(&mut open, &text.xml10_content())?,
            Event::CData(text) => add_text(&mut open, &text.xml10_content())?,
            Event::GeneralRef(reference) => add_text(&mut open, &resolve(&reference)?)?,
            Event::Comment(_) | Event::PI(_) => {}
            Event::DocType(_) | Event::Decl(_) => {
                return Err(Fault::ForbiddenXml.because("holds a declaration"));
            }
            Event::Empty(_) | Event::Eof => return Err(broken()),
        }
    }
}

fn broken() -> Reason {
    Fault::BrokenXml.because("is no XML")
}

fn read_tag(tag: &BytesStart<'_>) -> Result<Open, Reason> {
    let mut open = Open {
        name: tag.name().as_ref().to_owned(),
        parts: Vec::new(),
        text: String::new(),
    };
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|_| broken())?;
        let value = attribute
            .normalized_value(XmlVersion::Explicit1_0)
            .map_err(|_| Fault::ForbiddenXml.because("names an entity that XML does not have"))?;
        let name = format!("@{}", attribute.key.as_ref());
        open.add(name.into(), Node::Text(Cow::Owned(value.into_owned())))?;
    }
    Ok(open)
}

fn resolve(reference: &BytesRef<'_>) -> Result<Cow<'static, str>, Reason> {
    let forbidden = || Fault::ForbiddenXml.because("names an entity that XML does not have");
    match reference.resolve_char_ref().map_err(|_| broken())? {
        Some(character) => Ok(Cow::Owned(character.to_string())),
        None => resolve_xml_entity(reference)
            .map(Cow::Borrowed)
            .ok_or_else(forbidden),
    }
}

fn add_text(open: &mut [Open], text: &str) -> Result<(), Reason> {
    open.last_mut().ok_or_else(broken)?.text.push_str(text);
    Ok(())
}

impl Open {
    fn add(&mut self, name: Cow<'static, str>, node: Node<'static>) -> Result<(), Reason> {
        let Some((_, earlier)) = self.parts.iter_mut().find(|(part, _)| *part == name) else {
            if self.parts.len() == PARTS_MAX {
                return Err(Fault::OutOfRange.because("has more elements than a record may"));
            }
            self.parts.push((name, node));
            return Ok(());
        };
        match earlier {
            Node::List(nodes) => nodes.push(node),
            Node::Empty | Node::Text(_) | Node::Whole(_) | Node::Other | Node::Fields(_) => {
                let first = std::mem::replace(earlier, Node::Empty);
                *earlier = Node::List(vec![first, node]);
            }
        }
        Ok(())
    }

    fn into_node(mut self) -> (String, Node<'static>) {
        let text = match self.text.trim().is_empty() {
            true => Node::Empty,
            false => Node::Text(Cow::Owned(self.text)),
        };
        if self.parts.is_empty() {
            return (self.name, text);
        }
        if text != Node::Empty {
            self.parts.push((Cow::Borrowed(""), text));
        }
        (self.name, Node::Fields(self.parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::row::Place;

    fn fault(text: &str) -> Fault {
        read_element(text).unwrap_err().fault
    }

    #[test]
    fn text_attributes_and_repeated_children_are_kept() {
        let row = read_element(
            "<f id='1'><host kind=\"legal\"><name>ООО &quot;А&amp;Б&#33;&quot;</name></host><m>a</m><m/></f>",
        )
        .unwrap();
        assert_eq!(row.find(&Place::path("@id")), Some(&Node::Text("1".into())));
        assert_eq!(
            row.find(&Place::path("host/name")),
            Some(&Node::Text("ООО \"А&Б!\"".into()))
        );
        let members = Node::List(vec![Node::Text("a".into()), Node::Empty]);
        assert_eq!(row.find(&Place::path("m")), Some(&members));
    }

    #[test]
    fn nothing_is_expanded_and_nothing_fetched() {
        assert_eq!(fault("<f>&lol;</f>"), Fault::ForbiddenXml);
        assert_eq!(fault("<f a='&lol;'/>"), Fault::ForbiddenXml);
        assert_eq!(
            fault("<f><!DOCTYPE f [<!ENTITY x 'y'>]></f>"),
            Fault::ForbiddenXml
        );
        assert_eq!(fault("<f>&#0;</f>"), Fault::BrokenXml);
        assert_eq!(fault(&"<a>".repeat(100_000)), Fault::TooDeep);
    }

    #[test]
    fn what_is_no_xml_is_refused() {
        for text in [
            "<f><a></b></f>",
            "<f a=1/>",
            "<f a='1' a='2'/>",
            "<f",
            "<f>a & b</f>",
            "<f></f",
            "",
        ] {
            assert_eq!(fault(text), Fault::BrokenXml, "{text}");
        }
    }
}
