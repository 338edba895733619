//! The setting of a world: its seed and size, its rates, lists and pack, and every kind of number that is given once.

use crate::{
    draw::{Draw, Topic, Weighted, mix},
    lists::{ListError, Lists},
    numbering::{Permutation, digits, firm_inn, person_inn, policy_number, register_number, snils},
    pack::Pack,
    rates::{Rates, SAMPLE, SOURCE_SLIPS, Slips},
    report::Source,
    slip::BirthDate,
};

/// People that one world may hold: as many as two passports each of one series of seven digits.
pub const PEOPLE_MAX: u64 = 5_000_000;
/// Travel documents of one person.
pub const DOCUMENTS_MAX: u64 = 2;
/// Records that one person may have in one source.
pub const RECORDS_MAX: u64 = 1_000;
/// Numbers of one kind (patents, visas, migration cards) that one person may have.
pub const PAPERS_MAX: u64 = 64;

#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    #[error("a world has 1 to {PEOPLE_MAX} people")]
    People,
    #[error("noise is a number from 0 to {NOISE_MAX}")]
    Noise,
    #[error(transparent)]
    Lists(#[from] ListError),
    #[error("the pack lacks the region {0}")]
    Region(String),
}

/// Ten times the slips of the sample: beyond, most records would be spoilt.
pub const NOISE_MAX: f64 = 10.0;

/// What makes one world differ from another.
#[derive(Clone, Copy, Debug)]
pub struct Recipe {
    pub seed: u64,
    pub people: u64,
    /// How often clerks slip, 1 as in the sample.
    pub noise: f64,
}

/// Kinds of numbers that are given once.
#[derive(Clone, Copy, Debug)]
enum Kind {
    Person = 1,
    Snils,
    Inn,
    Student,
    Patent,
    WorkPermit,
    Residence,
    TemporaryResidence,
    Card,
    Visa,
    Voluntary,
    Compulsory,
    Firm,
    Phone,
    Document = 100,
    Record = 1_000,
}

/// Numbers given once, each kind a permutation of its own.
#[derive(Debug)]
struct Numbers {
    person: Permutation,
    snils: Permutation,
    inn: Permutation,
    student: Permutation,
    patent: Permutation,
    work_permit: Permutation,
    residence: Permutation,
    temporary_residence: Permutation,
    card: Permutation,
    visa: Permutation,
    voluntary: Permutation,
    compulsory: Permutation,
    firm: Permutation,
    phone: Permutation,
    records: [Permutation; Source::COUNT],
}

const TEN_DIGITS: u64 = 10_000_000_000;

impl Numbers {
    fn new(seed: u64) -> Self {
        let of = |kind: Kind, size| Permutation::new(seed, kind as u64, size);
        Self {
            person: of(Kind::Person, TEN_DIGITS),
            snils: of(Kind::Snils, 997_000_000),
            inn: of(Kind::Inn, 100_000_000),
            student: of(Kind::Student, 100_000_000),
            patent: of(Kind::Patent, 1_000_000_000),
            work_permit: of(Kind::WorkPermit, 10_000_000),
            residence: of(Kind::Residence, 10_000_000),
            temporary_residence: of(Kind::TemporaryResidence, 10_000_000),
            card: of(Kind::Card, TEN_DIGITS),
            visa: of(Kind::Visa, 800_000_000),
            voluntary: of(Kind::Voluntary, TEN_DIGITS),
            compulsory: of(Kind::Compulsory, 10_000_000_000_000),
            firm: of(Kind::Firm, 10_000_000),
            phone: of(Kind::Phone, 1_000_000_000),
            records: std::array::from_fn(|source| {
                Permutation::new(seed, Kind::Record as u64 + source as u64, TEN_DIGITS)
            }),
        }
    }
}

/// An invented employer; hosts and workers share them.
#[derive(Clone, Debug)]
pub struct Employer {
    pub name: String,
    pub inn: String,
    pub ogrn: String,
    /// Place in the pack's list of regions.
    pub region: usize,
}

#[derive(Debug)]
pub struct World {
    pub recipe: Recipe,
    pub rates: Rates,
    pub slips: [Slips; Source::COUNT],
    pub lists: Lists,
    pub pack: Pack,
    /// How many live in each region: by place in [`Pack::regions`].
    pub region_shares: Weighted,
    /// Cities of each region, by the same place.
    pub cities: Vec<Vec<String>>,
    employers: Vec<u64>,
    hosts: Vec<u64>,
    numbers: Numbers,
}

impl World {
    pub fn new(recipe: Recipe, pack: Pack) -> Result<Self, WorldError> {
        if !(1..=PEOPLE_MAX).contains(&recipe.people) {
            return Err(WorldError::People);
        }
        if !(0.0..=NOISE_MAX).contains(&recipe.noise) {
            return Err(WorldError::Noise);
        }
        let lists = Lists::load(SAMPLE.name_zipf)?;
        let mut weights = vec![0.0; pack.regions.len()];
        let mut cities = vec![Vec::new(); pack.regions.len()];
        for place in &lists.places {
            let at = pack
                .region(&place.region)
                .ok_or_else(|| WorldError::Region(place.region.clone()))?;
            weights[at] = place.weight;
            cities[at] = place.cities.split(';').map(str::to_owned).collect();
        }
        let region_shares = Weighted::new(weights);
        let in_region = |per_person: f64, region: usize| {
            ((recipe.people as f64 * per_person * region_shares.share(region)).ceil() as u64).max(1)
        };
        let regions = 0..pack.regions.len();
        Ok(Self {
            employers: regions
                .clone()
                .map(|region| in_region(SAMPLE.employers_per_person, region))
                .collect(),
            hosts: regions
                .map(|region| in_region(SAMPLE.hosts_per_person, region))
                .collect(),
            rates: SAMPLE.with_noise(recipe.noise),
            slips: SOURCE_SLIPS.map(|slips| slips.times(recipe.noise)),
            numbers: Numbers::new(recipe.seed),
            lists,
            pack,
            region_shares,
            cities,
            recipe,
        })
    }

    pub fn draw(&self, number: u64, topic: Topic) -> Draw {
        Draw::keyed(self.recipe.seed, number, topic)
    }

    pub fn person_id(&self, person: u64) -> String {
        format!("P{:010}", self.numbers.person.at(person))
    }

    pub fn snils(&self, person: u64) -> String {
        // Numbers up to 001-001-998 have no check digits.
        snils(&digits(2_000_000 + self.numbers.snils.at(person), 9))
    }

    pub fn inn(&self, person: u64, region: usize) -> String {
        let code = self.pack.regions[region].code;
        person_inn(&format!("{code}{:08}", self.numbers.inn.at(person)))
    }

    pub fn student_id(&self, person: u64) -> String {
        format!("ST{:08}", self.numbers.student.at(person))
    }

    /// Ten digits of a patent, the first 0.
    pub fn patent_number(&self, person: u64, paper: u64) -> String {
        digits(self.numbers.patent.at(person * PAPERS_MAX + paper), 10)
    }

    /// Seven digits of a work permit; these run out and repeat in large worlds, as they do in life.
    pub fn work_permit_number(&self, person: u64, paper: u64) -> String {
        digits(self.numbers.work_permit.at(person * PAPERS_MAX + paper), 7)
    }

    pub fn residence_number(&self, person: u64) -> String {
        digits(self.numbers.residence.at(person), 7)
    }

    pub fn temporary_residence_number(&self, person: u64) -> String {
        digits(self.numbers.temporary_residence.at(person), 7)
    }

    /// Number of a migration card: `0651 1202195`.
    pub fn card_number(&self, person: u64, paper: u64) -> String {
        let number = self.numbers.card.at(person * PAPERS_MAX + paper);
        format!("{:04} {:07}", number / 10_000_000, number % 10_000_000)
    }

    pub fn visa_number(&self, person: u64, paper: u64) -> String {
        digits(200_000_000 + self.numbers.visa.at(person * PAPERS_MAX + paper), 9)
    }

    pub fn voluntary_policy(&self, person: u64, paper: u64) -> String {
        format!(
            "DMS-{:010}",
            self.numbers.voluntary.at(person * PAPERS_MAX + paper)
        )
    }

    /// One for life, whoever insures (326-FZ art. 45).
    pub fn compulsory_policy(&self, person: u64, region: usize) -> String {
        let number = self.numbers.compulsory.at(person);
        policy_number(&format!("{}{number:013}", self.pack.regions[region].code))
    }

    /// Number of one of a person's travel documents, by the shape of its series; no two of a series are the same.
    pub fn document_number(&self, person: u64, which: u64, country: &str, shape: &str) -> String {
        const LETTERS: &[u8] = b"ABCEFHKLMPRTVX";
        let radix = |sign: char| match sign {
            '#' => 10,
            '@' => LETTERS.len() as u64,
            _ => 1,
        };
        let size: u64 = shape.chars().map(radix).product();
        let series = country
            .bytes()
            .chain(shape.bytes())
            .fold(Kind::Document as u64, |tag, byte| mix(tag ^ u64::from(byte)));
        let mut rest = Permutation::new(self.recipe.seed, series, size).at(person * DOCUMENTS_MAX + which);
        shape
            .chars()
            .map(|sign| {
                let place = rest % radix(sign);
                rest /= radix(sign);
                match sign {
                    '#' => char::from(b'0' + place as u8),
                    '@' => char::from(LETTERS[place as usize]),
                    _ => sign,
                }
            })
            .collect()
    }

    /// Id of a person's `nth` record in a source.
    pub fn record_id(&self, source: Source, person: u64, nth: u64) -> String {
        let number = self.numbers.records[source as usize].at(person * RECORDS_MAX + nth);
        format!("{}{number:010}", source.id_prefix())
    }

    pub fn draw_region(&self, draw: &mut Draw) -> usize {
        self.region_shares.draw(draw)
    }

    /// One of the employers of a region; there are as many as the people of a world need.
    pub fn employer(&self, region: usize, draw: &mut Draw) -> Employer {
        let nth = draw.below(self.employers[region]);
        let number = (nth * self.pack.regions.len() as u64) + region as u64;
        let mut own = self.draw(number, Topic::Employer);
        let words = &self.lists.words;
        let code = self.pack.regions[region].code;
        let serial = self.numbers.firm.at(number);
        let year = own.between(2, 22);
        if own.chance(0.17) {
            let initials = [own.pick(&words.initials), own.pick(&words.initials)];
            return Employer {
                name: format!(
                    "ИП {} {}.{}.",
                    own.pick(&words.trader_surnames),
                    initials[0],
                    initials[1]
                ),
                inn: person_inn(&format!("{code}{:08}", serial + 10_000_000)),
                ogrn: register_number(&format!("3{year:02}{code}{:09}", serial * 37)),
                region,
            };
        }
        let suffix = if nth > 0 && own.chance(0.3) {
            format!("-{nth}")
        } else {
            String::new()
        };
        Employer {
            name: format!(
                "ООО \"{}{}{suffix}\"",
                own.pick(&words.firm_beginnings),
                own.pick(&words.firm_endings)
            ),
            inn: firm_inn(&format!("{code}{serial:07}")),
            ogrn: register_number(&format!("1{year:02}{code}{serial:07}")),
            region,
        }
    }

    /// Name and telephone of one of the private hosts of a region.
    pub fn host(&self, region: usize, draw: &mut Draw) -> (String, String) {
        let nth = draw.below(self.hosts[region]);
        let number = nth * self.pack.regions.len() as u64 + region as u64;
        let mut own = self.draw(number, Topic::Host);
        let words = &self.lists.words;
        let ending = if own.chance(0.5) { "" } else { "а" };
        let name = format!(
            "{}{ending} {}. {}.",
            own.pick(&words.host_men),
            own.pick(&words.initials),
            own.pick(&words.initials)
        );
        (name, format!("+79{:09}", self.numbers.phone.at(number)))
    }

    /// Persons of some countries do not know their birthday.
    pub fn may_lack_birthday(country: &str) -> bool {
        matches!(
            country,
            "TJK" | "KGZ" | "UZB" | "IND" | "AFG" | "PAK" | "BGD" | "SYR" | "COD"
        )
    }

    /// With the unknown part that `rates` give to some.
    pub fn draw_birth(&self, mut birth: BirthDate, country: &str, draw: &mut Draw) -> BirthDate {
        if Self::may_lack_birthday(country) && draw.chance(self.rates.birth_date_partial) {
            birth.day = 0;
            if !draw.chance(self.rates.birth_month_known) {
                birth.month = 0;
            }
        }
        birth
    }
}
