//! How each agency's clerks slip and how long they take. Sample: records of each source beside the person's truth.

use crate::{draw::Spread, report::Source};

/// Shares of the records of one source.
#[derive(Clone, Copy, Debug)]
pub struct Slips {
    /// Each name in another spelling by ear (`Жосур` for `Жасур`). Only where a clerk writes Cyrillic.
    pub by_ear: f64,
    /// Each name with a slip of the keyboard.
    pub keyboard: f64,
    /// Names swapped.
    pub swapped: f64,
    /// Patronymic left out, of persons who have one.
    pub no_patronymic: f64,
    /// Е for Ё, of names that hold one.
    pub no_yo: f64,
    /// Birth date wrong.
    pub birth: f64,
    /// Document number wrong.
    pub document: f64,
    /// Space after two leading letters.
    pub spaced: f64,
    /// Letters typed in Cyrillic, of numbers that hold such.
    pub cyrillic: f64,
    /// Old passport after a renewal.
    pub old_document: f64,
    /// Document left out.
    pub no_document: f64,
}

/// Of sources that write Cyrillic: 7 to 8 in 100 names differ, a quarter of them by the keyboard.
const CYRILLIC: Slips = Slips {
    by_ear: 0.057,
    keyboard: 0.018,
    swapped: 0.005,
    no_patronymic: 0.057,
    no_yo: 0.25,
    birth: 0.0115,
    document: 0.008,
    spaced: 0.0,
    cyrillic: 0.0,
    old_document: 0.0,
    no_document: 0.0,
};
const NONE: Slips = Slips {
    by_ear: 0.0,
    keyboard: 0.0,
    swapped: 0.0,
    no_patronymic: 0.0,
    no_yo: 0.0,
    birth: 0.0,
    document: 0.0,
    spaced: 0.0,
    cyrillic: 0.0,
    old_document: 0.0,
    no_document: 0.0,
};

/// By source, in the order of [`Source`].
pub const SOURCE_SLIPS: [Slips; Source::COUNT] = [
    // border: the machine reads what the clerk mistypes
    Slips {
        keyboard: 0.0053,
        swapped: 0.0022,
        birth: 0.0073,
        document: 0.0042,
        old_document: 0.005,
        ..NONE
    },
    // arrival
    Slips {
        birth: 0.0129,
        spaced: 0.29,
        cyrillic: 0.012,
        old_document: 0.10,
        swapped: 0.0055,
        ..CYRILLIC
    },
    // permits
    Slips {
        by_ear: 0.062,
        spaced: 0.30,
        cyrillic: 0.038,
        old_document: 0.17,
        ..CYRILLIC
    },
    // decisions
    Slips {
        birth: 0.005,
        no_document: 0.05,
        old_document: 0.17,
        ..CYRILLIC
    },
    // pit
    Slips {
        birth: 0.015,
        document: 0.013,
        cyrillic: 0.05,
        old_document: 0.34,
        no_document: 0.06,
        ..CYRILLIC
    },
    // sfr
    Slips {
        by_ear: 0.062,
        document: 0.005,
        cyrillic: 0.035,
        old_document: 0.16,
        no_document: 0.45,
        ..CYRILLIC
    },
    // fss
    NONE,
    // ffoms
    CYRILLIC,
    // med
    Slips {
        document: 0.0105,
        cyrillic: 0.04,
        old_document: 0.15,
        no_document: 0.017,
        ..CYRILLIC
    },
    // minobr
    Slips {
        birth: 0.0044,
        document: 0.0065,
        cyrillic: 0.012,
        old_document: 0.05,
        no_document: 0.02,
        ..CYRILLIC
    },
    // visas
    Slips {
        keyboard: 0.007,
        swapped: 0.003,
        birth: 0.0144,
        document: 0.003,
        old_document: 0.08,
        ..NONE
    },
    // accred
    Slips {
        keyboard: 0.005,
        birth: 0.005,
        document: 0.05,
        old_document: 0.08,
        ..NONE
    },
    // cik
    Slips {
        birth: 0.005,
        no_patronymic: 0.1,
        ..CYRILLIC
    },
    // contracts
    Slips {
        by_ear: 0.058,
        spaced: 0.31,
        cyrillic: 0.043,
        old_document: 0.28,
        no_document: 0.028,
        ..CYRILLIC
    },
];

/// Latin names on forms that also hold Cyrillic ones, each name. Sample: 61 of 5,350.
pub const LATIN_KEYBOARD: f64 = 0.011;

/// When a source records what happened, in days from the event.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    pub usual: Spread,
    /// Sends records again and corrects them.
    pub repeats: bool,
}

const fn times(usual: [i32; 9]) -> Times {
    Times {
        usual: Spread(usual),
        repeats: true,
    }
}

const fn once(usual: [i32; 9]) -> Times {
    Times {
        usual: Spread(usual),
        repeats: false,
    }
}

/// By source, in the order of [`Source`].
pub const SOURCE_TIMES: [Times; Source::COUNT] = [
    times([0, 0, 0, 0, 0, 1, 1, 2, 4]),
    times([0, 0, 0, 0, 2, 4, 6, 8, 14]),
    times([0, 0, 0, 0, 1, 3, 5, 6, 11]),
    once([0, 0, 0, 0, 0, 1, 3, 5, 7]),
    times([0, 0, 0, 0, 2, 4, 7, 8, 14]),
    times([25, 25, 26, 28, 31, 36, 42, 50, 60]),
    once([0, 0, 1, 3, 8, 18, 29, 33, 40]),
    times([0, 0, 0, 1, 2, 5, 8, 9, 16]),
    times([0, 0, 0, 0, 0, 1, 2, 3, 6]),
    times([0, 0, 0, 1, 4, 8, 15, 20, 28]),
    times([0, 0, 0, 0, 0, 0, 1, 1, 2]),
    once([0, 0, 0, 0, 1, 3, 4, 9, 14]),
    once([0, 0, 0, 0, 0, 0, 0, 0, 0]),
    times([0, 0, 0, 0, 0, 1, 2, 3, 5]),
];

impl Slips {
    /// The same clerks, slipping `noise` times as often.
    pub fn times(self, noise: f64) -> Self {
        let scaled = |rate: f64| (rate * noise).min(0.9);
        Self {
            by_ear: scaled(self.by_ear),
            keyboard: scaled(self.keyboard),
            swapped: scaled(self.swapped),
            no_patronymic: scaled(self.no_patronymic),
            no_yo: scaled(self.no_yo),
            birth: scaled(self.birth),
            document: scaled(self.document),
            spaced: scaled(self.spaced),
            cyrillic: scaled(self.cyrillic),
            old_document: scaled(self.old_document),
            no_document: scaled(self.no_document),
        }
    }
}
