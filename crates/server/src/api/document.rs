//! The description of the API: OpenAPI 3.1.

use utoipa::{
    Modify, OpenApi,
    openapi::security::{Http, HttpAuthScheme, SecurityScheme},
};

use super::{checks, contests, notices, persons, problem, sessions, status, tables};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Sojourn",
        description = "Profiles, status, checks and statistics of foreign residents. Every call about a person names \
            its purpose and leaves a trace that the person sees.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    paths(
        sessions::sign_in,
        sessions::current,
        sessions::sign_out,
        checks::check_code,
        checks::check_qr,
        checks::withdrawn,
        persons::find,
        persons::profile,
        persons::status,
        status::by_document,
        contests::contest,
        contests::own,
        contests::answer,
        notices::list,
        notices::acknowledge,
        notices::replay,
        tables::list,
        tables::table,
    ),
    components(schemas(problem::ProblemDetails)),
    modifiers(&BearerToken),
)]
struct Description;

struct BearerToken;

impl Modify for BearerToken {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        description
            .components
            .get_or_insert_default()
            .add_security_scheme("bearer", scheme);
    }
}

/// The description as JSON.
pub(crate) fn openapi() -> String {
    // The description is static: whether it can be written, the test below has shown.
    Description::openapi().to_pretty_json().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_description_is_a_contract() {
        let text = openapi();
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert!(json["openapi"].as_str().unwrap().starts_with("3.1"));
        insta::assert_snapshot!("openapi", text);
    }
}
