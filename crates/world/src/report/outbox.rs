//! Gives every record its id, its day of recording, its repetitions and corrections, and keeps the lines.

use super::{Source, spoil};
use crate::{
    day_number::{DayNumber, WINDOW_END, WINDOW_START},
    draw::{Draw, Spread, Topic},
    person::{IdentityKind, Person},
    rates::SOURCE_TIMES,
    world::{RECORDS_MAX, World},
};

/// What stands at the beginning of a record and at its end.
#[derive(Clone, Debug)]
pub(super) struct Header {
    pub(super) id: String,
    pub(super) version: u8,
    pub(super) recorded: DayNumber,
}

/// A line among the outbox's bytes, its LF included.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    pub source: Source,
    pub recorded: DayNumber,
    pub start: usize,
    pub end: usize,
}

/// Whose a sound record is, by which of two identities.
#[derive(Clone, Debug)]
pub struct Told {
    pub source: Source,
    pub id: String,
    pub person: u64,
    pub identity: u8,
    pub has_changed: bool,
}

/// A record of which no line can be read.
#[derive(Clone, Debug)]
pub struct Spoilt {
    pub source: Source,
    pub id: String,
    pub kind: &'static str,
}

/// What began before the window is recorded in its first weeks. Sample: permits, policies, insurance.
const FIRST_WEEKS: Spread = Spread([0, 0, 0, 1, 3, 8, 13, 17, 30]);
/// Late records. Sample: 10 to 150 days.
const LATE_DAYS: (i32, i32) = (10, 150);
/// A duplicate comes so much later. Sample: 0 to 30 days.
const AGAIN_DAYS: (i32, i32) = (0, 30);
/// A correction comes so much later. Sample: 5 to 120 days.
const CORRECTED_DAYS: (i32, i32) = (5, 120);
/// Of corrected records that began before the window, so many had their first version before it too. Sample: 3 of 9.
const FIRST_VERSION_BEFORE: f64 = 0.3;

/// Takes the records of persons, one after the other.
pub struct Outbox<'w> {
    world: &'w World,
    person: u64,
    changed_since: Option<DayNumber>,
    draw: Draw,
    nth: [u64; Source::COUNT],
    text: String,
    pub bytes: Vec<u8>,
    pub lines: Vec<Line>,
    pub told: Vec<Told>,
    pub spoilt: Vec<Spoilt>,
    /// Somebody had more records than there are ids for one person.
    pub is_overfull: bool,
}

impl<'w> Outbox<'w> {
    pub fn new(world: &'w World) -> Self {
        Self {
            world,
            person: 0,
            changed_since: None,
            draw: world.draw(0, Topic::Report),
            nth: [0; Source::COUNT],
            text: String::new(),
            bytes: Vec::new(),
            lines: Vec::new(),
            told: Vec::new(),
            spoilt: Vec::new(),
            is_overfull: false,
        }
    }

    pub(super) fn begin(&mut self, person: &Person) {
        self.person = person.number;
        self.changed_since = person
            .identities
            .get(1)
            .filter(|identity| identity.kind == IdentityKind::Changed)
            .and_then(|identity| identity.since);
        self.draw = self.world.draw(person.number, Topic::Report);
        self.nth = [0; Source::COUNT];
    }

    /// Random numbers of this person's records, for what is the same in all tellings of an event.
    pub(super) fn draw(&mut self) -> &mut Draw {
        &mut self.draw
    }

    /// Records an event once, and now and then again; `write` tells it anew each time.
    pub(super) fn send(
        &mut self,
        source: Source,
        event: DayNumber,
        write: impl Fn(&mut Draw, &Header, &mut String),
    ) {
        let rates = &self.world.rates;
        let recorded = self.recorded(source, event);
        if recorded > WINDOW_END {
            return;
        }
        let Some(id) = self.next_id(source) else {
            return;
        };
        let first = Header {
            id,
            version: 1,
            recorded,
        };
        if self.draw.chance(rates.malformed) {
            self.spoil(source, &first, write);
            return;
        }
        let repeats = SOURCE_TIMES[source as usize].repeats;
        let corrected = (repeats && self.draw.chance(rates.corrected))
            .then(|| recorded.plus(self.draw.between(CORRECTED_DAYS.0, CORRECTED_DAYS.1)))
            .filter(|day| *day <= WINDOW_END);
        let began_before = event < WINDOW_START;
        let only_corrected = corrected.is_some() && began_before && self.draw.chance(FIRST_VERSION_BEFORE);
        if !only_corrected {
            self.line(source, &first, &write);
        }
        if let Some(recorded) = corrected {
            let second = Header {
                version: 2,
                recorded,
                ..first.clone()
            };
            self.line(source, &second, &write);
        }
        self.tell(source, first.id, event);
        if repeats && self.draw.chance(rates.duplicate) {
            self.again(source, event, recorded, &write);
        }
    }

    fn again(
        &mut self,
        source: Source,
        event: DayNumber,
        recorded: DayNumber,
        write: &impl Fn(&mut Draw, &Header, &mut String),
    ) {
        let recorded = recorded.plus(self.draw.between(AGAIN_DAYS.0, AGAIN_DAYS.1));
        if recorded > WINDOW_END {
            return;
        }
        let Some(id) = self.next_id(source) else {
            return;
        };
        let header = Header {
            id,
            version: 1,
            recorded,
        };
        self.line(source, &header, write);
        self.tell(source, header.id, event);
    }

    fn recorded(&mut self, source: Source, event: DayNumber) -> DayNumber {
        if event < WINDOW_START {
            return WINDOW_START.plus(self.draw.spread(&FIRST_WEEKS));
        }
        let usual = event.plus(self.draw.spread(&SOURCE_TIMES[source as usize].usual));
        if source != Source::Cik && self.draw.chance(self.world.rates.late) {
            usual.plus(self.draw.between(LATE_DAYS.0, LATE_DAYS.1))
        } else {
            usual
        }
    }

    fn next_id(&mut self, source: Source) -> Option<String> {
        let nth = &mut self.nth[source as usize];
        if *nth >= RECORDS_MAX {
            self.is_overfull = true;
            return None;
        }
        *nth += 1;
        Some(self.world.record_id(source, self.person, *nth - 1))
    }

    fn tell(&mut self, source: Source, id: String, event: DayNumber) {
        let is_second = self.changed_since.is_some_and(|since| since < event);
        self.told.push(Told {
            source,
            id,
            person: self.person,
            identity: if is_second { 2 } else { 1 },
            has_changed: self.changed_since.is_some(),
        });
    }

    fn write(
        &mut self,
        source: Source,
        header: &Header,
        write: impl Fn(&mut Draw, &Header, &mut String),
    ) -> usize {
        self.text.clear();
        write(&mut self.draw, header, &mut self.text);
        let start = self.bytes.len();
        if source.is_windows_1251() {
            let (encoded, _, _) = encoding_rs::WINDOWS_1251.encode(&self.text);
            self.bytes.extend_from_slice(&encoded);
        } else {
            self.bytes.extend_from_slice(self.text.as_bytes());
        }
        start
    }

    fn keep(&mut self, source: Source, recorded: DayNumber, start: usize) {
        self.bytes.push(b'\n');
        self.lines.push(Line {
            source,
            recorded,
            start,
            end: self.bytes.len(),
        });
    }

    fn line(&mut self, source: Source, header: &Header, write: &impl Fn(&mut Draw, &Header, &mut String)) {
        let start = self.write(source, header, write);
        self.keep(source, header.recorded, start);
    }

    fn spoil(&mut self, source: Source, header: &Header, write: impl Fn(&mut Draw, &Header, &mut String)) {
        let start = self.write(source, header, write);
        let mut line = self.bytes.split_off(start);
        let kind = spoil::spoil(source, &mut line, &mut self.draw);
        self.bytes.append(&mut line);
        self.keep(source, header.recorded, start);
        self.spoilt.push(Spoilt {
            source,
            id: header.id.clone(),
            kind,
        });
    }
}
