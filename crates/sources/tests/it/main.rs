//! The shipped mappings on whole extracts: the example worlds, hostile bytes, endless lines.

mod hostile;
mod kinds;
mod laws;
mod proofs;
mod setting;
mod worlds;
