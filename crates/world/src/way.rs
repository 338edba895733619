//! Ways of life: what brings a person to the country and what follows from it.

/// The order is that of the columns of `data/citizenships.csv`, then those who come with somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    Visitor,
    Long,
    Tourist,
    EaeuWorker,
    VisaWorker,
    Seasonal,
    Transit,
    Rvp,
    Vnzh,
    Student,
    Hqs,
    Naturalised,
    Diplomat,
    Child,
    Spouse,
}

impl Way {
    pub const ALL: [Self; 15] = [
        Self::Visitor,
        Self::Long,
        Self::Tourist,
        Self::EaeuWorker,
        Self::VisaWorker,
        Self::Seasonal,
        Self::Transit,
        Self::Rvp,
        Self::Vnzh,
        Self::Student,
        Self::Hqs,
        Self::Naturalised,
        Self::Diplomat,
        Self::Child,
        Self::Spouse,
    ];
    /// Ways that a person has alone.
    pub const ALONE: usize = 13;

    /// As `people.csv` and the table of citizenships name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Visitor => "visitor",
            Self::Long => "long",
            Self::Tourist => "tourist",
            Self::EaeuWorker => "eaeu_worker",
            Self::VisaWorker => "visa_worker",
            Self::Seasonal => "seasonal",
            Self::Transit => "transit",
            Self::Rvp => "rvp",
            Self::Vnzh => "vnzh",
            Self::Student => "student",
            Self::Hqs => "hqs",
            Self::Naturalised => "naturalised",
            Self::Diplomat => "diplomat",
            Self::Child => "child",
            Self::Spouse => "spouse",
        }
    }

    /// Works under a patent.
    pub const fn takes_patents(self) -> bool {
        matches!(self, Self::Long | Self::Seasonal)
    }

    /// Settled enough for a family to come along.
    pub const fn brings_family(self) -> bool {
        matches!(
            self,
            Self::Long
                | Self::EaeuWorker
                | Self::VisaWorker
                | Self::Rvp
                | Self::Vnzh
                | Self::Student
                | Self::Hqs
                | Self::Diplomat
        )
    }

    pub const fn purpose(self) -> Purpose {
        match self {
            Self::Long | Self::EaeuWorker | Self::VisaWorker | Self::Seasonal | Self::Rvp | Self::Hqs => {
                Purpose::Work
            }
            Self::Tourist => Purpose::Tourism,
            Self::Transit => Purpose::Transit,
            Self::Student => Purpose::Study,
            Self::Diplomat => Purpose::Official,
            Self::Visitor | Self::Vnzh | Self::Naturalised | Self::Child | Self::Spouse => Purpose::Private,
        }
    }
}

/// Purpose of a visit, by the code list of the migration card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    Official,
    Tourism,
    Business,
    Study,
    Work,
    Private,
    Transit,
}

impl Purpose {
    pub const fn code(self) -> &'static str {
        match self {
            Self::Official => "01",
            Self::Tourism => "02",
            Self::Business => "03",
            Self::Study => "04",
            Self::Work => "05",
            Self::Private => "06",
            Self::Transit => "07",
        }
    }

    /// Kind of visa for it.
    pub const fn visa(self) -> &'static str {
        match self {
            Self::Official => "diplomatic",
            Self::Tourism => "tourist",
            Self::Business => "business",
            Self::Study => "study",
            Self::Work => "work",
            Self::Private => "private",
            Self::Transit => "transit",
        }
    }
}
