//! A table as CSV (RFC 4180): CRLF, quotes where needed, a withheld cell empty with its status beside it.

use crate::table::{Cell, Table};

#[derive(Debug, thiserror::Error)]
pub enum CsvError {
    #[error("could not write the table")]
    Write(#[from] csv::Error),
    #[error("could not finish the table")]
    Finish,
}

/// Columns: the dimensions, `count`, `status` (`published` or `withheld`). Totals bear the code `_T`.
pub fn csv(table: &Table) -> Result<String, CsvError> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    let names = table.dimensions().iter().map(|dimension| dimension.name());
    writer.write_record(names.chain(["count", "status"]))?;
    for (codes, cell) in table.cells() {
        let (count, status) = match cell {
            Cell::Count(count) => (count.to_string(), "published"),
            Cell::Withheld => (String::new(), "withheld"),
        };
        let codes = codes.iter().map(|code| guarded(code.as_str()));
        writer.write_record(codes.chain([count, status.to_owned()]))?;
    }
    let bytes = writer.into_inner().map_err(|_| CsvError::Finish)?;
    String::from_utf8(bytes).map_err(|_| CsvError::Finish)
}

/// Spreadsheets take a text that begins so for a formula; an apostrophe makes it a text again.
fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::counts::{Code, Dimension};

    #[test]
    fn withheld_is_named_and_formulas_are_texts() {
        let cells = BTreeMap::from([
            (vec![Code::new("=1+1")], Cell::Count(7)),
            (vec![Code::new("a,\"b\"")], Cell::Withheld),
        ]);
        let table = Table {
            dimensions: vec![Dimension::Citizenship],
            cells,
        };
        assert_eq!(
            csv(&table).unwrap(),
            "citizenship,count,status\r\n'=1+1,7,published\r\n\"a,\"\"b\"\"\",,withheld\r\n"
        );
    }
}
