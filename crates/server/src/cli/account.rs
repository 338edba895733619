//! `sojourn account add` and `sojourn account close`.

use records::key::ProfileId;
use registry::{
    access::actor::Actor,
    account::{NewAccount, Secret},
    port::{Random, random::SystemRandom},
    registry::Registry,
};
use serde_json::json;

use super::{
    Finish,
    args::{AccountAdd, AccountRole, Common},
    show,
};
use crate::installation::{self, Stop};

/// Random bytes of a secret that is made here: 96 bits, typed by a person once.
const SECRET_BYTES: usize = 12;

pub(crate) async fn add(common: &Common, new: &AccountAdd) -> Result<Finish, Stop> {
    let installation = super::open(common).await?;
    let actor = actor(new)?;
    let role = actor.role();
    let secret = open(&installation.registry, new.login.clone(), actor).await?;
    if common.json {
        show::json(&json!({ "login": new.login, "role": role, "secret": secret }))?;
    } else {
        show::text(&format!(
            "{} may sign in with the secret {secret}\nit is shown once: only its hash is kept",
            new.login
        ))?;
    }
    Ok(Finish::Done)
}

pub(crate) async fn close(common: &Common, login: &str) -> Result<Finish, Stop> {
    let installation = super::open(common).await?;
    let asker = installation::operator(installation::OPERATION)?;
    installation.registry.close_account(&asker, login).await?;
    if common.json {
        show::json(&json!({ "login": login, "closed": true }))?;
    } else {
        show::text(&format!(
            "{login} may not sign in any more; its sessions have ended"
        ))?;
    }
    Ok(Finish::Done)
}

/// Opens an account with a secret of its own, and gives the secret.
pub(super) async fn open(registry: &Registry, login: String, actor: Actor) -> Result<String, Stop> {
    let random: &dyn Random = &SystemRandom;
    let secret = hex::encode(random.bytes::<SECRET_BYTES>()?);
    let new = NewAccount {
        login,
        secret: Secret::parse(&secret)?,
        actor,
    };
    let asker = installation::operator(installation::OPERATION)?;
    registry.open_account(&asker, new).await?;
    Ok(secret)
}

/// As whom the account acts: each role is named by what the person will see of it in the trace.
fn actor(new: &AccountAdd) -> Result<Actor, Stop> {
    let named = |given: &Option<String>, option: &str| {
        given
            .clone()
            .filter(|text| !text.trim().is_empty())
            .ok_or_else(|| {
                Stop::from(format!(
                    "this role needs --{option}: the person sees it in the trace"
                ))
            })
    };
    Ok(match new.role {
        AccountRole::Holder => Actor::Holder {
            profile: ProfileId::parse(&named(&new.profile, "profile")?)?,
        },
        AccountRole::Official => Actor::Official {
            name: named(&new.name, "name")?,
            office: named(&new.office, "office")?,
        },
        AccountRole::Verifier => Actor::Verifier {
            organisation: named(&new.office, "office")?,
        },
    })
}
