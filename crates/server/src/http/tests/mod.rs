//! A running application of a test's own, in process, and browsers that visit it.

mod guards;
mod log;
mod metrics;
mod routes;

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
const PERSONAL: [&str; 7] = [
    "KARIMOV",
    "JASUR",
    "FA1234567",
    "1990",
    "19900529",
    "BX0000000001",
    SECRET,
];

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
            exchange: None,
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
