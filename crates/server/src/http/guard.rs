//! What every response carries and every changing request must prove (ASVS 3.4, 3.5).

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::Response,
};

use super::fault::Fault;

/// Nothing but our own style sheet, images, modules and forms; no inline code, no frames, no plugins.
const CONTENT_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// Only the checking page may ask for the camera; the browser still asks the person.
const DEVICES: &str = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()";

const HEADERS: [(HeaderName, &str); 8] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        header::STRICT_TRANSPORT_SECURITY,
        "max-age=31536000; includeSubDomains",
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
    (HeaderName::from_static("permissions-policy"), DEVICES),
];

/// Sets the headers. What says nothing about caching is not kept anywhere (ASVS 14.3.2).
pub(crate) async fn set_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Refuses a changing request that another site has caused. The form token is checked beside it.
pub(crate) async fn same_origin(request: Request, next: Next) -> Result<Response, Fault> {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if changes && !is_own(request.headers()) {
        Err(Fault::Form)
    } else {
        Ok(next.run(request).await)
    }
}

/// `Sec-Fetch-Site` where the browser sends it; else `Origin` must name the host that was asked.
fn is_own(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match (text("sec-fetch-site"), text("origin")) {
        (Some(site), _) => site == "same-origin",
        (None, Some(origin)) => {
            let host = origin
                .strip_prefix("https://")
                .or_else(|| origin.strip_prefix("http://"));
            host.is_some() && host == text("host")
        }
        // Neither is sent by old browsers alone: the form token decides.
        (None, None) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(pairs: &[(&'static str, &'static str)]) -> bool {
        is_own(
            &pairs
                .iter()
                .map(|&(n, v)| (HeaderName::from_static(n), HeaderValue::from_static(v)))
                .collect(),
        )
    }

    #[test]
    fn only_the_own_site_may_change_anything() {
        assert!(own(&[("sec-fetch-site", "same-origin")]));
        assert!(own(&[
            ("origin", "https://sojourn.example"),
            ("host", "sojourn.example")
        ]));
        for refused in [
            &[("sec-fetch-site", "cross-site")][..],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[
                ("sec-fetch-site", "cross-site"),
                ("origin", "https://a.example"),
                ("host", "a.example"),
            ],
            &[("origin", "https://evil.example"), ("host", "sojourn.example")],
            &[
                ("origin", "https://sojourn.example.evil.example"),
                ("host", "sojourn.example"),
            ],
            &[("origin", "null"), ("host", "sojourn.example")],
        ] {
            assert!(!own(refused), "{refused:?}");
        }
    }
}
