//! Pairs entries with exits, in one pass over sorted crossings.
//!
//! In: crossings (each once), notices of arrival, signs of presence. Out: stays in order, every missing crossing
//! made explicit with the reason. Invariant: stays do not overlap but for a shared day (out and in on one day).
//! Not here: presuming that somebody has left or stayed (`statistics` does, by published rules; `status` never).

use std::collections::BTreeSet;

use records::{
    Day,
    payload::{ArrivalNotice, Crossing, Direction, Purpose, RegistrationType},
    span::Span,
};

use crate::{
    cite::Citation,
    duplicates::days,
    event::Event,
    likeness::one_slip,
    presence::{Entry, Exit, GapReason, Segment, Stay},
    signs::Sign,
};

/// A notice may name the day before or after the one on which the crossing was stamped.
const ENTRY_DAY_TOLERANCE: i32 = 1;

/// An entry or exit that some record shows.
struct Mark {
    on: Day,
    direction: Direction,
    from_notice: bool,
    purpose: Purpose,
    card: Option<String>,
    cited: Vec<Citation>,
}

pub(crate) fn stays(
    crossings: &[Event<Crossing>],
    notices: &[Event<ArrivalNotice>],
    signs: &[Sign],
) -> Vec<Stay> {
    let mut pass = Pass {
        signs,
        done: Vec::new(),
        open: None,
    };
    let mut marks = marks(crossings, notices);
    while let Some(first) = marks.first().map(|mark| mark.on) {
        let of_day = marks.iter().take_while(|mark| mark.on == first).count();
        pass.day(marks.drain(..of_day).collect());
    }
    let mut stays = pass.finish();
    for at in 0..stays.len() {
        let next_entry = stays.get(at + 1).map(Stay::from);
        settle_places(&mut stays[at], next_entry, notices, signs);
    }
    stays
}

fn marks(crossings: &[Event<Crossing>], notices: &[Event<ArrivalNotice>]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = crossings
        .iter()
        .map(|crossing| Mark {
            on: crossing.fact.crossed_on,
            direction: crossing.fact.direction,
            from_notice: false,
            purpose: crossing.fact.purpose,
            card: crossing.fact.migration_card.clone(),
            cited: crossing.citations().cloned().collect(),
        })
        .collect();
    marks.extend(notified_entries(crossings, notices));
    // Stable: crossings keep the order of their moments; on a shared day an entry known by notice alone goes last,
    // after the exit of the stay before it.
    marks.sort_by_key(|mark| (mark.on, mark.from_notice));
    marks
}

/// Entries that a notice names and no crossing shows.
fn notified_entries(crossings: &[Event<Crossing>], notices: &[Event<ArrivalNotice>]) -> Vec<Mark> {
    let entries: Vec<&Crossing> = crossings
        .iter()
        .map(|event| &event.fact)
        .filter(|crossing| crossing.direction == Direction::In)
        .collect();
    let mut lone: Vec<&Event<ArrivalNotice>> = notices
        .iter()
        .filter(|notice| {
            !entries.iter().any(|entry| {
                same_card(entry.migration_card.as_ref(), notice.fact.migration_card.as_ref())
                    || days(entry.crossed_on, notice.fact.entered_on).abs() <= ENTRY_DAY_TOLERANCE
            })
        })
        .collect();
    lone.sort_by(|a, b| (a.fact.entered_on, &a.cited).cmp(&(b.fact.entered_on, &b.cited)));
    let mut marks: Vec<Mark> = Vec::new();
    for notice in lone {
        let entered_on = notice.fact.entered_on;
        match marks.last_mut() {
            Some(mark) if days(mark.on, entered_on) <= ENTRY_DAY_TOLERANCE => {
                mark.cited.extend(notice.citations().cloned());
            }
            _ => marks.push(Mark {
                on: entered_on,
                direction: Direction::In,
                from_notice: true,
                purpose: notice.fact.reason,
                card: notice.fact.migration_card.clone(),
                cited: notice.citations().cloned().collect(),
            }),
        }
    }
    marks
}

/// Whether two migration cards are certainly not one: a digit may have been mistyped.
fn other_card(a: Option<&String>, b: Option<&String>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a != b && !one_slip(a, b))
}

fn same_card(a: Option<&String>, b: Option<&String>) -> bool {
    a.is_some() && a == b
}

/// The stay in progress and those that are done.
struct Pass<'a> {
    signs: &'a [Sign],
    done: Vec<Stay>,
    open: Option<Stay>,
}

impl Pass<'_> {
    /// The marks of one day, by the clock unless that cannot be.
    fn day(&mut self, mut marks: Vec<Mark>) {
        while !marks.is_empty() {
            let mark = marks.remove(self.next_of(&marks));
            match mark.direction {
                Direction::In => self.enter(mark),
                Direction::Out => self.leave(mark),
            }
        }
    }

    /// Clocks of checkpoints differ and days of transit are short: on one day the migration card, which is the same
    /// at entry and exit, and whether the person was here in the morning tell the order better than the hour.
    fn next_of(&self, marks: &[Mark]) -> usize {
        let first = &marks[0];
        let later = |wanted: Direction, fits: &dyn Fn(&Mark) -> bool| {
            marks
                .iter()
                .skip(1)
                .position(|mark| mark.direction == wanted && fits(mark))
                .map(|at| at + 1)
        };
        let card = first.card.as_ref();
        let instead = match (first.direction, &self.open) {
            (Direction::Out, None) => {
                let abroad = !self.done.is_empty();
                later(Direction::In, &|mark| {
                    same_card(mark.card.as_ref(), card) || (abroad && !other_card(mark.card.as_ref(), card))
                })
            }
            (Direction::In, Some(open)) => later(Direction::Out, &|mark| {
                let out = mark.card.as_ref();
                !same_card(out, card) && !other_card(out, open.migration_card.as_ref())
            }),
            _ => None,
        };
        instead.unwrap_or(0)
    }

    fn enter(&mut self, mark: Mark) {
        if let Some(mut open) = self.open.take() {
            // A notice that names another day of entry for a stay on the same card, or that knows no card and
            // was written for a stay that began at a crossing, corrects nothing: the crossing stands.
            if mark.from_notice && !contradicts(&open, &mark) {
                self.open = Some(open);
                return;
            }
            let not_before = self.last_proof(open.from(), mark.on);
            open.exit = Exit::Unrecorded {
                not_before,
                not_after: mark.on,
                reason: GapReason::EntryAfterEntry,
                cited: mark.cited.clone(),
            };
            self.done.push(open);
        }
        let entry = if mark.from_notice {
            Entry::Notified {
                on: mark.on,
                cited: mark.cited,
            }
        } else {
            Entry::Crossed {
                on: mark.on,
                cited: mark.cited,
            }
        };
        self.open = Some(begun(entry, Some(mark.purpose), mark.card, mark.on));
    }

    fn leave(&mut self, mark: Mark) {
        // An exit on the card of another stay: that stay's entry is missing, and so is the exit of the open one.
        let other = self
            .open
            .take_if(|open| other_card(open.migration_card.as_ref(), mark.card.as_ref()));
        if let Some(mut open) = other {
            open.exit = Exit::Unrecorded {
                not_before: self.last_proof(open.from(), mark.on),
                not_after: mark.on,
                reason: GapReason::ExitOnAnotherCard,
                cited: mark.cited.clone(),
            };
            self.done.push(open);
        }
        let mut stay = self.open.take().unwrap_or_else(|| {
            let before = self.done.last().and_then(Stay::until);
            let entry = Entry::Unrecorded {
                not_before: before,
                not_after: self.first_proof(before, mark.on),
                reason: GapReason::ExitWithoutEntry,
                cited: mark.cited.clone(),
            };
            begun(entry, Some(mark.purpose), mark.card.clone(), mark.on)
        });
        stay.exit = Exit::Crossed {
            on: mark.on,
            cited: mark.cited,
        };
        self.done.push(stay);
    }

    fn finish(self) -> Vec<Stay> {
        self.done.into_iter().chain(self.open).collect()
    }

    /// Last day in `from..=until` on which a record proves presence.
    fn last_proof(&self, from: Day, until: Day) -> Day {
        self.proofs(from, until).max().unwrap_or(from)
    }

    fn first_proof(&self, after: Option<Day>, until: Day) -> Day {
        let from = after.and_then(|day| day.tomorrow().ok()).unwrap_or(Day::MIN);
        self.proofs(from, until).min().unwrap_or(until)
    }

    fn proofs(&self, from: Day, until: Day) -> impl Iterator<Item = Day> {
        self.signs
            .iter()
            .filter(move |sign| {
                sign.kind.proves_presence() && from <= sign.span.from && sign.span.from <= until
            })
            .map(|sign| sign.span.from)
    }
}

/// Whether a notice speaks of a later stay than the open one.
fn contradicts(open: &Stay, mark: &Mark) -> bool {
    match (&open.migration_card, &mark.card) {
        (Some(open_card), Some(card)) => open_card != card,
        // Without cards (Belarus) only the days speak.
        (None, None) => true,
        _ => false,
    }
}

fn begun(entry: Entry, purpose: Option<Purpose>, migration_card: Option<String>, last_sign: Day) -> Stay {
    Stay {
        entry,
        exit: Exit::Open,
        purpose,
        migration_card,
        segments: Vec::new(),
        last_sign,
        notices: Vec::new(),
    }
}

/// Fills in what notices and signs tell of a stay whose ends are known.
fn settle_places(stay: &mut Stay, next_entry: Option<Day>, notices: &[Event<ArrivalNotice>], signs: &[Sign]) {
    let from = stay.from();
    let until = match &stay.exit {
        Exit::Crossed { on, .. } => *on,
        Exit::Unrecorded { not_after, .. } => *not_after,
        Exit::Open => next_entry.unwrap_or(Day::MAX),
    };
    let mut speaking: Vec<&Event<ArrivalNotice>> = notices
        .iter()
        .filter(
            |notice| match (&stay.migration_card, &notice.fact.migration_card) {
                (Some(card), Some(stated)) if card == stated => true,
                _ => {
                    from <= notice.fact.stay.from
                        && notice.fact.stay.from <= until
                        && notice.fact.entered_on < until
                }
            },
        )
        .collect();
    speaking.sort_by(|a, b| (a.fact.stay.from, &a.cited).cmp(&(b.fact.stay.from, &b.cited)));
    let cited: BTreeSet<Citation> = speaking
        .iter()
        .flat_map(|notice| notice.citations().cloned())
        .collect();
    stay.notices = cited.into_iter().collect();
    if stay.purpose.is_none() {
        stay.purpose = speaking.first().map(|notice| notice.fact.reason);
    }
    stay.segments = segments(stay.proven(), &speaking);
    let seen = signs
        .iter()
        .filter(|sign| sign.kind.proves_presence() && from <= sign.span.from && sign.span.from <= until);
    let last = seen.map(|sign| sign.span.from).max().unwrap_or(from).max(from);
    stay.last_sign = stay
        .until()
        .filter(|_| matches!(stay.exit, Exit::Crossed { .. }))
        .unwrap_or(last);
}

/// Places of stay in order: a prolongation keeps the place, another address begins a new segment.
fn segments(stay: Span, notices: &[&Event<ArrivalNotice>]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    for notice in notices {
        let fact = &notice.fact;
        let cited = notice.citations().cloned();
        match segments.last_mut() {
            Some(last)
                if last.region == Some(fact.region)
                    && fact.registration_type != RegistrationType::NewAddress =>
            {
                last.cited.extend(cited);
            }
            _ => segments.push(Segment {
                // The first place is where the person stays from the day of entry until told otherwise.
                span: Span::open(if segments.is_empty() {
                    stay.from
                } else {
                    fact.stay.from.max(stay.from)
                }),
                region: Some(fact.region),
                address: Some(fact.address.clone()),
                cited: cited.collect(),
            }),
        }
    }
    if segments.is_empty() {
        segments.push(Segment {
            span: stay,
            region: None,
            address: None,
            cited: Vec::new(),
        });
    }
    close(&mut segments, stay.until);
    segments
}

/// Each segment lasts until the next begins; one that would have no day left is dropped.
fn close(segments: &mut Vec<Segment>, until: Option<Day>) {
    for at in 0..segments.len() {
        let next = segments.get(at + 1).map(|next| next.span.from);
        let last = next.and_then(|day| day.yesterday().ok()).or(until);
        segments[at].span.until = match (last, until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
    if segments.len() > 1 {
        segments.retain(|segment| segment.span.until.is_none_or(|until| segment.span.from <= until));
    }
}
