//! The types of values by the names that mappings use.

use serde::Deserialize;

/// What a mapping calls the types of values. Parameters: `shape` (`#` is a digit) for `id`, `text` and `permit-number`;
/// `codes` for `code`; `min` and `max` for `whole`; `fields` for `list`.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum TypeName {
    /// The source's id of the record; another shape sets the line aside.
    Id,
    Whole,
    /// As written; another shape is a doubt.
    Text,
    /// On a list, or the line is set aside.
    Code,
    /// `2024-03-09`.
    DayIso,
    /// `09.03.2024`.
    DayDmy,
    /// `20240309`.
    DayYmd,
    /// Unknown parts are left out (`1985-03`, `1985`).
    BirthIso,
    /// Unknown parts are written as 1.
    BirthIsoFull,
    /// Unknown parts are `00`.
    BirthDmy,
    /// Unknown parts are written as 1.
    BirthDmyFull,
    /// Unknown parts are `00`.
    BirthYmd,
    /// A date with unknown parts of somebody else than the subject.
    PartialDateIso,
    /// RFC 3339 with its offset.
    Instant,
    /// The day of such a time as its own clock shows it.
    LocalDay,
    /// `6250,00` roubles, in kopecks.
    MoneyComma,
    /// Codes of regions become those of the tax service.
    RegionTaxService,
    RegionOkato,
    RegionOktmo,
    /// Codes and names of countries become ISO 3166-1 alpha-3.
    CountryAlpha2,
    CountryAlpha3,
    CountryNumeric,
    CountryRussian,
    /// Number of an identity document; an unreadable one is a doubt.
    Document,
    /// Series and number, without spaces.
    PermitNumber,
    /// A number whose check digit fails is kept with a doubt.
    PersonInn,
    FirmInn,
    RegisterNumber,
    Snils,
    Enp,
    /// Two or three lines of a machine-readable zone, from as many places.
    Mrz,
    /// An element that repeats, each with fields of its own.
    List,
}
