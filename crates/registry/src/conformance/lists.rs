//! What the quarantine and the counts of devices promise.

use std::sync::Arc;

use jiff::civil::date;
use records::{country::Country, key::SourceName, region::RegionCode};

use super::fixtures::{minute, reading};
use crate::port::{
    Store, StoreError,
    presence_log::{Presence, PresenceAdded},
    quarantine::SetAside,
};

fn line(line: u64, reason: &str) -> SetAside {
    SetAside {
        source: SourceName::parse("border").unwrap(),
        file: "border/crossings.csv".to_owned(),
        line,
        field: String::new(),
        reason: reason.to_owned(),
        id: line.is_multiple_of(2).then(|| format!("BX{line:010}")),
    }
}

async fn set_aside(store: &Arc<dyn Store>, lines: &[SetAside]) -> u64 {
    let mut work = store.begin().await.unwrap();
    let new = work.set_aside(lines, minute(0)).await.unwrap();
    work.commit().await.unwrap();
    new
}

pub async fn a_line_is_set_aside_once(store: Arc<dyn Store>) {
    let lines = [
        line(7, "wrong_columns"),
        line(8, "broken_quote"),
        line(7, "wrong_columns"),
    ];
    assert_eq!(set_aside(&store, &lines).await, 2);
    assert_eq!(
        set_aside(&store, &lines).await,
        0,
        "a second reading finds nothing new"
    );
    assert_eq!(
        set_aside(&store, &[line(7, "impossible_date")]).await,
        1,
        "another reason is another row"
    );
    let listed = reading(&store)
        .await
        .lines_set_aside(minute(0), None, 10)
        .await
        .unwrap();
    assert_eq!(
        listed,
        [
            line(7, "impossible_date"),
            line(7, "wrong_columns"),
            line(8, "broken_quote")
        ]
    );
}

pub async fn lines_page_in_order(store: Arc<dyn Store>) {
    let lines: Vec<_> = (1..=20).map(|n| line(n, "wrong_columns")).collect();
    set_aside(&store, &lines).await;
    let mut work = reading(&store).await;
    let mut seen: Vec<SetAside> = Vec::new();
    loop {
        let page = work
            .lines_set_aside(minute(0), seen.last().map(SetAside::place).as_ref(), 6)
            .await
            .unwrap();
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    assert_eq!(seen, lines, "lines count as numbers, not as words");
}

pub async fn lines_are_listed_as_known(store: Arc<dyn Store>) {
    set_aside(&store, &[line(1, "wrong_columns")]).await;
    let mut work = store.begin().await.unwrap();
    let both = [line(1, "wrong_columns"), line(2, "wrong_columns")];
    work.set_aside(&both, minute(3)).await.unwrap();
    work.commit().await.unwrap();
    let mut work = reading(&store).await;
    assert_eq!(
        work.lines_set_aside(minute(2), None, 10).await.unwrap(),
        both[..1]
    );
    assert_eq!(work.lines_set_aside(minute(3), None, 10).await.unwrap(), both);
}

fn presence(day: i8, devices: u32) -> Presence {
    Presence {
        source: SourceName::parse("mobile").unwrap(),
        day: date(2025, 3, day),
        region: RegionCode::constant(b"77"),
        sim_country: Country::constant(b"UZB"),
        devices,
    }
}

async fn add(store: &Arc<dyn Store>, rows: &[Presence], at: i64) -> PresenceAdded {
    let mut work = store.begin().await.unwrap();
    let added = work.add_presence(rows, minute(at)).await.unwrap();
    work.commit().await.unwrap();
    added
}

pub async fn counts_of_devices_keep_their_history(store: Arc<dyn Store>) {
    let rows = [presence(1, 20), presence(2, 30)];
    assert_eq!(
        add(&store, &rows, 1).await,
        PresenceAdded {
            new: 2,
            superseding: 0,
            unchanged: 0
        }
    );
    assert_eq!(
        add(&store, &rows, 2).await,
        PresenceAdded {
            new: 0,
            superseding: 0,
            unchanged: 2
        }
    );
    let changed = [presence(2, 31), presence(3, 40), presence(3, 41)];
    assert_eq!(
        add(&store, &changed, 3).await,
        PresenceAdded {
            new: 1,
            superseding: 2,
            unchanged: 0
        }
    );
    let mut work = reading(&store).await;
    let (from, until) = (date(2025, 3, 1), date(2025, 3, 31));
    assert_eq!(work.presence(from, until, minute(2), 10).await.unwrap(), rows);
    let now = work.presence(from, until, minute(3), 10).await.unwrap();
    assert_eq!(now, [presence(1, 20), presence(2, 31), presence(3, 41)]);
    assert_eq!(work.presence(until, until, minute(3), 10).await.unwrap(), []);
    assert_eq!(
        add(&store, &rows[1..], 4).await.superseding,
        1,
        "a count that comes back is a change"
    );
}

pub async fn counts_of_devices_are_bounded(store: Arc<dyn Store>) {
    add(&store, &[presence(1, 20), presence(2, 30)], 1).await;
    let refused = reading(&store)
        .await
        .presence(date(2025, 3, 1), date(2025, 3, 31), minute(1), 1)
        .await;
    assert!(matches!(refused, Err(StoreError::TooMany { limit: 1, .. })));
}
