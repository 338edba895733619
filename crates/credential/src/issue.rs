//! Signs a statement.

use crate::{
    QrText, Signer, Statement,
    claims::{self, ClaimsError},
    envelope::{self, SealError},
    key::SignError,
    statement::StatementFault,
};

/// Signatures made until the text survives a form that trims it. One in nine does not; all failing has a chance
/// below 10^-15, and then the symbol is still right.
const TRIES_MAX: usize = 16;

#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    #[error("the statement {0}")]
    Statement(#[from] StatementFault),
    #[error("a day or time of the statement cannot be written")]
    Encode,
    #[error("could not sign")]
    Sign(#[source] SignError),
}

/// Signs `statement`. The same statement gives another text each time, with the same content.
pub fn issue(statement: &Statement, signer: &dyn Signer) -> Result<QrText, IssueError> {
    statement.check()?;
    let claims = claims::encode(statement)?;
    let mut text = QrText::of(&envelope::seal(claims.clone(), signer)?);
    for _ in 1..TRIES_MAX {
        if text.survives_retyping() {
            break;
        }
        text = QrText::of(&envelope::seal(claims.clone(), signer)?);
    }
    Ok(text)
}

impl From<ClaimsError> for IssueError {
    fn from(_: ClaimsError) -> Self {
        Self::Encode
    }
}

impl From<SealError> for IssueError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::Sign(error) => Self::Sign(error),
            SealError::Encode => Self::Encode,
        }
    }
}
