//! Personal names across scripts: what is one name however a clerk, a passport office or a scanner wrote it.
//!
//! * [`script`]: which script a word is in; look-alike letters of the other script folded
//! * [`romanise`]: the tables by which passports spell Cyrillic in Latin letters
//! * [`sounds`]: a spelling free of script, and [`skeleton`]: the key under which spellings are looked up
//! * [`similarity`]: how alike two spellings are, by the price of the confusions between them
//! * [`equivalents`]: given names that are one name in two languages
//! * [`patronymic`]: the father's name in all its forms
//! * [`spelled`]: a name as a record gives it, cut into its parts
//!
//! Pure: no IO, no clock, no randomness. Not here: how much a likeness weighs (`linkage`).

pub mod equivalents;
pub mod patronymic;
pub mod romanise;
pub mod script;
pub mod similarity;
pub mod skeleton;
pub mod sounds;
pub mod spelled;
