//! `fns/pit_advances.csv`: advances of income tax on patents.

use super::{
    Outbox, Source,
    clerk::Clerk,
    outbox::Header,
    permits,
    writing::{BirthForm, Row, push},
};
use crate::{block::Case, day_number::WINDOW_START, draw::Draw, life::Payment, slip, world::World};

pub(super) const HEADER: &str =
    "ИД_ПЛАТЕЖА|ВЕРСИЯ|ИНН|ФИО|ДАТА_РОЖД|ДОКУМЕНТ|ДАТА_УПЛАТЫ|СУММА|РЕГИОН|НОМЕР_ПАТЕНТА|ДАТА_ЗАГРУЗКИ\n";

/// Payments of the last days before the window are recorded in it.
const BEFORE_WINDOW_DAYS: i32 = 10;
/// What a payer writes: the taxpayer's number only, the patent's only, else both. Sample: 2,738, 1,790 and 1,751.
const ONLY_INN: f64 = 0.436;
const ONLY_PATENT: f64 = 0.285;
/// A digit of the taxpayer's number wrong. Sample: 8 of 4,488.
const INN_SLIP: f64 = 0.0018;
/// Series and number of the patent set apart. Sample: 1,225 of 3,541.
const SPACED: f64 = 0.346;

pub(super) fn report(world: &World, case: &Case, out: &mut Outbox<'_>) {
    for payment in &case.life.payments {
        if payment.day >= WINDOW_START.minus(BEFORE_WINDOW_DAYS) {
            out.send(Source::Pit, payment.day, |draw, header, line| {
                write(world, case, payment, header, draw, line);
            });
        }
    }
}

fn write(world: &World, case: &Case, payment: &Payment, header: &Header, draw: &mut Draw, line: &mut String) {
    let person = &case.person;
    let clerk = Clerk::of(world, Source::Pit);
    let known = person.known_on(payment.day);
    let names = clerk.cyrillic(&known, person.sex(), draw);
    let told = draw.unit();
    let (tells_inn, tells_patent) = (
        !(ONLY_INN..ONLY_INN + ONLY_PATENT).contains(&told),
        told >= ONLY_INN,
    );
    let mut row = Row::new(line, '|');
    row.text(&header.id);
    row.value(header.version);
    let inn = row.next();
    if tells_inn {
        if draw.chance(INN_SLIP) {
            inn.push_str(&slip::mistyped_number(known.inn, draw));
        } else {
            inn.push_str(known.inn);
        }
    }
    let whole: Vec<&str> = [&names.surname, &names.given, &names.patronymic]
        .into_iter()
        .map(String::as_str)
        .filter(|name| !name.is_empty())
        .collect();
    row.text(&whole.join(" ").to_uppercase());
    row.birth(clerk.birth(&known, payment.day, draw), BirthForm::DmyFull);
    row.text(&clerk.document(&known, draw));
    row.dmy(payment.day);
    push(
        row.next(),
        format_args!("{},{:02}", payment.kopecks / 100, payment.kopecks % 100),
    );
    row.text(world.pack.regions[payment.region].code.as_str());
    let [series, number] = permits::number(world, &case.life.permits[payment.permit]);
    let patent = row.next();
    if tells_patent {
        let space = if draw.chance(SPACED) { " " } else { "" };
        push(patent, format_args!("{series}{space}{number}"));
    }
    row.dmy(header.recorded);
}
