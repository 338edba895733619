//! The form of a store: which migrations it has had, against those that this program knows.

use std::collections::BTreeMap;

use sqlx::migrate::{Migrate, Migrator};

use crate::open::OpenError;

/// The table in which both databases keep what was applied.
pub(crate) const TABLE: &str = "_sqlx_migrations";

/// How a store compares with this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Nothing was ever made there.
    Absent {
        migrations: u32,
    },
    /// Some migrations have not been applied yet.
    Behind {
        migrations: u32,
    },
    Current,
}

impl Form {
    pub(crate) fn absent(known: &Migrator) -> Self {
        Self::Absent {
            migrations: count(known.iter().count()),
        }
    }

    /// Compares a store that has a table of migrations.
    pub(crate) async fn of<C: Migrate>(connection: &mut C, known: &Migrator) -> Result<Self, OpenError> {
        if let Some(migration) = connection
            .dirty_version(TABLE)
            .await
            .map_err(OpenError::Migration)?
        {
            return Err(OpenError::Damaged { migration });
        }
        let mut missing: BTreeMap<i64, &[u8]> = known
            .iter()
            .map(|migration| (migration.version, &*migration.checksum))
            .collect();
        let applied = connection.list_applied_migrations(TABLE).await;
        for applied in applied.map_err(OpenError::Migration)? {
            let migration = applied.version;
            match missing.remove(&migration) {
                None => return Err(OpenError::Newer { migration }),
                Some(checksum) if checksum != &*applied.checksum => {
                    return Err(OpenError::Damaged { migration });
                }
                Some(_) => {}
            }
        }
        Ok(if missing.len() == known.iter().count() {
            Self::absent(known)
        } else if missing.is_empty() {
            Self::Current
        } else {
            Self::Behind {
                migrations: count(missing.len()),
            }
        })
    }
}

fn count(migrations: usize) -> u32 {
    u32::try_from(migrations).unwrap_or(u32::MAX)
}
