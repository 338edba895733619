//! The portals: HTML pages for the holder, the verifier, the official, and everybody.
//!
//! A handler extracts, calls a use case and hands its result to a view; the view puts it in words; a template in
//! `templates/` draws it. No page shows a person without a sign-in and a purpose, because no use case does.
//!
//! * frame: [`page`], [`visitor`], [`forms`], [`assets`], [`text`], [`words`]
//! * pages: [`entrance`], [`holder`], [`proof`], [`verifier`], [`matter`], [`find`], [`person`], [`queue`],
//!   [`review`], [`statistics`]
//! * views: [`conclusions`] by [`teller`], [`facts`], [`kinds`], [`publication`]

mod asker;
pub(crate) mod assets;
mod conclusions;
mod entrance;
mod facts;
mod find;
pub(crate) mod forms;
mod holder;
mod kinds;
pub(crate) mod matter;
pub(crate) mod page;
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
mod words;

pub(crate) use routes::router;
