//! Albers' conic projection: equal areas, so that no region looks larger than it is.

/// A point on the drawing, in pixels, y downwards; `meridian_180` marks the seam at which the source cuts polygons.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
    pub meridian_180: bool,
}

/// On the sphere; good to a fraction of a pixel at the scale of a page.
#[derive(Clone, Copy, Debug)]
pub struct Albers {
    central_meridian: f64,
    n: f64,
    c: f64,
    origin: f64,
}

/// Near enough to the meridian to lie on the source's cut.
const SEAM_DEGREES: f64 = 0.02;

impl Albers {
    /// Angles in degrees: two standard parallels, the central meridian, the latitude of the origin.
    pub fn new(parallels: [f64; 2], central_meridian: f64, latitude: f64) -> Self {
        let [first, second] = parallels.map(f64::to_radians);
        let n = (first.sin() + second.sin()) / 2.0;
        let c = first.cos().powi(2) + 2.0 * n * first.sin();
        let origin = radius(n, c, latitude.to_radians());
        Self {
            central_meridian,
            n,
            c,
            origin,
        }
    }

    /// Parallels and meridian at which Russia is drawn upright and hardly bent.
    pub fn russia() -> Self {
        Self::new([52.0, 64.0], 100.0, 56.0)
    }

    /// Longitudes are taken round the globe from the central meridian, so a country that crosses 180 degrees stays
    /// in one piece.
    pub fn project(&self, longitude: f64, latitude: f64) -> Point {
        let east = (longitude - self.central_meridian + 540.0).rem_euclid(360.0) - 180.0;
        let angle = self.n * east.to_radians();
        let radius = radius(self.n, self.c, latitude.to_radians());
        Point {
            x: radius * angle.sin(),
            y: radius * angle.cos() - self.origin,
            meridian_180: longitude.abs() >= 180.0 - SEAM_DEGREES,
        }
    }
}

fn radius(n: f64, c: f64, latitude: f64) -> f64 {
    (c - 2.0 * n * latitude.sin()).max(0.0).sqrt() / n
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_the_180th_meridian_meet() {
        let albers = Albers::russia();
        let (east, west) = (albers.project(180.0, 66.0), albers.project(-180.0, 66.0));
        assert!((east.x - west.x).abs() < 1e-9 && (east.y - west.y).abs() < 1e-9);
        assert!(
            albers.project(-170.0, 66.0).x > east.x,
            "Chukotka goes on eastwards"
        );
    }

    /// A degree square at 50 N and one at 70 N keep the ratio of their areas on the sphere.
    #[test]
    fn areas_are_kept() {
        let albers = Albers::russia();
        let area = |lat: f64| {
            let corners = [(90.0, lat), (91.0, lat), (91.0, lat + 1.0), (90.0, lat + 1.0)];
            let ring: Vec<Point> = corners
                .iter()
                .map(|&(lon, lat)| albers.project(lon, lat))
                .collect();
            super::super::outline::area(&ring)
        };
        let sphere = |lat: f64| (lat + 1.0).to_radians().sin() - lat.to_radians().sin();
        let ratio = (area(50.0) / area(70.0)) / (sphere(50.0) / sphere(70.0));
        assert!((ratio - 1.0).abs() < 1e-3, "{ratio}");
    }
}
