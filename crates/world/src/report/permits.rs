//! `mvd/permits.csv`: patents, work permits, temporary and permanent residence.

use super::{
    Outbox, Source,
    clerk::{Clerk, country_name},
    outbox::Header,
    writing::{BirthForm, Row},
};
use crate::{
    block::Case,
    day_number::{WINDOW_END, WINDOW_START},
    draw::Draw,
    life::{Permit, PermitKind},
    person::Person,
    world::World,
};

pub(super) const HEADER: &str = "Идентификатор;Версия;Вид;Серия;Номер;Фамилия;Имя;Отчество;Дата рождения;Гражданство;\
    Документ;Дата выдачи;Действует с;Действует по;Регион;Профессия;Статус;Аннулирован;Дата внесения\n";

/// Series of residence permits.
const RESIDENCE_SERIES: &str = "82";

pub(super) fn report(world: &World, case: &Case, out: &mut Outbox<'_>) {
    for permit in &case.life.permits {
        let runs_in_window = permit.until.is_none_or(|until| until >= WINDOW_START);
        let issued_by_end = permit.issued <= WINDOW_END;
        if runs_in_window && issued_by_end {
            out.send(Source::Permits, permit.issued, |draw, header, line| {
                write(world, &case.person, permit, header, draw, line);
            });
        }
    }
}

/// Series and number as other agencies quote them.
pub(super) fn number(world: &World, permit: &Permit) -> [String; 2] {
    let series = match permit.kind {
        PermitKind::Residence => RESIDENCE_SERIES.to_owned(),
        _ => world.pack.regions[permit.region].code.to_string(),
    };
    [series, permit.number.clone()]
}

fn write(
    world: &World,
    person: &Person,
    permit: &Permit,
    header: &Header,
    draw: &mut Draw,
    line: &mut String,
) {
    let clerk = Clerk::of(world, Source::Permits);
    let known = person.known_on(permit.issued);
    let names = clerk.cyrillic(&known, person.sex(), draw);
    let annulled = permit.annulled.filter(|day| *day <= WINDOW_END);
    let [series, number] = number(world, permit);
    let mut row = Row::new(line, ';');
    row.text(&header.id);
    row.value(header.version);
    row.text(match permit.kind {
        PermitKind::Patent => "ПАТЕНТ",
        PermitKind::Work => "РНР",
        PermitKind::TemporaryResidence => "РВП",
        PermitKind::Residence => "ВНЖ",
    });
    row.text(&series);
    row.text(&number);
    row.text(&names.surname);
    row.text(&names.given);
    row.text(&names.patronymic);
    row.birth(clerk.birth(&known, permit.issued, draw), BirthForm::Dmy);
    row.text(country_name(world, known.identity, draw));
    row.text(&clerk.document(&known, draw));
    row.dmy(permit.issued);
    row.dmy(permit.issued);
    row.dmy_or_empty(permit.until);
    row.text(&world.pack.regions[permit.region].okato);
    row.text(
        permit
            .profession
            .map_or("", |at| world.lists.words.professions[at].as_str()),
    );
    row.text(match (annulled, permit.until) {
        (Some(_), _) => "аннулирован",
        (None, Some(until)) if until < WINDOW_END => "истёк",
        _ => "действует",
    });
    row.dmy_or_empty(annulled);
    row.dmy(header.recorded);
}
