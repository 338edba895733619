//! The signed answer to one question about a holder, small enough for a printed QR symbol and checked offline.
//!
//! * what is said: [`statement`], tied to a travel document by [`binding`]
//! * saying it: [`issue`](mod@issue) with a key of [`key`], drawn by [`qr`]
//! * checking it: [`verify`](mod@verify) against the [`trust`] list, which gives a [`verdict`]
//! * the form on the wire, outermost first: [`text`], `envelope`, `claims`, `cbor`
//!
//! Keys, times and random ids are arguments: no clock, no store, no network.
//! Not here: revocation by status list, and the wallet formats.

pub mod binding;
mod cbor;
mod claims;
mod envelope;
pub mod issue;
pub mod key;
pub mod qr;
pub mod statement;
pub mod text;
pub mod trust;
pub mod verdict;
pub mod verify;

pub use binding::Binding;
pub use issue::{IssueError, issue};
pub use key::{Es256Signer, KeyId, Signer};
pub use qr::qr_svg;
pub use statement::{Answer, CredentialId, Grant, IssuerId, Purpose, ReasonCode, Statement};
pub use text::QrText;
pub use trust::TrustList;
pub use verdict::{NotValid, Undetermined, Verdict};
pub use verify::{verify, verify_with_file};
