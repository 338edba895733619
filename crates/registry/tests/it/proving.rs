//! Proving: every door says the same, few guesses are allowed, and the person sees who asked.

use credential::{Answer, NotValid, Purpose as Matter, ReasonCode, Verdict};
use jiff::{SignedDuration, civil::date};
use records::{key::ProfileId, partial_date::PartialDate, payload::Direction};
use registry::{
    access::{action::Action, actor::Actor},
    check_answer::{CheckError, QrChecked},
    registry::AsOf,
    share_code::{Code, CodeError, ShareCodeError},
    trace::Outcome,
};

use crate::support::{JASUR, MALIKA, World, holder, key, official, verifier, world};

const WEEK: SignedDuration = SignedDuration::from_hours(24 * 7);

async fn worker() -> (World, ProfileId) {
    let world = world();
    world
        .ingest([JASUR.worker("1"), MALIKA.worker("2")].concat())
        .await;
    world.link().await;
    let person = world.profile_of(&key("border", "BX1")).await;
    (world, person)
}

#[tokio::test]
async fn four_doors_say_the_same() {
    let (world, person) = worker().await;
    for matter in Matter::ALL {
        let proof = world
            .registry
            .issue_proof(&holder(person), person, matter)
            .await
            .unwrap();
        assert!(
            matches!(proof.statement.answer, Answer::Yes(_)),
            "{:?}",
            proof.statement.answer
        );
        let offline = credential::verify(proof.text.as_str(), &world.trust, world.registry.now());
        let Verdict::Valid(offline) = offline else {
            panic!("verified offline")
        };
        assert_eq!(offline.answer, proof.statement.answer);

        let online = world
            .registry
            .check_qr(&verifier("ООО"), proof.text.as_str())
            .await
            .unwrap();
        let QrChecked::Confirmed { signed, now } = online else {
            panic!("confirmed online")
        };
        assert_eq!((&signed.answer, now.matter), (&proof.statement.answer, matter));
        assert_eq!(now.answer, proof.statement.answer);

        let made = world
            .registry
            .make_share_code(&holder(person), person, matter, WEEK)
            .await
            .unwrap();
        let code = made.code.to_string();
        let told = world
            .registry
            .check_code(&verifier("ООО"), &code, JASUR.born())
            .await
            .unwrap();
        assert_eq!((told.matter, &told.answer), (matter, &proof.statement.answer));
        assert_eq!(told.document_tail.as_deref(), Some("4567"));
    }
    let receipts = world
        .registry
        .answers_given(&holder(person), person, 50)
        .await
        .unwrap();
    assert_eq!(receipts.len(), 6, "one for each answer given");
    assert!(
        receipts
            .iter()
            .all(|receipt| !receipt.inputs.is_empty() && !receipt.edition.is_empty())
    );
}

#[tokio::test]
async fn what_holds_now_counts() {
    let (world, person) = worker().await;
    let proof = world
        .registry
        .issue_proof(&holder(person), person, Matter::Work)
        .await
        .unwrap();
    let expires = proof.statement.expires_at;
    assert!(expires <= world.registry.now() + SignedDuration::from_hours(24));
    // the person leaves: the signed answer is a day old, the present one is told
    let left = JASUR.crossing(Direction::Out, date(2025, 6, 10));
    world.ingest(vec![JASUR.record("border", "BX9", 1, left)]).await;
    world.link().await;
    world.clock.advance(SignedDuration::from_hours(20));
    let QrChecked::Confirmed { signed, now } = world
        .registry
        .check_qr(&verifier("ООО"), proof.text.as_str())
        .await
        .unwrap()
    else {
        panic!("confirmed online")
    };
    let as_of = AsOf::now(&world.registry);
    let status = world
        .registry
        .view_status(&official("border"), person, as_of)
        .await
        .unwrap();
    assert_eq!(status.presence, status::status::Presence::Out);
    assert!(matches!(signed.answer, Answer::Yes(_)));
    assert_eq!(now.at, as_of.known_at);
    world.clock.advance(SignedDuration::from_hours(10));
    let late = world
        .registry
        .check_qr(&verifier("ООО"), proof.text.as_str())
        .await
        .unwrap();
    assert_eq!(
        late,
        QrChecked::NotValid(NotValid::Expired(expires_in_seconds(expires)))
    );
}

#[tokio::test]
async fn a_missing_entry_is_no_reason_to_refuse() {
    let world = world();
    let left = JASUR.crossing(Direction::Out, date(2025, 6, 5));
    world
        .ingest(vec![
            JASUR.entered("BX1", date(2025, 4, 20)),
            JASUR.record("border", "BX2", 1, left),
        ])
        .await;
    world.link().await;
    let person = world.profile_of(&key("border", "BX1")).await;
    let proof = world
        .registry
        .issue_proof(&holder(person), person, Matter::Stay)
        .await
        .unwrap();
    let not_on_record = Answer::Undetermined {
        reason: ReasonCode::parse("no_entry_on_record").unwrap(),
        since: date(2025, 6, 5),
    };
    assert_eq!(proof.statement.answer, not_on_record);
}

fn expires_in_seconds(expires: jiff::Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_second(expires.as_second()).unwrap()
}

#[tokio::test]
async fn a_tampered_text_is_refused() {
    let (world, person) = worker().await;
    let proof = world
        .registry
        .issue_proof(&holder(person), person, Matter::Work)
        .await
        .unwrap();
    let mut text = proof.text.as_str().to_owned();
    let swapped = if text.ends_with('A') { 'B' } else { 'A' };
    text.pop();
    text.push(swapped);
    let checked = world.registry.check_qr(&verifier("ООО"), &text).await.unwrap();
    assert!(matches!(checked, QrChecked::NotValid(_)), "{checked:?}");
    let checked = world
        .registry
        .check_qr(&verifier("ООО"), "https://example.org")
        .await
        .unwrap();
    assert_eq!(checked, QrChecked::NotValid(NotValid::NotOurs));
}

#[tokio::test]
async fn a_wrong_code_and_a_wrong_birth_date_are_one_answer() {
    let (world, person) = worker().await;
    let made = world
        .registry
        .make_share_code(&holder(person), person, Matter::Work, WEEK)
        .await
        .unwrap();
    let code = made.code.to_string();
    for told in ["1985-03-10", "1985-03", "1985", "1991-11-23"] {
        let told = PartialDate::parse_iso(told).unwrap();
        let refused = world.registry.check_code(&verifier("ООО"), &code, told).await;
        assert!(matches!(refused, Err(CheckError::NotFitting)));
    }
    world.minutes(1);
    let other = world
        .registry
        .make_share_code(&holder(person), person, Matter::Work, WEEK)
        .await
        .unwrap();
    let hash = world.registry.share_codes(&holder(person), person).await.unwrap()[0].code_hash;
    world
        .registry
        .withdraw_share_code(&holder(person), person, hash)
        .await
        .unwrap();
    let withdrawn = world
        .registry
        .check_code(&verifier("ИП"), other.code.as_str(), JASUR.born())
        .await;
    assert!(matches!(withdrawn, Err(CheckError::NotFitting)));
}

#[tokio::test]
async fn guessing_at_a_code_ends() {
    let (world, person) = worker().await;
    let made = world
        .registry
        .make_share_code(&holder(person), person, Matter::Work, WEEK)
        .await
        .unwrap();
    let code = made.code.to_string();
    for guess in 1..=5 {
        // each from another verifier: the code itself is what is guessed at
        let by = verifier(&format!("ООО {guess}"));
        let refused = world.registry.check_code(&by, &code, MALIKA.born()).await;
        assert!(matches!(refused, Err(CheckError::NotFitting)), "guess {guess}");
    }
    let refused = world
        .registry
        .check_code(&verifier("честное ООО"), &code, JASUR.born())
        .await;
    assert!(
        matches!(refused, Err(CheckError::TooManyAttempts)),
        "even the right date, for a while"
    );
    world.minutes(61);
    world
        .registry
        .check_code(&verifier("честное ООО"), &code, JASUR.born())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_verifier_who_guesses_codes_is_stopped() {
    let (world, person) = worker().await;
    let made = world
        .registry
        .make_share_code(&holder(person), person, Matter::Work, WEEK)
        .await
        .unwrap();
    for _ in 0..20 {
        let other = world
            .registry
            .make_share_code(&holder(person), person, Matter::Stay, WEEK)
            .await
            .unwrap();
        let hash = world.registry.share_codes(&holder(person), person).await.unwrap();
        let hash = hash
            .iter()
            .find(|code| code.matter == Matter::Stay)
            .unwrap()
            .code_hash;
        world
            .registry
            .withdraw_share_code(&holder(person), person, hash)
            .await
            .unwrap();
        let refused = world
            .registry
            .check_code(&verifier("ООО"), other.code.as_str(), JASUR.born())
            .await;
        assert!(matches!(refused, Err(CheckError::NotFitting)));
    }
    let code = made.code.as_str();
    let refused = world
        .registry
        .check_code(&verifier("ООО"), code, JASUR.born())
        .await;
    assert!(matches!(refused, Err(CheckError::TooManyAttempts)));
    world
        .registry
        .check_code(&verifier("другое ООО"), code, JASUR.born())
        .await
        .unwrap();
}

#[tokio::test]
async fn a_code_ends_when_it_said() {
    let (world, person) = worker().await;
    let holder = holder(person);
    let made = world
        .registry
        .make_share_code(&holder, person, Matter::Work, WEEK)
        .await
        .unwrap();
    world.clock.advance(WEEK - SignedDuration::from_secs(1));
    world
        .registry
        .check_code(&verifier("ООО"), made.code.as_str(), JASUR.born())
        .await
        .unwrap();
    world.clock.advance(SignedDuration::from_secs(1));
    let refused = world
        .registry
        .check_code(&verifier("ООО"), made.code.as_str(), JASUR.born())
        .await;
    assert!(matches!(refused, Err(CheckError::NotFitting)));
    let too_long = world
        .registry
        .make_share_code(&holder, person, Matter::Work, WEEK * 20)
        .await;
    assert!(matches!(too_long, Err(ShareCodeError::Term)));
}

#[tokio::test]
async fn the_person_sees_who_asked() {
    let (world, person) = worker().await;
    let made = world
        .registry
        .make_share_code(&holder(person), person, Matter::Work, WEEK)
        .await
        .unwrap();
    world.minutes(1);
    let told = world
        .registry
        .check_code(&verifier("ООО «Стройка»"), made.code.as_str(), JASUR.born())
        .await
        .unwrap();
    let looks = world
        .registry
        .who_looked(&holder(person), person, None, 10)
        .await
        .unwrap()
        .looks;
    let look = &looks[0];
    assert_eq!(look.action, Action::CheckAnswer);
    assert_eq!(
        look.actor,
        Actor::Verifier {
            organisation: "ООО «Стройка»".to_owned()
        }
    );
    assert_eq!(
        look.outcome,
        Outcome::Answered {
            receipt: told.receipt.to_string()
        }
    );
}

#[tokio::test]
async fn nobody_proves_for_another() {
    let (world, person) = worker().await;
    let other = world.profile_of(&key("border", "BX2")).await;
    assert!(
        world
            .registry
            .issue_proof(&holder(other), person, Matter::Work)
            .await
            .is_err()
    );
    assert!(
        world
            .registry
            .make_share_code(&holder(other), person, Matter::Work, WEEK)
            .await
            .is_err()
    );
    assert!(
        world
            .registry
            .issue_proof(&official("border"), person, Matter::Work)
            .await
            .is_err()
    );
}

#[tokio::test]
async fn a_code_is_typed_as_people_type() {
    let (world, person) = worker().await;
    let made = world
        .registry
        .make_share_code(&holder(person), person, Matter::Work, WEEK)
        .await
        .unwrap();
    let code = made.code;
    assert_eq!(code.as_str().len(), 12);
    assert!(!code.as_str().contains(['0', 'O', '1', 'I', 'L', 'U']));
    let shown = code.to_string();
    assert_eq!(shown.matches('-').count(), 2);
    assert_eq!(
        Code::parse(&format!(" {} ", shown.to_lowercase().replace('-', " "))),
        Ok(code.clone())
    );
    assert_eq!(Code::parse(&shown[1..]), Err(CodeError::Length));
    assert_eq!(
        Code::parse(&shown.replacen('W', "O", 1)),
        Err(CodeError::Letter('O'))
    );
    assert_eq!(format!("{code:?}"), "Code(hidden)");
}
