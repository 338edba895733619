//! Who may do what, for which purpose. Denied unless a row of the list of purposes allows it.
//!
//! In: an [`actor::Asker`] and the list of [`purpose::Purposes`] (`packs/ru/purposes.toml`).
//! Out: a [`permit::Permit`], without which no use case reads, or a [`permit::AccessError`].
//! Invariant: what a permit led to is traced in the same transaction ([`visit`]); a refusal is traced too.

pub mod action;
pub mod actor;
pub mod permit;
pub mod purpose;
pub mod visit;
