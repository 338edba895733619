//! `mid/accreditations.csv`: staff of missions and international organisations, and their families.

use super::{
    Outbox, Source,
    clerk::{Clerk, alpha3, sex_latin},
    writing::{BirthForm, Row},
};
use crate::{block::Case, day_number::WINDOW_START, world::World};

pub(super) const HEADER: &str = "card_no,version,category,organisation,surname,given_names,birth_date,sex,nationality,\
    passport,role,principal_card_no,valid_from,valid_to,recorded_on\n";

pub(super) fn report(world: &World, case: &Case, out: &mut Outbox<'_>) {
    let Case { person, life } = case;
    let Some(card) = &life.accreditation else {
        return;
    };
    // A child born later is no older than its card.
    let from = card.from.max(person.roots.birth.earliest());
    if card.until < WINDOW_START {
        return;
    }
    let clerk = Clerk::of(world, Source::Accred);
    // The principal has one record only, the first of its numbers.
    let principal = card
        .principal
        .map(|number| world.record_id(Source::Accred, number, 0))
        .unwrap_or_default();
    out.send(Source::Accred, from, |draw, header, line| {
        let known = person.known_on(from);
        let [surname, given] = clerk.latin(known.identity, clerk.keyboard(), draw);
        let mut row = Row::new(line, ',');
        row.text(&header.id);
        row.value(header.version);
        row.text(card.category);
        row.text(&card.organisation);
        row.text(&surname);
        row.text(&given);
        row.birth(clerk.birth(&known, from, draw), BirthForm::Iso);
        row.text(sex_latin(person.sex()));
        row.text(alpha3(world, known.identity));
        row.text(&clerk.document(&known, draw));
        row.text(card.role);
        row.text(&principal);
        row.iso(from);
        row.iso(card.until);
        row.iso(header.recorded);
    });
}
