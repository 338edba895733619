//! Bits that nobody can guess.

/// No randomness to be had: nothing that depends on it may go on.
#[derive(Debug, thiserror::Error)]
#[error("the system gives no random bits")]
pub struct RandomError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Source of bits for ids, tokens, codes and salts.
pub trait Random: Send + Sync {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError>;
}

impl dyn Random + '_ {
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], RandomError> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    pub fn bits128(&self) -> Result<u128, RandomError> {
        self.bytes().map(u128::from_be_bytes)
    }
}

/// The operating system's generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomError> {
        getrandom::fill(bytes).map_err(|error| RandomError(Box::new(error)))
    }
}
