//! The installation's keys: files in one directory, made on first use, readable by their owner only.
//!
//! * `signing.pem`: ES256 private key of the answers (PKCS#8)
//! * `statistics.key`, `codes.key`, `sectors.key`: 256 random bits each, in hexadecimal

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use credential::Es256Signer;
use registry::{
    port::Random,
    registry::{Keys, SecretKey},
};

#[derive(Debug, thiserror::Error)]
pub(crate) enum KeysError {
    #[error("{path} could not be read or made")]
    File { path: PathBuf, source: io::Error },
    #[error("{path} may be read by others: take away the rights of group and others (chmod 600)")]
    Exposed { path: PathBuf },
    #[error("{path} is no signing key")]
    Signing {
        path: PathBuf,
        source: credential::key::KeyError,
    },
    #[error("{path} is not 64 hexadecimal digits")]
    Secret { path: PathBuf },
    #[error("no randomness for a new key")]
    Random(#[from] registry::port::random::RandomError),
    #[error("a new signing key could not be made")]
    Generate(#[source] credential::key::KeyError),
}

pub(crate) struct KeyRing {
    pub(crate) signer: Es256Signer,
    pub(crate) keys: Keys,
}

/// Loads the keys of `directory`; makes those that are missing.
pub(crate) fn load(directory: &Path, random: &dyn Random) -> Result<KeyRing, KeysError> {
    let made = fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory);
    made.map_err(|source| KeysError::File {
        path: directory.to_owned(),
        source,
    })?;
    let signing = directory.join("signing.pem");
    let pem = load_or_make(&signing, || {
        let pem = Es256Signer::generate().map_err(KeysError::Generate)?;
        Ok(pem.as_str().to_owned())
    })?;
    let signer = Es256Signer::from_pem(&pem).map_err(|source| KeysError::Signing {
        path: signing,
        source,
    })?;
    let statistics = secret(&directory.join("statistics.key"), random)?;
    let codes = secret(&directory.join("codes.key"), random)?;
    let sectors = secret(&directory.join("sectors.key"), random)?;
    Ok(KeyRing {
        signer,
        keys: Keys {
            statistics,
            codes,
            sectors,
        },
    })
}

fn secret(path: &Path, random: &dyn Random) -> Result<SecretKey, KeysError> {
    let text = load_or_make(path, || Ok(hex::encode(random.bytes::<32>()?)))?;
    let mut bytes = [0; 32];
    hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| KeysError::Secret {
        path: path.to_owned(),
    })?;
    Ok(SecretKey::new(&bytes))
}

fn load_or_make(path: &Path, make: impl FnOnce() -> Result<String, KeysError>) -> Result<String, KeysError> {
    let failed = |source| KeysError::File {
        path: path.to_owned(),
        source,
    };
    if !path.exists() {
        let text = make()?;
        // Two processes may start at once: the one that comes second takes the first one's key.
        match OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
        {
            Ok(mut file) => file
                .write_all(text.as_bytes())
                .and_then(|()| file.sync_all())
                .map_err(failed)?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(failed(error)),
        }
    }
    let rights = fs::metadata(path).map_err(failed)?.permissions().mode();
    if rights & 0o077 != 0 {
        return Err(KeysError::Exposed {
            path: path.to_owned(),
        });
    }
    fs::read_to_string(path).map_err(failed)
}

#[cfg(test)]
mod tests {
    use registry::port::random::SystemRandom;

    use super::*;

    #[test]
    fn keys_are_made_once_and_kept_from_others() {
        let root = tempfile::tempdir().unwrap();
        let directory = root.path().join("keys");
        let first = load(&directory, &SystemRandom).unwrap();
        let again = load(&directory, &SystemRandom).unwrap();
        assert_eq!(first.signer.public_key().id(), again.signer.public_key().id());
        let path = directory.join("signing.pem");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(matches!(
            load(&directory, &SystemRandom),
            Err(KeysError::Exposed { .. })
        ));
    }

    #[test]
    fn a_spoilt_key_is_named() {
        let root = tempfile::tempdir().unwrap();
        load(root.path(), &SystemRandom).unwrap();
        fs::write(root.path().join("codes.key"), "short").unwrap();
        assert!(matches!(
            load(root.path(), &SystemRandom),
            Err(KeysError::Secret { .. })
        ));
    }
}
