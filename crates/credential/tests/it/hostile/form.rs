//! Texts that are no sound envelope: letters, CBOR, headers, algorithms, signatures.

use std::io::Write as _;

use ciborium::Value;
use credential::Signer as _;

use super::{Case, refused};
use crate::{
    forge::{Forge, bytes_of, entry, key_id, tagged, text_of, text_of_bytes},
    support,
};

pub(super) fn texts() -> Vec<Case> {
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

pub(super) fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(super) fn envelopes() -> Vec<Case> {
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

pub(super) fn headers() -> Vec<Case> {
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

pub(super) fn algorithms() -> Vec<Case> {
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

pub(super) fn signatures() -> Vec<Case> {
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
