//! What the metrics tell.

use super::*;

#[tokio::test]
async fn metrics_name_routes_and_nobody() {
    let world = World::new().await;
    let ask = async |path: &str| {
        world
            .send(&Method::GET, path, HeaderMap::new(), String::new())
            .await
    };
    ask("/healthz").await;
    ask("/healthz").await;
    ask("/AA1234567?name=SECRETIVE").await;
    ask("/api/v1/persons/0123456789abcdef0123456789abcdef/status").await;
    let (status, headers, body) = ask("/metrics").await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        headers[header::CONTENT_TYPE]
            .to_str()
            .unwrap()
            .starts_with("application/openmetrics-text")
    );
    let alive = r#"sojourn_http_requests_total{method="GET",route="/healthz",status="200"} 2"#;
    assert!(body.contains(alive), "{body}");
    assert!(
        body.contains(r#"route="/api/v1/persons/{id}/status",status="401""#),
        "{body}"
    );
    assert!(body.contains("sojourn_http_requests_under_way 1\n"), "{body}");
    assert!(body.contains("sojourn_looks_groups_total 0\n"), "{body}");
    assert!(body.ends_with("# EOF\n"));
    for told in ["AA1234567", "SECRETIVE", "0123456789abcdef"] {
        assert!(!body.contains(told), "{told} in {body}");
    }
}
