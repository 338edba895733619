//! What a Parquet file claims of itself, looked at before the reader of the format believes it.
//!
//! A schema may claim two thousand million columns, a page of a few bytes two gigabytes, and the reader would set that much
//! memory aside. So the footer is looked at first, and then the header of every page: it may claim no more bytes than its
//! column does, and no more values than its row group has rows.

use parquet::file::metadata::{ColumnChunkMetaData, RowGroupMetaData};

use super::compact::{Compact, kind};

/// Headers hold sizes and the least and greatest value; those of our columns are short. So little is read first, lest a
/// column of many small pages be read many times over.
const HEADER_BYTES: [usize; 2] = [512, 64 << 10];

/// The least bytes that a value of a dictionary takes.
const VALUE_BYTES_MIN: i64 = 4;

/// Whether the schema in a footer has no element with more children than there are elements.
pub(super) fn is_footer_sound(footer: &[u8]) -> bool {
    read_schema(&mut Compact::new(footer)).unwrap_or(false)
}

fn read_schema(footer: &mut Compact<'_>) -> Option<bool> {
    let mut id = 0;
    let mut sound = true;
    while let Some(field) = footer.field(&mut id)? {
        if (id, field) != (2, kind::LIST) {
            footer.skip(field, 0)?;
            continue;
        }
        let (element, count) = footer.list()?;
        if element != kind::STRUCT {
            return Some(false);
        }
        for _ in 0..count {
            let children = read_number(footer, 5)?;
            sound &= u64::try_from(children).is_ok_and(|children| children < count);
        }
    }
    Some(sound)
}

/// A whole number of a structure by its field's id, 0 when it is not there; reads to the end of the structure.
fn read_number(compact: &mut Compact<'_>, wanted: i64) -> Option<i64> {
    let mut number = 0;
    let mut id = 0;
    while let Some(field) = compact.field(&mut id)? {
        if (id, field) == (wanted, kind::I32) {
            number = compact.zigzag()?;
        } else {
            compact.skip(field, 1)?;
        }
    }
    Some(number)
}

#[derive(Debug, Default, PartialEq, Eq)]
struct PageHeader {
    unpacked: i64,
    packed: i64,
    values: i64,
    is_dictionary: bool,
    /// Of the header itself.
    length: usize,
}

fn read_page_header(bytes: &[u8]) -> Option<PageHeader> {
    let mut compact = Compact::new(bytes);
    let mut header = PageHeader::default();
    let mut id = 0;
    while let Some(field) = compact.field(&mut id)? {
        match (id, field) {
            (2, kind::I32) => header.unpacked = compact.zigzag()?,
            (3, kind::I32) => header.packed = compact.zigzag()?,
            // of a data page, a dictionary page, a data page of version 2: each begins with its count of values
            (5 | 7 | 8, kind::STRUCT) => {
                header.is_dictionary |= id == 7;
                header.values = header.values.max(read_number(&mut compact, 1)?);
            }
            (_, other) => compact.skip(other, 0)?,
        }
    }
    header.length = compact.passed();
    Some(header)
}

/// Whether every page of the column claims only what can be; `read` gives bytes of the file from a place on.
pub(super) fn are_pages_sound(
    group: &RowGroupMetaData,
    column: &ColumnChunkMetaData,
    mut read: impl FnMut(u64, usize) -> Option<Vec<u8>>,
) -> bool {
    let (start, length) = column.byte_range();
    let mut left = length;
    while left > 0 {
        let next = start.checked_add(length - left).and_then(|at| {
            let mut header = HEADER_BYTES.into_iter().map(|wanted| {
                let bytes = read(at, usize::try_from(left).map_or(wanted, |left| left.min(wanted)))?;
                read_page_header(&bytes)
            });
            header.find_map(|header| header)
        });
        let Some(header) = next else {
            return false;
        };
        let values_max = match header.is_dictionary {
            true => header.unpacked / VALUE_BYTES_MIN,
            false => group.num_rows(),
        };
        let sound = (0..=column.uncompressed_size()).contains(&header.unpacked)
            && (0..=values_max).contains(&header.values);
        let passed = u64::try_from(header.packed)
            .ok()
            .and_then(|packed| packed.checked_add(header.length as u64));
        match passed
            .filter(|_| sound)
            .and_then(|passed| left.checked_sub(passed))
        {
            Some(rest) => left = rest,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_page_header_is_read_to_its_end() {
        // type 0, unpacked 100, packed -1, a data page of 3 values that holds a text, a flag, lists and a structure
        let mut bytes = vec![
            0x15, 0x00, 0x15, 0xc8, 0x01, 0x15, 0x01, 0x2c, 0x15, 0x06, 0x18, 0x02, b'a', b'b', 0x11,
        ];
        bytes.extend([0x19, 0x25, 0x02, 0x04, 0x1c, 0x00, 0x00, 0x00, 0xff]);
        let header = PageHeader {
            unpacked: 100,
            packed: -1,
            values: 3,
            is_dictionary: false,
            length: bytes.len() - 1,
        };
        assert_eq!(read_page_header(&bytes), Some(header));
    }

    #[test]
    fn a_text_longer_than_the_file_is_not_believed() {
        // field 1 is a text of 2^35 - 1 bytes
        assert_eq!(
            read_page_header(&[0x18, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x00]),
            None
        );
    }

    #[test]
    fn a_schema_of_more_children_than_elements_is_not_believed() {
        let footer = |children: u8| [0x29, 0x2c, 0x55, children, 0x00, 0x15, 0x02, 0x00, 0x00];
        assert!(is_footer_sound(&footer(0x02)));
        assert!(!is_footer_sound(&footer(0x04)));
        assert!(!is_footer_sound(&footer(0x01)));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let length = read_page_header(&bytes).map_or(0, |header| header.length);
            prop_assert!(length <= bytes.len());
            is_footer_sound(&bytes);
        }
    }
}
