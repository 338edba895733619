//! Completes the stays of one person where crossings are missing, by published rules.
//!
//! In: a depersonalised row, and how long stays of its kind last ([`crate::durations`]). Out: presences in order,
//! each end with its basis. The rules, with their parameters in `statistics.toml`:
//! 1. What crossings and notices show stands.
//! 2. An exit that must be missing (the person enters again) is put where half of the stays of that kind that ended
//!    between the last sign and the next entry had ended. An entry that must be missing likewise.
//! 3. The first exit of a person without an entry ends a stay begun before the days observed, as long as a stay that
//!    long is likelier than a lost entry.
//! 4. An open stay goes on as long as that is likelier than a lost exit: while the share of such stays that last
//!    so long is greater than the share of exits that are lost; and while the notified stay or a tie carries it (permit of
//!    residence, insurance, policy, studies, contract; a tie that is silent for `tie_silence_days` carries no more).
//!    One that has become unlikely is presumed ended when half of those seen so late had ended. A stay on a permit of
//!    residence that is annulled, without any sign later, ends that day: most such persons became citizens (115-FZ
//!    art. 9), and none is here on that permit.
//! 5. Signs outside all stays are stays of their own when at most `join_days` apart. For citizens of
//!    `open_borders`, and persons without any crossing, ties count as signs too.
//!
//! Invariant: presences of one person do not overlap but for a shared day; none begins after it ends.

use profile::extract::{EntryRow, ExitRow, PermitRow, PlaceFrom, Row, StayRow};
use records::{Day, country::Country, payload::PermitType, span::Span};

use crate::{
    durations::{Durations, Survival, first_day, group, group_of, has_open_border},
    evidence::{Evidence, days, plus},
    presence::{Basis, PlaceOf, Presence},
    rules::StatisticsRules,
};

/// Presences of one person, as observed over `observed`.
pub fn presences(row: &Row, observed: Span, durations: &Durations, rules: &StatisticsRules) -> Vec<Presence> {
    let person = Person::new(row, observed, durations, rules);
    let mut presences: Vec<Presence> = Vec::new();
    for (at, stay) in row.stays.iter().enumerate() {
        let next = row.stays.get(at + 1).map(first_day);
        let before = presences.last().and_then(|last| last.until);
        presences.push(person.complete(stay, before, next));
    }
    let found = person.found_by_signs(&presences);
    presences.extend(found);
    presences.sort_by_key(|presence| (presence.from, presence.until.unwrap_or(Day::MAX)));
    for at in 1..presences.len() {
        let (head, tail) = presences.split_at_mut(at);
        let next = tail[0].from;
        let last = &mut head[at - 1];
        last.until = Some(last.until.map_or(next, |until| until.min(next)));
    }
    for presence in &mut presences {
        presence.places = person.places(presence);
    }
    presences
}

/// The row with its signs sorted by use.
struct Person<'a> {
    row: &'a Row,
    observed: Span,
    durations: &'a Durations,
    rules: &'a StatisticsRules,
    /// Share of this person's exits that no crossing shows.
    loss: f64,
    evidence: Evidence,
    /// Whether ties alone show presence.
    by_ties: bool,
}

impl<'a> Person<'a> {
    fn new(row: &'a Row, observed: Span, durations: &'a Durations, rules: &'a StatisticsRules) -> Self {
        let crossed = row.stays.iter().any(|stay| {
            matches!(stay.entry, EntryRow::Crossed { .. }) || matches!(stay.exit, ExitRow::Crossed { .. })
        });
        let open_border = has_open_border(row, rules);
        // Where no exit is recorded an open stay says nothing: as many are lost as are made.
        let loss = if open_border { 1.0 } else { durations.loss() };
        Self {
            row,
            observed,
            durations,
            rules,
            loss,
            evidence: Evidence::of(row),
            by_ties: open_border || !crossed,
        }
    }

    fn complete(&self, stay: &StayRow, before: Option<Day>, next: Option<Day>) -> Presence {
        let survival = self.durations.survival(group(self.row, stay, self.rules));
        let (from, entry) = match stay.entry {
            EntryRow::Crossed { on } => (on, Basis::Crossing),
            EntryRow::Notified { on } => (on, Basis::Notice),
            EntryRow::Missing {
                not_before,
                not_after,
            } => self.missing_entry(not_before.max(before), not_after, stay, survival),
        };
        let (until, exit) = match stay.exit {
            ExitRow::Crossed { on } => (Some(on), Basis::Crossing),
            ExitRow::Missing {
                not_before,
                not_after,
            } => {
                let least = days(from, not_before.max(from));
                let day = plus(
                    from,
                    survival.median_between(least, days(from, not_after.max(from))),
                );
                (Some(day), Basis::Presumed)
            }
            ExitRow::Open => match self.presumed_end(from, stay.notified_until, next, survival) {
                Some(day) => (Some(day), Basis::Presumed),
                None => (None, Basis::Outside),
            },
        };
        let entry = if from < self.observed.from {
            Basis::Outside
        } else {
            entry
        };
        let until = until.map(|day| day.max(from));
        Presence {
            from,
            until,
            entry,
            exit,
            purpose: stay.purpose,
            places: Vec::new(),
        }
    }

    /// Rules 2 and 3, for entries.
    fn missing_entry(
        &self,
        before: Option<Day>,
        first_sign: Day,
        stay: &StayRow,
        survival: &Survival,
    ) -> (Day, Basis) {
        let exit = match stay.exit {
            ExitRow::Crossed { on } => on,
            ExitRow::Open | ExitRow::Missing { .. } => first_sign,
        };
        let earliest = before.unwrap_or(self.observed.from);
        let (least, most) = (days(first_sign, exit), days(earliest, exit));
        if before.is_none() {
            let tied = self
                .evidence
                .ties
                .iter()
                .map(|tie| tie.from)
                .filter(|&from| from < self.observed.from)
                .min();
            let likely = survival.beyond(most) > survival.beyond(least) * self.doubt();
            if tied.is_some() || likely {
                let since = tied.unwrap_or_else(|| plus(self.observed.from, -1));
                return (since, Basis::Outside);
            }
        }
        (plus(exit, -survival.median_between(least, most)), Basis::Presumed)
    }

    /// Below this share of stays a lost crossing is the likelier explanation.
    fn doubt(&self) -> f64 {
        self.loss / (1.0 + self.loss)
    }

    /// Rule 4: the day on which an open stay is presumed ended; `None` while it goes on.
    fn presumed_end(
        &self,
        from: Day,
        notified_until: Option<Day>,
        next: Option<Day>,
        survival: &Survival,
    ) -> Option<Day> {
        let last_day = self.observed.until.unwrap_or(Day::MAX);
        let limit = next.unwrap_or(last_day).min(last_day);
        let seen = self
            .evidence
            .seen
            .iter()
            .copied()
            .filter(|&day| from <= day && day <= limit)
            .max()
            .unwrap_or(from);
        if let Some(annulled) = self.residence_annulled(seen, limit) {
            return Some(annulled);
        }
        let beyond = survival.beyond(days(from, seen));
        let likely = survival
            .find_day(beyond * self.doubt())
            .map(|length| plus(from, length));
        let carried = likely?
            .max(notified_until.unwrap_or(from))
            .max(self.tied_until(from, seen, limit));
        if carried >= limit && next.is_none() {
            return None;
        }
        let half = survival
            .find_day(beyond / 2.0)
            .map_or(carried, |length| plus(from, length));
        Some(half.max(seen).min(carried).min(limit))
    }

    /// Day on which the last permit of residence was annulled, when nothing shows the person after it.
    fn residence_annulled(&self, seen: Day, limit: Day) -> Option<Day> {
        let residence = |permit: &&PermitRow| {
            matches!(
                permit.permit_type,
                PermitType::TemporaryResidence | PermitType::PermanentResidence
            )
        };
        let last = self
            .row
            .permits
            .iter()
            .filter(residence)
            .max_by_key(|permit| permit.from)?;
        last.annulled_on.filter(|&day| seen <= day && day <= limit)
    }

    /// Last day to which a tie carries a stay that was last seen on `seen`.
    fn tied_until(&self, from: Day, seen: Day, limit: Day) -> Day {
        let carries = self
            .evidence
            .ties
            .iter()
            .filter(|tie| tie.from <= limit && tie.until.is_none_or(|until| until >= from));
        carries
            .map(|tie| {
                let silent = plus(seen.max(tie.from), self.rules.presence.tie_silence_days);
                tie.until.unwrap_or(silent).min(silent)
            })
            .max()
            .unwrap_or(from)
    }

    /// Rule 5.
    fn found_by_signs(&self, known: &[Presence]) -> Vec<Presence> {
        let outside = |day: Day| !known.iter().any(|presence| presence.covers(day));
        let mut evidence: Vec<Span> = self.evidence.seen.iter().map(|&day| Span::single(day)).collect();
        if self.by_ties {
            evidence.extend(self.evidence.ties.iter().copied());
        }
        evidence.retain(|span| outside(span.from));
        evidence.sort_unstable();
        let mut found: Vec<Presence> = Vec::new();
        for span in evidence {
            let last = found.last_mut().filter(|last| {
                let end = last.until.unwrap_or(Day::MAX);
                days(end.min(span.from), span.from) <= self.rules.presence.join_days
                    && !separated(known, end, span.from)
            });
            match last {
                Some(last) => last.until = later(last.until, span.until),
                None => found.push(self.begun_by(span)),
            }
        }
        for presence in &mut found {
            self.limit(presence, known);
        }
        found
    }

    fn begun_by(&self, span: Span) -> Presence {
        let entry = if span.from < self.observed.from {
            Basis::Outside
        } else {
            Basis::Presumed
        };
        Presence {
            from: span.from,
            until: span.until,
            entry,
            exit: Basis::Presumed,
            purpose: None,
            places: Vec::new(),
        }
    }

    /// Ends a presence found by signs at the next known one, or when nothing carries it.
    fn limit(&self, presence: &mut Presence, known: &[Presence]) {
        let next = known
            .iter()
            .map(|other| other.from)
            .filter(|&from| from > presence.from)
            .min();
        let last = presence.until;
        if next.is_some() && last.is_some_and(|last| last < self.observed.from) {
            // Who enters had left, and no exit is observed: it was before the days observed.
            presence.until = Some(plus(self.observed.from, -1).max(presence.from));
            presence.exit = Basis::Outside;
            return;
        }
        let until = last.unwrap_or(Day::MAX);
        let group = group_of(self.row, presence.from, until, None, self.rules);
        let end = self.presumed_end(presence.from, last, next, self.durations.survival(group));
        presence.until = end.map(|end| end.max(presence.from));
        presence.exit = if end.is_none() {
            Basis::Outside
        } else {
            Basis::Presumed
        };
    }

    /// Places of a presence: those of its stay, else those that signs name.
    fn places(&self, presence: &Presence) -> Vec<PlaceOf> {
        let inside = |day: Day| presence.covers(day);
        let stay = self.row.stays.iter().filter(|stay| inside(first_day(stay)));
        let noticed = stay.flat_map(|stay| stay.places.iter()).filter_map(place_of);
        let mut places: Vec<PlaceOf> = noticed.collect();
        if places.is_empty() {
            let signs = self.row.signs.iter().filter(|sign| inside(sign.from));
            places = signs
                .filter_map(|sign| {
                    Some(PlaceOf {
                        from: sign.from,
                        region: sign.region?,
                    })
                })
                .collect();
        }
        if places.is_empty() {
            // No sign within it: the nearest one names the place where the person is known.
            let nearest = self
                .row
                .signs
                .iter()
                .filter_map(|sign| Some((sign, sign.region?)))
                .min_by_key(|(sign, _)| (days(sign.from, presence.from).abs(), sign.from));
            places.extend(nearest.map(|(_, region)| PlaceOf {
                from: presence.from,
                region,
            }));
        }
        places.sort_by_key(|place| place.from);
        places
    }
}

fn place_of(place: &PlaceFrom) -> Option<PlaceOf> {
    Some(PlaceOf {
        from: place.from,
        region: place.region?,
    })
}

fn separated(known: &[Presence], from: Day, until: Day) -> bool {
    known
        .iter()
        .any(|presence| from <= presence.from && presence.from <= until)
}

fn later(a: Option<Day>, b: Option<Day>) -> Option<Day> {
    Some(a?.max(b?))
}

/// Citizenship by which the person is counted on a day.
pub(crate) fn citizenship_on(row: &Row, day: Day) -> Option<Country> {
    let held = row
        .citizenships
        .iter()
        .rev()
        .find(|held| held.from <= day)
        .or(row.citizenships.first());
    held.map(|held| held.country)
}
