//! `mid/visas.csv`: visas issued by consulates.

use super::{
    Outbox, Source,
    clerk::{Clerk, alpha3, sex_latin},
    writing::{BirthForm, Row},
};
use crate::{block::Case, world::World};

pub(super) const HEADER: &str = "visa_id,version,visa_no,kind,surname,given_names,birth_date,sex,nationality,passport,\
    issued_on,valid_from,valid_to,entries,purpose,invitation_no,post,recorded_on\n";

/// Consulates in each country.
const POSTS: i32 = 3;

pub(super) fn report(world: &World, case: &Case, out: &mut Outbox<'_>) {
    let Case { person, life } = case;
    let clerk = Clerk::of(world, Source::Visas);
    for visa in life.visas.iter().filter(|visa| visa.issued.in_window()) {
        let (invitation, post) = (out.draw().below(100_000_000), out.draw().between(1, POSTS));
        out.send(Source::Visas, visa.issued, |draw, header, line| {
            let known = person.known_on(visa.issued);
            let [surname, given] = clerk.latin(known.identity, clerk.keyboard(), draw);
            let country = alpha3(world, known.identity);
            let mut row = Row::new(line, ',');
            row.text(&header.id);
            row.value(header.version);
            row.text(&visa.number);
            row.text(visa.purpose.visa());
            row.text(&surname);
            row.text(&given);
            row.birth(clerk.birth(&known, visa.issued, draw), BirthForm::Iso);
            row.text(sex_latin(person.sex()));
            row.text(country);
            row.text(&clerk.document(&known, draw));
            row.iso(visa.issued);
            row.iso(visa.from);
            row.iso(visa.until);
            row.value(visa.entries);
            row.text(visa.purpose.code());
            row.value(format_args!("{invitation:08}"));
            row.value(format_args!("{country}-{post}"));
            row.iso(header.recorded);
        });
    }
}
