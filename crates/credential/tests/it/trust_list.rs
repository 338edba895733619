//! The trust list is read strictly or not at all.

use credential::{Purpose, TrustList, trust::TrustedKey};
use serde_json::{Value, json};

use crate::support::{self, noon};

fn spoiled(pointer: &str, value: Value) -> String {
    let mut list: Value = serde_json::from_str(&support::trust().to_json().unwrap()).unwrap();
    *list.pointer_mut(pointer).unwrap() = value;
    TrustList::parse(&list.to_string()).unwrap_err().to_string()
}

#[test]
fn a_list_survives_being_written_and_read() {
    let trust = support::trust();
    assert_eq!(TrustList::parse(&trust.to_json().unwrap()).unwrap(), trust);
}

#[test]
fn each_fault_of_a_list_is_named() {
    for (pointer, value, message) in [
        (
            "/format",
            json!("sojourn-trust/2"),
            "the trust list has another format than sojourn-trust/1",
        ),
        (
            "/next_update",
            json!("2026-11-20T00:00:00Z"),
            "the trust list ends before it begins",
        ),
        (
            "/next_update",
            json!("soon"),
            "the trust list is not JSON of the expected shape",
        ),
        (
            "/keys/0/kid",
            json!("0000000000000000"),
            "trusted key 1: the key id is not the start of the key's thumbprint",
        ),
        (
            "/keys/0/kid",
            json!("abc"),
            "trusted key 1: a key id is 16 hexadecimal digits",
        ),
        (
            "/keys/0/jwk/crv",
            json!("P-384"),
            "trusted key 1: the key is not of type EC, curve P-256, algorithm ES256",
        ),
        (
            "/keys/0/jwk/alg",
            json!("HS256"),
            "trusted key 1: the key is not of type EC, curve P-256, algorithm ES256",
        ),
        (
            "/keys/0/jwk/x",
            json!("AAAA"),
            "trusted key 1: is not a point of the curve P-256",
        ),
        (
            "/keys/0/purposes",
            json!([]),
            "trusted key 1: the key has no purpose, a purpose that is not known here, or one twice",
        ),
        (
            "/keys/0/purposes",
            json!(["vote"]),
            "trusted key 1: the key has no purpose, a purpose that is not known here, or one twice",
        ),
        (
            "/keys/0/valid_until",
            json!("2020-01-01T00:00:00Z"),
            "trusted key 1: the key ends before it begins",
        ),
        (
            "/keys/0/issuer",
            json!("Ministry of the Interior"),
            "trusted key 1: an issuer is 1 to 16 characters out of A-Z, 0-9 and '-'",
        ),
    ] {
        assert_eq!(spoiled(pointer, value), message, "{pointer}");
    }
}

#[test]
fn a_list_that_leaks_a_private_key_or_repeats_a_field_is_refused() {
    let json = support::trust().to_json().unwrap();
    for (from, to) in [
        ("\"kty\"", "\"d\": \"c2VjcmV0\", \"kty\""),
        ("\"kty\"", "\"kty\": \"EC\", \"kty\""),
        ("\"issuer\"", "\"revoked\": true, \"issuer\""),
    ] {
        assert!(TrustList::parse(&json.replacen(from, to, 1)).is_err(), "{to}");
    }
}

#[test]
fn a_key_stands_once() {
    let other = TrustedKey {
        purposes: vec![Purpose::Stay],
        ..support::trusted_key()
    };
    let error = TrustList::new(
        noon(),
        noon() + support::minutes(1),
        [support::trusted_key(), other],
    )
    .unwrap_err();
    assert_eq!(error.to_string(), "trusted key 2: the key stands twice");
}
