//! Wrapping by a key that never leaves its module.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    mechanism::Mechanism,
    object::Attribute,
    session::UserType,
    types::AuthPin,
};
use vault::{
    key::Key,
    master::MasterError,
    place::Place,
    vault::{Vault, VaultError},
};

const PIN: &str = "4711";
/// Where Debian and others put the library.
const LIBRARIES: [&str; 4] = [
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
];
/// The test runs itself again with the variable by which SoftHSM2 finds its tokens: a process may not set its own.
const CONFIGURATION: &str = "SOFTHSM2_CONF";
const FOLDER: &str = "SOJOURN_TEST_TOKENS";

fn library() -> Option<PathBuf> {
    LIBRARIES.iter().map(PathBuf::from).find(|path| path.exists())
}

#[test]
fn a_security_module_wraps_and_keeps_its_key() {
    let Some(library) = library() else {
        eprintln!("SKIPPED: SoftHSM2 is not here (Debian package softhsm2)");
        return;
    };
    if let Some(folder) = std::env::var_os(FOLDER) {
        return within(&library, Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let tokens = folder.path().join("tokens");
    fs::create_dir(&tokens).unwrap();
    let configuration = folder.path().join("softhsm2.conf");
    fs::write(
        &configuration,
        format!("directories.tokendir = {}\n", tokens.display()),
    )
    .unwrap();
    let ran = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "softhsm::a_security_module_wraps_and_keeps_its_key",
            "--nocapture",
        ])
        .env(CONFIGURATION, &configuration)
        .env(FOLDER, folder.path())
        .status()
        .unwrap();
    assert!(ran.success());
}

fn make_token(library: &Path) {
    let module = Pkcs11::new(library).unwrap();
    module
        .initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))
        .unwrap();
    let slot = module.get_slots_with_token().unwrap()[0];
    let officer = AuthPin::new("0815".to_owned().into());
    module.init_token(slot, &officer, "sojourn test").unwrap();
    let slot = module
        .get_slots_with_initialized_token()
        .unwrap()
        .into_iter()
        .find(|slot| module.get_token_info(*slot).unwrap().label() == "sojourn test")
        .unwrap();
    let session = module.open_rw_session(slot).unwrap();
    session.login(UserType::So, Some(&officer)).unwrap();
    session.init_pin(&AuthPin::new(PIN.to_owned().into())).unwrap();
    session.logout().unwrap();
    session
        .login(UserType::User, Some(&AuthPin::new(PIN.to_owned().into())))
        .unwrap();
    for label in ["first", "second"] {
        session
            .generate_key(
                &Mechanism::AesKeyGen,
                &[
                    Attribute::Token(true),
                    Attribute::Private(true),
                    Attribute::Sensitive(true),
                    Attribute::Extractable(false),
                    Attribute::Encrypt(true),
                    Attribute::Decrypt(true),
                    Attribute::ValueLen(32.into()),
                    Attribute::Label(label.as_bytes().to_vec()),
                ],
            )
            .unwrap();
    }
}

fn within(library: &Path, folder: &Path) {
    make_token(library);
    let pin = folder.join("pin");
    fs::write(&pin, format!("{PIN}\n")).unwrap();
    fs::set_permissions(&pin, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let at = |object: &str| -> Place {
        let place = format!(
            "pkcs11:token=sojourn%20test;object={object}?module-path={}&pin-source=file:{}",
            library.display(),
            pin.display()
        );
        place.parse().unwrap()
    };
    let key = Key::from_bytes(&[9; 32]);
    let first = Vault::new(vec![at("first").open().unwrap()]).unwrap();
    let old = first.wrap([1; 16], &key, [2; 12]).unwrap();
    assert_eq!(*first.open(&old).unwrap(), key);

    // another program with the same module opens it, and one bit more or another row does not
    let again = Vault::new(vec![at("first").open().unwrap()]).unwrap();
    assert_eq!(*again.open(&old).unwrap(), key);
    let mut spoilt = old.clone();
    spoilt.wrapped[20] ^= 1;
    assert!(matches!(again.check(&spoilt), Err(VaultError::Master(_))));
    let mut moved = old.clone();
    moved.id = [2; 16];
    assert!(matches!(again.check(&moved), Err(VaultError::Master(_))));

    let both = Vault::new(vec![at("second").open().unwrap(), at("first").open().unwrap()]).unwrap();
    let new = both.rewrap(&old, [3; 12]).unwrap();
    assert_eq!(new.master, "pkcs11:token=sojourn test;object=second");
    assert_eq!(*both.open(&new).unwrap(), key);
    assert!(matches!(first.check(&new), Err(VaultError::OtherMaster { .. })));
    assert!(matches!(
        at("third").open().err(),
        Some(MasterError::Absent { .. })
    ));
}
