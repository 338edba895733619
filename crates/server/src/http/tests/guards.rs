//! What every answer carries, and what a form, a guesser and a program are told.

use super::*;

#[tokio::test]
async fn every_answer_carries_the_guarding_headers() {
    let world = World::new().await;
    for path in [
        "/",
        "/sign-in",
        "/nowhere",
        "/assets/none.css",
        "/api/v1/openapi.json",
        "/api/v1/nowhere",
        "/healthz",
    ] {
        let (_, headers, _) = world
            .send(&Method::GET, path, HeaderMap::new(), String::new())
            .await;
        let text = |name: &str| headers[name].to_str().unwrap().to_owned();
        assert!(
            text("content-security-policy").starts_with("default-src 'none'"),
            "{path}"
        );
        assert_eq!(text("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(text("cache-control"), "no-store", "{path}");
        assert_eq!(text("referrer-policy"), "no-referrer", "{path}");
    }
}

#[tokio::test]
async fn assets_are_compressed_and_kept_where_they_are_built() {
    let world = World::new().await;
    let (_, _, page) = world
        .send(&Method::GET, "/", HeaderMap::new(), String::new())
        .await;
    let Some(style) = page.split('"').find(|word| word.ends_with(".css")) else {
        println!("SKIPPED: web assets are not built");
        return;
    };
    let gzip = HeaderMap::from_iter([(header::ACCEPT_ENCODING, "br, gzip".parse().unwrap())]);
    let (_, plain, _) = world
        .send(&Method::GET, style, HeaderMap::new(), String::new())
        .await;
    let (_, packed, _) = world.send(&Method::GET, style, gzip, String::new()).await;
    assert!(!plain.contains_key(header::CONTENT_ENCODING));
    assert_eq!(packed[header::CONTENT_ENCODING], "gzip");
    for headers in [plain, packed] {
        assert_eq!(headers[header::CONTENT_TYPE], "text/css; charset=utf-8");
        assert!(
            headers[header::CACHE_CONTROL]
                .to_str()
                .unwrap()
                .contains("immutable")
        );
    }
    let manifest = world
        .send(
            &Method::GET,
            "/assets/manifest.json",
            HeaderMap::new(),
            String::new(),
        )
        .await;
    assert_eq!(manifest.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_needs_our_token_and_our_site() {
    let world = World::new().await;
    let browser = world.browser(None).await;
    let body = |token: &str| format!("form-token={token}&login=holder&secret={SECRET}");
    let send = |headers, body| async { world.send(&Method::POST, "/sign-in", headers, body).await.0 };
    assert_eq!(
        send(browser.headers(), body("00")).await,
        StatusCode::BAD_REQUEST,
        "another token"
    );
    let mut foreign = browser.headers();
    foreign.insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(
        send(foreign, body(&browser.token)).await,
        StatusCode::BAD_REQUEST,
        "another site"
    );
    let mut stranger = browser.headers();
    stranger.insert(header::COOKIE, "__Host-sojourn-form=00".parse().unwrap());
    assert_eq!(
        send(stranger, body(&browser.token)).await,
        StatusCode::BAD_REQUEST,
        "another browser"
    );
    assert_eq!(
        send(browser.headers(), body(&browser.token)).await,
        StatusCode::SEE_OTHER
    );
}

#[tokio::test]
async fn a_guesser_is_stopped_and_told_so() {
    let world = World::new().await;
    let browser = world.browser(None).await;
    let mut last = StatusCode::OK;
    for _ in 0..8 {
        let body = format!("form-token={}&login=holder&secret=wrong wrong", browser.token);
        let (status, headers, _) = world
            .send(&Method::POST, "/sign-in", browser.headers(), body)
            .await;
        last = status;
        assert_eq!(
            headers.contains_key(header::RETRY_AFTER),
            status == StatusCode::TOO_MANY_REQUESTS
        );
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn errors_of_the_api_are_problem_details() {
    let world = World::new().await;
    for (method, path, body, expected) in [
        (Method::GET, "/api/v1/nowhere", "", "not-found"),
        (Method::GET, "/api/v1/sessions", "", "not-found"),
        (Method::POST, "/api/v1/sessions", "{", "form"),
        (
            Method::POST,
            "/api/v1/sessions",
            r#"{"login":"nobody","secret":"wrong wrong"}"#,
            "sign-in",
        ),
        (Method::GET, "/api/v1/persons/x/status", "", "sign-in"),
    ] {
        let (_, headers, text) = world.send(&method, path, json(), body.into()).await;
        assert_eq!(
            headers[header::CONTENT_TYPE],
            "application/problem+json",
            "{path}"
        );
        let problem: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            problem["type"],
            format!("urn:sojourn:problem:{expected}"),
            "{path}"
        );
    }
}
