//! What the log tells.

use super::*;

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Whether a word stands in a log by itself; within times, counts and random ids any digits may stand.
fn names(log: &str, word: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '.';
    log.match_indices(word).any(|(at, _)| {
        let before = log[..at].chars().next_back();
        let after = log[at + word.len()..].chars().next();
        !before.is_some_and(joins) && !after.is_some_and(joins)
    })
}

#[test]
fn a_year_by_itself_is_a_name_and_digits_of_a_time_are_none() {
    for told in ["born=1990-05-29", "1990", "(\"1990\")"] {
        assert!(names(told, "1990"), "{told}");
    }
    for untold in ["20:13:01.199012Z", "request 51990", "id a1990c", "1.1990ms"] {
        assert!(!names(untold, "1990"), "{untold}");
    }
}

#[tokio::test]
async fn the_log_of_a_run_names_nobody() {
    let kept = Kept::default();
    let writer = kept.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let world = World::new().await;
    let holder = world.browser(Some("holder")).await;
    for path in ["/my", "/my/data", "/my/looks", "/my/proof"] {
        assert_eq!(
            world
                .send(&Method::GET, path, holder.headers(), String::new())
                .await
                .0,
            StatusCode::OK,
            "{path}"
        );
    }
    let official = world.browser(Some("official")).await;
    for (path, form) in [
        ("/office/matter", "purpose=registration&case="),
        ("/office/find/document", "issuer=UZB&number=FA1234567"),
        ("/office/find/name", "name=KARIMOV+JASUR&born=1990-05-29"),
    ] {
        let body = format!("form-token={}&{form}", official.token);
        let status = world.send(&Method::POST, path, official.headers(), body).await.0;
        assert!(status.is_success() || status.is_redirection(), "{path}: {status}");
    }
    drop(guard);
    let log = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("/office/find/name"), "the run was logged");
    for word in PERSONAL {
        assert!(!names(&log, word), "the log names {word}");
    }
}
