//! Makes a world larger and noisier than the one at hand: copies of its people under other numbers and birth dates, and
//! extra slips of clerks. Reads the world's truth, to move all records of one person alike; only for measuring.

use std::{collections::HashMap, error::Error, fs, path::Path};

use records::{
    Day,
    calendar::add_days,
    document::DocumentNumber,
    envelope::Record,
    identifier::{Claimed, Identifier, PersonInn, PolicyNumber, SocialNumber},
    key::SourceRecordId,
    partial_date::PartialDate,
    payload::{Host, Payload},
    subject::Name,
};

/// Person and birth date of each record.
pub(crate) struct Truth {
    person: HashMap<(String, String), String>,
    birth: HashMap<String, PartialDate>,
}

impl Truth {
    pub(crate) fn read(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let mut person = HashMap::new();
        for line in fs::read_to_string(folder.join("links.csv"))?.lines().skip(1) {
            if let [source, id, whose] = line.split(',').collect::<Vec<_>>().as_slice() {
                person.insert(((*source).to_owned(), (*id).to_owned()), (*whose).to_owned());
            }
        }
        let people = fs::read_to_string(folder.join("people.csv"))?;
        let mut lines = people.lines();
        let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
        let column = header
            .iter()
            .position(|name| *name == "birth_date")
            .ok_or("no birth_date")?;
        let mut birth = HashMap::new();
        for line in lines {
            let fields: Vec<&str> = line.split(',').collect();
            let date = fields.get(column).copied().unwrap_or_default().replace("-00", "");
            if let Ok(date) = PartialDate::parse_iso(&date) {
                birth.insert(fields[0].to_owned(), date);
            }
        }
        Ok(Self { person, birth })
    }

    fn of(&self, record: &Record) -> Option<&String> {
        self.person.get(&(
            record.key.source.as_str().to_owned(),
            record.key.id.as_str().to_owned(),
        ))
    }
}

/// A stream of numbers that looks random and is the same on every run.
#[derive(Clone, Copy)]
struct Draw(u64);

impl Draw {
    fn seeded(text: &str, salt: u64) -> Self {
        let seed = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        let mut draw = Self(seed ^ salt.wrapping_mul(0xd6e8_feb8_6659_fd93));
        draw.below(2);
        draw
    }

    fn below(&mut self, bound: u64) -> u64 {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

/// The records and `copies - 1` more sets of them, each about other people.
pub(crate) fn copies(records: Vec<Record>, truth: &Truth, copies: u64) -> Vec<Record> {
    let mut all = records.clone();
    for copy in 1..copies {
        let cipher = Cipher::new(copy);
        for record in &records {
            if let Some(person) = truth.of(record) {
                let mut moved = record.clone();
                let id = format!("{}~{copy}", record.key.id);
                if let Ok(id) = SourceRecordId::parse(&id) {
                    moved.key.id = id;
                }
                cipher.numbers(&mut moved);
                shift_life(&mut moved, Draw::seeded(person, copy + 1000));
                if let Some(birth) = truth.birth.get(person) {
                    shift_birth(&mut moved, *birth, Draw::seeded(person, copy));
                }
                all.push(moved);
            }
        }
    }
    all
}

/// Replaces digits so that equal numbers stay equal, slips stay slips, and check digits hold.
struct Cipher {
    digits: [char; 10],
}

impl Cipher {
    fn new(copy: u64) -> Self {
        let mut digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];
        let mut draw = Draw::seeded("cipher", copy);
        for at in (1..10).rev() {
            digits.swap(at, draw.below(at as u64 + 1) as usize);
        }
        Self { digits }
    }

    fn text(&self, text: &str) -> String {
        text.chars()
            .map(|c| c.to_digit(10).map_or(c, |digit| self.digits[digit as usize]))
            .collect()
    }

    fn option(&self, text: &mut Option<String>) {
        if let Some(text) = text {
            *text = self.text(text);
        }
    }

    /// The sound number with other digits whose last `check` digits are made to match.
    fn claimed<T: Identifier>(&self, value: &Claimed<T>, check: usize) -> Claimed<T> {
        let moved = self.text(value.as_str());
        let Some(sound) = value.sound() else {
            return Claimed::new(&moved);
        };
        let head = &moved[..sound.as_str().len() - check];
        let tails = 10_u32.pow(check as u32);
        (0..tails)
            .map(|tail| format!("{head}{tail:0check$}"))
            .find_map(|text| T::parse(&text).ok())
            .map_or_else(|| Claimed::new(&moved), Claimed::Sound)
    }

    fn numbers(&self, record: &mut Record) {
        let subject = &mut record.subject;
        if let Some(document) = &mut subject.document
            && let Ok(number) = DocumentNumber::parse(&self.text(document.number.as_str()))
        {
            document.number = number;
        }
        subject.inn = subject.inn.as_ref().map(|inn| self.claimed::<PersonInn>(inn, 2));
        subject.snils = subject
            .snils
            .as_ref()
            .map(|snils| self.claimed::<SocialNumber>(snils, 2));
        subject.enp = subject
            .enp
            .as_ref()
            .map(|enp| self.claimed::<PolicyNumber>(enp, 1));
        self.option(&mut subject.student_id);
        match &mut record.payload {
            Payload::Crossing(crossing) => {
                crossing.mrz = None;
                self.option(&mut crossing.migration_card);
                self.option(&mut crossing.visa_number);
            }
            Payload::ArrivalNotice(notice) => {
                self.option(&mut notice.migration_card);
                self.option(&mut notice.visa_number);
            }
            Payload::Permit(permit) => permit.number = self.text(&permit.number),
            Payload::TaxAdvance(advance) => self.option_after_series(&mut advance.patent_number),
            Payload::MedicalPolicy(policy) => policy.policy_number = self.text(&policy.policy_number),
            Payload::Visa(visa) => visa.visa_number = self.text(&visa.visa_number),
            Payload::Accreditation(card) => {
                card.principal_card = card.principal_card.as_ref().map(|card| format!("{card}~"));
            }
            Payload::Residence(residence) => self.option_after_series(&mut residence.residence_permit),
            Payload::EmploymentNotice(notice) => self.option_after_series(&mut notice.permit_number),
            _ => {}
        }
    }

    /// Permits are ciphered but for their series, which is a region.
    fn option_after_series(&self, number: &mut Option<String>) {
        if let Some(number) = number {
            let (series, rest) = number.split_at(2.min(number.len()));
            *number = format!("{series}{}", self.text(rest));
        }
    }
}

/// Other days, another place and other hosts, so that a copy shares no history with its original.
fn shift_life(record: &mut Record, mut draw: Draw) {
    let days = draw.below(1000) as i32 - 500;
    let tag = draw.below(1_000_000);
    let moved = |day: Day| add_days(day, days).unwrap_or(day);
    record.valid.from = moved(record.valid.from);
    record.valid.until = record.valid.until.map(moved);
    if let Some(place) = &mut record.subject.birth_place {
        const TOWNS: [&str; 8] = [
            "Худжанд",
            "Бухара",
            "Ош",
            "Шеки",
            "Чанчунь",
            "Гюмри",
            "Могилёв",
            "Фергана",
        ];
        *place = TOWNS[draw.below(8) as usize].to_owned();
    }
    match &mut record.payload {
        Payload::Crossing(crossing) => {
            crossing.crossed_on = moved(crossing.crossed_on);
            let seconds = jiff::SignedDuration::from_hours(24 * i64::from(days));
            crossing.crossed_at = crossing
                .crossed_at
                .checked_add(seconds)
                .unwrap_or(crossing.crossed_at);
            crossing.document_expiry = crossing.document_expiry.map(moved);
        }
        Payload::ArrivalNotice(notice) => match &mut notice.host {
            Host::Legal { name, inn } => {
                *inn = None;
                *name = format!("{name}{}", tag % 50);
            }
            Host::Person { phone, .. } => *phone = phone.as_ref().map(|phone| format!("{phone}{}", tag % 50)),
        },
        Payload::EmploymentNotice(notice) => {
            notice.event_on = moved(notice.event_on);
            notice.employer.inn = notice
                .employer
                .inn
                .as_ref()
                .map(|inn| Claimed::new(&format!("{}{tag}", inn.as_str())));
            let ogrn = |ogrn: &Claimed<_>| Claimed::new(&format!("{}{tag}", ogrn.as_str()));
            notice.employer.ogrn = notice.employer.ogrn.as_ref().map(ogrn);
        }
        Payload::Insurance(insurance) => {
            insurance.insured.from = moved(insurance.insured.from);
            insurance.employer_ogrn = Claimed::new(&format!("{}{tag}", insurance.employer_ogrn.as_str()));
        }
        _ => {}
    }
}

/// Another birth date for the person, with the slip that the record had.
fn shift_birth(record: &mut Record, truth: PartialDate, mut draw: Draw) {
    let Some(birth) = &mut record.subject.birth else {
        return;
    };
    let years = draw.below(17) as i16 - 8;
    let (month, day) = (1 + draw.below(12) as i8, 1 + draw.below(28) as i8);
    let said = birth.date;
    let year = said.year() + years;
    let full = |month, day| PartialDate::new(year, Some(month), Some(day)).ok();
    let moved = match (said.month(), said.day()) {
        (None, _) => PartialDate::new(year, None, None).ok(),
        (Some(_), None) => PartialDate::new(year, Some(month), None).ok(),
        (Some(1), Some(1)) if truth.month() != Some(1) || truth.day() != Some(1) => full(1, 1),
        (m, d) if (m, d) == (truth.month(), truth.day()) => full(month, day),
        (m, d) if (m, d) == (truth.day(), truth.month()) => full(day, month).or_else(|| full(month, day)),
        (m, Some(d)) if m == truth.month() => {
            let off = d - truth.day().unwrap_or(d);
            full(month, (day + off).clamp(1, 28))
        }
        (Some(m), Some(d)) => full(m, d),
    };
    if let Some(moved) = moved {
        birth.date = moved;
    }
}

/// Puts one more slip into a share of names, birth dates and document numbers, in thousandths.
pub(crate) fn slips(records: &mut [Record], thousandths: u64) {
    for record in records {
        let key = record.key.to_string();
        let mut draw = Draw::seeded(&key, 77);
        for name in [&mut record.subject.latin, &mut record.subject.cyrillic]
            .into_iter()
            .flatten()
        {
            slip_name(name, &mut draw, thousandths);
        }
        if draw.below(1000) < thousandths
            && let Some(birth) = &mut record.subject.birth
        {
            slip_birth(&mut birth.date, &mut draw);
        }
        if draw.below(1000) < thousandths
            && let Some(document) = &mut record.subject.document
            && let Ok(number) =
                DocumentNumber::parse(&slip(document.number.as_str(), "0123456789", &mut draw))
        {
            document.number = number;
        }
    }
}

fn slip_name(name: &mut Name, draw: &mut Draw, thousandths: u64) {
    let cyrillic = name
        .given
        .chars()
        .chain(name.surname.chars())
        .any(|c| ('а'..='я').contains(&c));
    let letters = if cyrillic {
        "абвгдежзиклмнопрстуфхцчшэюя"
    } else {
        "ABCDEFGHIJKLMNOPQRSTUVXYZ"
    };
    let mut touch = |text: &mut String| {
        if draw.below(1000) < thousandths && text.chars().count() > 1 {
            *text = slip(text, letters, draw);
        }
    };
    touch(&mut name.surname);
    touch(&mut name.given);
    if let Some(patronymic) = &mut name.patronymic {
        touch(patronymic);
    }
    if let Some(unsplit) = &mut name.unsplit {
        touch(unsplit);
    }
    if draw.below(4000) < thousandths && !name.surname.is_empty() {
        std::mem::swap(&mut name.surname, &mut name.given);
    }
}

fn slip(text: &str, letters: &str, draw: &mut Draw) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let pool: Vec<char> = letters.chars().collect();
    let at = draw.below(chars.len() as u64) as usize;
    let other = pool[draw.below(pool.len() as u64) as usize];
    match draw.below(4) {
        0 => chars[at] = other,
        1 if at + 1 < chars.len() => chars.swap(at, at + 1),
        2 => {
            chars.remove(at);
        }
        _ => chars.insert(at, chars[at]),
    }
    chars.into_iter().collect()
}

fn slip_birth(date: &mut PartialDate, draw: &mut Draw) {
    let (year, month, day) = (date.year(), date.month(), date.day());
    let slipped = match draw.below(5) {
        0 => PartialDate::new(year, day, month),
        1 => PartialDate::new(year, month, day.map(|d| if d > 1 { d - 1 } else { d + 1 })),
        2 => PartialDate::new(year + 1, month, day),
        3 => PartialDate::new(year - 10, month, day),
        _ => PartialDate::new(year, Some(1), Some(1)),
    };
    if let Ok(slipped) = slipped {
        *date = slipped;
    }
}
