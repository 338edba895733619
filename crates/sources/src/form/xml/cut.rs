//! Where an element begins and ends, without reading what it says.

use crate::fault::{Fault, Reason};

pub(super) enum Extent {
    Whole(usize),
    /// The end is not in view.
    Beyond,
    Broken(Reason),
}

/// Whether the bytes begin with the start tag of such an element.
pub(super) fn begins_element(bytes: &[u8], name: &str) -> bool {
    bytes
        .strip_prefix(b"<")
        .and_then(|rest| rest.strip_prefix(name.as_bytes()))
        .is_some_and(|rest| {
            rest.first()
                .is_some_and(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'))
        })
}

/// Length of the end tag that the bytes begin with.
pub(super) fn end_tag(bytes: &[u8], name: &str) -> Option<usize> {
    let rest = bytes.strip_prefix(b"</")?.strip_prefix(name.as_bytes())?;
    let blanks = rest.iter().take_while(|b| b.is_ascii_whitespace()).count();
    (rest.get(blanks) == Some(&b'>')).then_some(2 + name.len() + blanks + 1)
}

/// `<!DOCTYPE`, `<!ENTITY` and their like; of what begins with `<!`, comments and CDATA alone are harmless.
pub(super) fn is_declaration(bytes: &[u8]) -> bool {
    bytes.starts_with(b"<!") && !bytes.starts_with(b"<!--") && !bytes.starts_with(b"<![CDATA[")
}

/// How far the element goes that begins the bytes. Elements of one kind do not nest: a second one inside means that the
/// first was cut off.
pub(super) fn extent(bytes: &[u8], name: &str) -> Extent {
    let mut at = match tag_end(bytes) {
        Ok(Some(length)) if bytes[..length].ends_with(b"/>") => return Extent::Whole(length),
        Ok(Some(length)) => length,
        Ok(None) => return Extent::Beyond,
        Err(reason) => return Extent::Broken(reason),
    };
    while let Some(tag) = memchr::memchr(b'<', &bytes[at..]).map(|next| at + next) {
        let ahead = &bytes[tag..];
        if let Some(length) = end_tag(ahead, name) {
            return Extent::Whole(tag + length);
        }
        if begins_element(ahead, name) {
            return Extent::Broken(Fault::Truncated.because("ends before its element does"));
        }
        if is_declaration(ahead) {
            return Extent::Broken(
                Fault::ForbiddenXml.because("holds a declaration, which may name entities"),
            );
        }
        let length = match ahead.get(1) {
            Some(b'!' | b'?') => section_end(ahead, name),
            Some(_) | None => tag_end(ahead),
        };
        match length {
            Ok(Some(length)) => at = tag + length,
            Ok(None) => return Extent::Beyond,
            Err(reason) => return Extent::Broken(reason),
        }
    }
    Extent::Beyond
}

/// Sections in which tags are no tags: how they begin and end.
const SECTIONS: [(&[u8], &[u8]); 3] = [(b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>")];

/// Whether a comment, CDATA section or instruction begins the bytes, and its length when its end is among them.
pub(super) fn section(bytes: &[u8]) -> Option<Option<usize>> {
    let (start, end) = SECTIONS.into_iter().find(|(start, _)| bytes.starts_with(start))?;
    // each ends in `>`: cheaper to look for than the whole mark when there is none
    let mut lengths = memchr::memchr_iter(b'>', bytes).map(|at| at + 1);
    Some(lengths.find(|&length| length >= start.len() + end.len() && bytes[..length].ends_with(end)))
}

/// End of a section inside an element. One that runs into the next element was never closed: it may hide no other.
fn section_end(bytes: &[u8], name: &str) -> Result<Option<usize>, Reason> {
    let Some((start, end)) = SECTIONS.into_iter().find(|(start, _)| bytes.starts_with(start)) else {
        return Ok(None);
    };
    for at in memchr::memchr2_iter(b'<', b'>', bytes).skip(1) {
        if begins_element(&bytes[at..], name) {
            return Err(Fault::BrokenXml.because("has a section that is not closed"));
        }
        let length = at + 1;
        if length >= start.len() + end.len() && bytes[..length].ends_with(end) {
            return Ok(Some(length));
        }
    }
    Ok(None)
}

/// Length of a tag; `>` may stand in an attribute, `<` may not.
fn tag_end(bytes: &[u8]) -> Result<Option<usize>, Reason> {
    let mut quote = None;
    for (at, &byte) in bytes.iter().enumerate().skip(1) {
        match (quote, byte) {
            (_, b'<') => return Err(Fault::BrokenXml.because("has a tag that is not closed")),
            (None, b'>') => return Ok(Some(at + 1)),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None | Some(_), _) => {}
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(text: &str) -> Option<usize> {
        match extent(text.as_bytes(), "form") {
            Extent::Whole(length) => Some(length),
            Extent::Beyond | Extent::Broken(_) => None,
        }
    }

    #[test]
    fn an_element_ends_at_its_own_tag() {
        assert_eq!(length("<form/><form>"), Some(7));
        assert_eq!(length("<form a='>'>x</form >y"), Some(21));
        assert_eq!(length("<form><!-- </form> --></form>"), Some(29));
        assert_eq!(length("<form><![CDATA[</form>]]></form>"), Some(32));
        assert_eq!(length("<form><formal></formal></form>"), Some(30));
        assert_eq!(length("<form><a"), None);
        assert_eq!(length("<form><a><form></form>"), None);
        assert_eq!(length("<form><!-- </form>\n<form>--></form>"), None);
        assert_eq!(length("<form a='x\n<form a='y'></form>"), None);
    }
}
