//! Where the tests keep things: SQLite and a folder, or a real PostgreSQL and a real S3 when the environment names them.
//!
//! `JUANZONG_TEST_DATABASE_URL` is a server on which databases may be made (`postgres://user@host:port/postgres`): every
//! store of a test gets an empty one of its own. `JUANZONG_TEST_BLOB_URL` is a bucket (`s3://bucket`), each store a prefix.
//! `scripts/cluster-tests.sh` starts both and runs the suite again.

use std::path::PathBuf;

use juanzong::{
    config,
    store::{Id, StoreConfig},
};
use sqlx::Connection as _;

/// An empty store.
pub fn store_config(folder: PathBuf) -> StoreConfig {
    let name = format!("t{}", Id::random());
    let server = config::variable("JUANZONG_TEST_DATABASE_URL");
    let bucket = config::variable("JUANZONG_TEST_BLOB_URL");
    StoreConfig {
        blob_key: None,
        folder,
        database_url: server.map(|server| make_database(&server, &name)),
        blob_url: bucket.map(|bucket| format!("{bucket}/{name}")),
    }
}

fn make_database(server: &str, name: &str) -> String {
    super::server::runtime().block_on(async {
        let mut admin = sqlx::PgConnection::connect(server).await.unwrap();
        let statement = sqlx::AssertSqlSafe(format!("CREATE DATABASE \"{name}\""));
        sqlx::query(statement).execute(&mut admin).await.unwrap();
        admin.close().await.unwrap();
    });
    let (address, _) = server.rsplit_once('/').unwrap();
    format!("{address}/{name}")
}
