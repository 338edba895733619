//! One installation, put together: store, packs, keys and clock under the registry's use cases.

use std::{path::Path, sync::Arc};

use credential::{IssuerId, Purpose, TrustList, trust::TrustedKey};
use exchange::reading::Reading;
use jiff::{SignedDuration, Timestamp};
use profile::rules::ProfileRules;
use records::{country::Countries, region::Regions};
use registry::{
    access::{
        actor::{Actor, Asker},
        purpose::{PurposeId, Purposes},
    },
    port::{Clock, clock::SystemClock, random::SystemRandom},
    registry::{Issuing, Ports, Registry, Rules, Terms},
};
use sources::{extract::Reference, mapping_set::MappingSet};
use statistics::map::atlas::Atlas;
use status::pack::Pack;
use store::StoreUrl;

use crate::{
    data::DataFiles,
    keys::{self, KeyRing},
    simulated_clock::SimulatedClock,
};

/// What stops the program or a command of it. Printed once, with its causes, at the edge.
pub(crate) type Stop = Box<dyn std::error::Error + Send + Sync>;

/// Purpose of running the register.
pub(crate) const OPERATION: &str = "operation";
/// Purpose for which receivers read their notices.
pub(crate) const NOTICES: &str = "notices";
/// Purpose of making statistics.
pub(crate) const STATISTICS: &str = "statistics";
/// Purpose of answering at the person's request, at a desk.
pub(crate) const SUPPORT: &str = "support";

/// Name under which this installation signs, as the trust list spells it.
pub(crate) const ISSUER: &str = "SOJOURN";
/// A verifier's trust list is fresh for as long as an inspector may be without network.
const TRUST_LIST_FRESH: SignedDuration = SignedDuration::from_hours(24 * 30);
/// Signing keys are short-lived, so that a stolen one harms little; this is the longest.
const SIGNING_KEY_LIFE: SignedDuration = SignedDuration::from_hours(24 * 366);
/// The list is made anew at each start: whatever still lives was signed since.
const SIGNING_KEY_EARLY: SignedDuration = credential::statement::LIFETIME_MAX;

pub(crate) struct Installation {
    pub(crate) registry: Arc<Registry>,
    pub(crate) data: DataFiles,
}

/// Where an installation lies.
pub(crate) struct Site<'s> {
    pub(crate) store: &'s StoreUrl,
    pub(crate) keys: &'s Path,
    pub(crate) data: DataFiles,
    pub(crate) simulated_start: Option<Timestamp>,
}

impl Installation {
    pub(crate) async fn at(site: Site<'_>) -> Result<Self, Stop> {
        let rules = Rules {
            purposes: Purposes::parse(&site.data.pack_file("ru/purposes.toml")?)?,
            profile: ProfileRules::parse(&site.data.pack_file("ru/profile.toml")?)?,
            status: pack(&site.data, "ru")?,
            linkage: linkage::settings::Settings::default(),
        };
        let clock: Arc<dyn Clock> = match site.simulated_start {
            Some(start) => Arc::new(SimulatedClock::starting_at(start)),
            None => Arc::new(SystemClock),
        };
        let KeyRing { signer, keys } = keys::load(site.keys, &SystemRandom)?;
        let issuer = IssuerId::parse(ISSUER)?;
        let trust = trust_list(&issuer, &signer, clock.now())?;
        let ports = Ports {
            store: store::open(site.store.as_str()).await?,
            clock,
            random: Arc::new(SystemRandom),
            signer: Arc::new(signer),
        };
        let registry = Registry::new(ports, rules, Issuing { issuer, trust }, keys, Terms::default());
        Ok(Self {
            registry: Arc::new(registry),
            data: site.data,
        })
    }
}

/// The list by which verifiers check this installation's signatures.
pub(crate) fn trust_list(
    issuer: &IssuerId,
    signer: &credential::Es256Signer,
    now: Timestamp,
) -> Result<TrustList, Stop> {
    let key = TrustedKey {
        issuer: issuer.clone(),
        key: signer.public_key().clone(),
        valid_from: now - SIGNING_KEY_EARLY,
        valid_until: now + SIGNING_KEY_LIFE,
        purposes: Purpose::ALL.to_vec(),
    };
    Ok(TrustList::new(now, now + TRUST_LIST_FRESH, [key])?)
}

/// How extracts are read: mappings and the code lists that they use.
pub(crate) fn reading(data: &DataFiles) -> Result<Reading, Stop> {
    Ok(Reading {
        mappings: MappingSet::parse(data.mappings()?)?,
        reference: reference(data)?,
    })
}

pub(crate) fn reference(data: &DataFiles) -> Result<Reference, Stop> {
    Ok(Reference {
        countries: Countries::parse(
            &data.pack_file("ru/countries.csv")?,
            &data.pack_file("ru/country_names.csv")?,
        )?,
        regions: Regions::parse(&data.pack_file("ru/regions_ru.csv")?)?,
    })
}

/// Boundaries of the map, in the operator's view of them.
pub(crate) fn atlas(data: &DataFiles) -> Result<Atlas, Stop> {
    let boundaries = data.pack_file("gis/eaeu_adm1.geojson")?;
    let views = data.pack_file("gis/views.json")?;
    Ok(Atlas::russia(
        &boundaries,
        &views,
        None,
        &reference(data)?.regions,
    )?)
}

/// A pack of rules, by its folder.
pub(crate) fn pack(data: &DataFiles, name: &str) -> Result<Pack, Stop> {
    Ok(Pack::load(&status::pack::PackFiles::from_iter(data.pack(name)?))?)
}

/// The operator at the command line, for a purpose of the list.
pub(crate) fn operator(purpose: &str) -> Result<Asker, Stop> {
    let name = std::env::var("USER").unwrap_or_else(|_| "operator".to_owned());
    operator_named(name, purpose)
}

pub(crate) fn operator_named(name: String, purpose: &str) -> Result<Asker, Stop> {
    Ok(Asker::new(Actor::Operator { name }, PurposeId::parse(purpose)?))
}
