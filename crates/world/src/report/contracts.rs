//! `employers/contracts.jsonl`: notices of contracts concluded and terminated.

use super::{
    Outbox, Source,
    clerk::{Clerk, alpha2, sex_cyrillic},
    outbox::Header,
    permits,
    writing::{self, BirthForm, json, member, member_day, member_or_null, push},
};
use crate::{
    block::Case,
    day_number::DayNumber,
    draw::{Draw, Spread},
    life::Job,
    world::World,
};

/// The permit is named. Sample: 1,463 of 2,082 notices about holders of one.
const NAMES_PERMIT: f64 = 0.72;
/// In time: within three days (115-FZ art. 13 p. 8). Sample.
const IN_TIME: (i32, i32) = (0, 3);
const LATE: Spread = Spread([5, 8, 11, 18, 31, 45, 54, 56, 59]);

struct Notice<'j> {
    job: &'j Job,
    kind: &'static str,
    event: DayNumber,
    notified: DayNumber,
    is_late: bool,
}

pub(super) fn report(world: &World, case: &Case, out: &mut Outbox<'_>) {
    for job in &case.life.jobs {
        let ends = job.to.map(|to| ("terminated", to));
        for (kind, event) in [Some(("concluded", job.from)), ends].into_iter().flatten() {
            if !event.in_window() {
                continue;
            }
            let is_late = out.draw().chance(world.rates.notice_late);
            let days = if is_late {
                out.draw().spread(&LATE)
            } else {
                out.draw().between(IN_TIME.0, IN_TIME.1)
            };
            let notice = Notice {
                job,
                kind,
                event,
                notified: event.plus(days),
                is_late,
            };
            out.send(Source::Contracts, notice.notified, |draw, header, line| {
                write(world, case, &notice, header, draw, line);
            });
        }
    }
}

fn write(
    world: &World,
    case: &Case,
    notice: &Notice<'_>,
    header: &Header,
    draw: &mut Draw,
    line: &mut String,
) {
    let person = &case.person;
    let job = notice.job;
    let clerk = Clerk::of(world, Source::Contracts);
    let known = person.known_on(notice.event);
    let names = clerk.cyrillic(&known, person.sex(), draw);
    line.push_str("{\"notice_id\": ");
    json(line, &header.id);
    push(line, format_args!(", \"version\": {}", header.version));
    member(line, "kind", notice.kind);
    line.push_str(", \"employer\": {\"name\": ");
    json(line, &job.employer.name);
    member(line, "inn", &job.employer.inn);
    member(line, "ogrn", &job.employer.ogrn);
    member(
        line,
        "region",
        world.pack.regions[job.employer.region].code.as_str(),
    );
    line.push_str("}, \"worker\": {\"surname\": ");
    json(line, &names.surname);
    member(line, "given", &names.given);
    member_or_null(line, "patronymic", &names.patronymic);
    line.push_str(", \"birth_date\": \"");
    writing::birth(line, clerk.birth(&known, notice.event, draw), BirthForm::Dmy);
    line.push('"');
    member(line, "sex", sex_cyrillic(person.sex()));
    member(line, "citizenship", alpha2(world, known.identity));
    member_or_null(line, "document", &clerk.document(&known, draw));
    line.push('}');
    let permit = job
        .permit
        .filter(|_| draw.chance(NAMES_PERMIT))
        .map(|at| permits::number(world, &case.life.permits[at]).join(" "));
    member_or_null(line, "permit", permit.as_deref().unwrap_or_default());
    member(line, "profession", &world.lists.words.professions[job.profession]);
    member_day(line, "event_date", Some(notice.event));
    member_day(line, "notified_on", Some(notice.notified));
    push(line, format_args!(", \"late\": {}", notice.is_late));
    member_day(line, "recorded_on", Some(header.recorded));
    line.push('}');
}
