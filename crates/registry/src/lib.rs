//! What people and programs do with the registry: one verb a file, each a method of [`registry::Registry`].
//!
//! Every use case checks the right ([`access`]) and writes the [`trace`] in the transaction of its work; API, portal,
//! worker and command line all call it, so none can forget.
//!
//! * taking in: [`ingest`], [`link`] from its `ground`
//! * looking: [`find`], [`view_profile`], [`view_links`], [`view_status`]
//! * proving: [`answer`], [`issue_proof`], [`share_code`], [`check_answer`]
//! * deciding: [`review`]
//! * the person's own: [`own_view`]
//! * signing in: [`account`], [`sign_in`]
//! * leaving: [`export`], [`statistical_extract`]
//! * keeping: [`note_backup`]
//! * what it stands on: [`port`], [`memory`], [`search_key`], [`verify_trace`]

pub mod access;
pub mod account;
pub mod answer;
pub mod check_answer;
#[cfg(feature = "conformance")]
pub mod conformance;
pub mod export;
pub mod find;
mod ground;
pub mod ingest;
pub mod issue_proof;
pub mod link;
pub mod memory;
pub mod note_backup;
pub mod own_view;
pub mod port;
pub mod registry;
pub mod review;
pub mod search_key;
pub mod share_code;
pub mod sign_in;
pub mod statistical_extract;
pub mod trace;
pub mod verify_trace;
pub mod view_links;
pub mod view_profile;
pub mod view_status;
