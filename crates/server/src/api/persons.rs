//! Finding a person, and reading profile and status: the same use cases as the portals'.

use axum::{
    Json,
    extract::{Path, Query as Parameters, State},
};
use profile::view::Profile;
use records::{Day, country::Country, document::DocumentNumber, key::ProfileId, partial_date::PartialDate};
use registry::{
    access::action::FieldGroup,
    find::{Because, Found, Query},
    port::contests::Contested,
    registry::{AsOf, Registry},
    search_key::SearchKind,
    view_profile::ContestMark,
};
use serde::{Deserialize, Serialize};
use status::status::Status;
use utoipa::{IntoParams, ToSchema};

use super::{
    Reply,
    caller::Caller,
    problem::{Problem, ProblemDetails},
};
use crate::http::{fault::Fault, state::AppState};

/// A document, another number, a name and a birth date, or a notice that the office was sent.
#[derive(Deserialize, ToSchema)]
#[serde(untagged, deny_unknown_fields)]
pub(crate) enum Search {
    Document {
        number: String,
        /// Alpha-3 code of the issuing state.
        issuer: Option<String>,
    },
    Number {
        /// `inn`, `snils`, `enp`, `student_id`, `permit`, `visa` or `migration_card`.
        kind: String,
        number: String,
    },
    Notice {
        /// Number of the notice; it leads to the person that it is about.
        notice: u64,
    },
    Name {
        name: String,
        /// `YYYY-MM-DD`, `YYYY-MM` or `YYYY`.
        born: String,
    },
}

impl Search {
    fn query(self) -> Result<Query, Problem> {
        let form = || Problem(Fault::Form);
        match self {
            Self::Document { number, issuer } => {
                let number = DocumentNumber::parse(&number).map_err(|_| form())?;
                let issuer = issuer
                    .map(|code| Country::parse(&code))
                    .transpose()
                    .map_err(|_| form())?;
                Ok(Query::Document { number, issuer })
            }
            Self::Number { kind, number } => Ok(Query::Number {
                kind: SearchKind::of_number(&kind).ok_or_else(form)?,
                number,
            }),
            Self::Notice { notice } => Ok(Query::Notice { number: notice }),
            Self::Name { name, born } => Ok(Query::Name {
                name,
                born: PartialDate::parse_iso(&born).map_err(|_| form())?,
            }),
        }
    }
}

/// Candidates, the likeliest first. Each of them sees the search.
#[derive(Serialize, ToSchema)]
pub(crate) struct FoundReply {
    candidates: Vec<Candidate>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Candidate {
    id: String,
    /// Why it is among the found, the strongest reason first.
    #[schema(value_type = Vec<Object>)]
    because: Vec<Because>,
    /// Narrowed to what the purpose opens.
    #[schema(value_type = Object)]
    profile: Profile,
}

impl From<Found> for Candidate {
    fn from(found: Found) -> Self {
        Self {
            id: found.profile.id.to_string(),
            because: found.because,
            profile: found.profile,
        }
    }
}

/// The resolved view with provenance, and the groups of fields that the purpose keeps closed.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProfileReply {
    #[schema(value_type = Object)]
    profile: Profile,
    #[schema(value_type = Vec<String>)]
    closed: Vec<FieldGroup>,
    /// What of it is contested and not decided.
    contested: Vec<Mark>,
}

/// That something is contested.
#[derive(Serialize, ToSchema)]
pub(crate) struct Mark {
    case: u64,
    #[schema(value_type = Object)]
    about: Contested,
    since: String,
}

impl From<ContestMark> for Mark {
    fn from(mark: ContestMark) -> Self {
        Self {
            case: mark.case.0,
            about: mark.about,
            since: mark.since.to_string(),
        }
    }
}

/// Conclusions and duties, each with the rules and records it rests on.
#[derive(Serialize, ToSchema)]
pub(crate) struct StatusReply {
    #[schema(value_type = Object)]
    status: Status,
    /// Edition of the rules.
    edition: String,
}

/// As of when.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct When {
    /// Day in question, `YYYY-MM-DD`; today when left out.
    on: Option<String>,
    /// Time up to which records count, RFC 3339; now when left out.
    known_at: Option<String>,
}

impl When {
    fn as_of(&self, registry: &Registry) -> Result<AsOf, Problem> {
        let now = AsOf::now(registry);
        let form = || Problem(Fault::Form);
        let on = self
            .on
            .as_deref()
            .map(str::parse::<Day>)
            .transpose()
            .map_err(|_| form())?;
        let known_at = self
            .known_at
            .as_deref()
            .map(str::parse)
            .transpose()
            .map_err(|_| form())?;
        Ok(AsOf {
            on: on.unwrap_or(now.on),
            known_at: known_at.unwrap_or(now.known_at),
        })
    }
}

/// Profiles that may be the person. More than twenty candidates are a problem, not a list: say more of the person.
#[utoipa::path(post, path = "/api/v1/searches", tag = "persons", security(("bearer" = [])), request_body = Search,
    params(
        When,
        ("Sojourn-Purpose" = String, Header, description = "purpose, from the closed list"),
        ("Sojourn-Case" = Option<String>, Header, description = "number of the office's case; some purposes demand one"),
    ), responses(
    (status = 200, body = FoundReply),
    (status = 400, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 401, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 403, body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn find(
    State(state): State<AppState>,
    Caller(asker): Caller,
    Parameters(when): Parameters<When>,
    Json(search): Json<Search>,
) -> Reply<FoundReply> {
    let as_of = when.as_of(&state.registry)?;
    let found = state.registry.find(&asker, &search.query()?, as_of).await?;
    Ok(Json(FoundReply {
        candidates: found.into_iter().map(Candidate::from).collect(),
    }))
}

/// The profile of a person, as far as the purpose opens it.
#[utoipa::path(get, path = "/api/v1/persons/{id}/profile", tag = "persons", security(("bearer" = [])),
    params(
        ("id" = String, Path, description = "profile id"),
        When,
        ("Sojourn-Purpose" = Option<String>, Header, description = "purpose; a holder need not name one"),
        ("Sojourn-Case" = Option<String>, Header, description = "number of the office's case; some purposes demand one"),
    ), responses(
    (status = 200, body = ProfileReply),
    (status = 401, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 403, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 404, body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn profile(
    State(state): State<AppState>,
    Caller(asker): Caller,
    Path(id): Path<String>,
    Parameters(when): Parameters<When>,
) -> Reply<ProfileReply> {
    let id = ProfileId::parse(&id).map_err(|_| Problem(Fault::NotFound))?;
    let view = state
        .registry
        .view_profile(&asker, id, when.as_of(&state.registry)?)
        .await?;
    Ok(Json(ProfileReply {
        profile: view.profile,
        closed: view.closed,
        contested: view.contested.into_iter().map(Mark::from).collect(),
    }))
}

/// What the rules say of a person.
#[utoipa::path(get, path = "/api/v1/persons/{id}/status", tag = "persons", security(("bearer" = [])),
    params(
        ("id" = String, Path, description = "profile id"),
        When,
        ("Sojourn-Purpose" = Option<String>, Header, description = "purpose; a holder need not name one"),
        ("Sojourn-Case" = Option<String>, Header, description = "number of the office's case; some purposes demand one"),
    ), responses(
    (status = 200, body = StatusReply),
    (status = 401, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 403, body = ProblemDetails, content_type = "application/problem+json"),
    (status = 404, body = ProblemDetails, content_type = "application/problem+json"),
))]
pub(crate) async fn status(
    State(state): State<AppState>,
    Caller(asker): Caller,
    Path(id): Path<String>,
    Parameters(when): Parameters<When>,
) -> Reply<StatusReply> {
    let id = ProfileId::parse(&id).map_err(|_| Problem(Fault::NotFound))?;
    let status = state
        .registry
        .view_status(&asker, id, when.as_of(&state.registry)?)
        .await?;
    Ok(Json(StatusReply {
        status,
        edition: state.registry.pack().edition().to_owned(),
    }))
}
