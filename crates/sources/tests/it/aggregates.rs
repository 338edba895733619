//! Parquet of aggregates: exactly the columns agreed, no small cell, no file that brings the reader down.

use std::sync::Arc;

use parquet::{
    data_type::{ByteArray, ByteArrayType, Int32Type},
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};
use proptest::prelude::*;

use crate::setting::collect_bytes;

const PRESENCE: &str = "mobile/presence.parquet";
const COLUMNS: [&str; 4] = [
    "required int32 date (DATE);",
    "optional binary region (UTF8);",
    "required binary sim_country (UTF8);",
    "required int32 devices;",
];

/// A file of the given columns and rows; `""` for a region stands for none.
fn written(columns: &[&str], rows: &[(i32, &str, &str, i32)]) -> Vec<u8> {
    let schema = parse_message_type(&format!("message schema {{ {} }}", columns.join(" "))).unwrap();
    let properties = Arc::new(WriterProperties::builder().build());
    let mut bytes = Vec::new();
    let mut file = SerializedFileWriter::new(&mut bytes, Arc::new(schema), properties).unwrap();
    let mut group = file.next_row_group().unwrap();
    let mut at = 0;
    while let Some(mut column) = group.next_column().unwrap() {
        match columns[at] {
            name if name.contains("binary") => {
                let text: fn(&(i32, &str, &str, i32)) -> String = if name.contains("region") {
                    |row| row.1.to_owned()
                } else {
                    |row| row.2.to_owned()
                };
                let texts: Vec<String> = rows.iter().map(text).collect();
                let given: Vec<ByteArray> = texts
                    .iter()
                    .filter(|text| !text.is_empty())
                    .map(|text| text.as_str().into())
                    .collect();
                let levels: Vec<i16> = texts.iter().map(|text| i16::from(!text.is_empty())).collect();
                let levels = name.starts_with("optional").then_some(levels);
                column
                    .typed::<ByteArrayType>()
                    .write_batch(&given, levels.as_deref(), None)
                    .unwrap();
            }
            name => {
                let number: fn(&(i32, &str, &str, i32)) -> i32 = if name.contains("date") {
                    |row| row.0
                } else {
                    |row| row.3
                };
                let numbers: Vec<i32> = rows.iter().map(number).collect();
                column
                    .typed::<Int32Type>()
                    .write_batch(&numbers, None, None)
                    .unwrap();
            }
        }
        column.close().unwrap();
        at += 1;
    }
    group.close().unwrap();
    file.close().unwrap();
    bytes
}

const ROWS: [(i32, &str, &str, i32); 6] = [
    (19723, "77", "UZB", 20),
    (19723, "77", "UZB", 19),
    (19723, "96", "UZB", 20),
    (19723, "77", "ZZZ", 20),
    (i32::MAX, "77", "UZB", 20),
    (19723, "", "UZB", -20),
];

#[test]
fn a_small_cell_or_an_unknown_code_is_set_aside() {
    let extract = collect_bytes(PRESENCE, written(&COLUMNS, &ROWS));
    assert_eq!(extract.error_text(), "");
    let [row] = extract.presence.as_slice() else {
        panic!("one row is sound")
    };
    assert_eq!(
        (row.date.to_string().as_str(), row.region.as_str(), row.devices),
        ("2024-01-01", "77", 20)
    );
    let faults = [
        (2, "devices", "out_of_range"),
        (3, "region", "unknown_code"),
        (4, "sim_country", "unknown_code"),
        (5, "date", "wrong_type"),
        (6, "region", "empty_field"),
    ];
    assert_eq!(extract.faults(), faults);
}

#[test]
fn any_other_column_closes_the_file() {
    let with_person = [&COLUMNS[..], &["required binary imsi (UTF8);"]].concat();
    let renamed = [
        COLUMNS[0],
        COLUMNS[1],
        "required binary subscriber (UTF8);",
        COLUMNS[3],
    ];
    let retyped = [
        COLUMNS[0],
        COLUMNS[1],
        COLUMNS[2],
        "required int32 devices (TIME_MILLIS);",
    ];
    for (columns, problem) in [
        (&with_person[..], "it has 5 columns where 4 are expected"),
        (&COLUMNS[..3], "it has 3 columns where 4 are expected"),
        (&renamed[..], "column 3 should be sim_country"),
        (
            &retyped[..],
            "column devices should be of type a date, a whole number or text",
        ),
    ] {
        let extract = collect_bytes(PRESENCE, written(columns, &ROWS));
        assert_eq!(
            extract.error_text(),
            format!("{PRESENCE}: its header is not the mapping's: {problem}")
        );
        assert!(extract.presence.is_empty() && extract.rejected.is_empty());
    }
}

/// Where the bytes stand first.
fn place(bytes: &[u8], wanted: &[u8]) -> usize {
    (0..bytes.len())
        .find(|at| bytes[*at..].starts_with(wanted))
        .unwrap()
}

#[test]
fn what_a_file_claims_of_itself_is_not_believed() {
    let row = [(19723, "77", "UZB", 20); 40];
    let sound = written(&COLUMNS, &row);
    assert_eq!(collect_bytes(PRESENCE, sound.clone()).presence.len(), 40);
    // the footer's length, as long as a footer may not be
    let mut footer = sound.clone();
    let at = footer.len() - 8;
    footer[at..at + 4].copy_from_slice(&(1_u32 << 30).to_le_bytes());
    let error = collect_bytes(PRESENCE, footer).error_text();
    assert_eq!(
        error,
        format!("{PRESENCE}: the footer is over the bound of 16777216")
    );
    // the root of the schema has four children (zigzag 8): now it has 63
    let mut schema = sound.clone();
    let at = place(&schema, b"\x06schema");
    let children = (at..at + 12).find(|at| schema[*at] == 8).unwrap();
    schema[children] = 0x7e;
    let error = collect_bytes(PRESENCE, schema).error_text();
    assert_eq!(
        error,
        format!("{PRESENCE}: is damaged: it is not what it claims to be")
    );
    // the first page is a dictionary of one value (zigzag 2): now it has 63
    let mut page = sound;
    let at = place(&page, b"\x4c\x15\x02");
    page[at + 2] = 0x7e;
    let error = collect_bytes(PRESENCE, page).error_text();
    assert_eq!(
        error,
        format!("{PRESENCE}: is damaged: it is not what it claims to be")
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Damage anywhere is an error or a changed row, never a crash.
    #[test]
    fn a_damaged_file_is_survived(
        hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let mut bytes = written(&COLUMNS, &ROWS);
        for (at, value) in hits {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let extract = collect_bytes(PRESENCE, bytes);
        prop_assert!(extract.error.is_some() || extract.presence.len() + extract.rejected.len() <= ROWS.len());
    }
}
