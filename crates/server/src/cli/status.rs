//! `sojourn status ID`.

use std::collections::BTreeSet;

use records::{Day, key::ProfileId};
use status::{
    pack::{Pack, rule::RuleId, text::Language},
    status::{Because, Duty, DutyStatus, Lawful, RegionsOfWork, Status, Verdict, Who},
};

use super::{
    Finish,
    args::{Common, View},
    profile::as_of,
    show,
};
use crate::installation::{self, Stop};

pub(crate) async fn run(common: &Common, view: &View) -> Result<Finish, Stop> {
    let installation = super::open(common).await?;
    let asker = installation::operator_named(view.why.official.clone(), &view.why.purpose)?;
    let as_of = as_of(&installation, view);
    let status = installation
        .registry
        .view_status(&asker, ProfileId::parse(&view.id)?, as_of)
        .await?;
    if common.json {
        show::json(&status)?;
    } else {
        show::text(&as_text(&status, installation.registry.pack()))?;
    }
    Ok(Finish::Done)
}

fn as_text(status: &Status, pack: &Pack) -> String {
    let mut lines = vec![format!("on {}", status.on)];
    let lawful = match status.stay.lawful {
        Lawful::Yes => "lawful",
        Lawful::No => "NOT lawful",
        Lawful::Tolerated => "tolerated",
        Lawful::Undetermined => "UNDETERMINED",
        Lawful::NotPresent => "not in the country",
    };
    lines.push(format!(
        "stay   {lawful} ({}), {}",
        status.stay.basis,
        until(status.stay.until)
    ));
    lines.extend(why(&status.stay.because, pack));
    let allowed = match status.work.allowed {
        Verdict::Yes => "allowed",
        Verdict::No => "NOT allowed",
        Verdict::Undetermined => "UNDETERMINED",
    };
    let place = match &status.work.regions {
        Some(RegionsOfWork::Only(regions)) => format!(", regions {}", listed(regions)),
        Some(RegionsOfWork::Any) | None => String::new(),
    };
    lines.push(format!(
        "work   {allowed} ({}){place}, {}",
        status.work.basis,
        until(status.work.until)
    ));
    lines.extend(why(&status.work.because, pack));
    for duty in &status.duties {
        lines.push(duty_line(duty));
        lines.extend(why(&duty.because, pack));
    }
    for missing in &status.missing {
        lines.push(format!("missing {}", missing.fact));
    }
    lines.join("\n")
}

fn until(day: Option<Day>) -> String {
    day.map_or_else(|| "no end".to_owned(), |day| format!("until {day}"))
}

fn listed(regions: &BTreeSet<String>) -> String {
    regions.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

fn duty_line(duty: &Duty) -> String {
    let by = duty.by.map_or_else(String::new, |by| format!(" by {by}"));
    let who = match duty.who {
        Who::Person => "person",
        Who::Host => "host",
        Who::Employer => "employer",
    };
    format!("duty   {}: {}{by}, {who}", duty.code, state(duty.status))
}

fn state(status: DutyStatus) -> &'static str {
    match status {
        DutyStatus::Open => "open",
        DutyStatus::Overdue => "overdue",
        DutyStatus::Done => "done",
        DutyStatus::DoneLate => "done late",
        DutyStatus::Exempt => "exempt",
        DutyStatus::Voluntary => "voluntary",
        DutyStatus::Conditional => "conditional",
        DutyStatus::NotApplicable => "does not apply",
        DutyStatus::Undetermined => "undetermined",
    }
}

/// The words, then each rule with its citation, then the records.
fn why(because: &Because, pack: &Pack) -> Vec<String> {
    let mut lines = Vec::new();
    if !because.text.key.is_empty() {
        lines.push(format!(
            "         {}",
            pack.texts.say(&because.text, Language::English)
        ));
    }
    let cited = |rule: &RuleId| {
        format!(
            "         {rule}: {}",
            pack.citation(rule).unwrap_or("not in this pack")
        )
    };
    lines.extend(because.rules.iter().map(cited));
    if !because.facts.is_empty() {
        let facts: Vec<String> = because.facts.iter().map(ToString::to_string).collect();
        lines.push(format!("         rests on {}", facts.join(", ")));
    }
    lines
}
