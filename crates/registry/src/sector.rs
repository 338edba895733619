//! What a receiver calls a person: an id of its own sector, derived from the profile id by a key of that sector.
//!
//! Invariant: the same person keeps the id in one sector; ids of two sectors cannot be brought together, nor led back
//! to the profile, without the key.

use records::key::ProfileId;

use crate::{
    port::outbox::Receiver,
    registry::{Registry, SecretKey},
};

/// A person's id in one sector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SectorId([u8; Self::LENGTH]);

impl SectorId {
    const LENGTH: usize = 16;
}

impl std::fmt::Display for SectorId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl Registry {
    /// The person's id in the sector of a receiver.
    pub(crate) fn sector_id(&self, receiver: &Receiver, profile: ProfileId) -> SectorId {
        let sector = [receiver.kind(), receiver.name()].join("\0");
        let key = SecretKey::new(&self.keys.sectors.mac(sector.as_bytes()));
        let mac = key.mac(profile.as_bytes());
        let mut id = [0; SectorId::LENGTH];
        id.copy_from_slice(&mac[..SectorId::LENGTH]);
        SectorId(id)
    }
}
