//! The small world end to end.
