//! Every route and whom it refuses; what the log tells. In process, over a store of its own.

use std::{
    fs,
    io::Write,
    sync::{Arc, Mutex},
};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use records::key::ProfileId;
use registry::{
    access::actor::Actor,
    account::{NewAccount, Secret},
    port::{link_book::OpenLink, random::SystemRandom},
    share_code::Code,
};
use tower::ServiceExt as _;

use super::{
    serve::router,
    state::{AppState, Parts},
};
use crate::{
    data::DataFiles,
    delivery,
    installation::{self, Installation, Site},
    portal::visitor::Transport,
};

const SECRET: &str = "invented secret";
const BODY_MAX: usize = 1 << 20;
/// Words of the one record that the store of these tests holds.
const RECORDS: &str = "crossing_id;version;direction;crossed_at;recorded_on;checkpoint;surname;given_names;sex;\
birth_date;nationality;doc_type;doc_number;doc_issuer;doc_expiry;mrz1;mrz2;purpose;migration_card;visa_no\n\
BX0000000001;1;IN;2025-11-20T10:00:00+03:00;2025-11-20;A-SVO;KARIMOV;JASUR;M;19900529;UZB;P;FA1234567;UZB;20300101;;;\
05;1234 1234567;\n";
/// What must never stand in a log.
const PERSONAL: [&str; 6] = ["KARIMOV", "JASUR", "FA1234567", "1990", "BX0000000001", SECRET];

pub(crate) struct World {
    app: Router,
    pub(crate) holder: ProfileId,
    _place: tempfile::TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let store = format!("sqlite:{}", place.path().join("store.db").display()).into();
        let site = Site {
            store: &store,
            keys: &place.path().join("keys"),
            data: DataFiles::new(None),
            simulated_start: Some("2025-12-15T06:00:00Z".parse().unwrap()),
        };
        let installation = Installation::at(site).await.unwrap();
        let extract = place.path().join("extract/border");
        fs::create_dir_all(&extract).unwrap();
        fs::write(extract.join("crossings.csv"), RECORDS).unwrap();
        let operator = installation::operator(installation::OPERATION).unwrap();
        let reading = Arc::new(installation::reading(&installation.data).unwrap());
        let directory = place.path().join("extract");
        delivery::take_in(&installation.registry, &operator, &reading, &directory)
            .await
            .unwrap();
        installation.registry.link_all(&operator).await.unwrap();
        let holder = only_profile(&installation).await;
        for (login, actor) in [
            ("holder", Actor::Holder { profile: holder }),
            (
                "verifier",
                Actor::Verifier {
                    organisation: "Bakery".into(),
                },
            ),
            (
                "official",
                Actor::Official {
                    name: "Ivanova".into(),
                    office: "Office".into(),
                },
            ),
        ] {
            let new = NewAccount {
                login: login.into(),
                secret: Secret::parse(SECRET).unwrap(),
                actor,
            };
            installation.registry.open_account(&operator, new).await.unwrap();
        }
        let parts = Parts {
            countries: Arc::new(installation::reference(&installation.data).unwrap().countries),
            registry: installation.registry,
            random: Arc::new(SystemRandom),
            transport: Transport::Tls,
            simulated_day: None,
            demo_sign_ins: Vec::new(),
            publication: None,
        };
        Self {
            app: router(AppState::new(parts).unwrap()),
            holder,
            _place: place,
        }
    }

    pub(crate) async fn send(
        &self,
        method: &Method,
        path: &str,
        headers: HeaderMap,
        body: String,
    ) -> (StatusCode, HeaderMap, String) {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .body(Body::from(body))
            .unwrap();
        *request.headers_mut() = headers;
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), BODY_MAX).await.unwrap();
        (status, headers, String::from_utf8_lossy(&body).into_owned())
    }

    /// A browser: form cookie and token, and a session when it signs in.
    async fn browser(&self, login: Option<&str>) -> Browser {
        let (_, headers, page) = self
            .send(&Method::GET, "/sign-in", HeaderMap::new(), String::new())
            .await;
        let mut cookies = cookies(&headers);
        let token = page
            .split("form-token\" value=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .to_owned();
        if let Some(login) = login {
            let browser = Browser {
                cookies: cookies.clone(),
                token: token.clone(),
            };
            let body = format!("form-token={token}&login={login}&secret={SECRET}");
            let (status, headers, _) = self
                .send(&Method::POST, "/sign-in", browser.headers(), body)
                .await;
            assert_eq!(status, StatusCode::SEE_OTHER);
            cookies.extend(self::cookies(&headers));
        }
        Browser { cookies, token }
    }

    pub(crate) async fn bearer(&self, login: &str) -> HeaderMap {
        let body = serde_json::json!({ "login": login, "secret": SECRET }).to_string();
        let (status, _, reply) = self.send(&Method::POST, "/api/v1/sessions", json(), body).await;
        assert_eq!(status, StatusCode::CREATED);
        let reply: serde_json::Value = serde_json::from_str(&reply).unwrap();
        let mut headers = json();
        headers.insert(
            header::AUTHORIZATION,
            format!("Bearer {}", reply["token"].as_str().unwrap())
                .parse()
                .unwrap(),
        );
        headers
    }
}

async fn only_profile(installation: &Installation) -> ProfileId {
    let operator = installation::operator(installation::OPERATION).unwrap();
    let mut profiles = Vec::new();
    let mut keep = |link: OpenLink| {
        profiles.push(link.profile);
        Ok(())
    };
    installation
        .registry
        .export_links(&operator, None, installation.registry.now(), &mut keep)
        .await
        .unwrap();
    profiles[0]
}

fn json() -> HeaderMap {
    HeaderMap::from_iter([(header::CONTENT_TYPE, "application/json".parse().unwrap())])
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    let values = headers
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|value| value.to_str().unwrap());
    values
        .map(|value| value.split(';').next().unwrap().to_owned())
        .collect()
}

#[derive(Clone)]
struct Browser {
    cookies: Vec<String>,
    token: String,
}

impl Browser {
    fn headers(&self) -> HeaderMap {
        HeaderMap::from_iter([
            (header::COOKIE, self.cookies.join("; ").parse().unwrap()),
            (
                header::CONTENT_TYPE,
                "application/x-www-form-urlencoded".parse().unwrap(),
            ),
            ("sec-fetch-site".parse().unwrap(), "same-origin".parse().unwrap()),
        ])
    }
}

/// Every route that the two routers register, read from their source so that none can be forgotten.
fn routes() -> Vec<(Method, String)> {
    let mut routes = Vec::new();
    let portal = ("", include_str!("../portal/routes.rs"));
    for (prefix, source) in [portal, ("/api/v1", include_str!("../api/mod.rs"))] {
        for route in source.split(".route(").skip(1) {
            let (_, rest) = route.split_once('"').unwrap();
            let (path, rest) = rest.split_once('"').unwrap();
            let verbs = rest.split([')', ';']).collect::<Vec<_>>();
            let prefix = if ["/healthz", "/readyz"].contains(&path) {
                ""
            } else {
                prefix
            };
            for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
                let call = format!("{}(", method.as_str().to_lowercase());
                if verbs.iter().take(2).any(|verb| verb.contains(&call)) {
                    routes.push((method, format!("{prefix}{path}")));
                }
            }
        }
    }
    routes
}

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
    assert!(body.ends_with("# EOF\n"));
    for told in ["AA1234567", "SECRETIVE", "0123456789abcdef"] {
        assert!(!body.contains(told), "{told} in {body}");
    }
}

/// Routes that would end what a caller has, which the routes after them need.
const ENDS: [&str; 4] = [
    "POST /sign-out",
    "POST /sign-out/everywhere",
    "POST /office/matter/close",
    "DELETE /api/v1/sessions/current",
];

/// A code in the right form that nobody has made.
fn well_formed_code() -> String {
    let codes = ('A'..='Z')
        .chain('2'..='9')
        .map(|last| format!("W2222222222{last}"));
    codes.into_iter().find(|code| Code::parse(code).is_ok()).unwrap()
}

/// What a caller is told: let in (also with "the form is incomplete"), or how refused.
fn told(status: StatusCode, headers: &HeaderMap) -> &'static str {
    match (
        status,
        headers
            .get(header::LOCATION)
            .and_then(|value| value.to_str().ok()),
    ) {
        (StatusCode::SEE_OTHER, Some("/sign-in")) => "sign in",
        (StatusCode::SEE_OTHER, Some("/office/matter")) => "name a purpose",
        (StatusCode::UNAUTHORIZED, _) => "sign in",
        (StatusCode::FORBIDDEN, _) => "refused",
        _ => "·",
    }
}

#[tokio::test]
async fn every_route_refuses_whom_it_should() {
    let world = World::new().await;
    let mut callers = vec![("anonymous", world.browser(None).await, json())];
    for login in ["holder", "verifier", "official"] {
        callers.push((login, world.browser(Some(login)).await, world.bearer(login).await));
    }
    callers[2]
        .2
        .insert("sojourn-purpose", "employment_check".parse().unwrap());
    let at_work = world.browser(Some("official")).await;
    let body = format!("form-token={}&purpose=registration&case=7", at_work.token);
    let (status, ..) = world
        .send(&Method::POST, "/office/matter", at_work.headers(), body)
        .await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let mut bearer = world.bearer("official").await;
    bearer.insert("sojourn-purpose", "registration".parse().unwrap());
    callers.push(("official at work", at_work, bearer));
    let cells = |cells: Vec<&str>| cells.iter().map(|cell| format!("{cell:<17}")).collect::<String>();
    let names = cells(callers.iter().map(|(name, ..)| *name).collect());
    let mut table = vec![format!("{:<45}{names}", "")];
    for (method, route) in routes() {
        let name = format!("{method} {route}");
        let mut told = Vec::new();
        for (_, browser, bearer) in &callers {
            told.push(ask(&world, &method, &route, browser, bearer).await);
        }
        if !ENDS.contains(&name.as_str()) {
            table.push(format!("{name:<45}{}", cells(told)));
        }
    }
    let table: Vec<&str> = table.iter().map(|line| line.trim_end()).collect();
    insta::assert_snapshot!("routes_and_callers", table.join("\n"));
}

/// What a caller is told on a route.
async fn ask(
    world: &World,
    method: &Method,
    route: &str,
    browser: &Browser,
    bearer: &HeaderMap,
) -> &'static str {
    if ENDS.contains(&format!("{method} {route}").as_str()) {
        return "";
    }
    let id = if route.contains("queue") {
        "1".to_owned()
    } else {
        world.holder.to_string()
    };
    let path = route
        .replace("{id}", &id)
        .replace("{code}", "en")
        .replace("{case}", "1")
        .replace("{ruling}", "1")
        .replace("{file}", "x.csv");
    let is_api = route.starts_with("/api");
    let headers = if is_api { bearer.clone() } else { browser.headers() };
    let body = match (is_api, method) {
        (_, &Method::GET) => String::new(),
        (true, _) if route.ends_with("/code") => {
            serde_json::json!({ "code": well_formed_code(), "born": "1990" }).to_string()
        }
        (true, _) if route.ends_with("/qr") => r#"{"text":"x"}"#.into(),
        (true, _) if route.ends_with("/searches") => r#"{"number":"AB123"}"#.into(),
        (true, _) if route.ends_with("/contests") => {
            r#"{"about":{"contested":"link","record":{"source":"border","id":"X"}},"says":"x"}"#.into()
        }
        (true, _) if route.ends_with("/answers") => {
            serde_json::json!({ "profile": world.holder.to_string(), "text": "x" }).to_string()
        }
        (true, _) if route.contains("/notices/") => r#"{"number":1}"#.into(),
        (true, _) => "{}".into(),
        (false, _) => format!(
            "form-token={}&purpose=work&code=00&profile={}&why=x",
            browser.token, world.holder
        ),
    };
    let (status, headers, _) = world.send(method, &path, headers, body).await;
    assert!(!status.is_server_error(), "{method} {route}: {status}");
    told(status, &headers)
}

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
        assert!(!log.contains(word), "the log names {word}");
    }
}
