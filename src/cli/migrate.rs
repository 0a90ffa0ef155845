//! `juanzong migrate`: brings the database to the version of this program, or says what that would do.

use std::path::PathBuf;

use super::{Exit, Trouble, output};
use crate::store::{Schema, Store, StoreConfig};

/// Bring the database to the version of this program
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Data folder of the service
    #[arg(long, default_value = "data", value_name = "DIR")]
    data: PathBuf,
    /// Only say what is to do; exit 1 when something is
    #[arg(long)]
    check: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    super::block_on(async {
        let config = StoreConfig::configured(&arguments.data);
        let store = Store::connect(&config).await.map_err(Trouble::new)?;
        let before = store.schema().await.map_err(Trouble::new)?;
        if !before.unknown.is_empty() {
            return Err(Trouble::because(format!(
                "the database was written by a newer juanzong (migrations {}); use that one",
                listed(&before.unknown)
            )));
        }
        if before.pending.is_empty() {
            say(&store, &before, "nothing to do")?;
            return output::done();
        }
        if arguments.check {
            let words = format!("to do: {}", listed(&before.pending));
            say(&store, &before, &words)?;
            return Ok(Exit::Refused);
        }
        store.close().await;
        let store = Store::open(&config).await.map_err(Trouble::new)?;
        let after = store.schema().await.map_err(Trouble::new)?;
        say(
            &store,
            &after,
            &format!("applied {}", listed(&before.pending)),
        )?;
        output::done()
    })
}

fn say(store: &Store, schema: &Schema, words: &str) -> Result<(), Trouble> {
    let newest = schema.applied.last().copied().unwrap_or(0);
    let engine = store.engine().as_str();
    output::print(&format!("{engine}, version {newest}: {words}"))
}

fn listed(numbers: &[i64]) -> String {
    let texts: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    texts.join(", ")
}
