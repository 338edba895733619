//! `ffoms/policies.csv`: medical insurance.

use super::{
    Outbox, Source,
    clerk::{Clerk, numeric, sex_latin},
    writing::{BirthForm, Row},
};
use crate::{block::Case, day_number::WINDOW_START, world::World};

pub(super) const HEADER: &str = "record_id,version,policy_kind,policy_no,surname,given,patronymic,birth_date,sex,\
    citizenship,valid_from,valid_to,insurer,recorded_on\n";

pub(super) fn report(world: &World, case: &Case, out: &mut Outbox<'_>) {
    let Case { person, life } = case;
    let clerk = Clerk::of(world, Source::Ffoms);
    let words = &world.lists.words;
    for policy in &life.policies {
        if policy.until.is_some_and(|until| until < WINDOW_START) {
            continue;
        }
        let insurers = if policy.is_compulsory {
            &words.compulsory_insurers
        } else {
            &words.voluntary_insurers
        };
        out.send(Source::Ffoms, policy.from, |draw, header, line| {
            let known = person.known_on(policy.from);
            let names = clerk.cyrillic(&known, person.sex(), draw);
            let mut row = Row::new(line, ',');
            row.text(&header.id);
            row.value(header.version);
            row.text(if policy.is_compulsory { "OMS" } else { "DMS" });
            row.text(&policy.number);
            row.text(&names.surname);
            row.text(&names.given);
            row.text(&names.patronymic);
            row.birth(clerk.birth(&known, policy.from, draw), BirthForm::IsoFull);
            row.text(sex_latin(person.sex()));
            row.text(numeric(world, known.identity));
            row.iso(policy.from);
            row.iso_or_empty(policy.until);
            let insurer: &String = draw.pick(insurers);
            row.text(insurer);
            row.iso(header.recorded);
        });
    }
}
