//! The mappings of an installation, found by the path of an extract.

use crate::mapping::{Mapping, MappingError};

#[derive(Clone, Debug, Default)]
pub struct MappingSet(Vec<Mapping>);

impl MappingSet {
    /// From names and texts of mapping files; the first bad one is the error.
    pub fn parse(files: impl IntoIterator<Item = (String, String)>) -> Result<Self, MappingError> {
        let mut mappings: Vec<Mapping> = Vec::new();
        for (name, text) in files {
            let mapping = Mapping::parse(&name, &text)?;
            if mappings.iter().any(|earlier| earlier.path() == mapping.path()) {
                return Err(MappingError::Key {
                    mapping: name,
                    key: "path".to_owned(),
                    problem: "is read by another mapping as well".to_owned(),
                });
            }
            mappings.push(mapping);
        }
        Ok(Self(mappings))
    }

    /// The mapping for an extract, by its path below the folder of the delivery.
    pub fn for_path(&self, relative_path: &str) -> Option<&Mapping> {
        self.0.iter().find(|mapping| mapping.matches(relative_path))
    }

    pub fn iter(&self) -> impl Iterator<Item = &Mapping> {
        self.0.iter()
    }
}
