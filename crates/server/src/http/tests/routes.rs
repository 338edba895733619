//! Every route and whom it refuses.

use super::*;

/// Every route that the two routers register, read from their source so that none can be forgotten.
fn routes() -> Vec<(Method, String)> {
    let mut routes = Vec::new();
    let portal = ("", include_str!("../../portal/routes.rs"));
    for (prefix, source) in [portal, ("/api/v1", include_str!("../../api/mod.rs"))] {
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
