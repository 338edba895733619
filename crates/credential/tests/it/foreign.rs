//! Other implementations (PyPI `cwt`, `base45`, `zxing-cpp`) read ours, and we read theirs.
//!
//! They must also refuse the tampered twin, or their yes would prove nothing.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use credential::{Verdict, issue, qr_svg, verify};
use serde_json::{Value, json};

use crate::{forge::text_of_bytes, support};

const CWT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/foreign/cwt_peer.py");
const SCAN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/foreign/scan_peer.py");
/// How a script ends when its packages are not installed.
const EXIT_SKIPPED: i32 = 77;

/// The answer of `script` to `request`; `None` when its packages are not installed here.
fn peer(script: &str, request: &Value) -> Option<Value> {
    let mut command = Command::new("python3");
    command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        println!("SKIPPED: python3 is not installed");
        return None;
    };
    child
        .stdin
        .take()
        .unwrap()
        .write_all(request.to_string().as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    if output.status.code() == Some(EXIT_SKIPPED) {
        println!("SKIPPED: {}", printed.trim());
        return None;
    }
    assert!(output.status.success(), "the peer failed");
    Some(serde_json::from_str(&printed).unwrap())
}

fn jwk() -> Value {
    let signer = support::issuer();
    let (x, y) = signer.public_key().coordinates();
    let kid = credential::Signer::key_id(&signer).to_string();
    json!({ "kty": "EC", "crv": "P-256", "alg": "ES256", "x": x, "y": y, "kid": kid })
}

#[test]
fn the_peer_reads_ours_and_refuses_the_tampered_twin() {
    let statement = support::may_work();
    let text = issue(&statement, &support::issuer()).unwrap();
    let bytes = base45::decode(&text.as_str()[4..]).unwrap();
    // in the claims, and in the signature
    let twins = [60, bytes.len() - 5].map(|at| {
        let mut twin = bytes.clone();
        twin[at] ^= 1;
        text_of_bytes(&twin)
    });
    let request = json!({ "do": "verify", "key": jwk(), "text": text.as_str(), "twins": twins });
    let Some(answer) = peer(CWT, &request) else { return };
    assert_eq!(answer["twins_accepted"], json!([]));
    let claims = &answer["claims"];
    assert_eq!(claims["1"], "RU-MVD");
    assert_eq!(claims["4"], statement.expires_at.as_second());
    assert_eq!(claims["6"], statement.issued_at.as_second());
    assert_eq!(claims["7"], "0123456789abcdef");
    let said = &claims["-65537"];
    assert_eq!(
        (&said["0"], &said["1"], &said["2"]),
        (&json!(2), &json!(1), &json!(20_818))
    );
    assert_eq!(said["3"], json!(["50", "77"]));
    assert!(said["7"].as_str().unwrap().starts_with('0'), "20 bits");
}

#[test]
fn the_peer_computes_the_same_binding() {
    let request = json!({ "do": "bind", "document": "UZB:AA1234567:1990-05-01" });
    let Some(answer) = peer(CWT, &request) else { return };
    let text = issue(&support::may_work(), &support::issuer()).unwrap();
    let request = json!({ "do": "verify", "key": jwk(), "text": text.as_str(), "twins": [] });
    let ours = peer(CWT, &request).unwrap();
    assert_eq!(ours["claims"]["-65537"]["7"], answer["binding"]);
}

#[test]
fn we_read_what_the_peer_issues() {
    let statement = support::may_work();
    let request = json!({
        "do": "issue",
        "pem": include_str!("../vectors/issuer.pem"),
        "kid": credential::Signer::key_id(&support::issuer()).to_string(),
        "issued_at": statement.issued_at.as_second(),
        "expires_at": statement.expires_at.as_second(),
    });
    let Some(answer) = peer(CWT, &request) else { return };
    let verdict = verify(
        answer["text"].as_str().unwrap(),
        &support::trust(),
        support::noon(),
    );
    assert_eq!(
        verdict,
        Verdict::Valid(Box::new(credential::Statement {
            binding: None,
            ..statement
        }))
    );
}

#[test]
fn a_camera_reads_the_symbol() {
    let text = issue(&support::may_work(), &support::issuer()).unwrap();
    let svg = qr_svg(&text, "May work").unwrap();
    let Some(answer) = peer(SCAN, &json!({ "svg": svg })) else {
        return;
    };
    assert_eq!(answer["text"], text.as_str());
}
