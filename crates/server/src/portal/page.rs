//! The frame around every page: language, tabs, who is signed in, the token of its forms.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, OriginalUri},
    http::{Method, request::Parts},
};
use records::Day;
use registry::access::{action::Action, actor::Role};

use super::{
    assets::Assets,
    forms::TOKEN_FIELD,
    text::Language,
    visitor::{Present, Visitor},
};
use crate::http::{fault::Fault, state::AppState};

/// What is the same on all pages of a run.
pub(crate) struct Frame {
    pub(crate) assets: Assets,
    /// The day that a demonstration takes for today.
    pub(crate) simulated_day: Option<Day>,
}

/// The frame of one page.
pub(crate) struct Page {
    pub(crate) language: Language,
    frame: Arc<Frame>,
    here: String,
    name: Option<String>,
    tabs: Vec<Tab>,
    token: String,
}

/// A section that the reader's role opens.
pub(crate) struct Tab {
    pub(crate) href: &'static str,
    /// Key of its name.
    pub(crate) text: &'static str,
    pub(crate) current: bool,
}

/// A language to switch to.
pub(crate) struct LanguageLink {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    pub(crate) current: bool,
}

type Section = (&'static str, &'static str);

const HOLDER: [Section; 5] = [
    ("/my", "tab-status"),
    ("/my/proof", "tab-proof"),
    ("/my/data", "tab-data"),
    ("/my/corrections", "tab-corrections"),
    ("/my/looks", "tab-looks"),
];
const VERIFIER: [Section; 1] = [("/check", "tab-check")];
const MATTER: Section = ("/office/matter", "tab-matter");
const FIND: Section = ("/office/find", "tab-find");
const QUEUE: Section = ("/office/queue", "tab-queue");
const CASES: Section = ("/office/corrections", "tab-casework");
const OTHERS: [Section; 1] = [("/statistics", "tab-statistics")];

/// Where a role lands after sign-in.
pub(crate) fn first_page(role: Role) -> &'static str {
    match role {
        Role::Holder => HOLDER[0].0,
        Role::Verifier => VERIFIER[0].0,
        Role::Official => MATTER.0,
        Role::Operator | Role::Analyst => OTHERS[0].0,
    }
}

/// Sections that the reader can open; an official's follow from the purpose at work.
fn sections(state: &AppState, signed_in: &Present) -> Vec<Section> {
    match signed_in.actor.role() {
        Role::Holder => HOLDER.into(),
        Role::Verifier => VERIFIER.into(),
        Role::Official => {
            let matter = state.matters.find(&signed_in.token);
            let open = |action| matter.as_ref().is_some_and(|matter| matter.allows(action));
            let work = [
                (FIND, Action::Find),
                (QUEUE, Action::ViewQueue),
                (CASES, Action::WorkContests),
            ];
            let work = work
                .into_iter()
                .filter(|(_, action)| open(*action))
                .map(|(section, _)| section);
            std::iter::once(MATTER).chain(work).collect()
        }
        Role::Operator | Role::Analyst => OTHERS.into(),
    }
}

impl Page {
    pub(crate) fn new(
        state: &AppState,
        visitor: &Visitor,
        method: &Method,
        path: &str,
        query: Option<&str>,
    ) -> Self {
        let sections = visitor
            .signed_in
            .as_ref()
            .map(|signed_in| sections(state, signed_in))
            .unwrap_or_default();
        let section = section_of(&sections, path);
        // The answer to a form has no address of its own to come back to: its section has.
        let here = match (method, query, section) {
            (&Method::GET, Some(query), _) => format!("{path}?{query}"),
            (&Method::GET, None, _) => path.to_owned(),
            (_, _, section) => section.unwrap_or("/").to_owned(),
        };
        Self {
            language: visitor.language,
            frame: Arc::clone(&state.frame),
            here,
            name: visitor
                .signed_in
                .as_ref()
                .map(|signed_in| signed_in.display_name(visitor.language)),
            tabs: sections
                .into_iter()
                .map(|(href, text)| Tab {
                    href,
                    text,
                    current: section == Some(href),
                })
                .collect(),
            token: visitor
                .form_cookie
                .as_deref()
                .map(|cookie| state.form_key.token(cookie))
                .unwrap_or_default(),
        }
    }

    pub(crate) fn t(&self, key: &str) -> String {
        self.language.say(key)
    }

    /// A text with one fill.
    pub(crate) fn t1(&self, key: &str, name: &'static str, value: impl AsRef<str>) -> String {
        self.language.say_with(key, &[(name, value.as_ref().into())])
    }

    pub(crate) fn lang_code(&self) -> &'static str {
        self.language.code()
    }

    pub(crate) fn asset(&self, name: &str) -> Option<&str> {
        self.frame.assets.href(name)
    }

    pub(crate) fn simulated_day(&self) -> Option<String> {
        self.frame.simulated_day.map(|day| self.language.day(day))
    }

    pub(crate) fn signed_in_as(&self) -> Option<&str> {
        self.name.as_deref()
    }

    pub(crate) fn tabs(&self) -> &[Tab] {
        &self.tabs
    }

    /// Where the language switch comes back to.
    pub(crate) fn here(&self) -> &str {
        &self.here
    }

    pub(crate) fn languages(&self) -> impl Iterator<Item = LanguageLink> + '_ {
        Language::ALL.into_iter().map(|language| LanguageLink {
            code: language.code(),
            name: language.own_name(),
            current: language == self.language,
        })
    }

    /// Hidden field of every form. The token is hexadecimal, so it needs no escaping.
    pub(crate) fn form_token_field(&self) -> String {
        format!(
            r#"<input type="hidden" name="{TOKEN_FIELD}" value="{}">"#,
            self.token
        )
    }
}

/// The section that a path belongs to: the longest that begins it; a person is part of finding.
fn section_of(sections: &[Section], path: &str) -> Option<&'static str> {
    let begins =
        |href: &str| path == href || path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
    let owns = |href: &str| begins(href) || (href == FIND.0 && path.starts_with("/office/person/"));
    sections
        .iter()
        .map(|&(href, _)| href)
        .filter(|href| owns(href))
        .max_by_key(|href| href.len())
}

impl FromRequestParts<AppState> for Page {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Fault> {
        let visitor = parts.extensions.get::<Visitor>().ok_or(Fault::Internal)?;
        let uri = parts
            .extensions
            .get::<OriginalUri>()
            .map_or(&parts.uri, |original| &original.0);
        Ok(Self::new(state, visitor, &parts.method, uri.path(), uri.query()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_belongs_to_the_section_that_begins_it() {
        assert_eq!(section_of(&HOLDER, "/my"), Some("/my"));
        assert_eq!(section_of(&HOLDER, "/my/proof"), Some("/my/proof"));
        assert_eq!(section_of(&HOLDER, "/my/share-code"), Some("/my"));
        assert_eq!(section_of(&HOLDER, "/mystery"), None);
        assert_eq!(
            section_of(&[MATTER, FIND, QUEUE], "/office/queue/7"),
            Some("/office/queue")
        );
        assert_eq!(
            section_of(&[MATTER, FIND, QUEUE], "/office/person/x"),
            Some("/office/find")
        );
    }
}
