//! What API and portals share: state, limits, headers, faults, and the server itself.

pub(crate) mod fault;
mod grouped;
pub(crate) mod guard;
pub(crate) mod limits;
pub(crate) mod metrics;
pub(crate) mod peer;
pub(crate) mod serve;
pub(crate) mod state;
pub(crate) mod telemetry;
#[cfg(test)]
pub(crate) mod tests;
