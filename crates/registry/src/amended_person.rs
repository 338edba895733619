//! Whom an amendment is about: the person whose records it was decided on, wherever these stand now.
//!
//! In: the amendments, and in which profile linkage puts each record. Out: links of amendments that have to move.
//! Invariant: the outcome depends on the records that an amendment was decided on and on where they stand, never on the
//! profiles through which it came; so a wrong merge that is taken back gives every amendment back.

use std::collections::{BTreeMap, BTreeSet};

use records::{
    envelope::Record,
    key::{ProfileId, RecordKey},
    payload::{Payload, Settles},
};

use crate::{
    access::visit::Visit,
    ground::records_of_sources,
    port::{StoreError, link_book::NewLink},
};

/// Moves each amendment to the profile that holds most of the records it was decided on.
pub(crate) async fn follow(
    visit: &mut Visit,
    amendments: &[Record],
    place: impl Fn(&RecordKey) -> Option<ProfileId>,
) -> Result<(), StoreError> {
    for amendment in amendments {
        let grounds = grounds(visit, amendment).await?;
        let Some(person) = holder(&grounds, &place) else {
            continue;
        };
        let Some(link) = visit.work.find_link(&amendment.key, visit.now).await? else {
            continue;
        };
        if link.profile == person {
            continue;
        }
        let follows = NewLink {
            record: amendment.key.clone(),
            profile: person,
            by: link.by,
            weight: link.weight,
            explanation: link.explanation,
        };
        visit.work.assign(&[follows], visit.now).await?;
    }
    Ok(())
}

/// Records that a decision looked at: those that tell of the event, or all that the person had then.
async fn grounds(visit: &mut Visit, amendment: &Record) -> Result<BTreeSet<RecordKey>, StoreError> {
    let Payload::Amendment(decided) = &amendment.payload else {
        return Ok(BTreeSet::new());
    };
    match &decided.settles {
        Settles::Event { records, .. } => Ok(records.iter().cloned().collect()),
        Settles::NoEvent { said } => Ok(said.iter().map(|said| said.record.clone()).collect()),
        Settles::Person { .. } => {
            let links = visit.work.links_of(&amendment.key).await?;
            let Some(first) = links.first() else {
                return Ok(BTreeSet::new());
            };
            let held = records_of_sources(&mut *visit.work, first.profile, first.known_from).await?;
            Ok(held.into_iter().collect())
        }
    }
}

/// Of equals the one that holds the least record.
fn holder(
    grounds: &BTreeSet<RecordKey>,
    place: impl Fn(&RecordKey) -> Option<ProfileId>,
) -> Option<ProfileId> {
    let mut held: BTreeMap<ProfileId, (usize, &RecordKey)> = BTreeMap::new();
    for record in grounds {
        if let Some(profile) = place(record) {
            held.entry(profile).or_insert((0, record)).0 += 1;
        }
    }
    let most = |(count, least): &(usize, &RecordKey)| (*count, std::cmp::Reverse((*least).clone()));
    held.into_iter()
        .max_by_key(|(_, held)| most(held))
        .map(|(profile, _)| profile)
}

#[cfg(test)]
mod tests {
    use records::key::{SourceName, SourceRecordId};

    use super::*;

    fn key(id: &str) -> RecordKey {
        RecordKey {
            source: SourceName::parse("border").unwrap(),
            id: SourceRecordId::parse(id).unwrap(),
        }
    }

    #[test]
    fn it_stands_where_most_of_its_records_stand() {
        let [one, other] = [1, 2].map(ProfileId::from_random_bits);
        let keys = ["BX1", "BX2", "BX3", "BX4"].map(key);
        let grounds: BTreeSet<RecordKey> = keys.iter().cloned().collect();
        let held = |of: [ProfileId; 4]| {
            let places: BTreeMap<&RecordKey, ProfileId> = keys.iter().zip(of).collect();
            holder(&grounds, |record| places.get(record).copied())
        };
        assert_eq!(held([other, one, other, other]), Some(other));
        assert_eq!(held([other, one, one, other]), Some(other), "BX1");
        assert_eq!(held([one, other, other, one]), Some(one), "BX1");
        assert_eq!(holder(&grounds, |_| None), None);
    }
}
