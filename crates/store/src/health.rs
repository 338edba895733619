//! What was found by looking at a database.

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub part: &'static str,
    pub says: String,
    /// What to do; none if it is sound.
    pub remedy: Option<&'static str>,
}

impl Finding {
    pub(crate) fn of(part: &'static str, says: String, sound: bool, remedy: &'static str) -> Self {
        Self {
            part,
            says,
            remedy: (!sound).then_some(remedy),
        }
    }
}
