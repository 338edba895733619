//! When and where a person is counted as present, and what that rests on.

use records::{Day, payload::Purpose, region::RegionCode};

/// One presence as published figures count it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Presence {
    pub from: Day,
    /// `None`: present at the end of what is observed.
    pub until: Option<Day>,
    pub entry: Basis,
    pub exit: Basis,
    pub purpose: Option<Purpose>,
    pub places: Vec<PlaceOf>,
}

/// Region from a day on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PlaceOf {
    pub from: Day,
    pub region: RegionCode,
}

/// What an end of a presence rests on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Basis {
    Crossing,
    Notice,
    Presumed,
    /// Before the first day observed, or after the last: no event of the period.
    Outside,
}

impl Presence {
    pub fn covers(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    pub fn region_on(&self, day: Day) -> Option<RegionCode> {
        let known = self
            .places
            .iter()
            .rev()
            .find(|place| place.from <= day)
            .or(self.places.first());
        known.map(|place| place.region)
    }
}
