//! The two database engines, and the only place where they differ: how to connect, and how writers take turns.
//!
//! SQLite has one writer at a time (`BEGIN IMMEDIATE`), and one process holds the data folder's blobs. On PostgreSQL
//! many nodes write, so the same turns are taken by locking two tables that never have a row (migration 3): what is
//! right under one engine's order of writing is right under the other's.

use std::{path::Path, sync::Once, time::Duration};

use sqlx::{
    Connection as _,
    any::{AnyConnectOptions, AnyPoolOptions},
};

use super::{
    StoreConfig, StoreError,
    wal_index::{Commits, WalIndex},
};

/// Whichever engine it is, behind one type.
pub(crate) type Db = sqlx::Any;

/// Which database engine is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// Embedded, one file in the data folder.
    Sqlite,
    /// A server that many nodes share.
    Postgres,
}

impl Engine {
    /// Its name, for people and logs.
    pub const fn as_str(self) -> &'static str {
        match self {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        }
    }
}

/// The connections.
pub(super) struct Database {
    engine: Engine,
    pool: sqlx::Pool<Db>,
    /// On SQLite a connection whose commits are not synced one by one; see [`Database::begin_lightly`].
    light: Option<sqlx::Pool<Db>>,
    /// SQLite's index of its write-ahead log.
    wal_index: Option<WalIndex>,
    /// Connections that hold `blob_turn`, apart, so that a holder never waits for a connection another holder has. None on SQLite.
    turns: Option<sqlx::Pool<Db>>,
    /// The turn of blobs where one process has them all.
    blob_gate: tokio::sync::RwLock<()>,
}

/// While this lives, no blob is deleted by any node. Dropping it lets go.
#[must_use = "blobs are safe only while this is held"]
#[derive(Debug)]
pub struct BlobHold<'a> {
    _turn: Turn<'a>,
}

#[derive(Debug)]
enum Turn<'a> {
    Here(#[expect(dead_code, reason = "held, not read")] tokio::sync::RwLockReadGuard<'a, ()>),
    /// The open transaction has the lock; dropping it rolls back.
    Shared(#[expect(dead_code, reason = "held, not read")] Box<sqlx::Transaction<'static, Db>>),
}

/// While this lives, nobody else stores or deletes a blob.
#[must_use = "others are kept off only while this is held"]
pub(super) enum Alone<'a> {
    Here(#[expect(dead_code, reason = "held, not read")] tokio::sync::RwLockWriteGuard<'a, ()>),
    Shared(#[expect(dead_code, reason = "held, not read")] Box<sqlx::Transaction<'static, Db>>),
}

impl Database {
    /// Connects; the tables may be of any version.
    pub(super) async fn connect(config: &StoreConfig) -> Result<Database, StoreError> {
        static DRIVERS: Once = Once::new();
        DRIVERS.call_once(sqlx::any::install_default_drivers);
        match &config.database_url {
            None => Database::embedded(&config.folder).await,
            Some(url) => Database::server(url).await,
        }
    }

    async fn embedded(folder: &Path) -> Result<Database, StoreError> {
        let file = folder.join("juanzong.sqlite");
        let url = sqlite_url(&file);
        let options: AnyConnectOptions = url.parse()?;
        let pool = sqlite_pool(8, "PRAGMA synchronous = FULL").connect_with(options.clone());
        Ok(Database {
            engine: Engine::Sqlite,
            pool: pool.await?,
            light: Some(sqlite_pool(1, "PRAGMA synchronous = NORMAL").connect_lazy_with(options)),
            wal_index: Some(WalIndex::of(&file)),
            turns: None,
            blob_gate: tokio::sync::RwLock::new(()),
        })
    }

    async fn server(url: &str) -> Result<Database, StoreError> {
        let options: AnyConnectOptions = url.parse().map_err(StoreError::Database)?;
        let pool = |connections: u32| {
            AnyPoolOptions::new()
                .max_connections(connections)
                .acquire_timeout(Duration::from_secs(10))
                .connect_with(options.clone())
        };
        Ok(Database {
            engine: Engine::Postgres,
            pool: pool(12).await?,
            light: None,
            wal_index: None,
            turns: Some(pool(12).await?),
            blob_gate: tokio::sync::RwLock::new(()),
        })
    }

    pub(super) fn engine(&self) -> Engine {
        self.engine
    }

    pub(super) fn commits(&self) -> Option<Commits> {
        self.wal_index.as_ref()?.commits()
    }

    pub(super) fn pool(&self) -> &sqlx::Pool<Db> {
        &self.pool
    }

    /// A transaction that has the turn to write from its first moment.
    pub(super) async fn begin(&self) -> Result<sqlx::Transaction<'static, Db>, StoreError> {
        match self.engine {
            Engine::Sqlite => begin_at_once(&self.pool).await,
            Engine::Postgres => {
                let mut transaction = self.pool.begin().await?;
                sqlx::query("LOCK TABLE write_turn IN EXCLUSIVE MODE")
                    .execute(&mut *transaction)
                    .await?;
                Ok(transaction)
            }
        }
    }

    /// [`Database::begin`], but its commit does not wait for the disk. A power cut may undo it, never anything that was committed
    /// in the ordinary way and came after it: the log that both are written to is synced from its beginning. For what means nothing
    /// by itself, as a number that is only reserved.
    pub(super) async fn begin_lightly(&self) -> Result<sqlx::Transaction<'static, Db>, StoreError> {
        match &self.light {
            Some(light) => begin_at_once(light).await,
            None => {
                let mut transaction = self.begin().await?;
                sqlx::query("SET LOCAL synchronous_commit TO OFF")
                    .execute(&mut *transaction)
                    .await?;
                Ok(transaction)
            }
        }
    }

    pub(super) async fn hold_blobs(&self) -> Result<BlobHold<'_>, StoreError> {
        let turn = match &self.turns {
            None => Turn::Here(self.blob_gate.read().await),
            Some(turns) => Turn::Shared(Box::new(
                lock(turns, "LOCK TABLE blob_turn IN SHARE MODE").await?,
            )),
        };
        Ok(BlobHold { _turn: turn })
    }

    pub(super) async fn hold_blobs_alone(&self) -> Result<Alone<'_>, StoreError> {
        match &self.turns {
            None => Ok(Alone::Here(self.blob_gate.write().await)),
            Some(turns) => Ok(Alone::Shared(Box::new(
                lock(turns, "LOCK TABLE blob_turn IN ACCESS EXCLUSIVE MODE").await?,
            ))),
        }
    }

    /// Moves SQLite's write-ahead log into the database file; PostgreSQL looks after its own.
    pub(super) async fn checkpoint(&self) -> Result<(), StoreError> {
        if self.engine == Engine::Sqlite {
            sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)")
                .execute(&self.pool)
                .await?;
        }
        Ok(())
    }

    pub(super) async fn close(&self) {
        for other in [&self.turns, &self.light].into_iter().flatten() {
            other.close().await;
        }
        self.pool.close().await;
    }
}

fn sqlite_pool(connections: u32, synchronous: &'static str) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .after_connect(move |connection, _| {
            Box::pin(async move {
                // The busy timeout first: changing the journal mode may have to wait for another process.
                for pragma in [
                    "PRAGMA busy_timeout = 10000",
                    "PRAGMA journal_mode = WAL",
                    synchronous,
                    "PRAGMA foreign_keys = ON",
                    "PRAGMA secure_delete = ON",
                ] {
                    sqlx::query(pragma).execute(&mut *connection).await?;
                }
                Ok(())
            })
        })
}

/// How often a connection in disorder is looked for before a transaction is given up.
const ORDERLY_TURNS: u64 = 20;

/// A transaction of SQLite that may write from its first moment.
async fn begin_at_once(
    pool: &sqlx::Pool<Db>,
) -> Result<sqlx::Transaction<'static, Db>, StoreError> {
    // A connection that could not begin goes back to the pool a moment after its error comes here, so once is not enough.
    for turn in 0..ORDERLY_TURNS {
        let begun = pool.begin_with("BEGIN IMMEDIATE").await;
        if !matches!(begun, Err(sqlx::Error::InvalidSavePointStatement)) {
            return Ok(begun?);
        }
        tokio::time::sleep(Duration::from_millis(turn)).await;
        weed(pool).await?;
    }
    Ok(pool.begin_with("BEGIN IMMEDIATE").await?)
}

/// Closes connections that think they are in a transaction. SQLite ends one by itself when the disk is full; the `ROLLBACK` that
/// follows is an error then, and the connection's count of transactions stays wrong for ever.
async fn weed(pool: &sqlx::Pool<Db>) -> Result<(), StoreError> {
    let mut sound = Vec::new();
    while let Some(mut connection) = pool.try_acquire() {
        let is_sound = match connection.begin_with("BEGIN").await {
            Ok(transaction) => transaction.rollback().await.is_ok(),
            Err(_) => false,
        };
        if is_sound {
            sound.push(connection);
        } else {
            tracing::warn!("a connection that a full disk left in disorder is closed");
            connection.close().await?;
        }
    }
    Ok(())
}

async fn lock(
    turns: &sqlx::Pool<Db>,
    statement: &'static str,
) -> Result<sqlx::Transaction<'static, Db>, StoreError> {
    let mut transaction = turns.begin().await?;
    sqlx::query(statement).execute(&mut *transaction).await?;
    Ok(transaction)
}

/// `sqlite:///path?mode=rwc`, with every byte that means something in an address escaped.
fn sqlite_url(file: &Path) -> String {
    use std::os::unix::ffi::OsStrExt as _;
    let mut path = String::new();
    for &byte in file.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
    }
    format!("sqlite://{path}?mode=rwc")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[tokio::test]
    async fn a_folder_with_an_awkward_name_holds_a_database() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("卷 宗?#100%");
        let store = Store::open(&StoreConfig::in_folder(&folder)).await.unwrap();
        store.close().await;
        assert!(folder.join("juanzong.sqlite").is_file());
    }

    #[tokio::test]
    async fn writers_take_turns() {
        let folder = tempfile::tempdir().unwrap();
        let config = StoreConfig::in_folder(folder.path());
        let store = Store::open(&config).await.unwrap();
        let first = store.begin().await.unwrap();
        let second = tokio::time::timeout(Duration::from_millis(200), store.begin());
        assert!(second.await.is_err(), "two writers at once");
        let light = tokio::time::timeout(Duration::from_millis(200), store.begin_lightly());
        assert!(light.await.is_err(), "two writers at once");
        drop(first);
        store.begin_lightly().await.unwrap().commit().await.unwrap();
        store.begin().await.unwrap().commit().await.unwrap();
    }
}
