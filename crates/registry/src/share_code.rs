//! Lets the holder make a code by which others may ask one question, for a time.
//!
//! The first character says which question, ten are random (30^10, about 2^49), the last finds slips of the hand.
//! Invariant: the store has the code's keyed hash only; whoever guesses needs the birth date too and is soon stopped
//! (`check_answer`).

use jiff::{SignedDuration, Timestamp};
use records::key::ProfileId;

use crate::{
    access::{action::Action, actor::Asker, permit::AccessError},
    answer::Matter,
    port::{
        Random, StoreError,
        proofs::{LIVE_CODES_MAX, ShareCode},
        random::RandomError,
    },
    registry::Registry,
    sign_in::after,
    trace::Outcome,
};

/// Digits and letters that nobody mistakes for others: without 0 O, 1 I L, and U.
const ALPHABET: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
const RANDOM_LETTERS: usize = 10;
/// Bytes from here on would make some letters likelier than others.
const FAIR_BYTES: u8 = 240;
const GROUP: usize = 4;

/// A code as it is told and typed. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String); // invariant: the matter's letter, ten of the alphabet, the check letter

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    #[error("a code has {} characters", RANDOM_LETTERS + 2)]
    Length,
    #[error("a code has no {0}")]
    Letter(char),
    #[error("a code of this kind is not known")]
    Matter,
    #[error("a character of the code is wrong")]
    CheckLetter,
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code(hidden)")
    }
}

impl std::fmt::Display for Code {
    /// In groups of four, as it is read out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, letter) in self.0.chars().enumerate() {
            if at > 0 && at % GROUP == 0 {
                f.write_str("-")?;
            }
            write!(f, "{letter}")?;
        }
        Ok(())
    }
}

impl Code {
    /// As typed: spaces and hyphens, small letters allowed.
    pub fn parse(raw: &str) -> Result<Self, CodeError> {
        let kept: String = raw
            .chars()
            .filter(|c| !matches!(c, ' ' | '-'))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        if let Some(strange) = kept.chars().find(|c| place(*c).is_none()) {
            return Err(CodeError::Letter(strange));
        }
        if kept.len() != RANDOM_LETTERS + 2 {
            return Err(CodeError::Length);
        }
        matter_of(&kept).ok_or(CodeError::Matter)?;
        let (told, check) = kept.split_at(kept.len() - 1);
        if check.starts_with(check_letter(told)) {
            Ok(Self(kept))
        } else {
            Err(CodeError::CheckLetter)
        }
    }

    fn draw(matter: Matter, random: &dyn Random) -> Result<Self, RandomError> {
        let mut told = String::from(match matter {
            Matter::Work => 'W',
            Matter::Stay => 'S',
        });
        while told.len() <= RANDOM_LETTERS {
            let [byte] = random.bytes()?;
            if byte < FAIR_BYTES {
                told.push(char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
            }
        }
        told.push(check_letter(&told));
        Ok(Self(told))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn matter_of(code: &str) -> Option<Matter> {
    match code.chars().next()? {
        'W' => Some(Matter::Work),
        'S' => Some(Matter::Stay),
        _ => None,
    }
}

fn place(letter: char) -> Option<usize> {
    ALPHABET.iter().position(|known| char::from(*known) == letter)
}

/// Luhn's sum to the base of the alphabet: finds every wrong letter and nearly every two that changed places.
fn check_letter(told: &str) -> char {
    let base = ALPHABET.len();
    let sum: usize = told
        .chars()
        .rev()
        .filter_map(place)
        .enumerate()
        .map(|(at, value)| {
            let weighed = if at % 2 == 0 { value * 2 } else { value };
            weighed / base + weighed % base
        })
        .sum();
    char::from(ALPHABET[(base - sum % base) % base])
}

/// A code made, shown this once.
#[derive(Clone, Debug)]
pub struct MadeCode {
    pub code: Code,
    pub matter: Matter,
    pub expires_at: Timestamp,
}

#[derive(Debug, thiserror::Error)]
pub enum ShareCodeError {
    #[error("a code lives from a minute up to the longest term")]
    Term,
    #[error("there are {LIVE_CODES_MAX} codes in force already")]
    TooManyCodes,
    #[error("there is no such code")]
    NoSuchCode,
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error("no randomness for a code")]
    Random(#[from] RandomError),
    #[error("could not keep the code")]
    Store(#[from] StoreError),
}

impl Registry {
    /// Makes a code for one matter. It is shown to the holder once and cannot be read again.
    pub async fn make_share_code(
        &self,
        asker: &Asker,
        profile: ProfileId,
        matter: Matter,
        lives: SignedDuration,
    ) -> Result<MadeCode, ShareCodeError> {
        if lives < SignedDuration::from_mins(1) || lives > self.terms.share_code_max {
            return Err(ShareCodeError::Term);
        }
        let mut visit = self.enter(asker, Action::ShareCode, Some(profile)).await?;
        let live = visit.work.live_share_codes(profile, visit.now).await?;
        if live.len() >= LIVE_CODES_MAX as usize {
            return Err(ShareCodeError::TooManyCodes);
        }
        let code = Code::draw(matter, &*self.random)?;
        let expires_at = after(visit.now, lives);
        let kept = ShareCode {
            code_hash: self.code_hash(&code),
            profile,
            matter,
            made_at: visit.now,
            expires_at,
            withdrawn_at: None,
        };
        visit.work.add_share_code(&kept).await?;
        visit.leave(vec![profile], Outcome::Done).await?;
        Ok(MadeCode {
            code,
            matter,
            expires_at,
        })
    }

    /// Codes in force, without the codes themselves.
    pub async fn share_codes(
        &self,
        asker: &Asker,
        profile: ProfileId,
    ) -> Result<Vec<ShareCode>, ShareCodeError> {
        let mut visit = self.enter(asker, Action::ShareCode, Some(profile)).await?;
        let live = visit.work.live_share_codes(profile, visit.now).await?;
        visit.leave(vec![profile], Outcome::Done).await?;
        Ok(live)
    }

    /// Ends a code at once; it is named by what the store keeps of it.
    pub async fn withdraw_share_code(
        &self,
        asker: &Asker,
        profile: ProfileId,
        code_hash: [u8; 32],
    ) -> Result<(), ShareCodeError> {
        let mut visit = self.enter(asker, Action::ShareCode, Some(profile)).await?;
        match visit
            .work
            .withdraw_share_code(profile, code_hash, visit.now)
            .await
        {
            Err(StoreError::Missing { .. }) => return Err(ShareCodeError::NoSuchCode),
            withdrawn => withdrawn?,
        }
        visit.leave(vec![profile], Outcome::Done).await?;
        Ok(())
    }

    pub(crate) fn code_hash(&self, code: &Code) -> [u8; 32] {
        self.keys.codes.mac(code.0.as_bytes())
    }
}
