//! The monthly price of a paid document in a region, at the rate of a day, and what a sum buys.

use records::Day;

use super::law::Law;
use crate::pack::{
    parameter::{Decimal, Quantity},
    price,
};

const KOPECKS: i64 = 100;

/// No region's coefficient is lower: the least that a month can cost.
const LEAST_COEFFICIENT: Decimal = Decimal { digits: 1, places: 0 };

/// A sum that lacks less than three in a hundred of a month's price may be a slip of the payer.
const SLIP_KOPECKS_PER_RUB: i64 = 3;

/// In full roubles; nothing when the pack does not know the region's coefficient of that year.
pub(crate) fn monthly(law: Law<'_>, region: &str, day: Day) -> Option<i64> {
    let (base, deflator) = base(law, day)?;
    price::monthly(
        base,
        deflator,
        law.pack.prices.as_ref()?.coefficients.on(region, day)?,
    )
}

fn base(law: Law<'_>, day: Day) -> Option<(i64, Decimal)> {
    let rule = &law.pack.prices.as_ref()?.rule;
    match law.parameter(&rule.deflator, day)?.quantity {
        Quantity::Decimal(deflator) => Some((law.number(&rule.base, day)?, deflator)),
        _ => None,
    }
}

/// Fewest and most months that a sum can have bought.
///
/// They differ where the price is not known, and where the sum falls a little short of whole months: then an official
/// has to look at it. A month's price is known by law, or seen in other payments (`observed`), or no less than the base.
pub(crate) fn months_bought(law: Law<'_>, region: Option<&str>, day: Day, kopecks: i64) -> (i64, i64) {
    let at_least_one = i64::from(kopecks > 0);
    let Some((base, deflator)) = base(law, day) else {
        return (at_least_one, at_least_one);
    };
    let known = |region: &str| {
        let prices = law.pack.prices.as_ref()?;
        prices
            .coefficients
            .on(region, day)
            .or_else(|| prices.observed.on(region))
    };
    let coefficient = region.and_then(known);
    let price = price::monthly(base, deflator, coefficient.unwrap_or(LEAST_COEFFICIENT)).unwrap_or(i64::MAX);
    let whole = |per_month: i64| kopecks.max(0) / per_month.max(1);
    // Payers round a month's price to roubles or to kopecks; up to a rouble a month lies between.
    let exact = price.saturating_sub(1).saturating_mul(KOPECKS);
    let with_slip = exact.saturating_sub(price.saturating_mul(SLIP_KOPECKS_PER_RUB));
    match coefficient {
        None => (at_least_one, whole(exact).max(at_least_one)),
        Some(_) => (whole(exact), whole(with_slip)),
    }
}
