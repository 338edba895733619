//! `sojourn prove`, `sojourn trust` and `sojourn verify`.

use std::{fmt, fs, io, path::Path};

use credential::{
    Answer, IssuerId, Purpose, Statement, Verdict, qr_svg, statement::Condition, verify_with_file,
};
use records::{country::Country, document::DocumentNumber, key::ProfileId, partial_date::PartialDate};
use registry::port::{Clock as _, clock::SystemClock, random::SystemRandom};
use serde::Serialize;
use serde_json::json;

use super::{
    Finish,
    args::{Common, ProofPurpose, Prove, Verify},
    show,
    withdrawn::{self, Withdrawn},
};
use crate::{
    installation::{self, Stop},
    keys,
};

/// Longest file that is looked at for a proof. A proof is far shorter.
const PROOF_FILE_MAX: u64 = 64 << 10;

/// Checks a proof by the trust list: no store, no keys, and no network unless the user names an installation to ask
/// whether the proof was withdrawn. Without that it is good until it ends, which is soon.
pub(crate) fn verify(common: &Common, verify: &Verify) -> Result<Finish, Stop> {
    let passport = Passport::told(verify)?;
    let text = proof_text(&verify.proof)?;
    let trust = fs::read_to_string(&verify.trust)
        .map_err(|error| format!("the trust list {}: {error}", verify.trust.display()))?;
    let verdict = verify_with_file(&text, &trust, verify.at.unwrap_or_else(|| SystemClock.now()));
    let bearer = match (&verdict, passport) {
        (Verdict::Valid(statement), Some(passport)) => Some(passport.bearer_of(statement)),
        _ => None,
    };
    let withdrawn = match (&verdict, &verify.withdrawn) {
        (Verdict::Valid(statement), Some(place)) => Some(withdrawn::ask(place, statement.credential)),
        _ => None,
    };
    let sound = matches!(verdict, Verdict::Valid(_))
        && bearer.is_none_or(|bearer| bearer == Bearer::Fits)
        && withdrawn.as_ref().is_none_or(Withdrawn::is_no);
    let checked = Checked {
        verdict,
        bearer,
        withdrawn,
    };
    if common.json {
        show::json(&checked)?;
    } else {
        show::text(&checked.to_string())?;
    }
    Ok(if sound { Finish::Done } else { Finish::Problems })
}

/// The passport that somebody shows together with a proof.
struct Passport {
    issuer: Country,
    number: DocumentNumber,
    born: PartialDate,
}

impl Passport {
    fn told(verify: &Verify) -> Result<Option<Self>, Stop> {
        let (Some(document), Some(born)) = (&verify.document, &verify.born) else {
            return Ok(None);
        };
        let (issuer, number) = document
            .split_once(':')
            .ok_or("say --document as ISSUER:NUMBER, UZB:AA1234567")?;
        Ok(Some(Self {
            issuer: Country::parse(issuer)?,
            number: DocumentNumber::parse(number)?,
            born: PartialDate::parse_iso(born)?,
        }))
    }

    fn bearer_of(&self, statement: &Statement) -> Bearer {
        match statement.binding {
            None => Bearer::NotBound,
            Some(binding) if binding.fits(self.issuer, &self.number, &self.born) => Bearer::Fits,
            Some(_) => Bearer::SomebodyElse,
        }
    }
}

/// Whether the proof is about whom the passport names.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Bearer {
    Fits,
    SomebodyElse,
    NotBound,
}

#[derive(Serialize)]
struct Checked {
    #[serde(flatten)]
    verdict: Verdict,
    #[serde(skip_serializing_if = "Option::is_none")]
    bearer: Option<Bearer>,
    #[serde(skip_serializing_if = "Option::is_none")]
    withdrawn: Option<Withdrawn>,
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&as_text(&self.verdict))?;
        if let Some(withdrawn) = &self.withdrawn {
            write!(f, "\n{withdrawn}")?;
        }
        match self.bearer {
            None => Ok(()),
            Some(Bearer::Fits) => f.write_str("\nthe passport FITS"),
            Some(Bearer::SomebodyElse) => f.write_str(
                "\nthe passport DOES NOT FIT: the proof is about somebody else, or about an earlier passport",
            ),
            Some(Bearer::NotBound) => {
                f.write_str("\nthe proof names no passport: it cannot be told whose it is")
            }
        }
    }
}

/// The text itself, or what the file of that name holds.
fn proof_text(proof: &str) -> Result<String, Stop> {
    let path = Path::new(proof);
    match fs::metadata(path) {
        Ok(found) if found.is_file() && found.len() <= PROOF_FILE_MAX => match fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::InvalidData => Ok(String::new()),
            read => Ok(read?),
        },
        Ok(found) if found.is_file() => Err(format!("{proof} is longer than a proof can be").into()),
        _ => Ok(proof.to_owned()),
    }
}

fn as_text(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Valid(statement) => valid_text(statement),
        Verdict::NotValid(reason) => format!("NOT VALID ({}): {reason}", reason.code()),
        Verdict::Undetermined(reason) => format!("UNDETERMINED ({}): {reason}", reason.code()),
    }
}

fn valid_text(statement: &Statement) -> String {
    let question = match statement.purpose {
        Purpose::Stay => "may stay",
        Purpose::Work => "may work",
    };
    let answer = match &statement.answer {
        Answer::Yes(grant) => {
            let until = grant
                .until
                .map_or_else(|| "without end".to_owned(), |day| format!("until {day}"));
            let regions: Vec<&str> = grant.regions.iter().map(|region| region.as_str()).collect();
            let place = if regions.is_empty() {
                String::new()
            } else {
                format!(", regions {}", regions.join(", "))
            };
            let bounds: String = grant
                .conditions
                .iter()
                .map(|&condition| bound(condition))
                .collect();
            format!("YES, {until}{place}{bounds}")
        }
        Answer::No { reason } => format!("NO ({reason})"),
        Answer::Undetermined { reason, since } => format!("UNDETERMINED since {since} ({reason})"),
    };
    format!(
        "VALID: signed by {}\n{question}: {answer}\nas of {}, to be asked again after {}",
        statement.issuer, statement.issued_at, statement.expires_at
    )
}

const fn bound(condition: Condition) -> &'static str {
    match condition {
        Condition::NamedEmployer => ", only for the employer named in the permit",
        Condition::NamedProfession => ", only in the profession named in the permit",
    }
}

/// Issues a proof at the person's request; the trace shows who did it for them.
pub(crate) async fn prove(common: &Common, prove: &Prove) -> Result<Finish, Stop> {
    let installation = super::open(common).await?;
    let asker = installation::operator(installation::SUPPORT)?;
    let purpose = match prove.proof {
        ProofPurpose::Work => Purpose::Work,
        ProofPurpose::Stay => Purpose::Stay,
    };
    let proof = installation
        .registry
        .issue_proof(&asker, ProfileId::parse(&prove.id)?, purpose)
        .await?;
    if let Some(path) = &prove.svg {
        fs::write(path, qr_svg(&proof.text, "Sojourn")?)?;
    }
    if common.json {
        show::json(&json!({ "text": proof.text.as_str(), "statement": proof.statement }))?;
    } else {
        show::text(proof.text.as_str())?;
    }
    Ok(Finish::Done)
}

/// Writes the trust list.
pub(crate) fn trust(common: &Common, out: &Path) -> Result<Finish, Stop> {
    let ring = keys::load(common.keys(), &SystemRandom)?;
    let now = common.simulated_start.unwrap_or_else(|| SystemClock.now());
    let issuer = IssuerId::parse(installation::ISSUER)?;
    let list = installation::trust_list(&issuer, &ring.signer, now)?;
    fs::write(out, list.to_json()?)?;
    if common.json {
        show::json(&json!({ "file": out, "next_update": list.next_update() }))?;
    } else {
        show::text(&format!(
            "trust list in {}, to be renewed before {}",
            out.display(),
            list.next_update()
        ))?;
    }
    Ok(Finish::Done)
}
