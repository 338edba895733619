//! Draws an atlas with the cells of a protected table.
//!
//! No `style` attribute or element: colours are presentation attributes that a style sheet may override by class
//! (`map-class-0` to `map-class-4`, `map-withheld`, `map-none`, `map-zero`, `map-neutral`, `map-border`, `map-text`).

use std::collections::BTreeMap;

use records::region::RegionCode;

use super::{
    atlas::{Atlas, Standing, Unit, WIDTH},
    classes::Classes,
    outline::{area, centre},
    projection::Point,
};
use crate::{counts::Code, table::Cell};

/// Words of the drawing, in the reader's language.
pub struct Caption<'a> {
    /// Prefix of ids, unique on the page: lower-case letters, digits and hyphens.
    pub id: &'a str,
    pub title: &'a str,
    pub description: &'a str,
    pub legend: &'a str,
    pub withheld: &'a str,
    /// No cell in the table.
    pub no_data: &'a str,
    /// Drawn without a value by the operator's view.
    pub neutral: &'a str,
    pub region: &'a dyn Fn(RegionCode) -> String,
}

/// Light to dark, apart by lightness alone so that print and colour blindness keep the order.
const SHADES: [&str; 5] = ["#e3ecf7", "#b6cfea", "#7fa8d6", "#4478b5", "#1d4679"];
/// Strokes over the shades: none, dots, thin and thick diagonals, a grid.
const PATTERNS: [&str; 5] = [
    "",
    "M3 3h.9",
    "M-1 7L7 -1M-1 1L1 -1M5 7L7 5",
    "M0 3h6M0 0h6",
    "M0 3h6M3 0v6",
];
const STROKES: [&str; 5] = ["#1d4679", "#1d4679", "#1d4679", "#e3ecf7", "#b6cfea"];
/// Units that would be hidden by their neighbours' borders bear a mark of this radius instead.
const MARK_RADIUS: f64 = 5.0;
const MARK_AREA_MAX: f64 = 60.0;
const BORDER: &str = "stroke=\"#555\" stroke-width=\".6\"";
const NO_DATA: &str = "#ececec";
const ZERO: &str = "#ffffff";
const NEUTRAL: &str = "#c4c4c4";
const LEGEND_HEIGHT: f64 = 88.0;
const LEGEND_ROW: f64 = 24.0;

/// SVG of the regions' cells.
pub fn svg<'a>(
    atlas: &Atlas,
    cells: impl IntoIterator<Item = (&'a Code, Cell)>,
    caption: &Caption<'_>,
) -> String {
    let cells: BTreeMap<&str, Cell> = cells
        .into_iter()
        .map(|(code, cell)| (code.as_str(), cell))
        .collect();
    let classes = Classes::of(cells.values().filter_map(|cell| cell.count()));
    let drawing = Drawing {
        cells,
        classes,
        caption,
    };
    let height = atlas.height + LEGEND_HEIGHT;
    let mut out = String::new();
    let id = escape(caption.id);
    out.push_str(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"map\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-labelledby=\"{id}-title {id}-desc\"><title id=\"{id}-title\">{}</title><desc id=\"{id}-desc\">{}</desc>",
        escape(caption.title),
        escape(caption.description),
    ));
    drawing.patterns(&mut out);
    for unit in &atlas.units {
        drawing.unit(unit, &mut out);
    }
    cut_borders(atlas, &mut out);
    for unit in atlas.units.iter().filter(|unit| is_tiny(unit)) {
        drawing.mark(unit, &mut out);
    }
    drawing.legend(atlas.height + 12.0, atlas, &mut out);
    out.push_str("</svg>");
    out
}

struct Drawing<'a> {
    cells: BTreeMap<&'a str, Cell>,
    classes: Classes,
    caption: &'a Caption<'a>,
}

impl Drawing<'_> {
    /// Fill and class of a kind of cell.
    fn paint(&self, unit: &Unit) -> (String, String) {
        if unit.standing == Standing::Neutral {
            return ("map-neutral".to_owned(), NEUTRAL.to_owned());
        }
        let cell = unit.region.and_then(|region| self.cells.get(region.as_str()));
        match cell {
            Some(Cell::Withheld) => ("map-withheld".to_owned(), self.url("withheld")),
            Some(Cell::Count(count)) => match self.classes.class(*count) {
                Some(class) => (format!("map-class-{class}"), self.url(&class.to_string())),
                None => ("map-zero".to_owned(), ZERO.to_owned()),
            },
            None => ("map-none".to_owned(), NO_DATA.to_owned()),
        }
    }

    fn url(&self, name: &str) -> String {
        format!("url(#{}-{name})", escape(self.caption.id))
    }

    fn words(&self, unit: &Unit) -> String {
        let Some(region) = unit.region else {
            return self.caption.neutral.to_owned();
        };
        let value = match self.cells.get(region.as_str()) {
            Some(Cell::Count(count)) => count.to_string(),
            Some(Cell::Withheld) => self.caption.withheld.to_owned(),
            None => self.caption.no_data.to_owned(),
        };
        format!("{}: {value}", (self.caption.region)(region))
    }

    fn unit(&self, unit: &Unit, out: &mut String) {
        let (class, fill) = self.paint(unit);
        let mut path = String::new();
        for ring in &unit.rings {
            line_path(ring, &mut path);
            path.push('Z');
        }
        let data = unit
            .region
            .map(|region| format!(" data-region=\"{region}\""))
            .unwrap_or_default();
        let border = match unit.standing {
            Standing::Disputed => "stroke=\"#555\" stroke-dasharray=\"3 2\"",
            Standing::Plain | Standing::Neutral if is_cut(unit) => "",
            Standing::Plain | Standing::Neutral => BORDER,
        };
        out.push_str(&format!(
            "<path class=\"{class}\" fill=\"{fill}\" fill-rule=\"evenodd\" {border}{data} d=\"{path}\"><title>{}</title></path>",
            escape(&self.words(unit))
        ));
    }

    fn mark(&self, unit: &Unit, out: &mut String) {
        let Some((x, y)) = unit.rings.first().and_then(|ring| centre(ring)) else {
            return;
        };
        let (class, fill) = self.paint(unit);
        out.push_str(&format!(
            "<circle class=\"{class} map-mark\" fill=\"{fill}\" stroke=\"#333\" cx=\"{x:.1}\" cy=\"{y:.1}\" \
             r=\"{MARK_RADIUS}\"><title>{}</title></circle>",
            escape(&self.words(unit))
        ));
    }

    fn patterns(&self, out: &mut String) {
        let id = escape(self.caption.id);
        out.push_str("<defs>");
        for (class, ((shade, strokes), stroke)) in SHADES.iter().zip(PATTERNS).zip(STROKES).enumerate() {
            let width = if class == 1 { "0.9" } else { "0.5" };
            out.push_str(&format!(
                "<pattern id=\"{id}-{class}\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">\
                 <rect class=\"map-shade-{class}\" width=\"6\" height=\"6\" fill=\"{shade}\"/>\
                 <path d=\"{strokes}\" stroke=\"{stroke}\" stroke-width=\"{width}\"/></pattern>"
            ));
        }
        out.push_str(&format!(
            "<pattern id=\"{id}-withheld\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\">\
             <rect width=\"8\" height=\"8\" fill=\"#fff8e6\"/>\
             <path d=\"M-2 2L2 -2M0 8L8 0M6 10L10 6\" stroke=\"#8a5a00\" stroke-width=\"1.6\"/></pattern></defs>"
        ));
    }

    fn legend(&self, top: f64, atlas: &Atlas, out: &mut String) {
        out.push_str(&format!(
            "<g class=\"map-legend\" font-size=\"13\"><text class=\"map-text\" x=\"2\" y=\"{:.0}\">{}</text>",
            top + 10.0,
            escape(self.caption.legend)
        ));
        let (mut x, mut y) = (2.0, top + LEGEND_ROW);
        for (class, fill, words) in self.legend_entries(atlas) {
            let width = 44.0 + 7.6 * words.chars().count() as f64;
            if x + width > WIDTH && x > 2.0 {
                (x, y) = (2.0, y + LEGEND_ROW);
            }
            out.push_str(&format!(
                "<rect class=\"{class}\" fill=\"{fill}\" stroke=\"#333\" x=\"{x:.0}\" y=\"{:.0}\" width=\"22\" \
                 height=\"16\"/><text class=\"map-text\" x=\"{:.0}\" y=\"{:.0}\">{}</text>",
                y - 2.0,
                x + 28.0,
                y + 11.0,
                escape(&words)
            ));
            x += width;
        }
        out.push_str("</g>");
    }

    /// Class, fill and words of every kind of cell that is drawn.
    fn legend_entries(&self, atlas: &Atlas) -> Vec<(String, String, String)> {
        let plain =
            |class: &str, fill: &str, words: &str| (class.to_owned(), fill.to_owned(), words.to_owned());
        let mut entries = Vec::new();
        if self.cells.values().any(|cell| *cell == Cell::Count(0)) {
            entries.push(plain("map-zero", ZERO, "0"));
        }
        entries.extend(self.classes.ranges().enumerate().map(|(class, (from, until))| {
            let range = if from == until {
                from.to_string()
            } else {
                format!("{from}–{until}")
            };
            (format!("map-class-{class}"), self.url(&class.to_string()), range)
        }));
        entries.push(plain(
            "map-withheld",
            &self.url("withheld"),
            self.caption.withheld,
        ));
        entries.push(plain("map-none", NO_DATA, self.caption.no_data));
        if atlas.units.iter().any(|unit| unit.standing == Standing::Neutral) {
            entries.push(plain("map-neutral", NEUTRAL, self.caption.neutral));
        }
        entries
    }
}

/// Whether the source cut the unit along 180 degrees: that cut is no border and must not be drawn as one.
fn is_cut(unit: &Unit) -> bool {
    unit.rings.iter().any(|ring| ring.windows(2).any(is_seam))
}

fn is_seam(pair: &[Point]) -> bool {
    pair.iter().all(|point| point.meridian_180)
}

/// Borders of units that the source cuts, without the cut.
fn cut_borders(atlas: &Atlas, out: &mut String) {
    let mut path = String::new();
    for ring in atlas
        .units
        .iter()
        .filter(|unit| is_cut(unit))
        .flat_map(|unit| &unit.rings)
    {
        let runs = ring.chunk_by(|a, b| !is_seam(&[*a, *b]));
        runs.filter(|run| run.len() > 1)
            .for_each(|run| line_path(run, &mut path));
    }
    out.push_str(&format!(
        "<path class=\"map-border\" fill=\"none\" {BORDER} d=\"{path}\"/>"
    ));
}

/// A line with steps relative to the point before, in tenths of a pixel: a third of the length of absolute ones.
fn line_path(points: &[Point], path: &mut String) {
    let tenths = |value: f64| (value * 10.0).round() as i64;
    let mut before: Option<(i64, i64)> = None;
    for point in points {
        let here = (tenths(point.x), tenths(point.y));
        let (command, (x, y)) = match before {
            None => ('M', here),
            Some(before) => ('l', (here.0 - before.0, here.1 - before.1)),
        };
        if before != Some(here) {
            let space = if y < 0 { "" } else { " " };
            path.push_str(&format!("{command}{}{space}{}", decimal(x), decimal(y)));
        }
        before = Some(here);
    }
}

/// Tenths as a decimal without a needless zero: `-.3`, `12`, `4.5`.
fn decimal(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    match (tenths.abs() / 10, tenths.abs() % 10) {
        (0, 0) => "0".to_owned(),
        (0, tenth) => format!("{sign}.{tenth}"),
        (whole, 0) => format!("{sign}{whole}"),
        (whole, tenth) => format!("{sign}{whole}.{tenth}"),
    }
}

fn is_tiny(unit: &Unit) -> bool {
    unit.region.is_some() && unit.rings.first().is_some_and(|ring| area(ring) < MARK_AREA_MAX)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
