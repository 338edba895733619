//! What the keeper of receipts and share codes promises.

use std::{collections::BTreeSet, sync::Arc};

use credential::{Answer, CredentialId, Grant, ReasonCode, statement::Condition};
use jiff::civil::date;
use records::region::RegionCode;

use super::fixtures::{key, minute, profile, reading};
use crate::{
    answer::Matter,
    port::{
        Store, StoreError,
        proofs::{Door, Input, Receipt, ShareCode, Withdrawal},
    },
};

fn receipt(number: u8, answer: Answer) -> Receipt {
    Receipt {
        id: CredentialId::from_random_bytes([number; 8]),
        profile: profile(1),
        matter: Matter::Work,
        door: Door::Qr,
        on: date(2025, 3, 9),
        known_at: minute(1),
        given_at: minute(i64::from(number)),
        edition: "ru/2026-11".to_owned(),
        inputs: vec![Input {
            record: key("pit", "P1"),
            version: 2,
        }],
        answer,
    }
}

fn answers() -> [Answer; 3] {
    [
        Answer::Yes(Grant {
            until: Some(date(2025, 4, 1)),
            regions: BTreeSet::from([RegionCode::constant(b"50"), RegionCode::constant(b"77")]),
            conditions: BTreeSet::from([Condition::NamedProfession]),
        }),
        Answer::No {
            reason: ReasonCode::parse("patent_unpaid").unwrap(),
        },
        Answer::Undetermined {
            reason: ReasonCode::parse("fact_missing").unwrap(),
            since: date(2025, 1, 1),
        },
    ]
}

pub async fn receipts_are_kept_word_for_word(store: Arc<dyn Store>) {
    let doors = [Door::Qr, Door::Code, Door::OnlineCheck];
    let receipts: Vec<Receipt> = (1_u8..)
        .zip(answers())
        .zip(doors)
        .map(|((number, answer), door)| Receipt {
            door,
            ..receipt(number, answer)
        })
        .collect();
    let mut work = store.begin().await.unwrap();
    for receipt in &receipts {
        work.keep_receipt(receipt).await.unwrap();
    }
    work.keep_receipt(&Receipt {
        profile: profile(2),
        ..receipt(9, answers()[0].clone())
    })
    .await
    .unwrap();
    work.commit().await.unwrap();
    let mut work = reading(&store).await;
    for receipt in &receipts {
        assert_eq!(
            work.find_receipt(receipt.id).await.unwrap().as_ref(),
            Some(receipt)
        );
    }
    let newest_first: Vec<Receipt> = receipts.into_iter().rev().collect();
    assert_eq!(work.receipts_about(profile(1), 10).await.unwrap(), newest_first);
    assert_eq!(
        work.receipts_about(profile(1), 2).await.unwrap(),
        newest_first[..2]
    );
    assert_eq!(
        work.find_receipt(CredentialId::from_random_bytes([77; 8]))
            .await
            .unwrap(),
        None
    );
}

pub async fn a_receipt_is_kept_once(store: Arc<dyn Store>) {
    let [yes, no, _] = answers();
    let mut work = store.begin().await.unwrap();
    work.keep_receipt(&receipt(1, yes.clone())).await.unwrap();
    let refused = work.keep_receipt(&receipt(1, no)).await;
    assert!(
        matches!(refused, Err(StoreError::Duplicate { .. })),
        "{refused:?}"
    );
    work.commit().await.unwrap();
    let kept = reading(&store)
        .await
        .find_receipt(receipt(1, yes.clone()).id)
        .await
        .unwrap();
    assert_eq!(kept, Some(receipt(1, yes)));
}

fn code(number: u8) -> ShareCode {
    ShareCode {
        code_hash: [number; 32],
        profile: profile(1),
        matter: Matter::Stay,
        made_at: minute(i64::from(number)),
        expires_at: minute(100),
        withdrawn_at: None,
    }
}

pub async fn codes_live_and_end(store: Arc<dyn Store>) {
    let mut work = store.begin().await.unwrap();
    for number in 1..=3 {
        work.add_share_code(&code(number)).await.unwrap();
    }
    let refused = work.add_share_code(&code(3)).await;
    assert!(
        matches!(refused, Err(StoreError::Duplicate { .. })),
        "{refused:?}"
    );
    work.withdraw_share_code(profile(1), [2; 32], minute(50))
        .await
        .unwrap();
    work.withdraw_share_code(profile(1), [2; 32], minute(60))
        .await
        .unwrap();
    work.commit().await.unwrap();
    let mut work = reading(&store).await;
    let withdrawn = ShareCode {
        withdrawn_at: Some(minute(50)),
        ..code(2)
    };
    assert_eq!(
        work.find_share_code([2; 32]).await.unwrap(),
        Some(withdrawn.clone()),
        "withdrawn once"
    );
    assert_eq!(work.find_share_code([9; 32]).await.unwrap(), None);
    for (now, expected) in [
        (2, vec![withdrawn.clone(), code(1)]),
        (49, vec![code(3), withdrawn, code(1)]),
        (50, vec![code(3), code(1)]),
        (100, vec![]),
    ] {
        assert_eq!(
            work.live_share_codes(profile(1), minute(now)).await.unwrap(),
            expected,
            "at {now}"
        );
    }
    assert!(
        work.live_share_codes(profile(2), minute(49))
            .await
            .unwrap()
            .is_empty()
    );
}

pub async fn a_code_is_withdrawn_by_its_profile_only(store: Arc<dyn Store>) {
    let mut work = store.begin().await.unwrap();
    work.add_share_code(&code(1)).await.unwrap();
    let refused = work.withdraw_share_code(profile(2), [1; 32], minute(2)).await;
    assert!(matches!(refused, Err(StoreError::Missing { .. })), "{refused:?}");
    assert_eq!(work.find_share_code([1; 32]).await.unwrap(), Some(code(1)));
}

pub async fn receipts_are_found_by_their_records(store: Arc<dyn Store>) {
    let resting = |number: u8, records: &[&str]| Receipt {
        inputs: records
            .iter()
            .map(|id| Input {
                record: key("pit", id),
                version: 2,
            })
            .collect(),
        ..receipt(number, answers()[0].clone())
    };
    let mut work = store.begin().await.unwrap();
    for receipt in [
        resting(1, &["P1"]),
        resting(2, &["P1", "P2"]),
        resting(3, &["P3"]),
    ] {
        work.keep_receipt(&receipt).await.unwrap();
    }
    work.commit().await.unwrap();
    let mut work = reading(&store).await;
    let asked = [key("pit", "P1"), key("pit", "P2"), key("pit", "P9")];
    let found = work.receipts_resting_on(&asked, minute(0), 10).await.unwrap();
    let ids = |found: &[Receipt]| {
        found
            .iter()
            .map(|receipt| receipt.id.as_bytes()[0])
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&found), [2, 1], "each once, the newest first");
    assert_eq!(found[0], resting(2, &["P1", "P2"]));
    let since = work.receipts_resting_on(&asked, minute(2), 10).await.unwrap();
    assert_eq!(ids(&since), [2]);
    assert!(
        work.receipts_resting_on(&[], minute(0), 10)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(matches!(
        work.receipts_resting_on(&asked, minute(0), 1).await,
        Err(StoreError::TooMany { limit: 1, .. })
    ));
}

pub async fn a_proof_is_withdrawn_once(store: Arc<dyn Store>) {
    let withdrawal = |number: u8, at: i64, expires: i64| Withdrawal {
        credential: CredentialId::from_random_bytes([number; 8]),
        at: minute(at),
        expires_at: minute(expires),
    };
    let mut work = store.begin().await.unwrap();
    for one in [withdrawal(3, 1, 50), withdrawal(1, 1, 10), withdrawal(2, 2, 60)] {
        work.withdraw_proof(&one).await.unwrap();
    }
    work.withdraw_proof(&withdrawal(3, 9, 99)).await.unwrap();
    work.commit().await.unwrap();
    let mut work = reading(&store).await;
    let found = work
        .find_withdrawal(withdrawal(3, 1, 50).credential)
        .await
        .unwrap();
    assert_eq!(found, Some(withdrawal(3, 1, 50)), "the first stands");
    let unknown = CredentialId::from_random_bytes([7; 8]);
    assert_eq!(work.find_withdrawal(unknown).await.unwrap(), None);
    let living = work.withdrawals(minute(10), None, 10).await.unwrap();
    assert_eq!(living, [withdrawal(2, 2, 60), withdrawal(3, 1, 50)], "by id");
    let page = work
        .withdrawals(minute(10), Some(living[0].credential), 10)
        .await
        .unwrap();
    assert_eq!(page, living[1..]);
    assert_eq!(work.withdrawals(minute(10), None, 1).await.unwrap(), living[..1]);
}
