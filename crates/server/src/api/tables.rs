//! Published tables, protected as on the page of statistics. Open to everybody.

use axum::{
    Json,
    extract::{Path, State},
};
use records::Day;
use serde::Serialize;
use statistics::{counts::Code, describe::Description, publish::Published, table::Cell};
use utoipa::ToSchema;

use super::{
    Reply,
    problem::{Problem, ProblemDetails},
};
use crate::http::{fault::Fault, limits::Bounded, peer::Peer, state::AppState};

/// Tables by name, and the days for which they are published.
#[derive(Serialize, ToSchema)]
pub(crate) struct TableList {
    days: Vec<String>,
    tables: Vec<String>,
}

/// One table with its meaning.
#[derive(Serialize, ToSchema)]
pub(crate) struct TableReply {
    #[schema(value_type = Object)]
    description: Description,
    cells: Vec<CellReply>,
}

/// One cell: a code a dimension, and the count, or nothing where it is withheld.
#[derive(Serialize, ToSchema)]
pub(crate) struct CellReply {
    codes: Vec<String>,
    count: Option<u64>,
    withheld: bool,
}

impl From<(&[Code], Cell)> for CellReply {
    fn from((codes, cell): (&[Code], Cell)) -> Self {
        Self {
            codes: codes.iter().map(Code::to_string).collect(),
            count: cell.count(),
            withheld: cell == Cell::Withheld,
        }
    }
}

fn name(published: &Published) -> String {
    format!(
        "{}-{}",
        published.measure.name(),
        published.description.dimensions.join("-")
    )
}

/// What is published.
#[utoipa::path(get, path = "/api/v1/statistics", tag = "statistics", responses((status = 200, body = TableList)))]
pub(crate) async fn list(State(state): State<AppState>, peer: Peer) -> Reply<TableList> {
    peer.take(&state, Bounded::Statistics)?;
    let Some(publication) = state.publication.as_ref() else {
        return Ok(Json(TableList {
            days: Vec::new(),
            tables: Vec::new(),
        }));
    };
    let latest = publication
        .latest()
        .map_or(&[][..], |day| publication.of_day(day));
    Ok(Json(TableList {
        days: publication.days().map(|day| day.to_string()).collect(),
        tables: latest.iter().map(name).collect(),
    }))
}

/// One table of one day.
#[utoipa::path(get, path = "/api/v1/statistics/{table}/{day}", tag = "statistics", params(
    ("table" = String, Path, example = "stock-citizenship-region"),
    ("day" = String, Path, example = "2025-12-01"),
), responses(
    (status = 200, body = TableReply),
    (status = 404, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 429, body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn table(
    State(state): State<AppState>,
    peer: Peer,
    Path((table, day)): Path<(String, String)>,
) -> Reply<TableReply> {
    peer.take(&state, Bounded::Statistics)?;
    let missing = || Problem(Fault::NotFound);
    let publication = state.publication.as_ref().as_ref().ok_or_else(missing)?;
    let day: Day = day.parse().map_err(|_| missing())?;
    let published = publication
        .of_day(day)
        .iter()
        .find(|published| name(published) == table)
        .ok_or_else(missing)?;
    let cells = published.table.cells().map(CellReply::from).collect();
    Ok(Json(TableReply {
        description: published.description.clone(),
        cells,
    }))
}
