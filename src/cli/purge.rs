//! `juanzong purge`: forgets what has been kept long enough. `serve` does the same every hour.

use std::path::PathBuf;

use super::{Exit, Trouble, output};
use crate::{
    clock::Clock,
    store::{Retention, Store, StoreConfig, days},
};

/// Forget what has been kept long enough, and files that nothing uses
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Data folder of the service
    #[arg(long, default_value = "data", value_name = "DIR")]
    data: PathBuf,
    #[command(flatten)]
    keep: Keep,
}

/// How long each kind of data is kept.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Keep {
    /// Days a dossier is kept after its last change; 0 until somebody deletes it
    #[arg(long, default_value_t = 0, value_name = "DAYS")]
    keep_dossiers: u16,
    /// Days a list of certificates is kept after something last happened to it; 0 for ever
    #[arg(long, default_value_t = 365, value_name = "DAYS")]
    keep_lists: u16,
    /// Days a line of the audit record is kept; 0 for ever
    #[arg(long, default_value_t = 0, value_name = "DAYS")]
    keep_audit: u16,
}

impl Keep {
    pub(super) fn retention(self) -> Retention {
        let some = |count: u16| (count > 0).then(|| days(count));
        Retention {
            dossiers: some(self.keep_dossiers),
            lists: some(self.keep_lists),
            audit: some(self.keep_audit),
            ..Retention::default()
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    super::block_on(async {
        let store = Store::open(&StoreConfig::configured(arguments.data.clone()))
            .await
            .map_err(Trouble::new)?;
        let clock = Clock::System;
        let keep = arguments.keep.retention();
        let forgotten = store.purge(&keep, clock.now(), clock.today()).await;
        store.close().await;
        output::print_json(&forgotten.map_err(Trouble::new)?)?;
        output::done()
    })
}
