//! `sojourn stats publish` and `sojourn stats table`.

use std::{fs, path::Path};

use records::Day;
use registry::registry::AsOf;
use serde_json::json;
use statistics::{
    counts::Dimension,
    csv_form::csv,
    publish::{self, Measure, files},
    register::Register,
    rules::StatisticsRules,
};

use super::{Finish, args::Common, show};
use crate::{
    data::DataFiles,
    installation::{self, Installation, Stop},
};

pub(crate) async fn publish(common: &Common, on: Day, out: &Path) -> Result<Finish, Stop> {
    let (register, extract) = register(common).await?;
    let files = files(&register, on, &extract)?;
    fs::create_dir_all(out)?;
    for file in &files {
        fs::write(out.join(&file.name), &file.content)?;
    }
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    if common.json {
        show::json(&json!({ "directory": out, "files": names }))?;
    } else {
        show::text(&format!(
            "{} files in {}:\n  {}",
            names.len(),
            out.display(),
            names.join("\n  ")
        ))?;
    }
    Ok(Finish::Done)
}

pub(crate) async fn table(
    common: &Common,
    dimensions: &[String],
    measure: &str,
    on: Day,
) -> Result<Finish, Stop> {
    let measure = Measure::parse(measure).ok_or_else(|| format!("there is no measure {measure}"))?;
    let dimension =
        |name: &String| Dimension::parse(name).ok_or_else(|| format!("there is no dimension {name}"));
    let dimensions = dimensions.iter().map(dimension).collect::<Result<Vec<_>, _>>()?;
    let (register, extract) = register(common).await?;
    let published = publish::table(&register, measure, &dimensions, on, &extract)?;
    let table = csv(&published.table)?;
    if common.json {
        let mut rows = csv::Reader::from_reader(table.as_bytes());
        let header = rows.headers()?.clone();
        let rows = rows.records().collect::<Result<Vec<_>, _>>()?;
        let cells: Vec<serde_json::Value> = rows.iter().map(|row| header.iter().zip(row).collect()).collect();
        show::json(&json!({ "description": published.description, "cells": cells }))?;
    } else {
        show::text(&table)?;
    }
    Ok(Finish::Done)
}

async fn register(common: &Common) -> Result<(Register, String), Stop> {
    let installation = super::open(common).await?;
    build(&installation).await
}

/// The statistical register of an installation, and the name of the extract that it was made from.
pub(crate) async fn build(installation: &Installation) -> Result<(Register, String), Stop> {
    let asker = installation::operator(installation::STATISTICS)?;
    let as_of = AsOf::now(&installation.registry);
    let mut rows = Vec::new();
    let mut keep = |row| {
        rows.push(row);
        Ok(())
    };
    installation
        .registry
        .statistical_extract(&asker, as_of, &mut keep)
        .await?;
    let register = Register::build(rows, &rules(&installation.data)?)?;
    Ok((register, format!("register as known at {}", as_of.known_at)))
}

pub(crate) fn rules(data: &DataFiles) -> Result<StatisticsRules, Stop> {
    Ok(StatisticsRules::parse(&data.pack_file("ru/statistics.toml")?)?)
}
