//! Given and family names of a nation in its own script, as its passports spell them and as Russian papers do.

use super::ListError;
use crate::draw::{Draw, Weighted};

/// One name in its three forms.
#[derive(Clone, Copy, Debug)]
pub struct Name {
    pub native: &'static str,
    pub latin: &'static str,
    pub russian: &'static str,
}

#[derive(Debug)]
pub struct NameList {
    pub code: &'static str,
    pub male: Vec<Name>,
    pub female: Vec<Name>,
    /// A man's and a woman's form.
    pub family: Vec<[Name; 2]>,
    shares: [Weighted; 3],
}

impl NameList {
    pub fn draw_male(&self, draw: &mut Draw) -> usize {
        self.shares[0].draw(draw)
    }

    pub fn draw_female(&self, draw: &mut Draw) -> usize {
        self.shares[1].draw(draw)
    }

    pub fn draw_family(&self, draw: &mut Draw) -> usize {
        self.shares[2].draw(draw)
    }

    fn parse(code: &'static str, text: &'static str, zipf: f64) -> Result<Self, ListError> {
        let (mut male, mut female, mut family) = (Vec::new(), Vec::new(), Vec::new());
        for (at, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.starts_with('#'))
        {
            let cells: Vec<&'static str> = line.split('\t').collect();
            let name = |at: usize| Name {
                native: cells[at],
                latin: cells[at + 1],
                russian: cells[at + 2],
            };
            match (cells[0], cells.len()) {
                ("m", 4) => male.push(name(1)),
                ("f", 4) => female.push(name(1)),
                ("s", 7) => family.push([name(1), name(4)]),
                _ => {
                    return Err(ListError::Row {
                        file: code,
                        row: at + 1,
                        problem: "is neither m, f nor s with its names",
                    });
                }
            }
        }
        let shares = [male.len(), female.len(), family.len()].map(|length| Weighted::by_rank(length, zipf));
        Ok(Self {
            code,
            male,
            female,
            family,
            shares,
        })
    }
}

macro_rules! files {
    ($($code:literal),* $(,)?) => {
        [$(($code, include_str!(concat!("../../data/names/", $code, ".tsv")))),*]
    };
}

pub(super) fn load(zipf: f64) -> Result<Vec<NameList>, ListError> {
    files![
        "uzb", "tjk", "kgz", "kaz", "tkm", "aze", "arm", "geo", "ukr", "blr", "mda", "chn", "vnm", "tur",
        "ind", "kor", "deu", "lat", "slv", "arb", "afr", "asi", "heb",
    ]
    .into_iter()
    .map(|(code, text)| NameList::parse(code, text, zipf))
    .collect()
}
