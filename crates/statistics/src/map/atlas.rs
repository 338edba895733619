//! Boundaries ready to draw: read, assigned by the operator's view, projected, simplified.

use std::collections::{BTreeMap, HashMap};

use records::{
    country::Country,
    region::{RegionCode, Regions},
};
use serde::Deserialize;

use super::{
    outline::{area, simplify},
    projection::{Albers, Point},
};

/// Width of the drawing in pixels; the height follows.
pub const WIDTH: f64 = 960.0;
/// Detail below this is not seen at that width.
const TOLERANCE: f64 = 0.6;
/// Islands smaller than this are left out, except a unit's largest piece.
const ISLAND_AREA_MIN: f64 = 1.5;
const RUSSIA: Country = Country::constant(b"RUS");

/// Units of one country in one view.
pub struct Atlas {
    pub(super) units: Vec<Unit>,
    pub(super) height: f64,
}

pub(super) struct Unit {
    /// `None`: drawn, but no region of the tables.
    pub region: Option<RegionCode>,
    pub standing: Standing,
    /// Largest first.
    pub rings: Vec<Vec<Point>>,
}

/// How a unit is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Plain,
    /// Claimed by more than one state; this view assigns it to the country.
    Disputed,
    /// Claimed by more than one state; this view assigns it to none: grey, without a value.
    Neutral,
}

#[derive(Debug, thiserror::Error)]
pub enum AtlasError {
    #[error("boundaries cannot be read")]
    Boundaries(#[source] serde_json::Error),
    #[error("views cannot be read")]
    Views(#[source] serde_json::Error),
    #[error("there is no view {0}")]
    NoSuchView(String),
    #[error("unit {0} is claimed by more than one state and the view does not say how to draw it")]
    Unassigned(String),
    #[error("the boundaries hold nothing to draw")]
    Nothing,
}

#[derive(Deserialize)]
struct Collection {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    properties: Properties,
    geometry: Geometry,
}

#[derive(Deserialize)]
struct Properties {
    iso_3166_2: String,
    country_src: String,
    #[serde(default)]
    disputed: bool,
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Polygon(Vec<Vec<[f64; 2]>>),
    MultiPolygon(Vec<Vec<Vec<[f64; 2]>>>),
}

#[derive(Deserialize)]
struct Views {
    default: String,
    units_of_regions: BTreeMap<RegionCode, String>,
    views: BTreeMap<String, View>,
}

#[derive(Deserialize)]
struct View {
    assign: BTreeMap<String, Option<Country>>,
}

impl Atlas {
    /// `view` names one of `views.json`; without a name its default.
    pub fn russia(
        boundaries: &str,
        views: &str,
        view: Option<&str>,
        regions: &Regions,
    ) -> Result<Self, AtlasError> {
        let views: Views = serde_json::from_str(views).map_err(AtlasError::Views)?;
        let name = view.unwrap_or(&views.default);
        let view = views
            .views
            .get(name)
            .ok_or_else(|| AtlasError::NoSuchView(name.to_owned()))?;
        let collection: Collection = serde_json::from_str(boundaries).map_err(AtlasError::Boundaries)?;
        let by_unit = regions_by_unit(&views, regions);
        let mut units = Vec::new();
        for feature in collection.features {
            let unit = &feature.properties.iso_3166_2;
            let Some(standing) = standing(&feature.properties, view)? else {
                continue;
            };
            let region = by_unit
                .get(unit.as_str())
                .copied()
                .filter(|_| standing != Standing::Neutral);
            units.push(Unit {
                region,
                standing,
                rings: project(feature.geometry),
            });
        }
        units.sort_by_key(|unit| unit.region);
        let height = scale(&mut units).ok_or(AtlasError::Nothing)?;
        units.iter_mut().for_each(Unit::thin_out);
        Ok(Self { units, height })
    }

    /// Regions that have a polygon; the others are in the table alone.
    pub fn regions(&self) -> impl Iterator<Item = RegionCode> {
        self.units.iter().filter_map(|unit| unit.region)
    }
}

/// Which unit stands for which region of the tables: by ISO 3166-2, and for the rest by the operator's list.
fn regions_by_unit<'a>(views: &'a Views, regions: &'a Regions) -> HashMap<&'a str, RegionCode> {
    let by_iso = regions
        .iter()
        .filter(|(_, row)| !row.iso_3166_2_ru.is_empty())
        .map(|(code, row)| (row.iso_3166_2_ru.as_str(), code));
    by_iso
        .chain(
            views
                .units_of_regions
                .iter()
                .map(|(code, unit)| (unit.as_str(), *code)),
        )
        .collect()
}

/// `None`: another country's.
fn standing(unit: &Properties, view: &View) -> Result<Option<Standing>, AtlasError> {
    if !unit.disputed {
        return Ok((unit.country_src == RUSSIA.as_str()).then_some(Standing::Plain));
    }
    match view.assign.get(&unit.iso_3166_2) {
        Some(Some(country)) => Ok((*country == RUSSIA).then_some(Standing::Disputed)),
        Some(None) => Ok(Some(Standing::Neutral)),
        None => Err(AtlasError::Unassigned(unit.iso_3166_2.clone())),
    }
}

fn project(geometry: Geometry) -> Vec<Vec<Point>> {
    let albers = Albers::russia();
    let polygons = match geometry {
        Geometry::Polygon(rings) => vec![rings],
        Geometry::MultiPolygon(polygons) => polygons,
    };
    polygons
        .into_iter()
        .flatten()
        .map(|ring| {
            ring.into_iter()
                .map(|[longitude, latitude]| albers.project(longitude, latitude))
                .collect()
        })
        .collect()
}

/// Fits all units into the width, one pixel of margin; gives the height.
fn scale(units: &mut [Unit]) -> Option<f64> {
    let points = || units.iter().flat_map(|unit| unit.rings.iter().flatten());
    let least = points()
        .map(|p| (p.x, p.y))
        .reduce(|a, b| (a.0.min(b.0), a.1.min(b.1)))?;
    let most = points()
        .map(|p| (p.x, p.y))
        .reduce(|a, b| (a.0.max(b.0), a.1.max(b.1)))?;
    let factor = (WIDTH - 2.0) / (most.0 - least.0).max(f64::MIN_POSITIVE);
    for point in units.iter_mut().flat_map(|unit| unit.rings.iter_mut().flatten()) {
        point.x = (point.x - least.0) * factor + 1.0;
        point.y = (point.y - least.1) * factor + 1.0;
    }
    Some(((most.1 - least.1) * factor + 2.0).ceil())
}

impl Unit {
    fn thin_out(&mut self) {
        self.rings.sort_by(|a, b| area(b).total_cmp(&area(a)));
        let largest = self.rings.len().min(1);
        let rings = std::mem::take(&mut self.rings);
        self.rings = rings
            .into_iter()
            .enumerate()
            .filter(|(at, ring)| *at < largest || area(ring) >= ISLAND_AREA_MIN)
            .map(|(_, ring)| simplify(&ring, TOLERANCE))
            .collect();
    }
}
