//! What agencies make of a life: their records, as lines of their extracts.
//!
//! One file of each source writes its form; `outbox` gives a record its id, its versions and repetitions, its day of
//! recording; `clerk` puts in the slips; `spoil` makes a few lines unreadable.
//! Invariant: a line ends with LF and holds no other.

use crate::{
    block::{Block, Case},
    world::World,
};

mod accred;
mod arrival;
mod border;
mod cik;
mod clerk;
mod contracts;
mod decisions;
mod ffoms;
mod fss;
mod med;
mod minobr;
mod outbox;
mod permits;
mod pit;
mod sfr;
mod spoil;
mod visas;
mod writing;

pub use outbox::{Line, Outbox, Spoilt, Told};

/// Sources of records of persons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Source {
    Border,
    Arrival,
    Permits,
    Decisions,
    Pit,
    Sfr,
    Fss,
    Ffoms,
    Med,
    Minobr,
    Visas,
    Accred,
    Cik,
    Contracts,
}

/// Bytes that stand around the lines of a file.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    pub head: &'static str,
    pub between: &'static str,
    pub tail: &'static str,
}

const XML_HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<arrival_forms>\n";

impl Source {
    pub const COUNT: usize = 14;
    pub const ALL: [Self; Self::COUNT] = [
        Self::Border,
        Self::Arrival,
        Self::Permits,
        Self::Decisions,
        Self::Pit,
        Self::Sfr,
        Self::Fss,
        Self::Ffoms,
        Self::Med,
        Self::Minobr,
        Self::Visas,
        Self::Accred,
        Self::Cik,
        Self::Contracts,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Border => "border",
            Self::Arrival => "arrival",
            Self::Permits => "permits",
            Self::Decisions => "decisions",
            Self::Pit => "pit",
            Self::Sfr => "sfr",
            Self::Fss => "fss",
            Self::Ffoms => "ffoms",
            Self::Med => "med",
            Self::Minobr => "minobr",
            Self::Visas => "visas",
            Self::Accred => "accred",
            Self::Cik => "cik",
            Self::Contracts => "contracts",
        }
    }

    /// Below the folder of the extracts.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Border => "border/crossings.csv",
            Self::Arrival => "mvd/arrival_forms.xml",
            Self::Permits => "mvd/permits.csv",
            Self::Decisions => "mvd/decisions.jsonl",
            Self::Pit => "fns/pit_advances.csv",
            Self::Sfr => "sfr/insured.csv",
            Self::Fss => "fss/benefits.csv",
            Self::Ffoms => "ffoms/policies.csv",
            Self::Med => "med/certificates.csv",
            Self::Minobr => "minobr/enrolments.json",
            Self::Visas => "mid/visas.csv",
            Self::Accred => "mid/accreditations.csv",
            Self::Cik => "cik/residents.csv",
            Self::Contracts => "employers/contracts.jsonl",
        }
    }

    pub const fn id_prefix(self) -> &'static str {
        match self {
            Self::Border => "BX",
            Self::Arrival => "AF",
            Self::Permits => "PM",
            Self::Decisions => "DC",
            Self::Pit => "PY",
            Self::Sfr => "IN",
            Self::Fss => "BN",
            Self::Ffoms => "PL",
            Self::Med => "MC",
            Self::Minobr => "EN",
            Self::Visas => "VS",
            Self::Accred => "AC",
            Self::Cik => "RS",
            Self::Contracts => "CN",
        }
    }

    /// Where the id begins in a line; the same in every line of a source.
    pub const fn id_offset(self) -> usize {
        match self {
            Self::Arrival => "<form id=\"".len(),
            Self::Decisions => "{\"decision_id\": \"".len(),
            Self::Minobr => "{\"enrolment_id\": \"".len(),
            Self::Contracts => "{\"notice_id\": \"".len(),
            _ => 0,
        }
    }

    pub const fn is_windows_1251(self) -> bool {
        matches!(self, Self::Permits | Self::Pit | Self::Cik)
    }

    pub fn frame(self) -> Frame {
        let lines = |head| Frame {
            head,
            between: "\n",
            tail: "\n",
        };
        match self {
            Self::Border => lines(border::HEADER),
            Self::Permits => lines(permits::HEADER),
            Self::Pit => lines(pit::HEADER),
            Self::Sfr => lines(sfr::HEADER),
            Self::Fss => lines(fss::HEADER),
            Self::Ffoms => lines(ffoms::HEADER),
            Self::Med => lines(med::HEADER),
            Self::Visas => lines(visas::HEADER),
            Self::Accred => lines(accred::HEADER),
            Self::Cik => lines(cik::HEADER),
            Self::Decisions | Self::Contracts => lines(""),
            Self::Arrival => Frame {
                head: XML_HEAD,
                between: "\n",
                tail: "\n</arrival_forms>\n",
            },
            Self::Minobr => Frame {
                head: "[\n",
                between: ",\n",
                tail: "\n]\n",
            },
        }
    }
}

/// Everything that agencies record of one person.
pub fn report(world: &World, block: &Block, case: &Case, out: &mut Outbox<'_>) {
    out.begin(&case.person);
    border::report(world, case, out);
    arrival::report(world, block, case, out);
    permits::report(world, case, out);
    decisions::report(world, case, out);
    pit::report(world, case, out);
    sfr::report(world, case, out);
    fss::report(case, out);
    ffoms::report(world, case, out);
    med::report(world, case, out);
    minobr::report(world, case, out);
    visas::report(world, case, out);
    accred::report(world, case, out);
    cik::report(world, case, out);
    contracts::report(world, case, out);
}
