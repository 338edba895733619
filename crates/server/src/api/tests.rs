//! Contesting and being told, as programs do it.

use axum::http::{HeaderMap, Method, StatusCode};
use serde_json::{Value, json};

use crate::http::tests::World;

impl World {
    async fn api(
        &self,
        method: &Method,
        path: &str,
        caller: &HeaderMap,
        purpose: Option<&str>,
        body: Value,
    ) -> (StatusCode, Value) {
        let mut headers = caller.clone();
        if let Some(purpose) = purpose {
            headers.insert("sojourn-purpose", purpose.parse().unwrap());
        }
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let (status, _, reply) = self.send(method, &format!("/api/v1{path}"), headers, body).await;
        (status, serde_json::from_str(&reply).unwrap_or(Value::Null))
    }
}

#[tokio::test]
async fn a_program_contests_and_another_is_told() {
    let world = World::new().await;
    let (holder, official) = (world.bearer("holder").await, world.bearer("official").await);
    let person = format!("/persons/{}", world.holder);
    let profile = format!("{person}/profile");
    let seen = |purpose| world.api(&Method::GET, &profile, &official, Some(purpose), Value::Null);
    let (_, view) = seen("permits").await;
    assert_eq!(view["contested"], json!([]));
    let value = json!({ "latin": view["profile"]["identity"]["latin"]["value"] });
    let objection = json!({
        "about": {
            "contested": "person", "field": "latin", "value": value,
            "right": { "latin": { "surname": "KARIMOFF", "given": "JASUR" } },
        },
        "says": "in my passport it is otherwise",
    });
    let contests = format!("{person}/contests");
    let contest = || world.api(&Method::POST, &contests, &holder, None, objection.clone());
    assert_eq!(contest().await, (StatusCode::CREATED, json!({ "case": 1 })));
    let (status, problem) = contest().await;
    assert_eq!(
        (status, problem["type"].as_str().unwrap()),
        (StatusCode::CONFLICT, "urn:sojourn:problem:conflict")
    );
    let (_, view) = seen("permits").await;
    assert_eq!(view["contested"][0]["case"], 1, "every reader sees it");

    let (_, own) = world
        .api(&Method::GET, "/contests", &holder, None, Value::Null)
        .await;
    assert_eq!(own["cases"][0]["steps"][0]["happened"]["happened"], "received");
    let (_, none) = world
        .api(&Method::GET, "/contests", &official, Some("permits"), Value::Null)
        .await;
    assert_eq!(none["cases"], json!([]), "the office has opened none");
    let answers = json!({ "profile": world.holder.to_string(), "text": "x" });
    let (status, _) = world
        .api(&Method::POST, "/contests/1/answers", &holder, None, answers)
        .await;
    assert_eq!(status, StatusCode::CONFLICT, "nothing was asked");

    let notices = |path| world.api(&Method::GET, path, &official, Some("notices"), Value::Null);
    let (_, told) = notices("/notices").await;
    let notice = &told["notices"][0];
    assert_eq!(
        (&notice["kind"], &notice["case"]),
        (&json!("contested"), &json!(1))
    );
    assert_ne!(
        notice["person"],
        world.holder.to_string(),
        "an id of its own sector"
    );
    let number = json!({ "number": notice["number"] });
    let acknowledge = || {
        let path = "/notices/acknowledged";
        world.api(&Method::PUT, path, &official, Some("notices"), number.clone())
    };
    assert_eq!(acknowledge().await, (StatusCode::OK, json!({ "new": 1 })));
    assert_eq!(acknowledge().await, (StatusCode::OK, json!({ "new": 0 })));
    assert_eq!(notices("/notices").await.1["notices"], json!([]));
    assert_eq!(notices("/notices?after=0").await.1["notices"], told["notices"]);
    assert_eq!(notices("/notices?limit=501").await.0, StatusCode::BAD_REQUEST);

    let search = json!({ "notice": notice["number"] });
    let (_, found) = world
        .api(&Method::POST, "/searches", &official, Some("permits"), search)
        .await;
    assert_eq!(found["candidates"][0]["id"], world.holder.to_string());
    let (status, list) = world
        .api(
            &Method::GET,
            "/proofs/withdrawn",
            &HeaderMap::new(),
            None,
            Value::Null,
        )
        .await;
    assert_eq!((status, &list["withdrawn"]), (StatusCode::OK, &json!([])));
}

#[tokio::test]
async fn a_search_takes_every_kind_and_both_times() {
    let world = World::new().await;
    let official = world.bearer("official").await;
    let search = |query: &'static str, body| {
        let path = format!("/searches{query}");
        let (world, official) = (&world, &official);
        async move {
            world
                .api(&Method::POST, &path, official, Some("border"), body)
                .await
        }
    };
    let document = json!({ "number": "FA1234567", "issuer": "UZB" });
    for body in [
        document.clone(),
        json!({ "kind": "migration_card", "number": "1234-1234567" }),
        json!({ "name": "Каримов Жасур", "born": "1990-05-29" }),
    ] {
        let (status, found) = search("", body.clone()).await;
        assert_eq!(status, StatusCode::OK, "{body}");
        assert_eq!(found["candidates"][0]["id"], world.holder.to_string(), "{body}");
    }
    let (_, found) = search("?known_at=2025-01-01T00:00:00Z&on=2025-11-25", document.clone()).await;
    assert_eq!(found["candidates"], json!([]), "nothing was known then");
    for (query, body) in [
        ("?known_at=yesterday", document),
        ("", json!({ "kind": "shoe", "number": "42" })),
        ("", json!({ "notice": "x" })),
    ] {
        assert_eq!(
            search(query, body.clone()).await.0,
            StatusCode::BAD_REQUEST,
            "{body}"
        );
    }
}

/// The document is in the body, never in the address; nobody and somebody are told apart, and the holder sees the look.
#[tokio::test]
async fn a_status_is_asked_for_by_document() {
    let world = World::new().await;
    let official = world.bearer("official").await;
    let ask = async |body: Value, purpose| {
        world
            .api(&Method::POST, "/status", &official, Some(purpose), body)
            .await
    };
    let (status, reply) = ask(json!({ "document": "fa 1234567", "issuer": "UZB" }), "border").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(reply["person"], world.holder.to_string());
    assert_eq!(reply["status"]["stay"]["lawful"], true);
    let path = format!("/persons/{}/status", world.holder);
    let (_, by_id) = world
        .api(&Method::GET, &path, &official, Some("border"), Value::Null)
        .await;
    assert_eq!(reply["status"], by_id["status"], "the same on every door");

    for (body, purpose, expected) in [
        (
            json!({ "document": "FA7654321" }),
            "border",
            StatusCode::NOT_FOUND,
        ),
        (
            json!({ "document": "FA1234567", "issuer": "KGZ" }),
            "border",
            StatusCode::NOT_FOUND,
        ),
        (
            json!({ "document": "FA1234567", "born": "1990" }),
            "border",
            StatusCode::BAD_REQUEST,
        ),
        (json!({ "document": "" }), "border", StatusCode::BAD_REQUEST),
        (
            json!({ "document": "FA1234567", "on": "soon" }),
            "border",
            StatusCode::BAD_REQUEST,
        ),
        (
            json!({ "document": "FA1234567" }),
            "correction",
            StatusCode::FORBIDDEN,
        ),
        (json!({ "document": "FA1234567" }), "tax", StatusCode::FORBIDDEN),
    ] {
        let (status, _) = ask(body.clone(), purpose).await;
        assert_eq!(status, expected, "{body} for {purpose}");
    }
}
