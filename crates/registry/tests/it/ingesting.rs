//! Taking in: what becomes of each line, twice, late, changed.

use jiff::SignedDuration;
use records::{envelope::ContentDigest, envelope::Record, key::SourceName};
use registry::{
    access::permit::AccessError,
    ingest::{Batch, Counts, IngestError, VERSION_REUSED},
    port::{StoreError, quarantine::SetAside},
};

use crate::support::{JASUR, MALIKA, World, operator, world};

fn counts(world_report: &registry::ingest::IngestReport, source: &str) -> Counts {
    world_report.sources[&SourceName::parse(source).unwrap()]
}

fn corrected(record: &Record, version: u32) -> Record {
    let mut corrected = Record {
        version,
        ..record.clone()
    };
    corrected.subject.birth_place = Some("Худжанд".to_owned());
    let (key, subject, payload) = (&corrected.key, &corrected.subject, &corrected.payload);
    corrected.digest = ContentDigest::of(key, version, corrected.recorded_on, subject, payload).unwrap();
    corrected
}

#[tokio::test]
async fn every_line_is_accounted_for() {
    let world = world();
    let first = JASUR.worker("1");
    let report = world.ingest(first.clone()).await;
    assert_eq!(
        counts(&report, "border"),
        Counts {
            read: 1,
            new: 1,
            ..Counts::default()
        }
    );
    assert_eq!(
        report.total(),
        Counts {
            read: 4,
            new: 4,
            ..Counts::default()
        }
    );

    let again = world.ingest(first.clone()).await;
    assert_eq!(
        again.total(),
        Counts {
            read: 4,
            unchanged: 4,
            ..Counts::default()
        },
        "a second run has 0 new"
    );

    let third = vec![corrected(&first[0], 3), corrected(&first[1], 2), first[2].clone()];
    let report = world.ingest(third).await;
    let expected = Counts {
        read: 3,
        superseding: 2,
        unchanged: 1,
        ..Counts::default()
    };
    assert_eq!(report.total(), expected);

    let late = world.ingest(vec![corrected(&first[0], 2)]).await;
    assert_eq!(
        late.total(),
        Counts {
            read: 1,
            earlier: 1,
            ..Counts::default()
        }
    );
}

#[tokio::test]
async fn a_version_that_comes_again_with_other_words_is_set_aside() {
    let world = world();
    let entry = JASUR.worker("1").remove(0);
    world.ingest(vec![entry.clone()]).await;
    for newly_quarantined in [1, 0] {
        let report = world.ingest(vec![corrected(&entry, 1)]).await;
        let expected = Counts {
            read: 1,
            quarantined: 1,
            newly_quarantined,
            ..Counts::default()
        };
        assert_eq!(report.total(), expected);
    }
    let listed = quarantine(&world).await;
    assert_eq!(listed.len(), 1);
    let line = &listed[0];
    let said = (line.field.as_str(), line.reason.as_str(), line.id.as_deref());
    assert_eq!(said, ("version", VERSION_REUSED, Some("BX1")));
}

async fn quarantine(world: &World) -> Vec<SetAside> {
    let mut listed = Vec::new();
    let mut keep = |line| {
        listed.push(line);
        Ok(())
    };
    let rows = world
        .registry
        .export_quarantine(&operator("operation"), world.registry.now(), &mut keep)
        .await
        .unwrap();
    assert_eq!(rows, listed.len() as u64);
    listed
}

#[tokio::test]
async fn the_time_of_knowledge_is_the_registrys() {
    let world = world();
    world.ingest(JASUR.worker("1")).await;
    let mut work = world.store.begin_read().await.unwrap();
    let kept = work.latest_records(world.registry.now(), None, 10).await.unwrap();
    assert!(
        kept.iter()
            .all(|record| record.received_at == world.registry.now())
    );
}

#[tokio::test]
async fn a_clock_that_runs_back_stops_the_ingest() {
    let world = world();
    world.ingest(JASUR.worker("1")).await;
    world.clock.set_back(SignedDuration::from_hours(1));
    let batch = Batch {
        records: MALIKA.worker("2"),
        ..Batch::default()
    };
    let refused = world.registry.ingest(&operator("operation"), batch).await;
    assert!(matches!(
        refused,
        Err(IngestError::Access(AccessError::Store(
            StoreError::ClockBack { .. }
        )))
    ));
    let extent = world.store.begin_read().await.unwrap().extent().await.unwrap();
    assert_eq!(extent.records, 4, "nothing of the batch was kept");
}
