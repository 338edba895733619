//! Addresses of the portals, and what lies around every handler.

use askama::Template;
use axum::{
    Router,
    extract::{Request, State},
    http::{Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};

use super::{
    assets, casework, correction, entrance, find, holder, matter, own_cases,
    page::Page,
    partition, person, proof, queue, review, statistics, verifier,
    visitor::{self, Visitor},
};
use crate::http::{fault::Fault, guard, state::AppState};

/// A page that is ready to send.
pub(crate) struct Html;

impl Html {
    pub(crate) fn page(template: &impl Template) -> Result<Response, Fault> {
        Self::with_status(StatusCode::OK, template)
    }

    fn with_status(status: StatusCode, template: &impl Template) -> Result<Response, Fault> {
        let html = template.render().map_err(|error| Fault::internal(&error))?;
        Ok((status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response())
    }
}

/// Every page, with the checks that all of them share. What is not a page of ours is not found here.
pub(crate) fn router(state: AppState) -> Router {
    let pages = Router::new()
        .route("/", get(entrance::landing))
        .route("/about", get(entrance::about))
        .route("/sign-in", get(entrance::sign_in_page).post(entrance::sign_in))
        .route("/sign-out", post(entrance::sign_out))
        .route("/sign-out/everywhere", post(entrance::sign_out_everywhere))
        .route("/language/{code}", get(entrance::choose_language))
        .route("/my", get(holder::status))
        .route("/my/proof", get(proof::choose).post(proof::make_qr))
        .route("/my/share-code", post(proof::make_code))
        .route("/my/share-code/end", post(proof::end_code))
        .route("/my/data", get(holder::data))
        .route("/my/looks", get(holder::looks))
        .route("/my/corrections", get(own_cases::cases).post(correction::send))
        .route("/my/corrections/new", get(correction::form))
        .route("/my/corrections/{case}/answer", post(own_cases::answer))
        .route("/check", get(verifier::form))
        .route("/check/code", post(verifier::check_code))
        .route("/check/qr", post(verifier::check_qr))
        .route("/office/matter", get(matter::ask).post(matter::open))
        .route("/office/matter/close", post(matter::close))
        .route("/office/find", get(find::form))
        .route("/office/find/document", post(find::by_document))
        .route("/office/find/name", post(find::by_name))
        .route("/office/find/number", post(find::by_number))
        .route("/office/person/{id}", get(person::person))
        .route(
            "/office/person/{id}/contest",
            get(correction::office_form).post(correction::office_send),
        )
        .route("/office/person/{id}/records", get(partition::records))
        .route("/office/person/{id}/part", post(partition::part))
        .route("/office/person/{id}/merge", post(partition::merge))
        .route("/office/rulings/{ruling}/undo", post(partition::undo))
        .route("/office/corrections", get(casework::list))
        .route(
            "/office/corrections/{case}",
            get(casework::case).post(casework::decide),
        )
        .route("/office/corrections/{case}/take", post(casework::take))
        .route("/office/corrections/{case}/release", post(casework::release))
        .route("/office/corrections/{case}/ask", post(casework::ask))
        .route("/office/queue", get(queue::list))
        .route("/office/queue/{id}", get(review::item).post(review::decide))
        .route("/office/queue/{id}/take", post(review::take))
        .route("/office/queue/{id}/release", post(review::release))
        .route("/statistics", get(statistics::page))
        .route("/statistics/{file}", get(statistics::file))
        .fallback(async || Fault::NotFound)
        .layer(middleware::from_fn(guard::same_origin))
        .layer(middleware::from_fn_with_state(state.clone(), show_faults))
        .layer(middleware::from_fn_with_state(state.clone(), visitor::recognise))
        .with_state(state);
    Router::new()
        .route("/assets/{file}", get(assets::asset))
        .merge(pages)
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    page: Page,
    title: &'static str,
    text: &'static str,
}

/// Puts a page around a fault. A page that was refused tells nothing of what it would have shown.
async fn show_faults(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let visitor = request.extensions().get::<Visitor>().cloned();
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let response = next.run(request).await;
    let fault = response
        .extensions()
        .get::<Fault>()
        .copied()
        .or_else(|| Fault::of_status(response.status()));
    match (fault, visitor) {
        (Some(fault), Some(visitor)) => fault_page(&state, &visitor, &method, &path, fault),
        _ => response,
    }
}

/// The page of a fault; a fault that leads elsewhere has none.
pub(crate) fn fault_page(
    state: &AppState,
    visitor: &Visitor,
    method: &Method,
    path: &str,
    fault: Fault,
) -> Response {
    let bare = fault.into_response();
    if bare.status().is_redirection() {
        return bare;
    }
    let (title, text) = texts(fault);
    let page = Page::new(state, visitor, method, path, None);
    let Ok(mut shown) = Html::with_status(bare.status(), &ErrorPage { page, title, text }) else {
        return bare;
    };
    if let Some(wait) = bare.headers().get(header::RETRY_AFTER) {
        shown.headers_mut().insert(header::RETRY_AFTER, wait.clone());
    }
    shown
}

/// Keys of heading and explanation.
fn texts(fault: Fault) -> (&'static str, &'static str) {
    match fault {
        Fault::SignIn | Fault::NoMatter | Fault::Forbidden => ("error-forbidden", "error-forbidden-text"),
        Fault::NotFound => ("error-not-found", "error-not-found-text"),
        Fault::Form => ("error-form", "error-form-text"),
        Fault::Conflict | Fault::Several => ("error-conflict", "error-conflict-text"),
        Fault::TooMany { .. } => ("error-too-many", "error-too-many-text"),
        Fault::TooLarge => ("error-too-large", "error-too-large-text"),
        Fault::Busy => ("error-busy", "error-busy-text"),
        Fault::Away => ("error-away", "error-away-text"),
        Fault::Internal => ("error-internal", "error-internal-text"),
    }
}
