//! Choropleth of a protected table, as SVG made on the server: works without scripts, holds no inline style.
//!
//! In: boundaries and the operator's view (packs/gis), cells by region. Out: SVG with pattern as well as colour,
//! withheld and missing regions marked as such, a legend, title and description.
//! Regions without a polygon stay in the table; the map illustrates it and never replaces it.
//!
//! * boundaries, projected once: [`atlas`], [`projection`], [`outline`]
//! * drawing: [`classes`], [`svg`](mod@svg)

pub mod atlas;
pub mod classes;
pub mod outline;
pub mod projection;
pub mod svg;
