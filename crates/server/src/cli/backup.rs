//! `sojourn backup` and `sojourn restore`.

use std::path::Path;

use store::backup::{self, Manifest};

use super::{Finish, args::Common, show};
use crate::installation::{self, Stop};

pub(crate) async fn back_up(common: &Common, into: &Path) -> Result<Finish, Stop> {
    let installation = super::open(common).await?;
    let asker = installation::operator(installation::OPERATION)?;
    let store = common.store();
    let begun = backup::begin(store.as_str(), into)?;
    // The trace is written before the copy, so that the copy tells of itself.
    let mark = installation.registry.note_backup(&asker).await?;
    let manifest = begun.copy(mark, installation.registry.now()).await?;
    told(common, &manifest, &format!("copied to {}", into.display()))
}

pub(crate) async fn restore(common: &Common, from: &Path) -> Result<Finish, Stop> {
    let manifest = backup::restore(from, common.store().as_str()).await?;
    let installation = super::open(common).await?;
    if !installation.registry.holds(&manifest.mark).await? {
        return Err("the restored store holds less than its manifest says; use another copy".into());
    }
    let asker = installation::operator(installation::OPERATION)?;
    installation.registry.verify_trace(&asker).await?;
    told(common, &manifest, &format!("restored {}", common.store()))
}

fn told(common: &Common, manifest: &Manifest, what: &str) -> Result<Finish, Stop> {
    if common.json {
        show::json(manifest)?;
    } else {
        let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
        show::text(&format!(
            "{what}: {} record versions, {} links, {} trace entries, {bytes} bytes, as of {}\n\
             the keys are not in it: keep a copy of {} apart from it",
            manifest.mark.records,
            manifest.mark.links,
            manifest.mark.trace_entries,
            manifest.made_at,
            common.keys().display(),
        ))?;
    }
    Ok(Finish::Done)
}
