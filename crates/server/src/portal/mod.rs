//! The portals: HTML pages for the holder, the verifier, the official, and everybody.
//!
//! A handler extracts, calls a use case and hands its result to a view; the view puts it in words; a template in
//! `templates/` draws it. No page shows a person without a sign-in and a purpose, because no use case does.
//!
//! * frame: [`page`], [`visitor`], [`forms`], [`assets`], [`text`], [`words`]
//! * pages: [`entrance`], [`holder`], [`proof`], [`verifier`], [`matter`], [`find`], [`person`], [`queue`],
//!   [`review`], [`correction`] by [`objection`], [`own_cases`], [`casework`], [`partition`], [`statistics`]
//! * views: [`conclusions`] by [`teller`], [`facts`], [`kinds`], [`contested`], [`publication`]

mod asker;
pub(crate) mod assets;
mod casework;
mod conclusions;
mod contested;
mod correction;
mod entrance;
mod facts;
mod find;
pub(crate) mod forms;
mod holder;
mod kinds;
pub(crate) mod matter;
mod objection;
mod own_cases;
pub(crate) mod page;
mod partition;
mod person;
mod proof;
pub(crate) mod publication;
mod queue;
mod review;
mod routes;
mod statistics;
mod teller;
pub(crate) mod text;
mod verifier;
pub(crate) mod visitor;
pub(crate) mod words;

pub(crate) use routes::router;
