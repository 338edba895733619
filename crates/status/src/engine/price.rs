//! The monthly price of a paid document in a region, at the rate of a day, and what a sum buys.

use records::Day;

use super::law::Law;
use crate::pack::{parameter::Decimal, price};

const KOPECKS: i64 = 100;

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
    Some((law.number(&rule.base, day)?, law.decimal(&rule.deflator, day)?))
}

/// Fewest and most months that a sum can have bought.
///
/// They differ where the price is not known, and where the sum falls a little short of whole months: then an official
/// has to look at it. A month's price is known by law; or seen in other payments (`observed`), which is good only for a
/// sum that fits it; or no less than the base.
pub(crate) fn months_bought(law: Law<'_>, region: Option<&str>, day: Day, kopecks: i64) -> (i64, i64) {
    let unsaid = (i64::from(kopecks > 0), i64::from(kopecks > 0));
    let Some((prices, (base, deflator))) = law.pack.prices.as_ref().zip(base(law, day)) else {
        return unsaid;
    };
    let slip_percent = law.number(&prices.rule.slip_percent, day).unwrap_or(0);
    let price = |coefficient| Monthly {
        rub: price::monthly(base, deflator, coefficient).unwrap_or(i64::MAX),
        slip_percent,
    };
    let by_law = region.and_then(|region| prices.coefficients.on(region, day));
    let observed = region.and_then(|region| prices.observed.on(region)).map(price);
    match (by_law.map(price), observed.filter(|price| price.fits(kopecks))) {
        (Some(price), _) | (None, Some(price)) => (price.months(kopecks), price.months_with_slip(kopecks)),
        (None, None) => {
            let least = law.decimal(&prices.rule.least_coefficient, day).map(price);
            let most = least.map_or(i64::MAX, |price| price.months(kopecks));
            (unsaid.0, most.max(unsaid.0))
        }
    }
}

/// The price of a month, and by how much a payer may have missed it.
#[derive(Clone, Copy)]
struct Monthly {
    rub: i64,
    slip_percent: i64,
}

impl Monthly {
    /// Whole months. Payers round the price to roubles or to kopecks; up to a rouble a month lies between.
    fn months(self, kopecks: i64) -> i64 {
        kopecks.max(0) / self.rub.saturating_sub(1).saturating_mul(KOPECKS).max(1)
    }

    fn months_with_slip(self, kopecks: i64) -> i64 {
        self.months(kopecks.max(0).saturating_add(self.slip()))
    }

    /// A hundredth of the price in roubles is as many kopecks.
    fn slip(self) -> i64 {
        self.rub.saturating_mul(self.slip_percent)
    }

    /// Whether a sum is a multiple of the price, give or take a slip.
    fn fits(self, kopecks: i64) -> bool {
        let months = self.months_with_slip(kopecks);
        let exact = self.rub.saturating_mul(KOPECKS).saturating_mul(months);
        months > 0 && exact.abs_diff(kopecks) <= self.slip().unsigned_abs()
    }
}
