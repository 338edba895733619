//! `minobr/enrolments.json`: studies.

use super::{
    Outbox, Source,
    clerk::{Clerk, alpha2},
    writing::{self, BirthForm, json, member, member_day, member_or_null, push},
};
use crate::{
    block::Case, day_number::WINDOW_START, draw::Draw, life::Enrolment, rates::LATIN_KEYBOARD, world::World,
};

use super::outbox::Header;

pub(super) fn report(world: &World, case: &Case, out: &mut Outbox<'_>) {
    for enrolment in &case.life.enrolments {
        if enrolment.to >= WINDOW_START {
            out.send(Source::Minobr, enrolment.from, |draw, header, line| {
                write(world, case, enrolment, header, draw, line);
            });
        }
    }
}

fn write(
    world: &World,
    case: &Case,
    enrolment: &Enrolment,
    header: &Header,
    draw: &mut Draw,
    line: &mut String,
) {
    let person = &case.person;
    let clerk = Clerk::of(world, Source::Minobr);
    let known = person.known_on(enrolment.from);
    let names = clerk.cyrillic(&known, person.sex(), draw);
    let [surname, given] = clerk.latin(known.identity, LATIN_KEYBOARD, draw);
    let institution = &world.lists.institutions[enrolment.institution];
    line.push_str("{\"enrolment_id\": ");
    json(line, &header.id);
    push(line, format_args!(", \"version\": {}", header.version));
    member(line, "student_id", &world.student_id(person.number));
    line.push_str(", \"name_latin\": {\"surname\": ");
    json(line, &surname);
    member(line, "given", &given);
    line.push_str("}, \"name_cyrillic\": {\"surname\": ");
    json(line, &names.surname);
    member(line, "given", &names.given);
    member_or_null(line, "patronymic", &names.patronymic);
    line.push_str("}, \"birth_date\": \"");
    writing::birth(line, clerk.birth(&known, enrolment.from, draw), BirthForm::Iso);
    line.push('"');
    member(line, "citizenship", alpha2(world, known.identity));
    member(line, "institution", &institution.name);
    member(line, "region", &institution.region);
    member(line, "level", enrolment.level);
    member(line, "form", "full_time");
    member_day(line, "from", Some(enrolment.from));
    member_day(line, "to", Some(enrolment.to));
    member_or_null(line, "passport", &clerk.document(&known, draw));
    member_day(line, "recorded_on", Some(header.recorded));
    line.push('}');
}
