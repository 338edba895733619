//! The broker dies at any moment, again and again: nothing is lost, nothing comes out of its order.
//!
//! `SOJOURN_FAULT_TRIES` says how often.

use std::time::Duration;

use exchange::relay::carrier;
use serde_json::Value;

use crate::support::{Register, broker, fetch, office, place, settings, until};

/// Tries where the environment names no number.
const TRIES: u32 = 6;
const EVENTS_OF_TRY: u128 = 40;
/// The longest time from the first event of a try to the broker's end.
const MOMENT_MAX: Duration = Duration::from_millis(400);

fn tries() -> u32 {
    std::env::var("SOJOURN_FAULT_TRIES").map_or(TRIES, |tries| tries.parse().unwrap())
}

/// A moment within the longest, another one at each try, spread evenly (golden ratio).
fn moment(number: u32) -> Duration {
    MOMENT_MAX.mul_f64((f64::from(number) * 0.618_033_988_75).fract())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_is_killed_loses_nothing() {
    let Some(mut nats) = broker() else { return };
    let register = Register::new().await;
    let settings = settings(&nats);
    let office = office("УВМ");
    let exchange = register.exchange(&settings).await;
    let carrier = carrier(&settings).unwrap();
    for number in 1..=tries() {
        let told = async {
            for person in 0..EVENTS_OF_TRY {
                register.tell(&[(person % 5, office.clone())]).await;
            }
        };
        let killed = async {
            tokio::time::sleep(moment(number)).await;
            nats.kill().unwrap();
        };
        tokio::join!(told, killed);
        nats.restart().unwrap();
    }
    let status = exchange.status();
    until("all is carried", || async {
        status.waiting().await.unwrap() == 0
    })
    .await;
    let place = place(&settings, &office).await;
    let all = usize::try_from(EVENTS_OF_TRY).unwrap() * tries() as usize;
    let messages = fetch(&place, all * 2).await;
    let told: Vec<u64> = messages
        .iter()
        .map(|message| {
            let notice: Value = serde_json::from_slice(&message.payload).unwrap();
            notice["number"].as_u64().unwrap()
        })
        .collect();
    assert_eq!(told, (1..=all as u64).collect::<Vec<u64>>());
    let mut work = register.store.begin_read().await.unwrap();
    assert_eq!(work.position(&carrier).await.unwrap(), all as u64);
}
