//! Tables of what truly was: stocks, crossings, long-term migrations, patents in force.
//!
//! Sums of people, so those of two groups of people add up; their size does not depend on the number of people.

use std::collections::BTreeMap;

use super::text;
use crate::{
    block::Case,
    day_number::{DayNumber, WINDOW_DAYS, WINDOW_END, WINDOW_START},
    life::{Ending, PermitKind, Visit},
    report::{Source, Spoilt},
    spelling::Sex,
    way::Purpose,
    world::World,
};

/// Absences up to so many days do not interrupt a stay.
const BRIDGED_DAYS: i32 = 30;
/// A stay or absence is long from so many days on.
const LONG_DAYS: i32 = 365;

/// Lower ages of the groups of the tables.
const AGE_GROUPS: [(i32, &str); 8] = [
    (65, "65+"),
    (55, "55-64"),
    (40, "40-54"),
    (30, "30-39"),
    (18, "18-29"),
    (15, "15-17"),
    (6, "6-14"),
    (i32::MIN, "0-5"),
];

/// Persons present in a region by citizenship, as changes from day to day.
#[derive(Clone, Debug, Default)]
pub struct DayCounts(BTreeMap<(usize, usize), Vec<i32>>);

impl DayCounts {
    fn add(&mut self, region: usize, citizenship: usize, from: usize, to: Option<usize>) {
        let changes = self
            .0
            .entry((region, citizenship))
            .or_insert_with(|| vec![0; WINDOW_DAYS + 1]);
        changes[from] += 1;
        changes[to.map_or(WINDOW_DAYS, |to| to + 1)] -= 1;
    }

    fn merge(&mut self, other: Self) {
        for (key, theirs) in other.0 {
            match self.0.entry(key) {
                std::collections::btree_map::Entry::Vacant(free) => {
                    free.insert(theirs);
                }
                std::collections::btree_map::Entry::Occupied(mut ours) => {
                    for (ours, theirs) in ours.get_mut().iter_mut().zip(theirs) {
                        *ours += theirs;
                    }
                }
            }
        }
    }

    /// Region, citizenship and how many were present on each day.
    pub fn present(&self) -> impl Iterator<Item = (usize, usize, Vec<i32>)> {
        self.0.iter().map(|((region, citizenship), changes)| {
            let mut present = 0;
            let days = changes[..WINDOW_DAYS]
                .iter()
                .map(|change| {
                    present += change;
                    present
                })
                .collect();
            (*region, *citizenship, days)
        })
    }
}

type Month = (i32, i32);

#[derive(Clone, Debug, Default)]
pub struct Tables {
    stock: BTreeMap<(DayNumber, usize, usize, Sex, &'static str), u64>,
    entries: BTreeMap<(Month, usize, Purpose), u64>,
    exits: BTreeMap<(Month, usize, Purpose), u64>,
    long_term: BTreeMap<(i32, usize), [u64; 2]>,
    patents: BTreeMap<(DayNumber, usize), u64>,
    lines: [u64; Source::COUNT],
    malformed: BTreeMap<(&'static str, &'static str), u64>,
    pub present: DayCounts,
}

fn add<K: Ord>(counts: &mut BTreeMap<K, u64>, key: K, by: u64) {
    *counts.entry(key).or_default() += by;
}

fn merge<K: Ord>(into: &mut BTreeMap<K, u64>, from: BTreeMap<K, u64>) {
    for (key, count) in from {
        add(into, key, count);
    }
}

const MONTHS: usize = 36;

/// Last days of the months of the window.
const MONTH_ENDS: [DayNumber; MONTHS] = {
    let mut ends = [WINDOW_END; MONTHS];
    let mut at = 0;
    while at < MONTHS {
        let next = at as i32 + 1;
        ends[at] = DayNumber::of(WINDOW_START.year() + next / 12, next % 12 + 1, 1).minus(1);
        at += 1;
    }
    ends
};

/// Those from one day to another.
fn month_ends(from: DayNumber, to: DayNumber) -> impl Iterator<Item = DayNumber> {
    let first = MONTH_ENDS.partition_point(|day| *day < from);
    let last = MONTH_ENDS.partition_point(|day| *day <= to);
    MONTH_ENDS[first..last.max(first)].iter().copied()
}

impl Tables {
    pub fn add_case(&mut self, case: &Case) {
        let citizenship = case.person.roots.citizenship;
        for visit in &case.life.visits {
            self.add_visit(case, visit, citizenship);
        }
        self.add_long_term(&case.life.visits, citizenship);
        for permit in &case.life.permits {
            if permit.kind != PermitKind::Patent {
                continue;
            }
            let ends = permit
                .annulled
                .map_or(permit.paid_until, |day| day.minus(1).min(permit.paid_until));
            for day in month_ends(permit.issued, ends) {
                add(&mut self.patents, (day, permit.region), 1);
            }
        }
    }

    fn add_visit(&mut self, case: &Case, visit: &Visit, citizenship: usize) {
        let month = |day: DayNumber| {
            let (year, month, _) = day.civil();
            (year, month)
        };
        if visit.entered.in_window() && !visit.born_here {
            let key = (month(visit.entered), citizenship, visit.purpose);
            add(&mut self.entries, key, 1);
        }
        if visit.end.in_window() && visit.ending == Ending::Exit {
            add(&mut self.exits, (month(visit.end), citizenship, visit.purpose), 1);
        }
        for stay in &visit.stays {
            if stay.to < WINDOW_START || stay.from > WINDOW_END {
                continue;
            }
            let from = stay.from.max(WINDOW_START).window_index().unwrap_or(0);
            self.present
                .add(stay.region, citizenship, from, stay.to.window_index());
            for day in month_ends(stay.from, stay.to) {
                let (_, month, _) = day.civil();
                if month % 3 == 0 {
                    let age = case.person.age_on(day);
                    let group = AGE_GROUPS
                        .iter()
                        .find(|(from, _)| age >= *from)
                        .map_or("0-5", |(_, name)| *name);
                    let key = (day, citizenship, stay.region, case.person.sex(), group);
                    add(&mut self.stock, key, 1);
                }
            }
        }
    }

    fn add_long_term(&mut self, visits: &[Visit], citizenship: usize) {
        let mut spells: Vec<(&Visit, &Visit)> = Vec::new();
        for visit in visits {
            match spells.last_mut() {
                Some((_, last)) if visit.entered.since(last.end) - 1 <= BRIDGED_DAYS => *last = visit,
                _ => spells.push((visit, visit)),
            }
        }
        for (at, (first, last)) in spells.iter().enumerate() {
            if last.end.min(WINDOW_END).since(first.entered) + 1 < LONG_DAYS {
                continue;
            }
            // Nobody is known to have been here before the first visit of a life.
            let away_before = at == 0 || first.entered.since(spells[at - 1].1.end) > LONG_DAYS;
            let back = spells
                .get(at + 1)
                .map_or(WINDOW_END.plus(1), |(next, _)| next.entered);
            let away_after = back.since(last.end) > LONG_DAYS;
            if first.entered.in_window() && away_before && !first.born_here {
                let counts = self.long_term.entry((first.entered.year(), citizenship));
                counts.or_default()[0] += 1;
            }
            if last.end.in_window() && away_after && last.ending == Ending::Exit {
                let counts = self.long_term.entry((last.end.year(), citizenship));
                counts.or_default()[1] += 1;
            }
        }
    }

    pub fn add_line(&mut self, source: Source) {
        self.lines[source as usize] += 1;
    }

    pub fn add_spoilt(&mut self, spoilt: &Spoilt) {
        add(&mut self.malformed, (spoilt.source.name(), spoilt.kind), 1);
    }

    pub fn merge(&mut self, other: Self) {
        merge(&mut self.stock, other.stock);
        merge(&mut self.entries, other.entries);
        merge(&mut self.exits, other.exits);
        merge(&mut self.patents, other.patents);
        merge(&mut self.malformed, other.malformed);
        for (key, [immigrants, emigrants]) in other.long_term {
            let counts = self.long_term.entry(key).or_default();
            counts[0] += immigrants;
            counts[1] += emigrants;
        }
        for (ours, theirs) in self.lines.iter_mut().zip(other.lines) {
            *ours += theirs;
        }
        self.present.merge(other.present);
    }

    /// Lines of one source.
    pub fn lines(&self, source: Source) -> u64 {
        self.lines[source as usize]
    }

    /// Names and texts of the files; rows of the mobile operators are counted elsewhere.
    pub fn written(&self, world: &World, mobile_rows: u64) -> Vec<(&'static str, String)> {
        let country = |at: usize| world.lists.citizenships[at].country;
        let region = |at: usize| world.pack.regions[at].code;
        let mut stock = "date,citizenship,region,sex,age_group,count\n".to_owned();
        for ((day, citizenship, at, sex, group), count) in &self.stock {
            let sex = if *sex == Sex::Male { "M" } else { "F" };
            let (day, citizenship) = (text(*day), country(*citizenship));
            stock.push_str(&format!(
                "{day},{citizenship},{},{sex},{group},{count}\n",
                region(*at)
            ));
        }
        let crossings = |counts: &BTreeMap<(Month, usize, Purpose), u64>| {
            let mut out = "month,citizenship,purpose,count\n".to_owned();
            for (((year, month), citizenship, purpose), count) in counts {
                let (citizenship, purpose) = (country(*citizenship), purpose.code());
                out.push_str(&format!("{year}-{month:02},{citizenship},{purpose},{count}\n"));
            }
            out
        };
        let mut long_term = "year,citizenship,immigrants,emigrants\n".to_owned();
        for ((year, citizenship), [immigrants, emigrants]) in &self.long_term {
            let citizenship = country(*citizenship);
            long_term.push_str(&format!("{year},{citizenship},{immigrants},{emigrants}\n"));
        }
        let mut patents = "date,region,count\n".to_owned();
        for ((day, at), count) in &self.patents {
            patents.push_str(&format!("{},{},{count}\n", text(*day), region(*at)));
        }
        let mut lines = "source,lines\n".to_owned();
        let mut counts: Vec<(&str, u64)> = Source::ALL
            .into_iter()
            .map(|source| (source.name(), self.lines(source)))
            .chain([("mobile", mobile_rows)])
            .collect();
        counts.sort_unstable();
        for (source, count) in counts {
            lines.push_str(&format!("{source},{count}\n"));
        }
        let mut malformed = "source,kind,count\n".to_owned();
        for ((source, kind), count) in &self.malformed {
            malformed.push_str(&format!("{source},{kind},{count}\n"));
        }
        vec![
            ("stock.csv", stock),
            ("entries.csv", crossings(&self.entries)),
            ("exits.csv", crossings(&self.exits)),
            ("long_term_migrants.csv", long_term),
            ("patents.csv", patents),
            ("record_counts.csv", lines),
            ("malformed_counts.csv", malformed),
        ]
    }
}
