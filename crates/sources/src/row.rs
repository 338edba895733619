//! One record in its source's words: the shape that every form is read into.

use std::{borrow::Cow, collections::BTreeMap};

/// A value, or fields by name. Attributes of XML elements have names that begin with `@`; an element that has
/// attributes or children keeps its own text under the empty name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node<'r> {
    Empty,
    Text(Cow<'r, str>),
    Whole(u64),
    /// A flag, or a number that is no whole one: readable, and what no mapping asks for.
    Other,
    List(Vec<Node<'r>>),
    Fields(Vec<(Cow<'r, str>, Node<'r>)>),
}

/// Where a field stands in a row: names from the outside in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    written: String,
    names: Vec<String>,
}

impl Place {
    /// A name as it stands: columns may hold any character.
    pub(crate) fn column(name: &str) -> Self {
        Self {
            written: name.to_owned(),
            names: vec![name.to_owned()],
        }
    }

    /// `name/surname`, `stay@entered`, `@id`.
    pub(crate) fn path(written: &str) -> Self {
        let names = written.replace('@', "/@");
        Self {
            written: written.to_owned(),
            names: names
                .split('/')
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .collect(),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.written
    }
}

impl<'r> Node<'r> {
    pub(crate) fn find(&self, place: &Place) -> Option<&Node<'r>> {
        place.names.iter().try_fold(self, |node, name| node.child(name))
    }

    fn child(&self, name: &str) -> Option<&Node<'r>> {
        match self {
            Node::Fields(fields) => fields
                .iter()
                .find(|(field, _)| field == name)
                .map(|(_, node)| node),
            Node::Empty | Node::Text(_) | Node::Whole(_) | Node::Other | Node::List(_) => None,
        }
    }

    /// Itself without what surrounds it: an element's own text, nothing for a text of spaces.
    pub(crate) fn plain(&self) -> &Node<'r> {
        match self {
            Node::Fields(_) => self.child("").map_or(self, Node::plain),
            Node::Text(text) if text.trim().is_empty() => &Node::Empty,
            Node::Empty | Node::Text(_) | Node::Whole(_) | Node::Other | Node::List(_) => self,
        }
    }
}

/// The names that a mapping knows, to notice what a source sends beyond them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known(BTreeMap<String, Known>);

impl Known {
    pub(crate) fn add(&mut self, place: &Place) {
        place
            .names
            .iter()
            .fold(self, |known, name| known.0.entry(name.clone()).or_default());
    }

    pub(crate) fn add_below(&mut self, list: &Place, place: &Place) {
        let below = list.names.iter().chain(&place.names);
        below.fold(self, |known, name| known.0.entry(name.clone()).or_default());
    }

    /// Whether `row` holds a value that nothing in the mapping reads or passes over by name.
    pub(crate) fn misses_some_of(&self, row: &Node<'_>) -> bool {
        match row {
            Node::Empty | Node::Text(_) | Node::Whole(_) | Node::Other => false,
            Node::List(nodes) => nodes.iter().any(|node| self.misses_some_of(node)),
            Node::Fields(fields) => fields.iter().any(|(name, node)| match self.0.get(name.as_ref()) {
                Some(known) => known.misses_some_of(node),
                None => !name.is_empty(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &'static str) -> Node<'static> {
        Node::Text(text.into())
    }

    #[test]
    fn an_attribute_and_the_text_of_its_element_are_both_found() {
        let element = Node::Fields(vec![
            ("@oktmo".into(), text("45000000")),
            ("".into(), text("Москва")),
        ]);
        let row = Node::Fields(vec![("residence".into(), element)]);
        assert_eq!(row.find(&Place::path("residence@oktmo")), Some(&text("45000000")));
        assert_eq!(
            row.find(&Place::path("residence")).map(Node::plain),
            Some(&text("Москва"))
        );
        assert_eq!(row.find(&Place::path("residence/street")), None);
    }

    #[test]
    fn what_the_mapping_does_not_know_is_noticed() {
        let mut known = Known::default();
        known.add(&Place::path("name/surname"));
        let row = |inner: &'static str| {
            Node::Fields(vec![(
                "name".into(),
                Node::Fields(vec![(inner.into(), text("x"))]),
            )])
        };
        assert!(!known.misses_some_of(&row("surname")));
        assert!(known.misses_some_of(&row("nickname")));
    }
}
