//! Every attack and every accident, each with the one reason that must be told.
//!
//! The same cases stand as texts in `tests/vectors/hostile.json` for other verifiers;
//! `SOJOURN_WRITE_VECTORS=1 cargo nextest run -p credential` writes them anew.

use std::io::Write as _;

use ciborium::Value;
use credential::{Signer, Verdict, verify};
use serde_json::json;

use crate::{
    forge::{ANSWER, Forge, bytes_of, entry, key_id, tagged, text_of, text_of_bytes},
    support,
};

struct Case {
    name: &'static str,
    text: String,
    /// `not_valid` unless the name says that it is a newer edition.
    verdict: &'static str,
    reason: &'static str,
}

fn refused(reason: &'static str, cases: impl IntoIterator<Item = (&'static str, String)>) -> Vec<Case> {
    cases
        .into_iter()
        .map(|(name, text)| Case {
            name,
            text,
            verdict: "not_valid",
            reason,
        })
        .collect()
}

fn undetermined(reason: &'static str, cases: impl IntoIterator<Item = (&'static str, String)>) -> Vec<Case> {
    cases
        .into_iter()
        .map(|(name, text)| Case {
            name,
            text,
            verdict: "undetermined",
            reason,
        })
        .collect()
}

fn cases() -> Vec<Case> {
    [
        texts(),
        envelopes(),
        headers(),
        algorithms(),
        signatures(),
        missing(),
        contents(),
        contradictions(),
        newer(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn texts() -> Vec<Case> {
    let good = Forge::new().signed();
    let lower = format!("SJ1:{}", good[4..].to_lowercase());
    let not_ours = refused(
        "not_ours",
        [
            ("nothing", String::new()),
            ("the prefix of another pass", format!("HC1:{}", &good[4..])),
            ("the prefix in small letters", format!("sj1:{}", &good[4..])),
            ("a space before", format!(" {good}")),
            ("a byte order mark before", format!("\u{feff}{good}")),
        ],
    );
    let damaged = refused(
        "text",
        [
            ("small letters", lower),
            (
                "a letter outside the alphabet",
                format!("{}_", &good[..good.len() - 1]),
            ),
            (
                "a Cyrillic letter that looks Latin",
                format!("{}\u{410}", &good[..good.len() - 1]),
            ),
            ("a group above 65535", format!("{good}:::")),
            ("a single letter left over", format!("SJ1:{}", "A".repeat(4))),
            ("a line end inside", format!("{}\n{}", &good[..40], &good[40..])),
        ],
    );
    let large = refused(
        "too_large",
        [
            ("a megabyte", format!("SJ1:{}", "0".repeat(1 << 20))),
            ("a deflated bomb", text_of_bytes(&deflated(&[0; 300_000]))),
            (
                "a deflated credential with a tail",
                text_of_bytes(&[deflated(&Forge::new().signed_bytes()), vec![0]].concat()),
            ),
            (
                "a deflated credential cut short",
                text_of_bytes(&deflated(&Forge::new().signed_bytes())[..100]),
            ),
        ],
    );
    let form = refused(
        "form",
        [
            ("the prefix alone", "SJ1:".to_owned()),
            ("cut short", good[..4 + 3 * 40].to_owned()),
            ("three letters more", format!("{good}000")),
            ("text in base45", text_of_bytes(b"may work until 2099-12-31")),
        ],
    );
    [not_ours, damaged, large, form].into_iter().flatten().collect()
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn envelopes() -> Vec<Case> {
    let good = Forge::new();
    let payload = || Value::from(good.payload_bytes());
    let parts = || good.parts(payload(), good.signature());
    let five = Value::Array([parts().into_array().unwrap(), vec![Value::Null]].concat());
    let bytes = good.signed_bytes();
    // the array head `84` as an array of open length
    let open = [&bytes[..1], &[0x9f], &bytes[2..], &[0xff]].concat();
    // the empty map `a0` in two bytes
    let at = 2 + bytes_of(&good.protected_bytes().into()).len();
    let long = [&bytes[..at], &[0xb8, 0x00], &bytes[at + 1..]].concat();
    let der = [&[0x30, 0x44][..], &good.signature()].concat();
    refused(
        "form",
        [
            ("no tag", text_of(&parts())),
            ("the tag of many signatures", text_of(&tagged(98, parts()))),
            ("the tag of a MAC", text_of(&tagged(17, parts()))),
            ("a CWT tag around", text_of(&tagged(61, tagged(18, parts())))),
            ("a fifth part", text_of(&tagged(18, five))),
            (
                "no payload",
                text_of(&tagged(18, good.parts(Value::Null, good.signature()))),
            ),
            (
                "a signature of 63 bytes",
                good.with_signature(good.signature()[1..].to_vec()),
            ),
            ("a signature in DER", good.with_signature(der)),
            ("no signature", good.with_signature(Vec::new())),
            ("a byte more", text_of_bytes(&[&bytes[..], &[0]].concat())),
            ("an array of open length", text_of_bytes(&open)),
            ("a long form of a short length", text_of_bytes(&long)),
            (
                "nested a thousand deep",
                text_of_bytes(&[&[0xd2][..], &[0x81; 600]].concat()),
            ),
            (
                "a length of four gigabytes",
                text_of_bytes(&[0xd2, 0x84, 0x5a, 0xff, 0xff, 0xff, 0xff]),
            ),
        ],
    )
}

fn headers() -> Vec<Case> {
    let protected = Forge::new().protected_bytes();
    let twice = [&[0xa4][..], &protected[1..], &[0x10, 0x18, 0x3d]].concat();
    let raw = |bytes: Vec<u8>| {
        Forge {
            protected_bytes: Some(bytes),
            ..Forge::new()
        }
        .signed()
    };
    let unprotected = |key: i64, value: Value| {
        Forge {
            unprotected: vec![entry(key, value)],
            ..Forge::new().without_header(key)
        }
        .signed()
    };
    let form = refused(
        "form",
        [
            ("a header twice", raw(twice)),
            ("headers that are no map", raw(vec![0x01])),
            ("headers with a byte more", raw([&protected[..], &[0]].concat())),
            ("no key id", Forge::new().without_header(4).signed()),
            (
                "a short key id",
                Forge::new().with_header(4, vec![1, 2, 3]).signed(),
            ),
            (
                "a key id outside the signature",
                unprotected(4, key_id(&support::issuer()).into()),
            ),
        ],
    );
    let critical = Value::Array(vec![99.into()]);
    let critical = refused(
        "critical_header",
        [(
            "a critical header",
            Forge::new().with_header(2, critical).with_header(99, 1).signed(),
        )],
    );
    let kind = refused(
        "type",
        [
            ("no type", Forge::new().without_header(16).signed()),
            (
                "the type of a status list",
                Forge::new()
                    .with_header(16, "application/statuslist+cwt")
                    .signed(),
            ),
            (
                "another number for the type",
                Forge::new().with_header(16, 60).signed(),
            ),
            ("a type outside the signature", unprotected(16, 61.into())),
            ("a content type", Forge::new().with_header(3, 61).signed()),
        ],
    );
    let header = refused(
        "header",
        [
            (
                "a certificate of one's own",
                Forge::new().with_header(33, vec![0x30, 0x82]).signed(),
            ),
            ("a header outside the signature", unprotected(99, "x".into())),
            ("a second key id outside the signature", {
                let unprotected = vec![entry(4, key_id(&support::stranger()))];
                Forge {
                    unprotected,
                    ..Forge::new()
                }
                .signed()
            }),
            (
                "an initialisation vector",
                Forge::new().with_header(5, vec![0; 8]).signed(),
            ),
        ],
    );
    [form, critical, kind, header].into_iter().flatten().collect()
}

fn algorithms() -> Vec<Case> {
    let hmac = Forge::new().with_header(1, 5);
    refused(
        "algorithm",
        [
            (
                "no headers",
                Forge {
                    protected_bytes: Some(Vec::new()),
                    ..Forge::new()
                }
                .signed(),
            ),
            ("no algorithm", Forge::new().without_header(1).signed()),
            (
                "HMAC under the public key",
                hmac.with_signature(hmac.mac_under_public_key()),
            ),
            ("ES384", Forge::new().with_header(1, -35).signed()),
            ("EdDSA", Forge::new().with_header(1, -8).signed()),
            ("RSA", Forge::new().with_header(1, -257).signed()),
            ("the algorithm zero", Forge::new().with_header(1, 0).signed()),
            (
                "an algorithm by name",
                Forge::new().with_header(1, "none").signed(),
            ),
        ],
    )
}

fn signatures() -> Vec<Case> {
    let good = Forge::new();
    let later = Forge::new().with_answer(2, 48_943);
    let other = Forge::new().with_header(4, key_id(&support::stranger()));
    let by_stranger = support::stranger().sign(&good.payload_bytes()).unwrap();
    let unknown = refused(
        "unknown_key",
        [
            ("a key that nobody trusts", other.signed()),
            (
                "a key id of zeros",
                Forge::new().with_header(4, vec![0; 8]).signed(),
            ),
        ],
    );
    let forged = refused(
        "signature",
        [
            (
                "another day, the old signature",
                later.with_signature(good.signature()),
            ),
            (
                "the trusted key's id, a stranger's signature",
                good.with_signature(by_stranger.to_vec()),
            ),
            (
                "the claims signed bare",
                good.with_signature(support::issuer().sign(&good.payload_bytes()).unwrap().to_vec()),
            ),
            ("a signature of zeros", good.with_signature(vec![0; 64])),
            (
                "a signature of r = 0",
                good.with_signature([vec![0; 32], good.signature()[32..].to_vec()].concat()),
            ),
            ("a signature of ones", good.with_signature(vec![0xff; 64])),
            (
                "r and s exchanged",
                good.with_signature([&good.signature()[32..], &good.signature()[..32]].concat()),
            ),
        ],
    );
    [unknown, forged].into_iter().flatten().collect()
}

fn missing() -> Vec<Case> {
    let raw = |payload: Vec<u8>| {
        Forge {
            payload: Some(payload),
            ..Forge::new()
        }
        .signed()
    };
    let claims = Forge::new().payload_bytes();
    let twice = [&[claims[0] + 1, 0x01, 0x61, 0x58][..], &claims[1..]].concat();
    let form = refused(
        "form",
        [
            ("a claim twice", raw(twice)),
            ("claims with a byte more", raw([&claims[..], &[0]].concat())),
            ("claims that are not CBOR", raw(b"{\"iss\":\"RU-MVD\"}".to_vec())),
            ("no claims", raw(Vec::new())),
        ],
    );
    let content = refused(
        "content",
        [
            ("claims that are no map", raw(vec![0x80])),
            ("an empty map", raw(vec![0xa0])),
            ("no issuer", Forge::new().without_claim(1).signed()),
            ("no expiry", Forge::new().without_claim(4).signed()),
            ("no time of issue", Forge::new().without_claim(6).signed()),
            ("no credential id", Forge::new().without_claim(7).signed()),
            (
                "no answer",
                Forge {
                    answer: Vec::new(),
                    ..Forge::new()
                }
                .signed(),
            ),
            ("no purpose", Forge::new().without_answer(0).signed()),
            ("neither yes nor no", Forge::new().without_answer(1).signed()),
            (
                "no reason for a no",
                Forge::new()
                    .with_answer(1, 0)
                    .without_answer(2)
                    .without_answer(3)
                    .signed(),
            ),
            ("undetermined since never", {
                let unsure = Forge::new().with_answer(1, 2).with_answer(5, "no_exit");
                unsure.without_answer(2).without_answer(3).signed()
            }),
        ],
    );
    [form, content].into_iter().flatten().collect()
}

fn contents() -> Vec<Case> {
    let regions = |codes: &[&str]| {
        let codes = codes.iter().map(|&code| code.into()).collect();
        Forge::new().with_answer(3, Value::Array(codes)).signed()
    };
    let no = |reason: &str| {
        let no = Forge::new().without_answer(2).without_answer(3).with_answer(1, 0);
        no.with_answer(5, reason).signed()
    };
    let noon = support::noon().as_second();
    refused(
        "content",
        [
            (
                "an issuer in small letters",
                Forge::new().with_claim(1, "ru-mvd").signed(),
            ),
            (
                "an issuer that is a number",
                Forge::new().with_claim(1, 643).signed(),
            ),
            (
                "an expiry in words",
                Forge::new().with_claim(4, "2099-12-31").signed(),
            ),
            (
                "an expiry as a fraction",
                Forge::new().with_claim(4, 4_102_444_800.5).signed(),
            ),
            (
                "an expiry that is not a number",
                Forge::new().with_claim(4, f64::NAN).signed(),
            ),
            (
                "an expiry beyond the calendar",
                Forge::new().with_claim(4, i64::MAX).signed(),
            ),
            (
                "an expiry above 64 bits",
                Forge::new().with_claim(4, u64::MAX).signed(),
            ),
            (
                "a tagged expiry",
                Forge::new()
                    .with_claim(4, tagged(1, (noon + 600).into()))
                    .signed(),
            ),
            (
                "an expiry of null",
                Forge::new().with_claim(4, Value::Null).signed(),
            ),
            ("a start in words", Forge::new().with_claim(5, "now").signed()),
            (
                "a credential id of seven bytes",
                Forge::new().with_claim(7, vec![0; 7]).signed(),
            ),
            (
                "a credential id in words",
                Forge::new().with_claim(7, "01234567").signed(),
            ),
            (
                "an answer that is no map",
                Forge {
                    answer: Vec::new(),
                    ..Forge::new()
                }
                .with_claim(ANSWER, 1)
                .signed(),
            ),
            ("a yes that is true", Forge::new().with_answer(1, true).signed()),
            ("a negative answer code", Forge::new().with_answer(1, -1).signed()),
            (
                "a day beyond the calendar",
                Forge::new().with_answer(2, i64::MAX).signed(),
            ),
            (
                "a day in words",
                Forge::new().with_answer(2, "2026-12-31").signed(),
            ),
            ("an empty list of regions", regions(&[])),
            ("every region", regions(&["*"])),
            ("a region of three digits", regions(&["077"])),
            ("regions in one text", Forge::new().with_answer(3, "77").signed()),
            (
                "an empty list of conditions",
                Forge::new().with_answer(4, Value::Array(Vec::new())).signed(),
            ),
            (
                "a yes with a reason",
                Forge::new().with_answer(5, "no_patent").signed(),
            ),
            (
                "a no with regions",
                Forge::new()
                    .without_answer(2)
                    .with_answer(1, 0)
                    .with_answer(5, "no_patent")
                    .signed(),
            ),
            ("a reason with markup", no("<b>")),
            ("a reason without letters", no("")),
            ("a reason of 33 letters", no(&"a".repeat(33))),
            (
                "a binding of 21 bits",
                Forge::new().with_answer(7, vec![0x10, 0, 0]).signed(),
            ),
            (
                "a binding that is a number",
                Forge::new().with_answer(7, 7).signed(),
            ),
            (
                "a binding of eight bytes",
                Forge::new().with_answer(7, vec![0; 8]).signed(),
            ),
        ],
    )
}

fn contradictions() -> Vec<Case> {
    let noon = support::noon().as_second();
    let day = 24 * 60 * 60;
    let regions = |codes: Vec<Value>| Forge::new().with_answer(3, Value::Array(codes)).signed();
    let many = (1..=15).map(|code| format!("{code:02}").into()).collect();
    let unsure = Forge::new()
        .with_answer(1, 2)
        .with_answer(5, "no_exit")
        .without_answer(2)
        .without_answer(3);
    let contradiction = refused(
        "contradiction",
        [
            (
                "over before it begins",
                Forge::new().with_claim(6, noon + 601).signed(),
            ),
            (
                "over before its start",
                Forge::new().with_claim(5, noon + 600).signed(),
            ),
            (
                "a life of 32 days",
                Forge::new().with_claim(4, noon + 32 * day).signed(),
            ),
            (
                "a life to the end of the calendar",
                Forge::new().with_claim(4, 253_402_207_200_i64).signed(),
            ),
            (
                "a life beyond the last day of the answer",
                Forge::new().with_answer(2, 20_780).signed(),
            ),
            ("a last day before 1970", Forge::new().with_answer(2, -1).signed()),
            ("regions out of order", regions(vec!["77".into(), "50".into()])),
            ("a region twice", regions(vec!["77".into(), "77".into()])),
            ("fifteen regions", regions(many)),
            (
                "conditions twice",
                Forge::new()
                    .with_answer(4, Value::Array(vec![1.into(), 1.into()]))
                    .signed(),
            ),
            (
                "undetermined since next week",
                unsure.with_answer(6, 20_788).signed(),
            ),
        ],
    );
    let times = [
        refused(
            "expired",
            [
                ("expired this second", Forge::new().with_claim(4, noon).signed()),
                (
                    "expired long ago",
                    Forge::new()
                        .with_claim(4, noon - 600)
                        .with_claim(6, noon - day)
                        .signed(),
                ),
            ],
        ),
        refused(
            "not_yet_valid",
            [(
                "valid in five minutes",
                Forge::new().with_claim(5, noon + 300).signed(),
            )],
        ),
        refused(
            "issued_in_future",
            [(
                "issued in five minutes",
                Forge::new().with_claim(6, noon + 300).signed(),
            )],
        ),
        refused(
            "issuer",
            [(
                "the name of another issuer",
                Forge::new().with_claim(1, "RU-FNS").signed(),
            )],
        ),
        refused(
            "key_period",
            [("signed before the key began", {
                Forge::new().with_claim(6, noon - 25 * day).signed()
            })],
        ),
    ];
    times.into_iter().flatten().chain(contradiction).collect()
}

fn newer() -> Vec<Case> {
    let reference = Value::Map(vec![
        ("idx".into(), 7.into()),
        ("uri".into(), "https://example.org/1".into()),
    ]);
    let list = Value::Map(vec![("status_list".into(), reference)]);
    let status = undetermined(
        "status_list",
        [(
            "a reference to a status list",
            Forge::new().with_claim(65_535, list).signed(),
        )],
    );
    let content = undetermined(
        "newer_content",
        [
            ("an audience", Forge::new().with_claim(3, "employer 42").signed()),
            ("a claim by name", {
                let mut forge = Forge::new();
                forge.claims.push(("only".into(), "nights".into()));
                Forge {
                    payload: Some(sorted_payload(&forge)),
                    ..forge
                }
                .signed()
            }),
            ("a purpose of later", Forge::new().with_answer(0, 9).signed()),
            ("an answer of later", Forge::new().with_answer(1, 3).signed()),
            (
                "a condition of later",
                Forge::new().with_answer(4, Value::Array(vec![9.into()])).signed(),
            ),
            ("a field of later", Forge::new().with_answer(8, "nights").signed()),
        ],
    );
    [status, content].into_iter().flatten().collect()
}

fn sorted_payload(forge: &Forge) -> Vec<u8> {
    let mut claims = forge.claims.clone();
    claims.push(entry(ANSWER, Value::Map(forge.answer.clone())));
    claims.sort_by_key(|(key, _)| bytes_of(key));
    bytes_of(&Value::Map(claims))
}

#[test]
fn the_forge_itself_makes_sound_credentials() {
    let verdict = verify(&Forge::new().signed(), &support::trust(), support::noon());
    assert!(matches!(verdict, Verdict::Valid(_)), "{verdict:?}");
    let deflated = text_of_bytes(&deflated(&Forge::new().signed_bytes()));
    let verdict = verify(&deflated, &support::trust(), support::noon());
    assert!(matches!(verdict, Verdict::Valid(_)), "{verdict:?}");
}

#[test]
fn every_hostile_text_is_refused_with_its_reason() {
    let trust = support::trust();
    let cases = cases();
    let wrong: Vec<String> = cases
        .iter()
        .filter_map(|case| {
            let found = serde_json::to_value(verify(&case.text, &trust, support::noon())).unwrap();
            let right = found["verdict"] == case.verdict && found["reason"] == case.reason;
            (!right).then(|| format!("{}: {found}, not {} {}", case.name, case.verdict, case.reason))
        })
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {} wrong:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
    if std::env::var_os("SOJOURN_WRITE_VECTORS").is_some() {
        write_vectors(&cases);
    }
}

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/hostile.json");
/// Longer texts are left to the cases above.
const VECTOR_MAX: usize = 2_000;

fn write_vectors(cases: &[Case]) {
    let case = |case: &Case| json!({ "name": case.name, "verdict": case.verdict, "reason": case.reason, "text": case.text });
    let valid = json!({ "name": "sound", "verdict": "valid", "text": Forge::new().signed() });
    let vectors: Vec<_> = cases
        .iter()
        .filter(|case| case.text.len() < VECTOR_MAX)
        .map(case)
        .chain([valid])
        .collect();
    let trust: serde_json::Value = serde_json::from_str(&support::trust().to_json().unwrap()).unwrap();
    let all = json!({ "at": support::noon(), "trust": trust, "vectors": vectors });
    std::fs::write(VECTORS, serde_json::to_string_pretty(&all).unwrap() + "\n").unwrap();
}

#[test]
fn the_written_vectors_still_hold() {
    let all: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(VECTORS).unwrap()).unwrap();
    let at = support::time(all["at"].as_str().unwrap());
    let trust = all["trust"].to_string();
    let vectors = all["vectors"].as_array().unwrap();
    assert!(vectors.len() > 80, "{} vectors", vectors.len());
    for vector in vectors {
        let verdict = credential::verify_with_file(vector["text"].as_str().unwrap(), &trust, at);
        let found = serde_json::to_value(verdict).unwrap();
        assert_eq!(
            (&found["verdict"], &found["reason"]),
            (&vector["verdict"], &vector["reason"]),
            "{vector}"
        );
    }
}
