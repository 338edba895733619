//! Rings of points: area, centre, simplification.

use super::projection::Point;

/// Area inside a ring, whatever its direction.
pub fn area(ring: &[Point]) -> f64 {
    signed_area(ring).abs()
}

fn signed_area(ring: &[Point]) -> f64 {
    let next = ring.iter().cycle().skip(1);
    ring.iter()
        .zip(next)
        .map(|(a, b)| a.x * b.y - b.x * a.y)
        .sum::<f64>()
        / 2.0
}

/// Centre of gravity; the first point where a ring has no area.
pub fn centre(ring: &[Point]) -> Option<(f64, f64)> {
    let whole = signed_area(ring) * 6.0;
    if whole == 0.0 {
        return ring.first().map(|point| (point.x, point.y));
    }
    let next = ring.iter().cycle().skip(1);
    let (x, y) = ring.iter().zip(next).fold((0.0, 0.0), |(x, y), (a, b)| {
        let cross = a.x * b.y - b.x * a.y;
        (x + (a.x + b.x) * cross, y + (a.y + b.y) * cross)
    });
    Some((x / whole, y / whole))
}

/// Douglas and Peucker's simplification: no dropped point lay farther than `tolerance` from the new line.
pub fn simplify(points: &[Point], tolerance: f64) -> Vec<Point> {
    if points.len() < 3 {
        return points.to_vec();
    }
    let mut kept = vec![false; points.len()];
    kept[0] = true;
    kept[points.len() - 1] = true;
    let mut spans = vec![(0, points.len() - 1)];
    while let Some((first, last)) = spans.pop() {
        let farthest = (first + 1..last)
            .map(|at| (distance(points[at], points[first], points[last]), at))
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((far, at)) = farthest
            && far > tolerance
        {
            kept[at] = true;
            spans.push((first, at));
            spans.push((at, last));
        }
    }
    points
        .iter()
        .zip(kept)
        .filter(|(_, kept)| *kept)
        .map(|(point, _)| *point)
        .collect()
}

/// Distance of a point from the segment between two others.
fn distance(point: Point, a: Point, b: Point) -> f64 {
    let (dx, dy) = (b.x - a.x, b.y - a.y);
    let length = dx * dx + dy * dy;
    let along = if length == 0.0 {
        0.0
    } else {
        ((point.x - a.x) * dx + (point.y - a.y) * dy) / length
    };
    let along = along.clamp(0.0, 1.0);
    (point.x - a.x - along * dx).hypot(point.y - a.y - along * dy)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(x: f64, y: f64) -> Point {
        Point {
            x,
            y,
            meridian_180: false,
        }
    }

    #[test]
    fn a_square_has_its_area_and_centre() {
        let square = [at(0.0, 0.0), at(2.0, 0.0), at(2.0, 2.0), at(0.0, 2.0)];
        assert!((area(&square) - 4.0).abs() < 1e-12);
        assert_eq!(centre(&square), Some((1.0, 1.0)));
    }

    proptest! {
        #[test]
        fn simplified_lines_stay_near(points in prop::collection::vec((0.0_f64..100.0, 0.0_f64..100.0), 2..60)) {
            let points: Vec<Point> = points.into_iter().map(|(x, y)| at(x, y)).collect();
            let simple = simplify(&points, 3.0);
            prop_assert!(simple.len() <= points.len());
            for point in &points {
                let near = simple.windows(2).map(|pair| distance(*point, pair[0], pair[1])).fold(f64::MAX, f64::min);
                prop_assert!(near <= 3.0 + 1e-9);
            }
        }
    }
}
