//! The monthly price of a paid document in a region, at the rate of a day.

use records::Day;

use super::law::Law;
use crate::pack::{parameter::Quantity, price};

/// In full roubles; nothing when the pack does not know the region's coefficient of that year.
pub(crate) fn monthly(law: Law<'_>, region: &str, day: Day) -> Option<i64> {
    let rule = &law.pack.price;
    let base = law.number(&rule.base, day)?;
    let deflator = match law.parameter(&rule.deflator, day)?.quantity {
        Quantity::Decimal(decimal) => decimal,
        _ => return None,
    };
    price::monthly(base, deflator, law.pack.coefficients.on(region, day)?)
}
