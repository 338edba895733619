//! Names of things in the reader's language: countries, regions, agencies, codes of the domain.

use credential::ReasonCode;
use profile::{cite::Citation, timeline::What};
use records::{
    Day,
    country::{Countries, Country},
    partial_date::PartialDate,
    payload::Host,
    region::RegionCode,
    span::Span,
    subject::Name,
};
use serde::Serialize;

use super::text::Language;

/// Sources that one line names before it only counts.
const SOURCES_SHOWN_MAX: usize = 4;

/// A language together with the lists that name countries.
#[derive(Clone, Copy)]
pub(crate) struct Words<'a> {
    pub(crate) language: Language,
    pub(crate) countries: &'a Countries,
}

/// The code under which a value of the domain is written: `work_permit`.
pub(crate) fn code<T: Serialize>(value: &T) -> String {
    // A code is a plain string by definition of the enums that come here; anything else shows as nothing.
    serde_json::to_value(value)
        .ok()
        .and_then(|json| json.as_str().map(str::to_owned))
        .unwrap_or_default()
}

impl Words<'_> {
    /// The word for a code of the domain: key `prefix-code`.
    pub(crate) fn of<T: Serialize>(&self, prefix: &str, value: &T) -> String {
        self.language.say(&format!("{prefix}-{}", code(value)))
    }

    pub(crate) fn country(&self, country: Country) -> String {
        let row = self.countries.row(country);
        row.map(|row| match self.language {
            Language::Russian => row.name_ru.clone(),
            Language::English => row.name_en.clone(),
        })
        .unwrap_or_else(|| country.to_string())
    }

    pub(crate) fn region(&self, region: RegionCode) -> String {
        let key = format!("region-{}", region.as_str());
        self.language
            .find(&key)
            .unwrap_or_else(|| region.as_str().to_owned())
    }

    pub(crate) fn source(&self, name: &str) -> String {
        self.language
            .find(&format!("source-{name}"))
            .unwrap_or_else(|| name.to_owned())
    }

    /// Detail of a moment: a region, the kind of a permit or a decision, else words of the source.
    pub(crate) fn moment_detail(&self, what: What, detail: &str) -> String {
        let of = |prefix: &str| self.language.find(&format!("{prefix}-{detail}"));
        let said = match what {
            What::Registered
            | What::RegistrationProlonged
            | What::AddressChanged
            | What::RegistrationEnds
            | What::ResidentListed => of("region"),
            What::PermitIssued | What::PermitEnds | What::PermitAnnulled => of("kind-permit"),
            What::DecisionTaken | What::DecisionRevoked | What::DecisionEnds => of("decision"),
            What::TaxPaid => Some(format!("{detail} ₽")),
            _ => None,
        };
        said.unwrap_or_else(|| detail.to_owned())
    }

    /// Why an answer is not a plain yes.
    pub(crate) fn reason(&self, reason: &ReasonCode) -> String {
        let key = format!("reason-{}", reason.as_str().replace('.', "-"));
        self.language
            .find(&key)
            .unwrap_or_else(|| self.language.say("reason-other"))
    }

    /// `29 мая 1985 г.`, `май 1985 г.`, `1985`.
    pub(crate) fn partial_date(&self, date: &PartialDate) -> String {
        match (date.full(), date.month()) {
            (Some(day), _) => self.language.day(day),
            (None, Some(month)) => self.language.month(date.year(), month),
            (None, None) => date.year().to_string(),
        }
    }

    pub(crate) fn span(&self, span: Span) -> String {
        self.between(span.from, span.until)
    }

    pub(crate) fn between(&self, from: Day, until: Option<Day>) -> String {
        let from = self.language.day(from);
        match until {
            Some(until) => {
                let until = self.language.day(until);
                self.language
                    .say_with("span-closed", &[("from", from.into()), ("until", until.into())])
            }
            None => self.language.say_with("span-open", &[("from", from.into())]),
        }
    }

    /// Who says so and when: agency and the day on which it took the record in, each agency once.
    pub(crate) fn sources(&self, cited: &[Citation]) -> String {
        let mut named: Vec<&str> = Vec::new();
        let mut lines = Vec::new();
        for citation in cited {
            let source = citation.source().as_str();
            if named.contains(&source) {
                continue;
            }
            named.push(source);
            let day = self.language.day(citation.recorded_on);
            let fills = [("source", self.source(source).into()), ("day", day.into())];
            lines.push(self.language.say_with("data-recorded", &fills));
        }
        let more = lines.len().saturating_sub(SOURCES_SHOWN_MAX);
        lines.truncate(SOURCES_SHOWN_MAX);
        if more > 0 {
            lines.push(self.language.say_with("data-more-sources", &[("n", more.into())]));
        }
        self.language
            .say_with("data-source-list", &[("sources", lines.join("; ").into())])
    }
}

/// A name as one line, as it is written.
pub(crate) fn name_line(name: &Name) -> String {
    if let Some(unsplit) = &name.unsplit {
        return unsplit.clone();
    }
    let parts = [Some(&name.surname), Some(&name.given), name.patronymic.as_ref()];
    let kept: Vec<&str> = parts
        .into_iter()
        .flatten()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
        .collect();
    kept.join(" ")
}

pub(crate) fn host_name(host: &Host) -> &str {
    match host {
        Host::Legal { name, .. } | Host::Person { name, .. } => name,
    }
}
