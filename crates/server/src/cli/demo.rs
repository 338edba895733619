//! `sojourn demo`: an invented world from extracts to portals in one command.
//!
//! It has a store of its own and takes a day of its world for today, which every page says.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::{civil, tz};
use records::{Day, calendar::add_months, key::ProfileId};
use registry::{
    access::actor::{Actor, Asker, Role},
    registry::{AsOf, Registry},
};
use serde::Serialize;
use status::status::{Lawful, Presence};
use store::StoreUrl;
use tracing::Level;

use super::{
    Finish, account, args,
    args::Common,
    ingest, link,
    serve::{self, Serving},
    show,
};
use crate::{
    data::DataFiles,
    delivery,
    http::{
        state::{DemoSignIn, Sight},
        telemetry::{self, Telemetry},
    },
    installation::{self, Installation, Site, Stop},
    portal::visitor::Transport,
};

/// Where the demonstration keeps its store and keys; emptied at each start.
const OWN_PLACE: &str = "./var/demo";
const SMALL_WORLD: &str = "examples/world";
/// Hour at which the demonstration's day begins, in UTC.
const MORNING: civil::Time = civil::time(6, 0, 0, 0);
/// Different situations of which the demonstration shows a person each.
const HOLDERS_MAX: usize = 8;

/// Quarters for which the statistics page has tables.
const QUARTERS_SHOWN: i32 = 4;

/// One demonstration sign-in.
#[derive(Debug, Serialize)]
pub(crate) struct SignIn {
    role: Role,
    login: String,
    secret: String,
    shows: Sight,
}

impl From<SignIn> for DemoSignIn {
    fn from(sign_in: SignIn) -> Self {
        let SignIn {
            role,
            login,
            secret,
            shows,
        } = sign_in;
        Self {
            login,
            secret,
            role,
            shows,
        }
    }
}

pub(crate) async fn run(common: &Common, demo: args::Demo) -> Result<Finish, Stop> {
    let _sending = telemetry::start(Level::WARN, &Telemetry::default())?;
    let place = Place::choose(common)?;
    let start = tz::TimeZone::UTC.to_timestamp(demo.today.to_datetime(MORNING))?;
    let installation = Installation::at(Site {
        store: &place.store,
        keys: &place.keys,
        data: DataFiles::new(common.data.clone()),
        simulated_start: Some(start),
    })
    .await?;
    fill(
        common,
        &installation,
        demo.world.as_deref().unwrap_or(Path::new(SMALL_WORLD)),
    )
    .await?;
    let sign_ins = open_accounts(&installation.registry).await?;
    announce(common, &demo, &sign_ins)?;
    if demo.no_serve {
        return Ok(Finish::Done);
    }
    let serving = Serving {
        listen: demo.listen,
        transport: Transport::PlainLoopback,
        simulated_start: Some(start),
        demo_sign_ins: sign_ins.into_iter().map(DemoSignIn::from).collect(),
        statistics_days: quarter_ends_before(demo.today),
        exchange: None,
    };
    serve::portals(installation, serving).await
}

/// Last days of the four quarters before `today`, the latest first.
fn quarter_ends_before(today: Day) -> Vec<Day> {
    let months_into_quarter = i32::from((today.month() - 1) % 3);
    let mut ends = Vec::new();
    for quarter in 0..QUARTERS_SHOWN {
        let begin = add_months(today.first_of_month(), -(months_into_quarter + 3 * quarter));
        ends.extend(begin.ok().and_then(|begin| begin.yesterday().ok()));
    }
    ends
}

/// Where this demonstration lies.
struct Place {
    store: StoreUrl,
    keys: PathBuf,
}

impl Place {
    fn choose(common: &Common) -> Result<Self, Stop> {
        if let Some(store) = &common.store {
            let keys = common.keys().to_owned();
            return Ok(Self {
                store: store.clone(),
                keys,
            });
        }
        let own = Path::new(OWN_PLACE);
        if own.exists() {
            fs::remove_dir_all(own)?;
        }
        fs::create_dir_all(own)?;
        Ok(Self {
            store: StoreUrl::from(format!("sqlite:{OWN_PLACE}/sojourn.db")),
            keys: own.join("keys"),
        })
    }
}

async fn fill(common: &Common, installation: &Installation, world: &Path) -> Result<(), Stop> {
    if !world.is_dir() {
        return Err(format!(
            "{} is no directory: run the demonstration in the clone, or name a --world",
            world.display()
        )
        .into());
    }
    let asker = installation::operator(installation::OPERATION)?;
    let reading = Arc::new(installation::reading(&installation.data)?);
    let taken = delivery::take_in(&installation.registry, &asker, &reading, world).await?;
    let linked = installation.registry.link_all(&asker).await?;
    if !common.json {
        show::text(&format!(
            "{}\n\n{}\n",
            ingest::as_text(&taken),
            link::as_text(&linked)
        ))?;
    }
    Ok(())
}

async fn open_accounts(registry: &Registry) -> Result<Vec<SignIn>, Stop> {
    let office = "Ministry of the Interior, Moscow".to_owned();
    let official = |name: &str| Actor::Official {
        name: name.to_owned(),
        office: office.clone(),
    };
    let staff = [
        ("official", official("Irina Ivanova"), Sight::Office),
        ("second", official("Pavel Petrov"), Sight::Office),
        (
            "employer",
            Actor::Verifier {
                organisation: "Invented Bakery Ltd".to_owned(),
            },
            Sight::Check,
        ),
    ];
    let mut sign_ins = Vec::new();
    for (situation, profile) in situations(registry).await? {
        let login = format!("holder-{}", sign_ins.len() + 1);
        sign_ins.push(open_account(registry, login, Actor::Holder { profile }, situation).await?);
    }
    for (login, actor, shows) in staff {
        sign_ins.push(open_account(registry, login.to_owned(), actor, shows).await?);
    }
    Ok(sign_ins)
}

async fn open_account(
    registry: &Registry,
    login: String,
    actor: Actor,
    shows: Sight,
) -> Result<SignIn, Stop> {
    let role = actor.role();
    let secret = account::open(registry, login.clone(), actor).await?;
    Ok(SignIn {
        role,
        login,
        secret,
        shows,
    })
}

/// One person for each kind of situation that the rules find today, the most frequent first.
async fn situations(registry: &Registry) -> Result<Vec<(Sight, ProfileId)>, Stop> {
    let mut profiles = BTreeSet::new();
    let mut keep = |link: registry::port::link_book::OpenLink| {
        profiles.insert(link.profile);
        Ok(())
    };
    registry
        .export_links(
            &installation::operator(installation::OPERATION)?,
            None,
            registry.now(),
            &mut keep,
        )
        .await?;
    let chooser = installation::operator_named("demonstration set-up".to_owned(), installation::SUPPORT)?;
    let mut found: BTreeMap<Sight, (usize, ProfileId)> = BTreeMap::new();
    for profile in profiles {
        let Some(situation) = situation(registry, &chooser, profile).await? else {
            continue;
        };
        found
            .entry(situation)
            .and_modify(|(persons, _)| *persons += 1)
            .or_insert((1, profile));
    }
    let mut found: Vec<(Sight, usize, ProfileId)> = found
        .into_iter()
        .map(|(situation, (persons, profile))| (situation, persons, profile))
        .collect();
    found.sort_by(|a, b| (b.1, &a.0).cmp(&(a.1, &b.0)));
    Ok(found
        .into_iter()
        .take(HOLDERS_MAX)
        .map(|(situation, _, profile)| (situation, profile))
        .collect())
}

/// For the list of sign-ins; none for a person who is not in the country.
async fn situation(registry: &Registry, asker: &Asker, profile: ProfileId) -> Result<Option<Sight>, Stop> {
    let status = registry.view_status(asker, profile, AsOf::now(registry)).await?;
    Ok(match (status.presence, status.stay.lawful) {
        (Presence::In, Lawful::Yes) => Some(Sight::Lawful {
            basis: status.stay.basis,
        }),
        (Presence::In, Lawful::No) => Some(Sight::NoBasis),
        (Presence::In, Lawful::Undetermined) => Some(Sight::Undetermined),
        _ => None,
    })
}

fn announce(common: &Common, demo: &args::Demo, sign_ins: &[SignIn]) -> Result<(), Stop> {
    if common.json {
        return show::json(&serde_json::json!({
            "listen": demo.listen,
            "today": demo.today,
            "sign_ins": sign_ins,
        }));
    }
    let rows: Vec<Vec<String>> = sign_ins
        .iter()
        .map(|one| vec![one.login.clone(), one.secret.clone(), one.shows.to_string()])
        .collect();
    show::text(&format!(
        "{}\n\nToday is taken to be {}. Everybody in this world is invented.\nOpen http://{}/",
        show::table(&["login", "secret", "who"], &rows),
        demo.today,
        if demo.listen.ip().is_loopback() {
            format!("localhost:{}", demo.listen.port())
        } else {
            demo.listen.to_string()
        },
    ))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn quarters_end_before_today() {
        let ends = [
            date(2025, 9, 30),
            date(2025, 6, 30),
            date(2025, 3, 31),
            date(2024, 12, 31),
        ];
        assert_eq!(quarter_ends_before(date(2025, 12, 15)), ends);
        assert_eq!(quarter_ends_before(date(2025, 10, 1)), ends);
    }
}
