//! One reader a form: cuts bytes into rows and hands them to a [`crate::pass::Pass`].

pub(crate) mod csv;
pub(crate) mod json;
pub(crate) mod json_array;
pub(crate) mod json_lines;
pub(crate) mod parquet;
pub(crate) mod xml;
