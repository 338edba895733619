//! Reads the pack's tables: CSV with a header, every error with file, line and field.

use serde::de::DeserializeOwned;

use super::PackError;

/// Rows with the line that each stands on (the header is line 1).
pub(super) fn rows<T: DeserializeOwned>(file: &str, text: &str) -> Result<Vec<(u64, T)>, PackError> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let header = reader
        .headers()
        .map_err(|error| of_csv(file, &csv::StringRecord::new(), &error))?
        .clone();
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| of_csv(file, &header, &error))?;
        let line = record.position().map_or(0, csv::Position::line);
        let row = record
            .deserialize(Some(&header))
            .map_err(|error| of_csv(file, &header, &error))?;
        rows.push((line, row));
    }
    Ok(rows)
}

fn of_csv(file: &str, header: &csv::StringRecord, error: &csv::Error) -> PackError {
    let line = error.position().map_or(0, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::Deserialize { err, pos } => {
            let line = pos.as_ref().map_or(line, csv::Position::line);
            let field = err
                .field()
                .and_then(|at| header.get(usize::try_from(at).ok()?))
                .unwrap_or("row");
            PackError::at(file, line, field, err.kind().to_string())
        }
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => PackError::at(
            file,
            line,
            "row",
            format!("has {len} fields, the header {expected_len}"),
        ),
        csv::ErrorKind::Utf8 { err, .. } => PackError::at(file, line, "row", err.to_string()),
        _ => PackError::at(file, line, "row", "cannot be read as CSV"),
    }
}
