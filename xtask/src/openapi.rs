//! The description of the API that lies in the tree, and the one that the program prints.

use std::{fs, path::Path};

use crate::{
    Failure,
    process::{cargo, output},
};

const FILE: &str = "docs/openapi.json";

pub(crate) fn write(root: &Path) -> Result<(), Failure> {
    let path = root.join(FILE);
    fs::write(&path, described(root)?).map_err(|source| Failure::File { path, source })
}

pub(crate) fn check(root: &Path) -> Result<(), Failure> {
    let path = root.join(FILE);
    let kept = fs::read(&path).map_err(|source| Failure::File { path, source })?;
    if kept == described(root)? {
        Ok(())
    } else {
        Err(Failure::OpenApiChanged)
    }
}

fn described(root: &Path) -> Result<Vec<u8>, Failure> {
    output(cargo(
        root,
        &["run", "--quiet", "--package", "server", "--", "openapi"],
    ))
}
