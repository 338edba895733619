//! `med/certificates.csv`: medical examinations.

use super::{
    Outbox, Source,
    clerk::{Clerk, country_name},
    writing::{BirthForm, Row},
};
use crate::{block::Case, world::World};

pub(super) const HEADER: &str = "certificate_no;version;surname;given;patronymic;birth_date;citizenship;passport;issued;\
    result;clinic_licence;recorded_on\n";

/// Licensed clinics of one region. Sample: 264 of 85.
const CLINICS: i32 = 4;

pub(super) fn report(world: &World, case: &Case, out: &mut Outbox<'_>) {
    let Case { person, life } = case;
    let clerk = Clerk::of(world, Source::Med);
    for examination in life.examinations.iter().filter(|one| one.day.in_window()) {
        let clinic = out.draw().between(1, CLINICS);
        let code = world.pack.regions[examination.region].code;
        out.send(Source::Med, examination.day, |draw, header, line| {
            let known = person.known_on(examination.day);
            let names = clerk.cyrillic(&known, person.sex(), draw);
            let mut row = Row::new(line, ';');
            row.text(&header.id);
            row.value(header.version);
            row.text(&names.surname);
            row.text(&names.given);
            row.text(&names.patronymic);
            row.birth(clerk.birth(&known, examination.day, draw), BirthForm::Iso);
            row.text(country_name(world, known.identity, draw));
            row.text(&clerk.document(&known, draw));
            row.iso(examination.day);
            row.text(if examination.is_fit { "fit" } else { "unfit" });
            row.value(format_args!(
                "ЛО-{code}-01-{:06}",
                1_000 + 97 * examination.region as i32 + clinic
            ));
            row.iso(header.recorded);
        });
    }
}
