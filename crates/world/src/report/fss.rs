//! `fss/benefits.csv`: benefits of social insurance, by the insurance number alone.

use super::{Outbox, Source, writing::Row};
use crate::{block::Case, life::BenefitKind, slip};

pub(super) const HEADER: &str = "record_id,version,snils,benefit_kind,from,to,recorded_on\n";

/// Sample: 1 of 171.
const SNILS_SLIP: f64 = 0.006;

pub(super) fn report(case: &Case, out: &mut Outbox<'_>) {
    let Case { person, life } = case;
    for benefit in life.benefits.iter().filter(|benefit| benefit.from.in_window()) {
        out.send(Source::Fss, benefit.from, |draw, header, line| {
            let snils = person.known_on(benefit.from).snils;
            let mut row = Row::new(line, ',');
            row.text(&header.id);
            row.value(header.version);
            if draw.chance(SNILS_SLIP) {
                let at = [1, 2, 4, 5, 6, 8, 9][draw.index(7)];
                let wrong = slip::misread(snils.as_bytes()[at], draw);
                let digit = if wrong.is_ascii_digit() { wrong } else { b'0' };
                let mut told = snils.to_owned();
                told.replace_range(at..=at, &char::from(digit).to_string());
                row.text(&told);
            } else {
                row.text(snils);
            }
            row.text(match benefit.kind {
                BenefitKind::TemporaryDisability => "temporary_disability",
                BenefitKind::ChildCare => "child_care",
                BenefitKind::Maternity => "maternity",
            });
            row.iso(benefit.from);
            row.iso(benefit.to);
            row.iso(header.recorded);
        });
    }
}
