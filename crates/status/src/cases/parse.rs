//! Reads cases: every error names line and field.

use std::collections::BTreeMap;

use records::{Day, partial_date::PartialDate};
use serde_json::{Map, Value as Json};

use crate::{
    Question,
    citizenship::Citizenship,
    facts::Fact,
    history::History,
    pack::{Pack, rule::RuleId, schema::AttributeError},
};

/// A case, ready to be judged.
#[derive(Clone, Debug)]
pub struct Case {
    pub line: usize,
    pub id: String,
    pub title: String,
    pub confidence: String,
    pub history: History,
    pub question: Question,
    pub expect: Map<String, Json>,
    /// Rules that the explanation must hold, and rules that it must not.
    pub cites: Vec<RuleId>,
    pub not_applied: Vec<RuleId>,
    pub notes: Vec<String>,
}

/// Why a case was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, {field}: {problem}")]
pub struct CaseError {
    pub line: usize,
    pub id: Option<String>,
    pub field: String,
    pub problem: String,
}

const TOP: &[&str] = &[
    "id",
    "title",
    "tags",
    "confidence",
    "evidence",
    "person",
    "facts",
    "ask",
    "expect",
    "why",
    "cites",
    "not_applied",
    "amended_by",
    "conventions",
];
const PERSON: &[&str] = &["citizenships", "born", "sex", "name"];
const ASK: &[&str] = &[
    "date",
    "known_at",
    "law_known_at",
    "work_region",
    "profession",
    "as",
    "question",
    "region",
    "months",
    "amount_rub",
];
/// Spellings of the last day of a document.
const ENDS: &[&str] = &[
    "to",
    "until",
    "valid_to",
    "valid_until",
    "till",
    "expires",
    "ends",
    "contract_until",
];
/// What every kind of fact may say.
const COMMON: &[&str] = &[
    "t",
    "d",
    "from",
    "to",
    "until",
    "valid_to",
    "valid_until",
    "till",
    "expires",
    "ends",
    "contract_until",
    "rec",
    "retracted",
    "src",
];
pub(super) const EXPECT: &[&str] = &[
    "presence",
    "stay",
    "work",
    "duties",
    "duties_exact",
    "registry_grounds",
    "registered",
    "restrictions",
    "restrictions_if_registered",
    "entry",
    "risks",
    "options",
    "eligibility",
    "amount",
    "answer",
    "history",
    "conflicts",
    "missing",
    "evidence",
    "diff",
];

/// Reads all lines; empty ones are skipped.
pub fn parse(lines: &str, pack: &Pack) -> Vec<Result<Case, CaseError>> {
    let numbered = lines
        .lines()
        .enumerate()
        .filter(|(_, text)| !text.trim().is_empty());
    numbered
        .map(|(at, text)| {
            Reader {
                line: at + 1,
                id: None,
                pack,
                notes: Vec::new(),
            }
            .case(text)
        })
        .collect()
}

struct Reader<'p> {
    line: usize,
    id: Option<String>,
    pack: &'p Pack,
    notes: Vec<String>,
}

type Read<T> = Result<T, CaseError>;

impl Reader<'_> {
    fn case(mut self, text: &str) -> Read<Case> {
        let whole: Json = serde_json::from_str(text)
            .map_err(|error| self.wrong("line", format!("is no JSON object: {error}")))?;
        let Json::Object(case) = whole else {
            return Err(self.wrong("line", "is no JSON object"));
        };
        self.id = case.get("id").and_then(Json::as_str).map(str::to_owned);
        self.known(&case, TOP, "")?;
        let id = self
            .text(&case, "id", "id")?
            .ok_or_else(|| self.wrong("id", "is missing"))?;
        let question = self.question(&case)?;
        let history = self.history(&case, &question)?;
        let expect = self
            .object(&case, "expect")?
            .cloned()
            .ok_or_else(|| self.wrong("expect", "is missing"))?;
        self.known(&expect, EXPECT, "expect.")?;
        Ok(Case {
            line: self.line,
            id,
            title: self.text(&case, "title", "title")?.unwrap_or_default(),
            confidence: self.text(&case, "confidence", "confidence")?.unwrap_or_default(),
            history,
            question,
            expect,
            cites: self.rules(&case, "cites")?,
            not_applied: self.rules(&case, "not_applied")?,
            notes: self.notes,
        })
    }

    fn wrong(&self, field: &str, problem: impl Into<String>) -> CaseError {
        CaseError {
            line: self.line,
            id: self.id.clone(),
            field: field.to_owned(),
            problem: problem.into(),
        }
    }

    fn known(&self, object: &Map<String, Json>, keys: &[&str], within: &str) -> Read<()> {
        match object.keys().find(|key| !keys.contains(&key.as_str())) {
            Some(key) => Err(self.wrong(&format!("{within}{key}"), "is not a key of the format")),
            None => Ok(()),
        }
    }

    fn object<'j>(&self, parent: &'j Map<String, Json>, key: &str) -> Read<Option<&'j Map<String, Json>>> {
        match parent.get(key) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::Object(object)) => Ok(Some(object)),
            Some(_) => Err(self.wrong(key, "is no object")),
        }
    }

    fn text(&self, parent: &Map<String, Json>, key: &str, field: &str) -> Read<Option<String>> {
        match parent.get(key) {
            None | Some(Json::Null) => Ok(None),
            Some(Json::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(self.wrong(field, "is no text")),
        }
    }

    fn day(&self, parent: &Map<String, Json>, key: &str, field: &str) -> Read<Option<Day>> {
        let text = self.text(parent, key, field)?;
        text.map(|text| {
            text.parse()
                .map_err(|_| self.wrong(field, format!("{text} is no day")))
        })
        .transpose()
    }

    fn number(&self, parent: &Map<String, Json>, key: &str, field: &str) -> Read<Option<i64>> {
        match parent.get(key) {
            None | Some(Json::Null) => Ok(None),
            Some(number) => number
                .as_i64()
                .map(Some)
                .ok_or_else(|| self.wrong(field, "is no whole number")),
        }
    }

    fn rules(&self, case: &Map<String, Json>, key: &str) -> Read<Vec<RuleId>> {
        let list = match case.get(key) {
            None | Some(Json::Null) => return Ok(Vec::new()),
            Some(Json::Array(list)) => list,
            Some(_) => return Err(self.wrong(key, "is no list")),
        };
        let rule = |id: &Json| {
            let id = id
                .as_str()
                .map(RuleId::from)
                .ok_or_else(|| self.wrong(key, "holds something else than ids"))?;
            let known = self.pack.rules.contains_key(&id);
            if known {
                Ok(id)
            } else {
                Err(self.wrong(key, format!("{id} is not a rule of the pack")))
            }
        };
        list.iter().map(rule).collect()
    }

    fn history(&mut self, case: &Map<String, Json>, question: &Question) -> Read<History> {
        let person = self
            .object(case, "person")?
            .ok_or_else(|| self.wrong("person", "is missing"))?;
        self.known(person, PERSON, "person.")?;
        let listed = match person.get("citizenships") {
            Some(Json::Array(list)) => list.as_slice(),
            None => &[],
            Some(_) => return Err(self.wrong("person.citizenships", "is no list")),
        };
        let citizenship = |code: &Json| {
            let parsed = code.as_str().map(Citizenship::parse);
            parsed.and_then(Result::ok).ok_or_else(|| {
                self.wrong(
                    "person.citizenships",
                    format!("{code} is neither two capital letters nor XXA"),
                )
            })
        };
        let citizenships = listed.iter().map(citizenship).collect::<Read<Vec<_>>>()?;
        let born = self.text(person, "born", "person.born")?;
        let born = born
            .map(|text| {
                PartialDate::parse_iso(&text)
                    .map_err(|error| self.wrong("person.born", format!("{text} {error}")))
            })
            .transpose()?;
        let facts = match case.get("facts") {
            Some(Json::Array(list)) => list.as_slice(),
            None => &[],
            Some(_) => return Err(self.wrong("facts", "is no list")),
        };
        let mut read = Vec::with_capacity(facts.len());
        for (at, fact) in facts.iter().enumerate() {
            read.push(self.fact(at, fact, question)?);
        }
        Ok(History::new(citizenships, born, read))
    }

    fn fact(&mut self, at: usize, raw: &Json, question: &Question) -> Read<Fact> {
        let place = |key: &str| format!("facts[{at}].{key}");
        let Json::Object(fields) = raw else {
            return Err(self.wrong(&format!("facts[{at}]"), "is no object"));
        };
        let name = self
            .text(fields, "t", &place("t"))?
            .ok_or_else(|| self.wrong(&place("t"), "is missing"))?;
        let kind = self.pack.schema.kind(&name).ok_or_else(|| {
            let known: Vec<&str> = self.pack.schema.kinds().collect();
            self.wrong(
                &place("t"),
                format!("{name} is no type of fact; known are {}", known.join(", ")),
            )
        })?;
        let day = self.day(fields, "d", &place("d"))?;
        let from = self.day(fields, "from", &place("from"))?;
        let first = day
            .or(from)
            .ok_or_else(|| self.wrong(&place("d"), "neither d nor from is given"))?;
        let from = from.unwrap_or(first);
        let mut until = None;
        for key in ENDS {
            until = until.or(self.day(fields, key, &place(key))?);
        }
        if until.is_some_and(|until| until < from) {
            return Err(self.wrong(&place("until"), "lies before the beginning"));
        }
        let mut attributes = BTreeMap::new();
        for (key, value) in fields.iter().filter(|(key, _)| !COMMON.contains(&key.as_str())) {
            match self.pack.schema.read(&kind, key, value, &mut attributes) {
                Ok(()) => {}
                Err(error @ AttributeError::Form { .. }) => {
                    return Err(self.wrong(&place(key), format!("{value} {error}")));
                }
                Err(error) => self
                    .notes
                    .push(format!("{}: {value} {error}; it was left aside", place(key))),
            }
        }
        self.pack.schema.complete(&kind, &mut attributes);
        // What only says from when it holds came about at some time before; it is known when all is known.
        let came_about = match (day, question.known_at) {
            (None, None) => first.min(question.on),
            (Some(_), _) | (None, Some(_)) => first,
        };
        Ok(Fact {
            day: first,
            kind,
            from,
            until,
            attributes,
            recorded: self.day(fields, "rec", &place("rec"))?.unwrap_or(came_about),
            retracted: self.day(fields, "retracted", &place("retracted"))?,
            source: self.text(fields, "src", &place("src"))?,
            reference: None,
        })
    }

    fn question(&mut self, case: &Map<String, Json>) -> Read<Question> {
        let ask = self
            .object(case, "ask")?
            .ok_or_else(|| self.wrong("ask", "is missing"))?;
        self.known(ask, ASK, "ask.")?;
        let on = self
            .day(ask, "date", "ask.date")?
            .ok_or_else(|| self.wrong("ask.date", "is missing"))?;
        let role = self.text(ask, "as", "ask.as")?;
        let treated_as = role.as_deref().and_then(|role| Citizenship::parse(role).ok());
        if let Some(role) = role.filter(|_| treated_as.is_none()) {
            self.notes
                .push(format!("ask.as: {role} changes nothing in the answer"));
        }
        let question = self.text(ask, "question", "ask.question")?;
        let asked = question.as_deref();
        if asked.is_some_and(|name| !self.pack.knows_question(name)) {
            self.notes.push(format!(
                "ask.question: {} is no question of the pack",
                asked.unwrap_or_default()
            ));
        }
        Ok(Question {
            known_at: self.day(ask, "known_at", "ask.known_at")?,
            law_known_at: self.day(ask, "law_known_at", "ask.law_known_at")?,
            work_region: self.text(ask, "work_region", "ask.work_region")?,
            profession: self.text(ask, "profession", "ask.profession")?,
            treated_as,
            question,
            region: self.text(ask, "region", "ask.region")?,
            months: self.number(ask, "months", "ask.months")?,
            amount_rub: self.number(ask, "amount_rub", "ask.amount_rub")?,
            ..Question::on(on)
        })
    }
}
