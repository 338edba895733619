//! The map over the shipped boundaries.

use std::{collections::BTreeMap, fs};

use records::region::Regions;
use statistics::{
    counts::{Code, Counts, Dimension},
    map::{
        atlas::{Atlas, AtlasError},
        svg::{Caption, svg},
    },
    protect::{Shape, protect},
    rules::ProtectionRule,
};

use crate::extract::workspace;

fn regions() -> Regions {
    Regions::parse(include_str!("../../../../packs/ru/regions_ru.csv")).unwrap()
}

fn atlas(view: Option<&str>) -> Result<Atlas, AtlasError> {
    let pack = |name: &str| fs::read_to_string(workspace().join("packs/gis").join(name)).unwrap();
    Atlas::russia(&pack("eaeu_adm1.geojson"), &pack("views.json"), view, &regions())
}

fn drawn(view: Option<&str>) -> String {
    let counts: BTreeMap<Vec<Code>, u64> = regions()
        .iter()
        .enumerate()
        .map(|(at, (code, _))| (vec![Code::new(code.to_string())], (at as u64 * 37) % 400))
        .collect();
    let counts = Counts::from_cells(vec![Dimension::Region], counts);
    let table = protect(&counts, &Shape::default(), ProtectionRule { threshold: 5 }).unwrap();
    let regions = regions();
    let caption = Caption {
        id: "stock",
        title: "Present <by> region",
        description: "Darker is more.",
        legend: "Persons",
        withheld: "withheld",
        no_data: "no data",
        neutral: "not assigned",
        region: &|code| {
            regions
                .row(code)
                .map_or_else(|| code.to_string(), |row| row.name_ru.clone())
        },
    };
    svg(
        &atlas(view).unwrap(),
        table.along(Dimension::Region, &[]),
        &caption,
    )
}

#[test]
fn every_undisputed_region_has_a_polygon() {
    let atlas = atlas(None).unwrap();
    let missing: Vec<String> = regions()
        .iter()
        .map(|(code, _)| code)
        .filter(|code| !atlas.regions().any(|drawn| drawn == *code))
        .map(|code| code.to_string())
        .collect();
    assert_eq!(
        missing,
        ["90", "91", "92", "93", "94", "95"],
        "the neutral view colours none of the disputed units"
    );
}

#[test]
fn the_operator_chooses_the_view() {
    assert_eq!(atlas(Some("source_defacto")).unwrap().regions().count(), 85);
    assert_eq!(atlas(Some("iso_3166")).unwrap().regions().count(), 83);
    assert!(matches!(atlas(Some("mine")), Err(AtlasError::NoSuchView(_))));
}

#[test]
fn the_drawing_is_small_well_formed_and_without_style() {
    let svg = drawn(None);
    assert!(svg.len() < 120_000, "{} bytes", svg.len());
    assert!(
        !svg.contains("style") && !svg.contains("<script") && !svg.contains(" on"),
        "strict content security"
    );
    assert!(svg.contains("Present &lt;by&gt; region") && svg.contains("map-withheld"));
    for element in [
        "pattern ", "svg ", "title", "desc", "g ", "text ", "defs", "circle ", "path ",
    ] {
        let head = format!("<{element}");
        let opened = svg.matches(&head).count();
        let closed = svg.matches(&format!("</{}>", element.trim())).count();
        let heads = svg.split(&head).skip(1);
        let alone = heads.filter(|rest| rest.find('>').is_some_and(|end| rest[..end].ends_with('/')));
        assert_eq!(opened - alone.count(), closed, "{element}");
    }
}

/// A polygon torn at 180 degrees would draw a line over the whole page.
#[test]
fn no_line_runs_across_the_page() {
    let svg = drawn(None);
    let mut steps = 0;
    for path in svg
        .split(" d=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
    {
        for step in path.split(['M', 'Z']).flat_map(|ring| ring.split('l').skip(1)) {
            let (x, y) = step.split_at(step[1..].find([' ', '-']).unwrap() + 1);
            let length = x.parse::<f64>().unwrap().hypot(y.trim().parse::<f64>().unwrap());
            assert!(length < 120.0, "a step of {length} pixels");
            steps += 1;
        }
    }
    assert!(steps > 1_000);
}

#[test]
#[ignore = "writes the drawing for somebody to look at"]
fn look_at_it() {
    fs::write(std::env::temp_dir().join("sojourn-map.svg"), drawn(None)).unwrap();
}
