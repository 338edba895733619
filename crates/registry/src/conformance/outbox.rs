//! What the outbox promises: nothing overtaken, nothing lost, each event acted on once.

use std::sync::Arc;

use credential::CredentialId;

use super::fixtures::{minute, profile, reading};
use crate::{
    access::action::FieldGroup,
    port::{
        Store, StoreError,
        contests::ContestId,
        outbox::{Consumer, Event, NewEvent, News, Receiver, Standing},
    },
};

const WRITERS: u32 = 8;
const EVENTS_OF_WRITER: u32 = 10;

fn office(name: &str) -> Receiver {
    Receiver::Agency {
        office: name.to_owned(),
    }
}

fn shop() -> Receiver {
    Receiver::Verifier {
        organisation: "ООО «Пекарня»".to_owned(),
    }
}

pub(super) fn event(about: u128, to: Receiver, news: News) -> NewEvent {
    NewEvent {
        profile: profile(about),
        to,
        news,
        shown_from: minute(5),
    }
}

fn corrected(case: u64) -> News {
    News::Corrected {
        case: ContestId(case),
        group: FieldGroup::Identity,
    }
}

async fn append(store: &Arc<dyn Store>, events: &[NewEvent], at: i64) -> Vec<u64> {
    let mut work = store.begin().await.unwrap();
    let numbers = work.append_events(events, minute(at)).await.unwrap();
    work.commit().await.unwrap();
    numbers
}

fn numbers(events: &[Event]) -> Vec<u64> {
    events.iter().map(|event| event.number).collect()
}

pub async fn events_are_numbered_without_gaps(store: Arc<dyn Store>) {
    assert_eq!(reading(&store).await.last_event().await.unwrap(), 0);
    let first = [
        event(1, office("УВМ"), corrected(1)),
        event(2, shop(), corrected(2)),
    ];
    assert_eq!(append(&store, &first, 1).await, [1, 2]);
    let mut lost = store.begin().await.unwrap();
    let of_lost = lost.append_events(&first, minute(2)).await.unwrap();
    assert_eq!(of_lost, [3, 4]);
    drop(lost);
    assert_eq!(
        append(&store, &first[..1], 3).await,
        [3],
        "a transaction that came to nothing leaves no gap"
    );
    let mut work = reading(&store).await;
    let events = work.events_after(0, 10).await.unwrap();
    assert_eq!(numbers(&events), [1, 2, 3]);
    let places: Vec<(u64, i64)> = events
        .iter()
        .map(|event| (event.place, event.at.as_second()))
        .collect();
    assert_eq!(
        places,
        [
            (1, minute(1).as_second()),
            (1, minute(1).as_second()),
            (2, minute(3).as_second())
        ],
        "the place counts the events of one profile"
    );
    assert_eq!(work.last_event().await.unwrap(), 3);
    assert_eq!(work.load_event(2).await.unwrap(), events[1]);
    assert!(matches!(
        work.load_event(4).await,
        Err(StoreError::Missing { .. })
    ));
}

pub async fn events_are_kept_word_for_word(store: Arc<dyn Store>) {
    let case = ContestId(7);
    let group = FieldGroup::Documents;
    let all = [
        News::Contested { case, group },
        News::Corrected { case, group },
        News::Upheld { case, group },
        News::Merged { into: profile(2) },
        News::Parted { into: profile(3) },
        News::Restored { other: profile(4) },
        News::AnswerWithdrawn {
            receipt: CredentialId::from_random_bytes([7; 8]),
        },
        News::CaseMoved { case },
    ];
    let events: Vec<NewEvent> = all.iter().map(|news| event(1, shop(), news.clone())).collect();
    append(&store, &events, 1).await;
    let kept = reading(&store).await.events_after(0, 10).await.unwrap();
    let told: Vec<News> = kept.iter().map(|event| event.news.clone()).collect();
    assert_eq!(told, all);
    assert!(
        kept.iter()
            .all(|event| event.to == shop() && event.shown_from == minute(5) && event.profile == profile(1))
    );
}

pub async fn readers_page_by_receiver_and_profile(store: Arc<dyn Store>) {
    let events: Vec<NewEvent> = (0..10)
        .map(|n| {
            let to = if n % 2 == 0 {
                office("УВМ")
            } else {
                office("ФНС")
            };
            event(n % 3, to, corrected(1))
        })
        .collect();
    append(&store, &events, 1).await;
    let mut work = reading(&store).await;
    assert_eq!(
        numbers(&work.events_to(&office("УВМ"), 0, 3).await.unwrap()),
        [1, 3, 5]
    );
    assert_eq!(
        numbers(&work.events_to(&office("УВМ"), 5, 3).await.unwrap()),
        [7, 9]
    );
    assert!(work.events_to(&shop(), 0, 3).await.unwrap().is_empty());
    let of_one = work.events_of(profile(1), 2, 10).await.unwrap();
    assert_eq!(numbers(&of_one), [5, 8]);
    assert_eq!(of_one[0].place, 2);
    assert!(
        work.events_to(
            &Receiver::Verifier {
                organisation: "УВМ".to_owned()
            },
            0,
            9
        )
        .await
        .unwrap()
        .is_empty(),
        "an agency and a verifier of one name are two receivers"
    );
}

pub async fn a_consumer_stands_where_it_was_put(store: Arc<dyn Store>) {
    append(
        &store,
        &[event(1, shop(), corrected(1)), event(1, shop(), corrected(2))],
        1,
    )
    .await;
    let (one, other) = (Consumer::from(&shop()), Consumer::parse("forwarder").unwrap());
    let mut work = store.begin().await.unwrap();
    assert_eq!(work.position(&one).await.unwrap(), 0);
    work.set_position(&one, 2, minute(2)).await.unwrap();
    assert_eq!(work.position(&one).await.unwrap(), 2);
    assert_eq!(work.position(&other).await.unwrap(), 0);
    work.set_position(&one, 1, minute(3)).await.unwrap();
    assert_eq!(work.position(&one).await.unwrap(), 1, "back, for a replay");
    work.commit().await.unwrap();
    let mut lost = store.begin().await.unwrap();
    lost.set_position(&one, 2, minute(4)).await.unwrap();
    drop(lost);
    let mut work = store.begin().await.unwrap();
    assert_eq!(work.position(&one).await.unwrap(), 1);
    assert!(matches!(
        work.set_position(&one, 3, minute(5)).await,
        Err(StoreError::Missing { .. })
    ));
}

pub async fn a_consumer_moves_on_from_where_it_was_seen(store: Arc<dyn Store>) {
    let two = [event(1, shop(), corrected(1)), event(1, shop(), corrected(2))];
    append(&store, &two, 1).await;
    let one = Consumer::parse("forwarder").unwrap();
    let mut work = store.begin().await.unwrap();
    let fresh = work.standing(&one).await.unwrap();
    assert_eq!(fresh, Standing::default());
    assert!(work.advance(&one, fresh, 2, minute(2)).await.unwrap());
    assert!(
        !work.advance(&one, fresh, 1, minute(3)).await.unwrap(),
        "whoever saw it elsewhere comes too late"
    );
    assert_eq!(work.position(&one).await.unwrap(), 2);
    work.set_position(&one, 1, minute(4)).await.unwrap();
    let back = Standing {
        position: 1,
        replays: 1,
    };
    assert_eq!(work.standing(&one).await.unwrap(), back, "going back is counted");
    let unaware = Standing {
        position: 1,
        replays: 0,
    };
    assert!(!work.advance(&one, unaware, 2, minute(5)).await.unwrap());
    assert!(work.advance(&one, back, 2, minute(5)).await.unwrap());
    let there = work.standing(&one).await.unwrap();
    assert_eq!((there.position, there.replays), (2, 1), "moving on is not");
    assert!(matches!(
        work.advance(&one, there, 3, minute(6)).await,
        Err(StoreError::Missing { .. })
    ));
}

pub async fn an_event_is_consumed_once(store: Arc<dyn Store>) {
    append(&store, &[event(1, shop(), corrected(1))], 1).await;
    let (one, other) = (Consumer::from(&shop()), Consumer::parse("forwarder").unwrap());
    let mut work = store.begin().await.unwrap();
    assert_eq!(work.consumed_at(&one, 1).await.unwrap(), None);
    assert!(work.consume(&one, 1, minute(2)).await.unwrap());
    assert!(!work.consume(&one, 1, minute(3)).await.unwrap());
    assert!(work.consume(&other, 1, minute(3)).await.unwrap());
    assert_eq!(
        work.consumed_at(&one, 1).await.unwrap(),
        Some(minute(2)),
        "when it was first consumed"
    );
    assert!(matches!(
        work.consume(&one, 2, minute(3)).await,
        Err(StoreError::Missing { .. })
    ));
}

/// Readers that poll while writers commit see every event, in order, and none of them late.
pub async fn no_event_is_overtaken(store: Arc<dyn Store>) {
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let store = Arc::clone(&store);
            tokio::spawn(async move {
                for n in 0..EVENTS_OF_WRITER {
                    let new = event(u128::from(writer), shop(), corrected(u64::from(n)));
                    append(&store, &[new], 1).await;
                }
            })
        })
        .collect();
    let mut seen: Vec<Event> = Vec::new();
    while seen.len() < (WRITERS * EVENTS_OF_WRITER) as usize {
        let after = seen.last().map_or(0, |event| event.number);
        let page = reading(&store).await.events_after(after, 7).await.unwrap();
        seen.extend(page);
        tokio::task::yield_now().await;
    }
    for writer in writers {
        writer.await.unwrap();
    }
    let all: Vec<u64> = (1..=u64::from(WRITERS * EVENTS_OF_WRITER)).collect();
    assert_eq!(numbers(&seen), all);
    for writer in 0..WRITERS {
        let own = seen
            .iter()
            .filter(|event| event.profile == profile(u128::from(writer)));
        let cases: Vec<News> = own.map(|event| event.news.clone()).collect();
        let sent: Vec<News> = (0..EVENTS_OF_WRITER).map(|n| corrected(u64::from(n))).collect();
        assert_eq!(cases, sent, "in the order in which they happened to a profile");
    }
}
