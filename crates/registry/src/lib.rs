//! What people and programs do with the registry: one verb a file, each a method of [`registry::Registry`].
//!
//! Every use case checks the right ([`access`]) and writes the [`trace`] in the transaction of its work; API, portal,
//! worker and command line all call it, so none can forget.
//!
//! * taking in: [`ingest`], [`link`] from its `ground`
//! * looking: [`find`], [`view_profile`], [`view_links`], [`view_status`], [`status_by_document`]
//! * proving: [`answer`], [`issue_proof`], [`share_code`], [`check_answer`]
//! * deciding: [`review`], [`merge`], [`part`], [`undo_ruling`]
//! * correcting: [`contest`], [`own_contests`], [`work_contest`], [`decide_contest`] by `amend` and `consequences`
//! * telling others: [`deliver`], [`withdrawn_proofs`]; whom: `audience`, by which id: [`sector`]
//! * the person's own: [`own_view`]
//! * signing in: [`account`], [`sign_in`]
//! * leaving: [`export`], [`statistical_extract`]
//! * keeping: [`note_backup`], [`prepare_statuses`]
//! * many at once: [`gather`], for `document_looks` and `sessions`
//! * what it stands on: [`port`], [`memory`], [`search_key`], [`wording`], [`contestable`], [`verify_trace`]

pub mod access;
pub mod account;
mod amend;
mod amended_person;
pub mod answer;
mod audience;
pub mod check_answer;
#[cfg(feature = "conformance")]
pub mod conformance;
mod consequences;
pub mod contest;
pub mod contestable;
pub mod decide_contest;
pub mod deliver;
mod document_looks;
pub mod export;
pub mod find;
pub mod gather;
mod ground;
pub mod ingest;
pub mod issue_proof;
pub mod link;
pub mod memory;
pub mod merge;
pub mod note_backup;
pub mod own_contests;
pub mod own_view;
pub mod part;
pub mod port;
pub mod prepare_statuses;
pub mod registry;
pub mod relay;
pub mod review;
pub mod search_key;
pub mod sector;
mod sessions;
pub mod share_code;
pub mod sign_in;
pub mod statistical_extract;
pub mod status_by_document;
pub mod trace;
pub mod undo_ruling;
pub mod verify_trace;
pub mod view_links;
pub mod view_profile;
pub mod view_status;
pub mod withdrawn_proofs;
pub mod wording;
pub mod work_contest;
