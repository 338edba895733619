//! `sojourn exchange replay`: notices are carried to the broker again.

use std::path::Path;

use exchange::{
    connection::{Patience, connect},
    outgoing::{Outgoing, Telling},
    relay::carrier,
    settings::Settings,
};
use registry::{
    access::actor::Asker,
    port::outbox::{Consumer, Receiver},
    registry::Registry,
};

use super::{Finish, args::Common, show};
use crate::{
    config::Config,
    data::DataFiles,
    installation::{self, Installation, Site, Stop},
};

/// How often in a row the broker may refuse, because the server carries at the same time.
const REFUSALS_MAX: u32 = 20;

pub(crate) async fn replay(
    common: &Common,
    path: &Path,
    from: u64,
    to: Option<Receiver>,
) -> Result<Finish, Stop> {
    let config = Config::load(path)?;
    let settings = config
        .exchange
        .ok_or("the configuration names no broker ([exchange])")?;
    let installation = Installation::at(Site {
        store: &config.store,
        keys: &config.keys,
        data: DataFiles::new(config.data),
        simulated_start: config.simulated_start,
    })
    .await?;
    let operator = installation::operator(installation::OPERATION)?;
    let carrier = carrier(&settings)?;
    let registry = &installation.registry;
    let (count, word) = match to {
        None => {
            let count = registry.carry_again(&operator, &carrier, from).await?;
            (
                count,
                "events are carried again by the server, as soon as it runs",
            )
        }
        Some(to) => {
            let again = Again {
                registry,
                operator,
                carrier,
                to,
            };
            (again.carry(&settings, from).await?, "events were carried again")
        }
    };
    if common.json {
        show::json(&serde_json::json!({ "events": count }))?;
    } else {
        show::text(&format!("{count} {word}"))?;
    }
    Ok(Finish::Done)
}

/// A replay to one receiver: carried here, beside the course of the others.
struct Again<'a> {
    registry: &'a Registry,
    operator: Asker,
    carrier: Consumer,
    to: Receiver,
}

impl Again<'_> {
    async fn carry(&self, settings: &Settings, from: u64) -> Result<u64, Stop> {
        let mut outgoing = Outgoing::over(connect(settings, Patience::Once).await?, settings.clone());
        let telling = Telling::Again {
            to: self.to.clone(),
            asked: self.registry.now(),
        };
        let mut after = from.saturating_sub(1);
        let mut count = 0;
        loop {
            let asked = self
                .registry
                .carried_to(&self.operator, &self.carrier, &self.to, after);
            let postings = asked.await?;
            let Some(last) = postings.last() else {
                return Ok(count);
            };
            after = last.notice.number;
            let mut rest = postings.as_slice();
            let mut refusals = 0;
            while !rest.is_empty() {
                let arrived = outgoing.put(&telling, rest).await;
                rest = rest.get(arrived.postings..).unwrap_or_default();
                match arrived.fault {
                    Some(fault) if refusals == REFUSALS_MAX => return Err(fault.into()),
                    Some(_) => refusals += 1,
                    None => {}
                }
            }
            count += postings.len() as u64;
        }
    }
}
