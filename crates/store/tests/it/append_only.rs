//! The databases themselves refuse to change what must not change, whoever writes.

use std::sync::Arc;

use credential::{Answer, CredentialId, ReasonCode};
use jiff::civil::date;
use registry::{
    access::action::{Action, FieldGroup},
    access::{actor::Actor, purpose::PurposeId},
    answer::Matter,
    conformance::fixtures::{append, assign, key, link, minute, profile, record},
    port::{
        Store, Transaction,
        contests::{Contested, NewContest, Party},
        outbox::{NewEvent, News, Receiver},
        proofs::{Door, Input, Receipt, Withdrawal},
        review_queue::{OfficialName, Pair, StandingDecision, Verdict},
        ruling_book::{NewRuling, Ruled, Undone},
    },
    trace::{Entry, Outcome},
};
use sqlx::AssertSqlSafe;

use crate::postgres::fresh_url;

/// What either database refuses to do with a row of each kind.
const REFUSED: [&str; 29] = [
    "UPDATE record SET payload = '{}'",
    "DELETE FROM record",
    "UPDATE link SET weight = 0",
    "UPDATE link SET known_from = 0",
    "DELETE FROM link",
    "UPDATE decision SET verdict = 'different'",
    "DELETE FROM decision",
    "UPDATE receipt SET answer = '{}'",
    "DELETE FROM receipt",
    "UPDATE withdrawal SET expires_at = 0",
    "DELETE FROM withdrawal",
    "UPDATE contest SET says = ''",
    "UPDATE contest SET opened_at = 0",
    "DELETE FROM contest",
    "UPDATE contest_step SET happened = '{}'",
    "DELETE FROM contest_step",
    "UPDATE ruling SET reason = ''",
    "UPDATE ruling SET undone = NULL, undone_at = NULL",
    "DELETE FROM ruling",
    "UPDATE ruling_record SET record_id = ''",
    "DELETE FROM ruling_record",
    "UPDATE event SET news = '{}'",
    "UPDATE event SET number = number + 1",
    "DELETE FROM event",
    "UPDATE trace SET words = '{}'",
    "DELETE FROM trace",
    "UPDATE trace_about SET number = number + 1",
    "DELETE FROM trace_about",
    "UPDATE trace SET number = number + 1",
];

/// Tables that only PostgreSQL has, or empties at once.
const REFUSED_BY_POSTGRES: [&str; 16] = [
    "UPDATE link_by_record SET turn = 2",
    "DELETE FROM link_by_record",
    "UPDATE receipt_input SET record_id = ''",
    "DELETE FROM receipt_by_id",
    "UPDATE event_by_profile SET number = 2",
    "DELETE FROM event_by_profile",
    "TRUNCATE record",
    "TRUNCATE record_3",
    "TRUNCATE trace_about",
    "UPDATE link SET known_until = 7, weight = 0",
    "UPDATE link SET profile = 'x'",
    "UPDATE link_by_record SET profile = 'x'",
    "TRUNCATE trace",
    "TRUNCATE event, consumed",
    "TRUNCATE ruling, ruling_record",
    "TRUNCATE contest_step",
];

fn official() -> OfficialName {
    OfficialName {
        name: "Орлова".to_owned(),
        office: "УВМ".to_owned(),
    }
}

/// Keeps one of everything that never changes.
async fn fill(store: &Arc<dyn Store>) {
    append(store, vec![record(&key("pit", "P1"), 1, 100, 0)]).await;
    assign(store, &[link(&key("pit", "P1"), profile(1))], 1).await;
    let mut work = store.begin().await.unwrap();
    decide(&mut *work).await;
    prove(&mut *work).await;
    contest(&mut *work).await;
    let entry = Entry {
        at: minute(3),
        actor: Actor::Operator {
            name: "root".to_owned(),
        },
        action: Action::ViewProfile,
        purpose: PurposeId::parse("support").unwrap(),
        legal_basis: "152-FZ".to_owned(),
        case: None,
        profiles: vec![profile(1)],
        outcome: Outcome::Done,
        shown_from: minute(3),
    };
    work.trace(entry).await.unwrap();
    work.commit().await.unwrap();
}

async fn decide(work: &mut dyn Transaction) {
    let decision = StandingDecision {
        pair: Pair::of(key("pit", "P1"), key("sfr", "S1")),
        verdict: Verdict::Same,
        official: official(),
        reason: "сличены фотографии".to_owned(),
        purpose: "identity_review".to_owned(),
        legal_basis: "152-FZ".to_owned(),
        decided_at: minute(2),
    };
    work.add_decision(&decision).await.unwrap();
    let ruling = NewRuling {
        ruled: Ruled::Parted {
            from: profile(1),
            into: profile(2),
        },
        records: vec![key("pit", "P1")],
        official: official(),
        reason: decision.reason,
        purpose: decision.purpose,
        legal_basis: decision.legal_basis,
        case: None,
        ruled_at: minute(2),
    };
    let id = work.add_ruling(&ruling).await.unwrap();
    let undone = Undone {
        official: official(),
        reason: "ошибка".to_owned(),
        legal_basis: "152-FZ".to_owned(),
        at: minute(3),
    };
    work.undo_ruling(id, &undone).await.unwrap();
}

async fn prove(work: &mut dyn Transaction) {
    let id = CredentialId::from_random_bytes([1; 8]);
    let receipt = Receipt {
        id,
        profile: profile(1),
        matter: Matter::Work,
        door: Door::Qr,
        on: date(2025, 3, 9),
        known_at: minute(1),
        given_at: minute(1),
        edition: "ru/2026-11".to_owned(),
        inputs: vec![Input {
            record: key("pit", "P1"),
            version: 1,
        }],
        answer: Answer::No {
            reason: ReasonCode::parse("patent_unpaid").unwrap(),
        },
    };
    work.keep_receipt(&receipt).await.unwrap();
    let withdrawal = Withdrawal {
        credential: id,
        at: minute(2),
        expires_at: minute(9),
    };
    work.withdraw_proof(&withdrawal).await.unwrap();
}

async fn contest(work: &mut dyn Transaction) {
    let new = NewContest {
        profile: profile(1),
        by: Party::Holder,
        about: Contested::Link {
            record: key("pit", "P1"),
        },
        group: FieldGroup::Identity,
        says: "не моё".to_owned(),
        opened_at: minute(1),
        due_on: date(2025, 3, 20),
    };
    let case = work.open_contest(&new).await.unwrap();
    let event = NewEvent {
        profile: profile(1),
        to: Receiver::Agency {
            office: "УВМ".to_owned(),
        },
        news: News::CaseMoved { case },
        shown_from: minute(1),
    };
    work.append_events(&[event], minute(1)).await.unwrap();
}

/// A trigger refused, and not a key or a constraint.
fn by_a_trigger(error: &sqlx::Error) -> bool {
    let says = error.to_string();
    says.contains("never") || says.contains("only")
}

#[tokio::test]
async fn sqlite_refuses_to_change_what_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("sojourn.db").display());
    fill(&store::open(&url).await.unwrap()).await;
    let raw = sqlx::SqlitePool::connect(&url).await.unwrap();
    for statement in REFUSED {
        let refused = sqlx::query(AssertSqlSafe(statement)).execute(&raw).await;
        let error = refused.expect_err(statement);
        assert!(by_a_trigger(&error), "{statement}: {error}");
    }
}

#[tokio::test]
async fn postgres_refuses_to_change_what_is_kept() {
    let Some(url) = fresh_url().await else { return };
    fill(&store::open(&url).await.unwrap()).await;
    let raw = sqlx::PgPool::connect(&url).await.unwrap();
    for statement in REFUSED.into_iter().chain(REFUSED_BY_POSTGRES) {
        let refused = sqlx::query(AssertSqlSafe(statement)).execute(&raw).await;
        let error = refused.expect_err(statement);
        assert!(by_a_trigger(&error), "{statement}: {error}");
    }
}

#[tokio::test]
async fn a_link_of_postgres_ends_once() {
    let Some(url) = fresh_url().await else { return };
    fill(&store::open(&url).await.unwrap()).await;
    let raw = sqlx::PgPool::connect(&url).await.unwrap();
    let end = "UPDATE link SET known_until = 7";
    sqlx::query(end).execute(&raw).await.unwrap();
    let refused = sqlx::query(end).execute(&raw).await;
    assert!(by_a_trigger(&refused.expect_err("a second end")));
}
