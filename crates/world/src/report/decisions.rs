//! `mvd/decisions.jsonl`: bans, the register of controlled persons, refusals.

use super::{
    Outbox, Source,
    clerk::{Clerk, alpha3, sex_latin},
    outbox::Header,
    writing::{self, BirthForm, json, member, member_day, member_or_null, push},
};
use crate::{block::Case, draw::Draw, life::Decision, person::Person, world::World};

pub(super) fn report(world: &World, case: &Case, out: &mut Outbox<'_>) {
    for decision in &case.life.decisions {
        if decision.decided.in_window() {
            let official = out.draw().between(10_000, 79_999);
            out.send(Source::Decisions, decision.decided, |draw, header, line| {
                write(world, &case.person, decision, official, header, draw, line);
            });
        }
    }
}

fn write(
    world: &World,
    person: &Person,
    decision: &Decision,
    official: i32,
    header: &Header,
    draw: &mut Draw,
    line: &mut String,
) {
    let clerk = Clerk::of(world, Source::Decisions);
    let known = person.known_on(decision.decided);
    let names = clerk.cyrillic(&known, person.sex(), draw);
    let [latin_surname, latin_given] = clerk.latin(known.identity, 0.0, draw);
    line.push_str("{\"decision_id\": ");
    json(line, &header.id);
    push(line, format_args!(", \"version\": {}", header.version));
    member(line, "kind", decision.kind.name());
    member(line, "legal_basis", decision.legal_basis);
    member(line, "body", &world.lists.words.deciding_bodies[decision.body]);
    member(line, "region", world.pack.regions[decision.region].code.as_str());
    push(line, format_args!(", \"official_id\": \"O{official}\""));
    member_day(line, "decided_on", Some(decision.decided));
    member_day(line, "valid_from", Some(decision.decided));
    member_day(line, "valid_to", decision.until);
    member_day(line, "revoked_on", decision.revoked.map(|(day, _)| day));
    member_or_null(
        line,
        "revocation_reason",
        decision.revoked.map_or("", |(_, why)| why.name()),
    );
    member_or_null(line, "surname", &names.surname);
    member(line, "given", &names.given);
    member_or_null(line, "patronymic", &names.patronymic);
    member(
        line,
        "latin_name",
        format!("{latin_surname} {latin_given}").trim_start(),
    );
    line.push_str(", \"birth_date\": \"");
    writing::birth(line, clerk.birth(&known, decision.decided, draw), BirthForm::Iso);
    line.push('"');
    member(line, "sex", sex_latin(person.sex()));
    member(line, "citizenship", alpha3(world, known.identity));
    member_or_null(line, "document", &clerk.document(&known, draw));
    member_day(line, "recorded_on", Some(header.recorded));
    line.push('}');
}
