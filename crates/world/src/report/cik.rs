//! `cik/residents.csv`: permanent residents with a municipal vote.

use super::{
    Outbox, Source,
    clerk::{Address, Clerk},
    permits,
    writing::{BirthForm, Row},
};
use crate::{block::Case, life::PermitKind, world::World};

pub(super) const HEADER: &str =
    "ИД;ВЕРСИЯ;ФАМИЛИЯ;ИМЯ;ОТЧЕСТВО;ДАТА_РОЖДЕНИЯ;АДРЕС;ОКТМО;ВНЖ;ДАТА_ВНЕСЕНИЯ\n";

/// Sample: 2 of 50.
const NO_PERMIT: f64 = 0.04;

pub(super) fn report(world: &World, case: &Case, out: &mut Outbox<'_>) {
    let Case { person, life } = case;
    let permit = life
        .permits
        .iter()
        .find(|permit| permit.kind == PermitKind::Residence);
    let (Some(day), Some(permit)) = (life.votes_from, permit) else {
        return;
    };
    let region = life
        .visit_on(day)
        .map_or(person.home, |visit| visit.region_on(day));
    let address = Address::draw(world, region, out.draw());
    let clerk = Clerk::of(world, Source::Cik);
    out.send(Source::Cik, day, |draw, header, line| {
        let known = person.known_on(day);
        let names = clerk.cyrillic(&known, person.sex(), draw);
        let mut row = Row::new(line, ';');
        row.text(&header.id);
        row.value(header.version);
        row.text(&names.surname);
        row.text(&names.given);
        row.text(&names.patronymic);
        row.birth(clerk.birth(&known, day, draw), BirthForm::DmyFull);
        row.text(&address.written(draw));
        row.text(&address.oktmo);
        row.text(&if draw.chance(NO_PERMIT) {
            String::new()
        } else {
            permits::number(world, permit).join(" ")
        });
        row.dmy(header.recorded);
    });
}
