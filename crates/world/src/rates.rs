//! How often everything happens: one struct, each figure with where it comes from.
//!
//! "Sample" is the sample world of 2,000 people and 34,600 records of 2023 to 2025 that these formats were first shown
//! with; each figure was counted there, records joined with their truth. "Chosen" figures could not be counted.

use crate::draw::Spread;

mod rhythm;
mod sources;

pub use rhythm::{RHYTHMS, Rhythm};
pub use sources::{LATIN_KEYBOARD, SOURCE_SLIPS, SOURCE_TIMES, Slips, Times};

/// Shares are of the whole named in the comment; days are counted from the event named.
#[derive(Clone, Debug)]
pub struct Rates {
    // --- people
    /// Zipf exponent of name frequencies. Chosen so that the ten most frequent family names of a big list hold a
    /// quarter to a third, as among Tajiks and Uzbeks in the sample.
    pub name_zipf: f64,
    /// Person: child who comes with a parent. Sample: 124 of 2,000.
    pub child: f64,
    /// Person: spouse who comes with a worker or resident. Sample: 55 of 2,000.
    pub spouse: f64,
    /// Person: second of a pair of twins. Sample: 6 of 2,000.
    pub twin: f64,
    /// Person: child with all names of the father. Sample: 6 of 2,000.
    pub namesake: f64,
    /// Person: stranger with the names and birth date of another. Sample: 6 of 2,000.
    pub homonym: f64,
    /// Person: uses another's document on one visit. Sample: 2 of 2,000; half find no fit visit.
    pub impostor: f64,
    /// Person of a way that is banned and comes again: under other personal data. Sample: 3 of 2,000.
    pub changed_identity: f64,
    /// Person: second citizenship. Sample: 2 of 2,000.
    pub dual_citizen: f64,
    /// Birth date of which a part is unknown, of persons from countries where that occurs. Sample: 12 of 1,000.
    pub birth_date_partial: f64,
    /// Of these, the month is known. Sample: 5 of 12.
    pub birth_month_known: f64,
    /// Indian and Burmese: one name only. Sample: 4 of 35.
    pub single_name: f64,
    /// Woman of 18 to 45 takes another family name in the three years. Sample: 21 of 560.
    pub renamed: f64,
    /// Child under 14 entered in a parent's document. Sample: 31 of 110.
    pub on_parents_document: f64,
    /// Passport spells the name in its own way. Sample: 8 to 13 in 100 differ from the usual spelling of the name.
    pub own_latin_spelling: f64,
    /// Then, each of the two names. Sample: 0.7 to 0.8.
    pub own_spelling_each: f64,
    /// Papers in Russian spell the name in their own way. Sample: 14 to 17 in 100, each name.
    pub own_russian_spelling: f64,
    /// A new passport spells the name in another way. Sample: 52 of 424 (Latin), 64 of 424 (Russian).
    pub new_passport_spelling: f64,
    /// Die within the three years. Sample: 16 of 2,000, 5 of them in the country.
    pub death: f64,
    /// Ways `naturalised`: day in the window. Sample: 29 of 35, the others later.
    pub naturalised_in_window: f64,

    // --- stays and papers
    /// Visitor without visa who overstays. Sample: 19 of 1,200 visits.
    pub overstay: f64,
    /// Tourist who overstays a visa. Sample: 1 of 220.
    pub visa_overstay: f64,
    /// Worker who declares a private visit at the border. Sample: 204 of 2,600 crossings.
    pub work_declared_private: f64,
    /// Visitor on business. Sample: 157 of 989 forms.
    pub visitor_on_business: f64,
    /// Crossing missing in the extract; of Belarusians. Sample: 144 of 9,100 and 327 of 500.
    pub crossing_missing: f64,
    pub crossing_missing_belarus: f64,
    /// Machine-readable zone of a booklet not read. Sample: 182 of 8,812.
    pub mrz_missing: f64,
    /// One character of it read wrongly. Sample: about 70 of 8,630.
    pub mrz_slip: f64,
    /// EAEU citizen without migration card. Sample: 731 of 2,294.
    pub eaeu_no_card: f64,
    /// Notice of arrival by length of stay: under 3 days, to 5, to 8, longer. Sample: 14 of 138, 50 of 103, 65 of 93,
    /// 3,900 of 4,300.
    pub notice_by_length: [f64; 4],
    /// A move within the country is notified. Sample: 138 forms of type 3 for about 150 moves.
    pub move_notified: f64,
    /// Visa for two entries, by whether it is for work, study or a private visit. Sample: 151 of 390; 18 of 190.
    pub two_entries: [f64; 2],

    // --- work
    /// First day of a patent after entry. Sample: quantiles of 1,356 patents.
    pub patent_after_entry: Spread,
    /// Patent of another region than the stay. Sample: 34 of 1,356.
    pub patent_elsewhere: f64,
    /// Months paid at once: 1, 2, 3, 4. Sample: 4,509, 694, 599, 406.
    pub months_paid: [f64; 4],
    /// A payment is the last although the person stays. Sample: 8 lapsed of 155 judged, at 6 payments a patent.
    pub patent_lapses: f64,
    /// A lapsed patent is annulled. Sample: 28 of 1,742 patents annulled, nearly all lapsed.
    pub lapsed_annulled: f64,
    /// Sum short by 100 roubles. Sample: 70 of 6,279.
    pub payment_short: f64,
    /// Job in the region of another stay. Sample: 401 of 2,125.
    pub job_elsewhere: f64,
    /// Ends with the stay, else earlier. Sample: about 65 in 100.
    pub job_ends_with_stay: f64,
    /// Another job follows the first within the visit. Sample: 52 of 523 and 21 of 118.
    pub next_job: f64,
    /// A job is reported to the social fund. Sample: 1,646 of 2,125 contracts, and the jobs of before the window.
    pub insured: f64,
    /// Notice of a contract is late. Sample: 568 of 3,948.
    pub notice_late: f64,
    /// Insured job brings sick pay, child care, maternity (women). Sample: 124, 37 and 10 of 2,018.
    pub benefits: [f64; 3],
    /// Employers for each person. Sample: 120 for 2,000.
    pub employers_per_person: f64,
    /// Private hosts for each person. Sample: 412 for 2,000.
    pub hosts_per_person: f64,
    /// Host is a firm. Sample: 2,205 of 5,365.
    pub host_is_firm: f64,

    // --- decisions
    /// Expulsion ban of a person with a last visit in the window. Sample: 15 of 2,000.
    pub banned: f64,
    /// Ban after an overstay. Sample: 4 of 20.
    pub banned_after_overstay: f64,
    /// Entry in the register for an unlawful stay of 2025. Sample: 24 of about 40.
    pub put_on_register: f64,
    /// Entry in the register by mistake. Sample: 3 of 2,000, revoked within 25 days.
    pub register_mistaken: f64,
    /// Deportation of a person on the register. Sample: 1 of 24.
    pub deported: f64,
    /// Visitor refused temporary residence. Sample: 6 of 396.
    pub refused: f64,

    // --- records
    /// Record sent again under another id. Sample: 270 of 34,000.
    pub duplicate: f64,
    /// Record corrected by a second version. Sample: 389 of 34,000.
    pub corrected: f64,
    /// Line spoilt. Sample: 30 of 34,635.
    pub malformed: f64,
    /// Record 10 to 150 days late. Sample: 2 to 4 in 100.
    pub late: f64,
    /// Share of people who are judged in `status.csv` when nothing is doubtful. Sample: 138 of 2,000 people.
    pub judged: f64,
    /// The same where the answer is no, which is rare. Sample: 11 of 272 answers.
    pub judged_without_right: f64,
}

/// The rates of the sample.
pub const SAMPLE: Rates = Rates {
    name_zipf: 0.85,
    child: 0.064,
    spouse: 0.028,
    twin: 0.003,
    namesake: 0.0035,
    homonym: 0.003,
    impostor: 0.0018,
    changed_identity: 0.0015,
    dual_citizen: 0.001,
    birth_date_partial: 0.012,
    birth_month_known: 0.42,
    single_name: 0.11,
    renamed: 0.037,
    on_parents_document: 0.28,
    own_latin_spelling: 0.12,
    own_spelling_each: 0.75,
    own_russian_spelling: 0.15,
    new_passport_spelling: 0.13,
    death: 0.008,
    naturalised_in_window: 0.83,
    overstay: 0.016,
    visa_overstay: 0.005,
    work_declared_private: 0.08,
    visitor_on_business: 0.16,
    crossing_missing: 0.011,
    crossing_missing_belarus: 0.65,
    mrz_missing: 0.021,
    mrz_slip: 0.008,
    eaeu_no_card: 0.32,
    notice_by_length: [0.10, 0.49, 0.70, 0.91],
    move_notified: 0.9,
    two_entries: [0.35, 0.10],
    patent_after_entry: Spread([9, 10, 11, 16, 22, 27, 30, 31, 33]),
    patent_elsewhere: 0.025,
    months_paid: [0.726, 0.112, 0.097, 0.065],
    patent_lapses: 0.009,
    lapsed_annulled: 0.2,
    payment_short: 0.011,
    job_elsewhere: 0.19,
    job_ends_with_stay: 0.65,
    next_job: 0.11,
    insured: 0.83,
    notice_late: 0.144,
    benefits: [0.061, 0.018, 0.014],
    employers_per_person: 0.06,
    hosts_per_person: 0.206,
    host_is_firm: 0.411,
    banned: 0.0075,
    banned_after_overstay: 0.2,
    put_on_register: 0.6,
    register_mistaken: 0.0015,
    deported: 0.04,
    refused: 0.015,
    duplicate: 0.0083,
    corrected: 0.0115,
    malformed: 0.00087,
    late: 0.026,
    judged: 0.13,
    judged_without_right: 0.5,
};

impl Rates {
    /// The same world told by clerks who slip `noise` times as often; 1 is the sample.
    pub fn with_noise(mut self, noise: f64) -> Self {
        for rate in [
            &mut self.mrz_slip,
            &mut self.mrz_missing,
            &mut self.crossing_missing,
            &mut self.duplicate,
            &mut self.corrected,
            &mut self.malformed,
            &mut self.late,
        ] {
            *rate = (*rate * noise).min(0.5);
        }
        self
    }
}
