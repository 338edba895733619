//! Where a master key is, as the configuration spells it.
//!
//! * `file:PATH`: 64 hexadecimal digits in a file that its owner alone may read
//! * `env:NAME`: the same in an environment variable
//! * `pkcs11:token=LABEL;object=LABEL?module-path=FILE&pin-source=file:PATH` (RFC 7512), or `pin-source=env:NAME`: an AES
//!   key in a security module, which does not give it away

use std::{
    fs, io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    str::FromStr,
};

use zeroize::Zeroizing;

use crate::{
    key::{Key, KeyFormError},
    master::{LocalMaster, Master, MasterError},
    security_module::SecurityModule,
};

/// A master key's place. Holds no secret: it names where one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Secret(SecretPlace),
    Module(ModulePlace),
}

/// Where a secret text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretPlace {
    File(PathBuf),
    Environment(String),
}

/// Which key of which security module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModulePlace {
    pub module: PathBuf,
    pub token: String,
    pub object: String,
    pub pin: SecretPlace,
}

#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    #[error("a master key is at file:PATH, env:NAME or pkcs11:token=…;object=…?module-path=…&pin-source=…")]
    Scheme,
    #[error("the pkcs11 address lacks {attribute}")]
    Lacks { attribute: &'static str },
    #[error("the pkcs11 address holds something that this program does not know, or twice")]
    Attribute,
    #[error("{path} could not be read")]
    File { path: PathBuf, source: io::Error },
    #[error("{path} may be read by others: take away the rights of group and others (chmod 600)")]
    Exposed { path: PathBuf },
    #[error("the environment variable {name} is not set")]
    Unset { name: String },
    #[error("the master key at {place} cannot be read")]
    Form { place: String, source: KeyFormError },
}

impl FromStr for Place {
    type Err = PlaceError;
    fn from_str(text: &str) -> Result<Self, PlaceError> {
        match text.strip_prefix("pkcs11:") {
            Some(address) => module(address).map(Self::Module),
            None => text.parse().map(Self::Secret),
        }
    }
}

impl FromStr for SecretPlace {
    type Err = PlaceError;
    fn from_str(text: &str) -> Result<Self, PlaceError> {
        match text.split_once(':') {
            Some(("file", path)) if !path.is_empty() => Ok(Self::File(PathBuf::from(path))),
            Some(("env", name)) if !name.is_empty() => Ok(Self::Environment(name.to_owned())),
            _ => Err(PlaceError::Scheme),
        }
    }
}

fn module(address: &str) -> Result<ModulePlace, PlaceError> {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let [mut token, mut object, mut module, mut pin] = [const { None::<String> }; 4];
    for part in path
        .split(';')
        .chain(query.split('&'))
        .filter(|part| !part.is_empty())
    {
        let (name, value) = part.split_once('=').ok_or(PlaceError::Attribute)?;
        let slot = match name {
            "token" => &mut token,
            "object" => &mut object,
            "module-path" => &mut module,
            "pin-source" => &mut pin,
            _ => return Err(PlaceError::Attribute),
        };
        if slot.replace(decoded(value)?).is_some() {
            return Err(PlaceError::Attribute);
        }
    }
    let lacks = |attribute| PlaceError::Lacks { attribute };
    Ok(ModulePlace {
        module: module.ok_or(lacks("module-path"))?.into(),
        token: token.ok_or(lacks("token"))?,
        object: object.ok_or(lacks("object"))?,
        pin: pin.ok_or(lacks("pin-source"))?.parse()?,
    })
}

/// `%20` and the like, as RFC 7512 section 2.3 spells what would mean something else.
fn decoded(value: &str) -> Result<String, PlaceError> {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let (digits, after) = rest.split_first_chunk::<2>().ok_or(PlaceError::Attribute)?;
        let mut decoded = [0];
        hex::decode_to_slice(digits, &mut decoded).map_err(|_| PlaceError::Attribute)?;
        bytes.extend(decoded);
        rest = after;
    }
    String::from_utf8(bytes).map_err(|_| PlaceError::Attribute)
}

impl std::fmt::Display for SecretPlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path) => write!(f, "file:{}", path.display()),
            Self::Environment(name) => write!(f, "env:{name}"),
        }
    }
}

impl SecretPlace {
    /// The text there; a file that others may read is refused.
    pub fn read(&self) -> Result<Zeroizing<String>, PlaceError> {
        match self {
            Self::File(path) => read_private(path),
            Self::Environment(name) => std::env::var(name)
                .map(Zeroizing::new)
                .map_err(|_| PlaceError::Unset { name: name.clone() }),
        }
    }
}

fn read_private(path: &Path) -> Result<Zeroizing<String>, PlaceError> {
    let failed = |source| PlaceError::File {
        path: path.to_owned(),
        source,
    };
    let rights = fs::metadata(path).map_err(failed)?.permissions().mode();
    if rights & 0o077 != 0 {
        return Err(PlaceError::Exposed {
            path: path.to_owned(),
        });
    }
    fs::read_to_string(path).map(Zeroizing::new).map_err(failed)
}

impl Place {
    /// The master key there, ready to wrap.
    pub fn open(&self) -> Result<Box<dyn Master>, MasterError> {
        match self {
            Self::Module(place) => Ok(Box::new(SecurityModule::open(place)?)),
            Self::Secret(place) => {
                let key = Key::parse(&place.read()?).map_err(|source| PlaceError::Form {
                    place: place.to_string(),
                    source,
                })?;
                Ok(Box::new(LocalMaster::new(key)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read() {
        let place: Place =
            "pkcs11:token=The%20token;object=master?module-path=/usr/lib/p11.so&pin-source=env:PIN"
                .parse()
                .unwrap();
        let expected = ModulePlace {
            module: "/usr/lib/p11.so".into(),
            token: "The token".to_owned(),
            object: "master".to_owned(),
            pin: SecretPlace::Environment("PIN".to_owned()),
        };
        assert_eq!(place, Place::Module(expected));
        let refused = [
            "",
            "file:",
            "env:",
            "vault:x",
            "pkcs11:",
            "pkcs11:token=a;object=b",
            "pkcs11:token",
            "pkcs11:token=%2",
            "pkcs11:token=a;token=b;object=c?module-path=d&pin-source=env:e",
            "pkcs11:token=a;object=b?module-path=c&pin-value=1234",
        ];
        for text in refused {
            assert!(text.parse::<Place>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let place = Place::Secret(SecretPlace::File(path.clone()));
        assert!(matches!(
            place.open().err(),
            Some(MasterError::Place(PlaceError::File { .. }))
        ));
        fs::write(&path, "ab".repeat(32)).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(matches!(
            place.open().err(),
            Some(MasterError::Place(PlaceError::Exposed { .. }))
        ));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        place.open().unwrap();
        fs::write(&path, "ab".repeat(31)).unwrap();
        let error = place.open().err().map(|error| error.to_string()).unwrap();
        assert!(error.contains("master.key") && !error.contains("abab"), "{error}");
    }
}
