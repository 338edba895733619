//! Reads what agencies send: bytes of an extract in, records and rejected lines out. Opens nothing.
//!
//! * what an extract looks like is data: [`mapping`] (one TOML file an extract), found by path in a [`mapping_set`]
//! * [`extract::read`] streams one extract; memory is bounded by [`window::RECORD_BYTES_MAX`] whatever its size
//! * what comes out: [`outcome`]; why a line was set aside: [`fault`]
//!
//! Inside: a reader of a form (`form`) cuts the bytes into rows (`row`), `assemble` turns a row into a record field by
//! field with the value types of `value`.
//!
//! Invariant: every line of an extract becomes a record, a rejection, or is blank or structure; none is lost. A
//! rejection and a doubt name the field and the reason, never the value.

mod assemble;
pub mod extract;
pub mod fault;
mod form;
pub mod mapping;
pub mod mapping_set;
pub mod outcome;
mod pass;
mod proof;
mod row;
mod shape;
mod text;
mod transcode;
mod value;
pub mod window;
