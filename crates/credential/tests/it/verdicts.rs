//! Where keys, lists and clocks decide.

use credential::{
    Answer, NotValid, Purpose, ReasonCode, Statement, Undetermined, Verdict, issue, trust::TrustedKey,
    verify, verify_with_file,
};
use jiff::Timestamp;
use records::Day;
use serde_json::json;

use crate::{
    forge::Forge,
    support::{self, minutes, noon, time},
};

fn verdict_of(statement: &Statement, key: TrustedKey, at: Timestamp) -> Verdict {
    let text = issue(statement, &support::issuer()).unwrap();
    verify(text.as_str(), &support::trust_of(key), at)
}

#[test]
fn an_answer_of_no_is_a_valid_credential() {
    let reason = ReasonCode::parse("patent_lapsed").unwrap();
    let since = Day::constant(2026, 11, 24);
    for answer in [
        Answer::No {
            reason: reason.clone(),
        },
        Answer::Undetermined { reason, since },
    ] {
        let statement = Statement {
            answer,
            ..support::may_work()
        };
        let verdict = verdict_of(&statement, support::trusted_key(), noon());
        assert_eq!(verdict, Verdict::Valid(Box::new(statement)));
    }
}

#[test]
fn a_credential_ends_at_its_second() {
    let statement = support::may_work();
    let second = jiff::SignedDuration::from_secs(1);
    let verdict = verdict_of(&statement, support::trusted_key(), statement.expires_at - second);
    assert!(matches!(verdict, Verdict::Valid(_)));
    let verdict = verdict_of(&statement, support::trusted_key(), statement.expires_at);
    assert_eq!(
        verdict,
        Verdict::NotValid(NotValid::Expired(statement.expires_at))
    );
}

#[test]
fn a_clock_may_lag_by_two_minutes() {
    let statement = support::may_work();
    let verdict = verdict_of(
        &statement,
        support::trusted_key(),
        statement.issued_at - minutes(2),
    );
    assert!(matches!(verdict, Verdict::Valid(_)));
    let verdict = verdict_of(
        &statement,
        support::trusted_key(),
        statement.issued_at - minutes(3),
    );
    assert_eq!(verdict, Verdict::NotValid(NotValid::IssuedInFuture));
}

#[test]
fn a_key_answers_only_what_it_is_trusted_for() {
    let stay_only = TrustedKey {
        purposes: vec![Purpose::Stay],
        ..support::trusted_key()
    };
    let verdict = verdict_of(&support::may_work(), stay_only, noon());
    assert_eq!(verdict, Verdict::NotValid(NotValid::KeyPurpose));
}

#[test]
fn a_key_is_worth_nothing_outside_its_window() {
    let not_yet = TrustedKey {
        valid_from: noon(),
        ..support::trusted_key()
    };
    assert_eq!(
        verdict_of(&support::may_work(), not_yet, noon()),
        Verdict::NotValid(NotValid::KeyPeriod)
    );
    let over = TrustedKey {
        valid_until: noon(),
        ..support::trusted_key()
    };
    assert_eq!(
        verdict_of(&support::may_work(), over, noon()),
        Verdict::NotValid(NotValid::KeyPeriod),
        "though it was signed in time: a thief can date back"
    );
}

#[test]
fn a_stale_list_still_refuses_but_no_longer_accepts() {
    let issued_at = time("2026-11-20T00:00:00Z");
    let next_update = noon() - minutes(1);
    let trust = credential::TrustList::new(issued_at, next_update, [support::trusted_key()]).unwrap();
    let stale = Verdict::Undetermined(Undetermined::TrustListOutOfDate(next_update));

    assert_eq!(verify(&Forge::new().signed(), &trust, noon()), stale);
    let unknown = issue(&support::may_work(), &support::stranger()).unwrap();
    assert_eq!(
        verify(unknown.as_str(), &trust, noon()),
        stale,
        "the key may be newer than the list"
    );

    let forged = Forge::new().with_signature(vec![1; 64]);
    assert_eq!(
        verify(&forged, &trust, noon()),
        Verdict::NotValid(NotValid::Signature)
    );
    let expired = Forge::new().with_claim(4, noon().as_second() - 60).signed();
    assert!(matches!(
        verify(&expired, &trust, noon()),
        Verdict::NotValid(NotValid::Expired(_))
    ));
}

#[test]
fn an_unreadable_list_proves_nothing_against_the_holder() {
    for list in ["", "{}", "[]", "null", "{\"format\":\"sojourn-trust/2\"}"] {
        let verdict = verify_with_file(&Forge::new().signed(), list, noon());
        assert_eq!(
            verdict,
            Verdict::Undetermined(Undetermined::TrustListUnreadable),
            "{list}"
        );
    }
}

#[test]
fn what_contradicts_itself_is_not_signed() {
    let endless = Statement {
        expires_at: noon() + minutes(32 * 24 * 60),
        ..support::may_work()
    };
    let error = issue(&endless, &support::issuer()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the statement lives longer than 31 days, and cannot be revoked"
    );
    let Answer::Yes(mut grant) = support::may_work().answer else {
        panic!("may work")
    };
    grant.until = Some(Day::constant(2026, 11, 22));
    let lapsed = Statement {
        answer: Answer::Yes(grant),
        ..support::may_work()
    };
    let error = issue(&lapsed, &support::issuer()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the statement expires after the last day on which the answer holds"
    );
}

#[test]
fn the_last_day_lasts_until_it_has_ended_everywhere() {
    let Answer::Yes(mut grant) = support::may_work().answer else {
        panic!("may work")
    };
    grant.until = Some(Day::constant(2026, 11, 24));
    let statement = |expires_at| Statement {
        expires_at,
        answer: Answer::Yes(grant.clone()),
        ..support::may_work()
    };
    assert!(issue(&statement(time("2026-11-25T12:00:00Z")), &support::issuer()).is_ok());
    assert!(issue(&statement(time("2026-11-25T12:00:01Z")), &support::issuer()).is_err());
}

#[test]
fn a_verdict_has_one_form_for_machines() {
    let form = |verdict: &Verdict| serde_json::to_value(verdict).unwrap();
    let text = issue(&support::may_work(), &support::issuer()).unwrap();
    assert_eq!(
        form(&verify(text.as_str(), &support::trust(), noon())),
        json!({
            "verdict": "valid",
            "statement": {
                "issuer": "RU-MVD",
                "credential": "0123456789abcdef",
                "purpose": "work",
                "answer": { "answer": "yes", "until": "2026-12-31", "regions": ["50", "77"], "conditions": [] },
                "bound": true,
                "issued_at": "2026-11-24T11:55:00Z",
                "not_before": null,
                "expires_at": "2026-11-24T12:10:00Z",
            },
        })
    );
    assert_eq!(
        form(&Verdict::NotValid(NotValid::UnknownKey)),
        json!({
            "verdict": "not_valid",
            "reason": "unknown_key",
            "explanation": "the key that it names is not on the trust list",
        })
    );
    assert_eq!(
        form(&Verdict::Undetermined(Undetermined::TrustListUnreadable)),
        json!({
            "verdict": "undetermined",
            "reason": "trust_list_unreadable",
            "explanation": "the trust list cannot be read",
        })
    );
}
