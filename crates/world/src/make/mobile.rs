//! `mobile/presence.parquet`: devices by day, region and home country of the SIM. No records of persons.

use std::{
    fs::{self, File},
    path::Path,
    sync::Arc,
};

use parquet::{
    basic::Compression,
    column::writer::ColumnWriter,
    data_type::ByteArray,
    errors::ParquetError,
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};

use super::{MakeError, write_error};
use crate::{
    day_number::{WINDOW_DAYS, WINDOW_START},
    draw::Topic,
    truth::DayCounts,
    world::World,
};

const SCHEMA: &str = "message schema {
    optional int32 date (DATE);
    optional binary region (UTF8);
    optional binary sim_country (UTF8);
    optional int32 devices;
}";

/// Smaller cells are left out.
const DEVICES_MIN: i32 = 20;
/// Days that go into one row group.
const GROUP_DAYS: usize = 60;
/// Devices for each person present: operators' shares differ by region, the habit of keeping a foreign SIM by country.
const SHARE_BY_REGION: (f64, f64) = (0.35, 0.75);
const HABIT_BY_COUNTRY: (f64, f64) = (0.3, 0.95);
/// From day to day.
const NOISE: f64 = 0.12;

/// Writes the file; its rows and bytes.
pub(super) fn write(world: &World, present: &DayCounts, directory: &Path) -> Result<(u64, u64), MakeError> {
    let path = directory.join("sources/mobile/presence.parquet");
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(write_error(parent))?;
    }
    let file = File::create(&path).map_err(write_error(&path))?;
    let cells = cells(world, present);
    let rows = rows(world, &cells, file).map_err(|source| MakeError::Parquet {
        path: path.clone(),
        source,
    })?;
    let written = fs::metadata(&path).map_err(write_error(&path))?;
    Ok((rows, written.len()))
}

/// Devices of one region and country, day by day.
struct Cells {
    region: usize,
    citizenship: usize,
    devices: Vec<i32>,
}

fn cells(world: &World, present: &DayCounts) -> Vec<Cells> {
    let between = |(low, high): (f64, f64), share: f64| low + share * (high - low);
    let mut cells: Vec<Cells> = present
        .present()
        .filter(|(_, _, present)| present.iter().any(|count| *count >= DEVICES_MIN))
        .map(|(region, citizenship, present)| {
            let unit = |number: usize| world.draw(number as u64, Topic::Devices).unit();
            let share = between(SHARE_BY_REGION, unit(region));
            let habit = between(HABIT_BY_COUNTRY, unit(1_000 + citizenship));
            let cell = 10_000 + region * 1_000 + citizenship;
            let mut draw = world.draw(cell as u64, Topic::Devices);
            let devices = present
                .into_iter()
                .map(|count| {
                    let noise = 1.0 + NOISE * (2.0 * draw.unit() - 1.0);
                    (f64::from(count) * 2.0 * share * habit * noise).round() as i32
                })
                .collect();
            Cells {
                region,
                citizenship,
                devices,
            }
        })
        .collect();
    cells.sort_by_key(|cell| (cell.region, cell.citizenship));
    cells
}

fn rows(world: &World, cells: &[Cells], file: File) -> Result<u64, ParquetError> {
    let schema = Arc::new(parse_message_type(SCHEMA)?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by("sojourn".to_owned())
        .build();
    let mut count = 0;
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties))?;
    for first in (0..WINDOW_DAYS).step_by(GROUP_DAYS) {
        let (mut dates, mut regions, mut countries, mut devices) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for day in first..(first + GROUP_DAYS).min(WINDOW_DAYS) {
            for cell in cells.iter().filter(|cell| cell.devices[day] >= DEVICES_MIN) {
                let country = world.lists.citizenships[cell.citizenship].country;
                dates.push(WINDOW_START.plus(day as i32).0);
                regions.push(ByteArray::from(world.pack.regions[cell.region].code.as_str()));
                countries.push(ByteArray::from(country.as_str()));
                devices.push(cell.devices[day]);
            }
        }
        count += dates.len() as u64;
        // Every column is there in every row.
        let levels = vec![1; dates.len()];
        let mut group = writer.next_row_group()?;
        for column in 0..4 {
            let Some(mut open) = group.next_column()? else {
                break;
            };
            match (open.untyped(), column) {
                (ColumnWriter::Int32ColumnWriter(out), 0) => {
                    out.write_batch(&dates, Some(&levels), None)?;
                }
                (ColumnWriter::Int32ColumnWriter(out), _) => {
                    out.write_batch(&devices, Some(&levels), None)?;
                }
                (ColumnWriter::ByteArrayColumnWriter(out), 1) => {
                    out.write_batch(&regions, Some(&levels), None)?;
                }
                (ColumnWriter::ByteArrayColumnWriter(out), _) => {
                    out.write_batch(&countries, Some(&levels), None)?;
                }
                _ => return Err(ParquetError::General("the schema has other columns".to_owned())),
            }
            open.close()?;
        }
        group.close()?;
    }
    writer.close()?;
    Ok(count)
}
