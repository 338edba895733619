//! `sfr/insured.csv`: insured work.

use super::{
    Outbox, Source,
    clerk::{Clerk, sex_cyrillic},
    writing::{BirthForm, Row},
};
use crate::{block::Case, day_number::WINDOW_START, world::World};

pub(super) const HEADER: &str = "record_id\tversion\tsnils\tsurname\tgiven\tpatronymic\tbirth_date\tsex\temployer_ogrn\t\
    insured_from\tinsured_to\tdoc_number\trecorded_on\n";

/// Sample: 23 of 2,047.
const NO_SNILS: f64 = 0.011;

pub(super) fn report(world: &World, case: &Case, out: &mut Outbox<'_>) {
    let Case { person, life } = case;
    let clerk = Clerk::of(world, Source::Sfr);
    for job in life.jobs.iter().filter(|job| job.is_insured) {
        if job.to.is_some_and(|to| to < WINDOW_START) {
            continue;
        }
        out.send(Source::Sfr, job.from, |draw, header, line| {
            let known = person.known_on(job.from);
            let names = clerk.cyrillic(&known, person.sex(), draw);
            let mut row = Row::new(line, '\t');
            row.text(&header.id);
            row.value(header.version);
            row.text(if draw.chance(NO_SNILS) { "" } else { known.snils });
            row.text(&names.surname);
            row.text(&names.given);
            row.text(&names.patronymic);
            row.birth(clerk.birth(&known, job.from, draw), BirthForm::IsoFull);
            row.text(sex_cyrillic(person.sex()));
            row.text(&job.employer.ogrn);
            row.iso(job.from);
            row.iso_or_empty(job.to);
            row.text(&clerk.document(&known, draw));
            row.iso(header.recorded);
        });
    }
}
