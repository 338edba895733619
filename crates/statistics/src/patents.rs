//! Patents in force: issued, and paid for the day (115-FZ art. 13.3 p. 5).
//!
//! A payment buys whole months. How many, its amount tells: the price of a month in a region and year is the amount
//! of which most payments there are whole multiples. Months count from the day of issue, so a payment is for the
//! month that begins next on its day. Paid time that has run out is not revived (the patent ends), and nobody pays
//! for a patent that has ended: a payment that leaves at most `missing_payment_months` unpaid before it shows that
//! an earlier one is missing from the records. For a patent older than the days observed the earlier ones are.

use std::collections::BTreeMap;

use profile::extract::{PaymentRow, PermitRow, Row};
use records::{Day, payload::PermitType, region::RegionCode};

use crate::{
    counts::{Code, Counts, Dimension},
    evidence::days,
    register::Register,
};

/// A patent runs for at most a year from its issue.
const MONTHS_MAX: i64 = 12;
/// A payment this near to a whole multiple of the price is one: clerks round.
const TOLERANCE_PERMILLE: i128 = 20;
/// The first payment is made before the patent is handed out, at most so many days.
const PAID_AHEAD_DAYS: i32 = 60;

/// Patents in force at each of `on_days` by region.
pub fn patents(register: &Register, on_days: &[Day]) -> Counts {
    let prices = Prices::of(register.persons().iter().map(|person| &person.row));
    let mut counts = Counts::new(vec![Dimension::Date, Dimension::Region]);
    for person in register.persons() {
        for (at, permit) in person.row.permits.iter().enumerate() {
            if permit.permit_type != PermitType::Patent {
                continue;
            }
            let Some(paid_until) = paid_until(&person.row, at, permit, &prices, register) else {
                continue;
            };
            let until = permit.until.map_or(paid_until, |end| end.min(paid_until));
            for &day in on_days.iter().filter(|&&day| permit.from <= day && day <= until) {
                counts.add(vec![
                    Code::new(day.to_string()),
                    Code::region(Some(permit.region)),
                ]);
            }
        }
    }
    counts
}

/// Last day paid for.
fn paid_until(row: &Row, at: usize, permit: &PermitRow, prices: &Prices, register: &Register) -> Option<Day> {
    let mut payments: Vec<&PaymentRow> = row
        .payments
        .iter()
        .filter(|payment| belongs(row, payment, at, permit))
        .collect();
    payments.sort_by_key(|payment| payment.paid_on);
    let bridged = register.rules().patents.missing_payment_months;
    let mut paid = 0;
    for (place, payment) in payments.iter().enumerate() {
        let begins = month_begun_next(permit.from, payment.paid_on);
        let unseen = place == 0 && permit.from < register.observed().from;
        if begins > paid + bridged && !unseen {
            break;
        }
        paid = (paid.max(begins) + prices.months(payment)).min(MONTHS_MAX);
    }
    if paid == 0 {
        None
    } else {
        month_of(permit.from, paid).yesterday().ok()
    }
}

/// First day of the month of a patent, counted from 0.
fn month_of(issued: Day, month: i64) -> Day {
    issued.saturating_add(jiff::Span::new().months(month))
}

/// Number of the patent's month that begins on or after the day.
fn month_begun_next(issued: Day, on: Day) -> i64 {
    (0..MONTHS_MAX)
        .find(|&month| on <= month_of(issued, month))
        .unwrap_or(MONTHS_MAX)
}

/// A payment belongs to the patent that it names; one that names none to the patent of its region that runs, or
/// begins soon, on its day. The latest such patent takes it.
fn belongs(row: &Row, payment: &PaymentRow, at: usize, permit: &PermitRow) -> bool {
    if let Some(named) = payment.permit {
        return named == at;
    }
    let fits = |permit: &PermitRow| {
        permit.permit_type == PermitType::Patent
            && permit.region == payment.region
            && days(payment.paid_on, permit.from) <= PAID_AHEAD_DAYS
            && permit.until.is_none_or(|until| payment.paid_on <= until)
    };
    let running = |permit: &PermitRow| fits(permit) && permit.from <= payment.paid_on;
    let later_taker = row.permits.iter().enumerate().any(|(other, candidate)| {
        other != at
            && fits(candidate)
            && match (running(candidate), running(permit)) {
                (true, false) => true,
                (false, true) => false,
                _ => (candidate.from, other) > (permit.from, at),
            }
    });
    fits(permit) && !later_taker
}

/// Price of a month by region and year, in kopecks.
struct Prices(BTreeMap<(RegionCode, i16), i64>);

impl Prices {
    fn of<'a>(rows: impl Iterator<Item = &'a Row>) -> Self {
        let mut amounts: BTreeMap<(RegionCode, i16), BTreeMap<i64, usize>> = BTreeMap::new();
        for payment in rows
            .flat_map(|row| &row.payments)
            .filter(|payment| payment.amount_kopecks > 0)
        {
            let known = amounts
                .entry((payment.region, payment.paid_on.year()))
                .or_default();
            *known.entry(payment.amount_kopecks).or_default() += 1;
        }
        Self(
            amounts
                .into_iter()
                .filter_map(|(key, known)| Some((key, likeliest_price(&known)?)))
                .collect(),
        )
    }

    fn months(&self, payment: &PaymentRow) -> i64 {
        let price = self
            .0
            .get(&(payment.region, payment.paid_on.year()))
            .copied()
            .unwrap_or(payment.amount_kopecks);
        // Rounds to the nearest: an amount short by some roubles still pays its months.
        (payment.amount_kopecks.saturating_add(price / 2) / price.max(1)).clamp(1, MONTHS_MAX)
    }
}

/// The stated amount of which most payments are whole multiples; of equals the greatest, lest a divisor win.
fn likeliest_price(amounts: &BTreeMap<i64, usize>) -> Option<i64> {
    let explained = |price: i64| -> usize {
        let fits = |amount: i64| {
            let months = amount.saturating_add(price / 2) / price;
            let off = i128::from(amount) - i128::from(months) * i128::from(price);
            (1..=MONTHS_MAX).contains(&months) && off.abs() * 1000 <= TOLERANCE_PERMILLE * i128::from(amount)
        };
        amounts
            .iter()
            .filter(|(amount, _)| fits(**amount))
            .map(|(_, payments)| payments)
            .sum()
    };
    amounts
        .keys()
        .copied()
        .max_by_key(|&price| (explained(price), price))
}
