//! What cargo knows about our packages and those they stand on.

use std::path::Path;

use serde_json::Value;

use crate::{
    Failure,
    process::{cargo, output},
};

/// A package of the workspace or one that it depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// SPDX expression; empty when the package names none.
    pub(crate) licence: String,
    pub(crate) is_ours: bool,
    /// Names of packages that it is built with, tests left out.
    pub(crate) uses: Vec<String>,
}

pub(crate) struct Metadata {
    packages: Vec<Package>,
}

impl Metadata {
    pub(crate) fn load(root: &Path) -> Result<Self, Failure> {
        let platform = host(root)?;
        let arguments = [
            "metadata",
            "--format-version",
            "1",
            "--filter-platform",
            &platform,
        ];
        let printed = output(cargo(root, &arguments))?;
        let document: Value = serde_json::from_slice(&printed).map_err(Failure::Metadata)?;
        Ok(Self::of(&document))
    }

    pub(crate) fn of(document: &Value) -> Self {
        let members: Vec<&str> = list(&document["workspace_members"])
            .filter_map(Value::as_str)
            .collect();
        let package = |package: &Value| Package {
            name: text(&package["name"]),
            version: text(&package["version"]),
            licence: text(&package["license"]),
            is_ours: package["id"].as_str().is_some_and(|id| members.contains(&id)),
            uses: list(&package["dependencies"])
                .filter(|dependency| dependency["kind"].as_str() != Some("dev"))
                .map(|dependency| text(&dependency["name"]))
                .collect(),
        };
        Self {
            packages: list(&document["packages"]).map(package).collect(),
        }
    }

    pub(crate) fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.is_ours)
    }

    pub(crate) fn all(&self) -> &[Package] {
        &self.packages
    }
}

/// The platform that we run on: packages of others are not even downloaded.
fn host(root: &Path) -> Result<String, Failure> {
    let printed = output(cargo(root, &["--version", "--verbose"]))?;
    let text = String::from_utf8_lossy(&printed);
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned).ok_or(Failure::Document {
        path: "cargo --version --verbose",
        lacks: "a line 'host:'",
    })
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
