//! Entries and exits of two groups in the order of time: could one person have made them all?

use crate::{
    claim::Crossed,
    evidence::{Evidence, Field, Level},
    model::{Model, weigh},
    party::Party,
    weight::Weight,
};

/// Chance that strangers' crossings, one after the other, go in the same direction.
const STRANGERS_BREAK: f64 = 0.3;
/// A person's own journeys follow one another by nature, so many of them prove no more than a few.
const FITTING_MAX: u32 = 4;
const BROKEN_MAX: u32 = 5;

/// How often the journeys of both groups follow each other, and how often they cannot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sequence {
    pub fitting: u32,
    pub broken: u32,
}

pub(crate) fn sequence(one: &[Crossed], other: &[Crossed]) -> Sequence {
    let mut all: Vec<(Crossed, bool)> = one
        .iter()
        .map(|c| (*c, true))
        .chain(other.iter().map(|c| (*c, false)))
        .collect();
    all.sort();
    // The same event sent twice is one event.
    all.dedup_by(|(a, _), (b, _)| a.on == b.on && a.direction == b.direction);
    let mut sequence = Sequence::default();
    for pair in all.windows(2) {
        let [(before, whose), (after, other)] = pair else {
            continue;
        };
        if whose == other {
            continue;
        }
        if before.direction == after.direction {
            sequence.broken += 1;
        } else {
            sequence.fitting += 1;
        }
    }
    sequence
}

/// How often crossings of one document are followed by one of the other and of the same direction.
pub(crate) fn own_sequence(crossings: &[Crossed]) -> (u32, u32) {
    let mut events = crossings.to_vec();
    events.dedup_by(|a, b| a.on == b.on && a.direction == b.direction);
    let broken = events
        .windows(2)
        .filter(|pair| pair[0].direction == pair[1].direction)
        .count() as u32;
    (events.len().saturating_sub(1) as u32 - broken, broken)
}

pub(crate) fn compare(one: &Party, other: &Party, model: &Model) -> Option<Evidence> {
    if one.crossings.is_empty() || other.crossings.is_empty() {
        return None;
    }
    let Sequence { fitting, broken } = sequence(&one.crossings, &other.crossings);
    let country = one.citizenships().shares_with(other.citizenships()).next();
    let share = model.break_share(country);
    let each =
        |count: u32, max: u32, m: f64, u: f64| -> Weight { (0..count.min(max)).map(|_| weigh(m, u)).sum() };
    let weight = each(fitting, FITTING_MAX, 1.0 - share, 1.0 - STRANGERS_BREAK)
        + each(broken, BROKEN_MAX, share, STRANGERS_BREAK).min(Weight::ZERO);
    let level = if broken == 0 {
        Level::Alternating
    } else {
        Level::Overlapping
    };
    Some(Evidence {
        field: Field::Stays,
        level,
        weight,
    })
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use records::payload::Direction::{self, In, Out};

    use super::*;

    fn crossed(second: i64, direction: Direction) -> Crossed {
        Crossed {
            on: Timestamp::from_second(second).unwrap(),
            direction,
            card: None,
        }
    }

    #[test]
    fn journeys_that_follow_each_other_fit() {
        let one = [crossed(0, In), crossed(10, Out)];
        let other = [crossed(20, In), crossed(30, Out)];
        assert_eq!(
            sequence(&one, &other),
            Sequence {
                fitting: 1,
                broken: 0
            }
        );
        assert_eq!(own_sequence(&one), (1, 0));
    }

    #[test]
    fn an_entry_during_a_stay_breaks_the_sequence() {
        let one = [crossed(0, In), crossed(30, Out)];
        let other = [crossed(10, In), crossed(20, Out)];
        assert_eq!(
            sequence(&one, &other),
            Sequence {
                fitting: 0,
                broken: 2
            }
        );
    }

    #[test]
    fn the_same_event_sent_twice_is_one_event() {
        let one = [crossed(0, In), crossed(30, Out)];
        let other = [crossed(30, Out)];
        assert_eq!(sequence(&one, &other).broken, 0);
        assert_eq!(
            own_sequence(&[crossed(0, In), crossed(0, In), crossed(9, Out)]),
            (1, 0)
        );
    }
}
