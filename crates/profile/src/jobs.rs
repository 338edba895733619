//! Pairs notices of conclusion and termination into jobs.

use std::collections::BTreeMap;

use records::payload::{EmploymentEvent, EmploymentNotice};

use crate::{event::Event, kinds::employer_key, view::Job};

/// Jobs in order of their first day.
pub(crate) fn jobs(notices: &[Event<EmploymentNotice>]) -> Vec<Job> {
    let mut by_employer: BTreeMap<String, Vec<&Event<EmploymentNotice>>> = BTreeMap::new();
    for notice in notices {
        by_employer
            .entry(employer_key(&notice.fact.employer))
            .or_default()
            .push(notice);
    }
    let mut jobs: Vec<Job> = by_employer.into_values().flat_map(with_one_employer).collect();
    jobs.sort_by(|a, b| (a.from.or(a.until), &a.cited).cmp(&(b.from.or(b.until), &b.cited)));
    jobs
}

fn with_one_employer(mut notices: Vec<&Event<EmploymentNotice>>) -> Vec<Job> {
    notices.sort_by(|a, b| {
        let key = |e: &Event<EmploymentNotice>| (e.fact.event_on, e.fact.event == EmploymentEvent::Concluded);
        key(a).cmp(&key(b)).then_with(|| a.cited.cmp(&b.cited))
    });
    let mut jobs: Vec<Job> = Vec::new();
    for notice in notices {
        let fact = &notice.fact;
        let open = jobs.last_mut().filter(|job| job.until.is_none());
        match (fact.event, open) {
            (EmploymentEvent::Concluded, Some(open)) => {
                // A new contract with the same employer: the earlier one had ended, its termination is missing.
                open.until = fact.event_on.yesterday().ok();
                open.cited.extend(notice.citations().cloned());
                jobs.push(job(notice));
            }
            (EmploymentEvent::Terminated, Some(open)) => {
                open.until = Some(fact.event_on);
                open.cited.extend(notice.citations().cloned());
            }
            (_, None) => jobs.push(job(notice)),
        }
    }
    jobs
}

fn job(notice: &Event<EmploymentNotice>) -> Job {
    let fact = &notice.fact;
    let (from, until) = match fact.event {
        EmploymentEvent::Concluded => (Some(fact.event_on), None),
        EmploymentEvent::Terminated => (None, Some(fact.event_on)),
    };
    Job {
        employer: fact.employer.clone(),
        profession: fact.profession.clone(),
        permit_number: fact.permit_number.clone(),
        from,
        until,
        cited: notice.citations().cloned().collect(),
    }
}
