//! Which version the tables have, and which this program knows.

use sqlx::migrate::Migrate as _;

use super::{MIGRATIONS, Store, StoreError};

/// sqlx's own table of what was applied.
const APPLIED: &str = "_sqlx_migrations";

/// Numbers of migrations.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schema {
    /// Already in the database, oldest first.
    pub applied: Vec<i64>,
    /// Known to this program and not in the database.
    pub pending: Vec<i64>,
    /// In the database and not known to this program: a newer one wrote them.
    pub unknown: Vec<i64>,
}

impl Store {
    /// Compares the database with this program; changes nothing but sqlx's own empty table.
    pub async fn schema(&self) -> Result<Schema, StoreError> {
        let mut connection = self.pool().acquire().await?;
        connection.ensure_migrations_table(APPLIED).await?;
        let applied = connection.list_applied_migrations(APPLIED).await?;
        let applied: Vec<i64> = applied.iter().map(|migration| migration.version).collect();
        let known: Vec<i64> = MIGRATIONS.iter().map(|(number, ..)| *number).collect();
        let without = |all: &[i64], others: &[i64]| -> Vec<i64> {
            let left = all.iter().filter(|number| !others.contains(number));
            left.copied().collect()
        };
        Ok(Schema {
            pending: without(&known, &applied),
            unknown: without(&applied, &known),
            applied,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::StoreConfig;

    #[tokio::test]
    async fn an_empty_database_has_everything_before_it_and_an_opened_one_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig::in_folder(folder.path());
        let store = Store::connect(&config).await.unwrap();
        let before = store.schema().await.unwrap();
        assert_eq!(
            (before.applied.len(), before.pending.len()),
            (0, MIGRATIONS.len())
        );
        Store::open(&config).await.unwrap();
        let after = store.schema().await.unwrap();
        assert_eq!(after.applied.len(), MIGRATIONS.len());
        assert!(after.pending.is_empty() && after.unknown.is_empty());
        sqlx::query("UPDATE _sqlx_migrations SET version = 9999 WHERE version = 1")
            .execute(store.pool())
            .await
            .unwrap();
        assert_eq!(store.schema().await.unwrap().unknown, [9999]);
        assert!(
            Store::open(&config).await.is_err(),
            "a newer database is opened"
        );
    }
}
