//! Texts that the trusted key has signed and that still must not be believed.

use ciborium::Value;

use super::{Case, refused, undetermined};
use crate::{
    forge::{ANSWER, Forge, bytes_of, entry, tagged},
    support,
};

pub(super) fn missing() -> Vec<Case> {
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

pub(super) fn contents() -> Vec<Case> {
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
            ("regions out of order", regions(&["77", "50"])),
            ("a region twice", regions(&["77", "77"])),
            (
                "conditions twice",
                Forge::new()
                    .with_answer(4, Value::Array(vec![1.into(), 1.into()]))
                    .signed(),
            ),
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

pub(super) fn contradictions() -> Vec<Case> {
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
            ("fifteen regions", regions(many)),
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

pub(super) fn newer() -> Vec<Case> {
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
