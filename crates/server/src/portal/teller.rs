//! Puts a status in the reader's words.
//!
//! In: a status and the pack's texts. Out: conclusions as lines of text with their laws and records.
//! Not here: the conclusions themselves (`status`).

use fluent_templates::fluent_bundle::FluentValue;
use records::Day;
use status::{
    pack::{Pack, text as pack_text},
    status::{
        Advice, Because, Duty, DutyStatus, Lawful, RegionsOfWork, Status, Stay, Text, Verdict, Who, Work,
    },
};

use super::{
    conclusions::{Answer, Conclusions, DutyLine, Notice, Point, Reader, RecordLine, Shape, Step, Why},
    text::Language,
    words::{Words, code},
};

/// Records that one reason lists.
const RECORDS_SHOWN_MAX: usize = 20;

/// The pack's words in the reader's language.
pub(crate) struct Teller<'a> {
    pub(crate) words: Words<'a>,
    pub(crate) pack: &'a Pack,
    pub(crate) reader: Reader,
}

impl Teller<'_> {
    pub(crate) fn conclusions(&self, status: &Status) -> Conclusions {
        let mut duties: Vec<&Duty> = status.duties.iter().collect();
        duties.sort_by_key(|duty| (duty.by.is_none(), duty.by, duty.code.clone()));
        let (next, settled): (Vec<_>, Vec<_>) = duties.into_iter().partition(|duty| duty.status.binds());
        Conclusions {
            stay: self.stay(&status.stay),
            work: self.work(&status.work),
            next: next.into_iter().map(|duty| self.duty(duty, status.on)).collect(),
            settled: settled
                .into_iter()
                .filter(|duty| duty.status != DutyStatus::NotApplicable)
                .map(|duty| self.duty(duty, status.on))
                .collect(),
            notices: self.notices(status),
        }
    }

    fn say(&self, key: &str) -> String {
        self.words.language.say(key)
    }

    fn say_day(&self, key: &str, name: &'static str, day: Day) -> String {
        self.words
            .language
            .say_with(key, &[(name, FluentValue::from(self.words.language.day(day)))])
    }

    /// The question in the reader's person.
    fn question(&self, holder: &str, official: &str) -> String {
        self.say(match self.reader {
            Reader::Holder => holder,
            Reader::Official => official,
        })
    }

    fn stay(&self, stay: &Stay) -> Answer {
        let (shape, says) = match (stay.lawful, stay.until) {
            (Lawful::Yes | Lawful::Tolerated, Some(until)) => {
                (Shape::Yes, self.say_day("stay-yes-until", "until", until))
            }
            (Lawful::Yes | Lawful::Tolerated, None) => (Shape::Yes, self.say("stay-yes-open")),
            (Lawful::No, _) => (Shape::No, self.say("stay-no")),
            (Lawful::Undetermined, _) => (Shape::Unsure, self.say("stay-unsure")),
            (Lawful::NotPresent, _) => (
                Shape::Unsure,
                self.question("stay-absent", "stay-absent-official"),
            ),
        };
        let mut lines = Vec::new();
        if let (Lawful::No, Some(until)) = (stay.lawful, stay.until) {
            lines.push(self.say_day("ended-on", "day", until));
        }
        lines.extend(match stay.lawful {
            Lawful::Yes | Lawful::Tolerated => self.basis(&stay.basis),
            Lawful::No | Lawful::Undetermined | Lawful::NotPresent => self.named(&stay.because),
        });
        if stay.lawful == Lawful::Undetermined {
            lines.push(self.say("unsure-todo"));
        }
        let question = self.question("stay-question", "stay-question-official");
        Answer {
            shape,
            question,
            says,
            lines,
            why: self.why(&stay.because),
        }
    }

    fn work(&self, work: &Work) -> Answer {
        let (shape, says) = match (work.allowed, work.until) {
            (Verdict::Yes, Some(until)) => (Shape::Yes, self.say_day("work-yes-until", "until", until)),
            (Verdict::Yes, None) => (Shape::Yes, self.say("work-yes-open")),
            (Verdict::No, _) => (Shape::No, self.say("work-no")),
            (Verdict::Undetermined, _) => (Shape::Unsure, self.say("work-unsure")),
        };
        let mut lines = Vec::new();
        if let (Verdict::No, Some(until)) = (work.allowed, work.until) {
            lines.push(self.say_day("ended-on", "day", until));
        }
        if work.allowed == Verdict::Yes {
            lines.extend(work.regions.as_ref().map(|regions| self.regions(regions)));
            lines.extend(work.profession.as_ref().map(|profession| {
                self.words
                    .language
                    .say_with("profession-line", &[("profession", profession.as_str().into())])
            }));
        }
        if work.allowed != Verdict::Yes {
            lines.extend(self.named(&work.because));
        }
        if work.allowed == Verdict::Undetermined {
            lines.push(self.say("unsure-todo"));
        }
        let question = self.question("work-question", "work-question-official");
        Answer {
            shape,
            question,
            says,
            lines,
            why: self.why(&work.because),
        }
    }

    fn regions(&self, regions: &RegionsOfWork) -> String {
        match regions {
            RegionsOfWork::Any => self.say("regions-everywhere"),
            RegionsOfWork::Only(codes) => {
                let named: Vec<String> = codes.iter().map(|code| self.region(code)).collect();
                self.words
                    .language
                    .say_with("regions-only", &[("regions", named.join(", ").into())])
            }
        }
    }

    fn region(&self, code: &str) -> String {
        self.words
            .language
            .find(&format!("region-{code}"))
            .unwrap_or_else(|| code.to_owned())
    }

    fn duty(&self, duty: &Duty, on: Day) -> DutyLine {
        let (state, state_css) = match duty.status {
            DutyStatus::Open => ("duty-due", "due"),
            DutyStatus::Overdue => ("duty-late", "late"),
            DutyStatus::Done => ("duty-done", "done"),
            DutyStatus::DoneLate => ("duty-done-late", "done"),
            DutyStatus::Exempt | DutyStatus::NotApplicable => ("duty-exempt", "none"),
            DutyStatus::Voluntary => ("duty-voluntary", "none"),
            DutyStatus::Conditional => ("duty-conditional", "none"),
            DutyStatus::Undetermined => ("duty-unknown", "due"),
        };
        let mut lines: Vec<String> = Vec::new();
        lines.extend(duty.done.map(|day| self.say_day("duty-done-on", "day", day)));
        lines.extend(duty.safe_by.map(|day| self.say_day("duty-safe-by", "day", day)));
        if let (DutyStatus::Open, Some(by)) = (duty.status, duty.by) {
            let left = by.duration_since(on).as_hours() / 24;
            let days = self.words.language.say_with("count-days", &[("n", left.into())]);
            lines.push(
                self.words
                    .language
                    .say_with("duty-left", &[("days", days.into())]),
            );
        }
        DutyLine {
            when: match (duty.by, duty.status) {
                (Some(by), _) => self.say_day("duty-by", "day", by),
                (None, DutyStatus::Overdue) => self.say("duty-now"),
                (None, _) => self.say("duty-no-day"),
            },
            state: self.say(state),
            state_css,
            what: self.said(&Text::new(format!("duty.{}", duty.code))),
            who: self.who(duty.who),
            lines,
            why: self.why(&duty.because),
        }
    }

    fn who(&self, who: Who) -> String {
        match (who, self.reader) {
            (Who::Person, Reader::Holder) => self.say("who-you"),
            (who, _) => self.say(&format!("who-{}", code(&who))),
        }
    }

    /// What can be done, what stands against the person, what may follow; a group without points is left out.
    fn notices(&self, status: &Status) -> Vec<Notice> {
        let advised = |advice: &[Advice]| advice.iter().map(|advice| self.point(&advice.because)).collect();
        let grounds = (status.registered || status.register_grounds.present == Verdict::Yes)
            .then(|| self.point(&status.register_grounds.because));
        let bans = status.entry.iter().flat_map(|entry| &entry.bans);
        let title = if status.registered {
            "notice-registered"
        } else {
            "notice-grounds"
        };
        let mut notices: Vec<Notice> = [
            ("notice-option", advised(&status.options)),
            (title, grounds.into_iter().collect()),
            ("notice-ban", bans.map(|ban| self.point(&ban.because)).collect()),
            ("notice-risk", advised(&status.risks)),
        ]
        .into_iter()
        .map(|(title, points)| Notice {
            title: self.say(title),
            points,
        })
        .collect();
        notices.retain(|notice| !notice.points.is_empty());
        notices
    }

    fn point(&self, because: &Because) -> Point {
        Point {
            says: self.named(because).join(" "),
            why: self.why(because),
        }
    }

    /// On what the stay rests, where the pack has a word for it.
    fn basis(&self, basis: &str) -> Vec<String> {
        if !self.pack.texts.contains(&format!("basis.{basis}")) {
            return Vec::new();
        }
        let said = self.basis_name(basis);
        vec![
            self.words
                .language
                .say_with("stay-basis", &[("basis", said.into())]),
        ]
    }

    pub(crate) fn basis_name(&self, basis: &str) -> String {
        self.said(&Text::new(format!("basis.{basis}")))
    }

    /// The text of a reason, where it has one.
    fn named(&self, because: &Because) -> Vec<String> {
        if because.text.key.is_empty() {
            Vec::new()
        } else {
            vec![self.said(&because.text)]
        }
    }

    fn why(&self, because: &Because) -> Why {
        let rules = because.rules.iter().filter_map(|rule| self.pack.rules.get(rule));
        let steps = rules.map(|rule| match self.words.language {
            Language::Russian if !rule.summary_ru.is_empty() => Step {
                says: rule.summary_ru.clone(),
                law: rule.citation_ru.clone(),
            },
            Language::Russian | Language::English => Step {
                says: rule.summary.clone(),
                law: rule.citation.clone(),
            },
        });
        let records = because.facts.iter().filter_map(|fact| {
            let reference = fact.record.as_ref()?;
            let kind = self.words.language.find(&format!("fact-{}", fact.kind));
            let fills = [
                (
                    "kind",
                    FluentValue::from(kind.unwrap_or_else(|| fact.kind.to_string())),
                ),
                (
                    "source",
                    FluentValue::from(self.words.source(reference.key.source.as_str())),
                ),
                ("day", FluentValue::from(self.words.language.day(fact.day))),
            ];
            let says = self.words.language.say_with("why-record", &fills);
            Some(RecordLine {
                says,
                id: format!("{} v{}", reference.key, reference.version),
            })
        });
        Why {
            summary: self.say("why-summary"),
            steps: steps.collect(),
            records: records.take(RECORDS_SHOWN_MAX).collect(),
        }
    }

    /// A text of the pack; the days and regions among its arguments read as the language writes them.
    fn said(&self, text: &Text) -> String {
        let mut told = text.clone();
        for (name, value) in &mut told.arguments {
            if let Ok(day) = value.parse::<Day>() {
                *value = self.words.language.day(day);
            } else if name == "region" {
                *value = self.region(value);
            }
        }
        let language = match self.words.language {
            Language::Russian => pack_text::Language::Russian,
            Language::English => pack_text::Language::English,
        };
        self.pack.texts.say(&told, language)
    }
}
