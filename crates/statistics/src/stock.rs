//! How many are present on a day.

use records::Day;

use crate::{
    counts::{Code, Counts, Dimension},
    presume::citizenship_on,
    register::Register,
};

/// Persons present on `on` by citizenship, region, sex and age group. The day of entry and the day of exit both count.
pub fn stock(register: &Register, on: Day) -> Counts {
    let mut counts = Counts::new(vec![
        Dimension::Citizenship,
        Dimension::Region,
        Dimension::Sex,
        Dimension::AgeGroup,
    ]);
    for person in register.persons() {
        // Of two presences on one day (out and in again) the later one tells the place.
        let Some(presence) = person.presences.iter().rev().find(|presence| presence.covers(on)) else {
            continue;
        };
        counts.add(vec![
            Code::citizenship(citizenship_on(&person.row, on)),
            Code::region(presence.region_on(on)),
            Code::sex(person.row.sex),
            Code::age_group(person.row.birth_year, person.row.birth_month, on),
        ]);
    }
    counts
}
