//! The registry: its ports, its rules and its keys, on which every use case is a method.

use std::sync::Arc;

use aws_lc_rs::hmac;
use credential::{IssuerId, Signer, TrustList};
use jiff::{SignedDuration, Timestamp, tz};
use records::Day;
use sha2::{Digest as _, Sha256};

use crate::{
    access::purpose::Purposes,
    document_looks::DocumentLooks,
    gather::{Gather, Grouped},
    port::{Clock, Random, Store},
    sessions::Sessions,
};

/// Moscow time: the hours of federal registers, and since 2014-10-26 without summer time (107-FZ art. 5).
pub(crate) const LEGAL_HOURS_EAST: i8 = 3;

/// Everything outside that the use cases reach for.
#[derive(Clone)]
pub struct Ports {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub signer: Arc<dyn Signer>,
}

/// Everything that a lawyer or a clerk edits.
pub struct Rules {
    pub purposes: Purposes,
    pub profile: profile::rules::ProfileRules,
    pub status: status::pack::Pack,
    pub linkage: linkage::settings::Settings,
}

/// Who signs answers, and whose signatures are believed.
pub struct Issuing {
    pub issuer: IssuerId,
    pub trust: TrustList,
}

/// Keys that never enter the store: whoever has the store alone can neither name a pseudonym nor try out codes.
pub struct Keys {
    /// Turns profile ids into the statistical register's pseudonyms. Nothing else uses it.
    pub statistics: SecretKey,
    /// Turns share codes into what the store keeps of them.
    pub codes: SecretKey,
    /// From which each sector's key is derived, which turns profile ids into that sector's ids.
    pub sectors: SecretKey,
}

/// 256 bits that nobody may see.
pub struct SecretKey(hmac::Key);

impl SecretKey {
    pub fn new(bytes: &[u8; 32]) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, bytes))
    }

    pub(crate) fn mac(&self, message: &[u8]) -> [u8; 32] {
        let mut mac = [0; 32];
        mac.copy_from_slice(hmac::sign(&self.0, message).as_ref());
        mac
    }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey(hidden)")
    }
}

/// How long things hold.
#[derive(Clone, Debug)]
pub struct Terms {
    /// A signed answer has to be asked for again after this.
    pub proof: SignedDuration,
    /// The longest that a holder may let a share code live.
    pub share_code_max: SignedDuration,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            proof: SignedDuration::from_hours(24),
            share_code_max: SignedDuration::from_hours(24 * 90),
        }
    }
}

/// The use cases' common ground.
pub struct Registry {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) signer: Arc<dyn Signer>,
    pub(crate) purposes: Purposes,
    pub(crate) profile_rules: Arc<profile::rules::ProfileRules>,
    pub(crate) pack: Arc<status::pack::Pack>,
    pub(crate) linkage: linkage::settings::Settings,
    pub(crate) issuing: Issuing,
    pub(crate) keys: Keys,
    pub(crate) terms: Terms,
    /// By what statuses are judged: the program, its rules of choice and its rules of law.
    pub(crate) basis: String,
    pub(crate) looks: Gather<DocumentLooks>,
    pub(crate) sessions: Gather<Sessions>,
}

impl Registry {
    pub fn new(ports: Ports, rules: Rules, issuing: Issuing, keys: Keys, terms: Terms) -> Self {
        let Ports {
            store,
            clock,
            random,
            signer,
        } = ports;
        let basis = basis(&rules);
        let looks = Gather::new(DocumentLooks {
            store: Arc::clone(&store),
            clock: Arc::clone(&clock),
            basis: basis.clone(),
        });
        let sessions = Gather::new(Sessions(Arc::clone(&store)));
        Self {
            basis,
            looks,
            sessions,
            store,
            clock,
            random,
            signer,
            purposes: rules.purposes,
            profile_rules: Arc::new(rules.profile),
            pack: Arc::new(rules.status),
            linkage: rules.linkage,
            issuing,
            keys,
            terms,
        }
    }

    /// Looks by document that were answered in groups so far.
    pub fn grouped_looks(&self) -> Grouped {
        self.looks.grouped()
    }

    /// Sessions that were read in groups so far.
    pub fn grouped_sessions(&self) -> Grouped {
        self.sessions.grouped()
    }

    /// The time that the registry goes by.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The day that the law counts now.
    pub fn today(&self) -> Day {
        legal_day(self.clock.now())
    }

    /// The closed list of purposes, for forms that offer them.
    pub fn purposes(&self) -> &Purposes {
        &self.purposes
    }

    /// The rules of status, for the words and the citations of what they conclude.
    pub fn pack(&self) -> &status::pack::Pack {
        &self.pack
    }
}

/// Differs wherever a status may: the pack's edition is a digest of the pack already.
fn basis(rules: &Rules) -> String {
    let choice = Sha256::digest(format!("{:?}", rules.profile));
    let version = env!("CARGO_PKG_VERSION");
    format!(
        "{version} {} {}",
        rules.status.edition(),
        hex::encode(&choice[..8])
    )
}

/// The day that the law counts at a moment.
pub fn legal_day(at: Timestamp) -> Day {
    tz::offset(LEGAL_HOURS_EAST).to_datetime(at).date()
}

/// What a question is about in time: the day in the world, and what was known when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsOf {
    pub on: Day,
    pub known_at: Timestamp,
}

impl AsOf {
    /// This, with nothing known later than a moment: what is to come is known to nobody.
    pub(crate) fn known_by(self, now: Timestamp) -> Self {
        Self {
            known_at: self.known_at.min(now),
            ..self
        }
    }

    /// Today, with all that is known now.
    pub fn now(registry: &Registry) -> Self {
        let known_at = registry.now();
        Self {
            on: legal_day(known_at),
            known_at,
        }
    }
}
