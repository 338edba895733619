//! Entries and exits of two groups in the order of time: could one person have made them all?

use crate::{
    claim::Crossed,
    evidence::{Evidence, Field, Level},
    party::Party,
    weight::Weight,
};

/// One crossing in a hundred is not in the file, so a sequence breaks now and then for one person too.
const BROKEN: Weight = Weight::whole(-4);
/// Strangers' journeys often fit as well.
const FITS: f64 = 0.5;
const FITS_MAX: f64 = 1.5;

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

pub(crate) fn compare(one: &Party, other: &Party) -> Option<Evidence> {
    if one.crossings.is_empty() || other.crossings.is_empty() {
        return None;
    }
    let Sequence { fitting, broken } = sequence(&one.crossings, &other.crossings);
    let fits = Weight::bits((f64::from(fitting) * FITS).min(FITS_MAX));
    let breaks: Weight = (0..broken.min(5)).map(|_| BROKEN).sum();
    let level = if broken == 0 {
        Level::Alternating
    } else {
        Level::Overlapping
    };
    Some(Evidence {
        field: Field::Stays,
        level,
        weight: fits + breaks,
    })
}
