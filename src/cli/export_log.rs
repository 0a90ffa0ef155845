//! `juanzong export-log`: a copy of the certificate log that anybody can check.

use std::path::PathBuf;

use super::{Exit, Trouble, certificate, output};
use crate::{
    certificate::{log_file, log_paths},
    digest::write_atomically,
    store::{Store, StoreConfig},
};

/// Copy the certificate log as files (C2SP tlog-tiles); it holds nothing of any person
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Folder for the copy; what is there already and complete is left as it is
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Data folder of the service
    #[arg(long, default_value = "data")]
    data: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    let issuer = certificate::issuer(&arguments.data)?;
    let folder = arguments.data.clone();
    super::block_on(async {
        let store = Store::open(&StoreConfig::configured(folder))
            .await
            .map_err(Trouble::new)?;
        // The checkpoint first: tiles only grow, so the copy is whole for the checkpoint it holds.
        let head = store.log_published().await.map_err(Trouble::new)?;
        let size = match head {
            Some(published) => published.size,
            None => store
                .log_head()
                .await
                .map_err(Trouble::new)?
                .map_or(0, |head| head.size),
        };
        for path in log_paths(size) {
            let parsed = path.parse().map_err(Trouble::new)?;
            let to = arguments.out.join(&path);
            if path != "checkpoint" && to.exists() {
                continue;
            }
            if let Some(bytes) = log_file(&store, parsed).await.map_err(Trouble::new)? {
                if let Some(folder) = to.parent() {
                    std::fs::create_dir_all(folder).map_err(Trouble::new)?;
                }
                write_atomically(&to, &bytes).map_err(Trouble::new)?;
            }
        }
        store.close().await;
        for (name, text) in [
            ("issuer.pem", issuer.issuer_pem()),
            ("log-key.txt", format!("{}\n", issuer.log_key())),
        ] {
            let to = arguments.out.join(name);
            write_atomically(&to, text.as_bytes()).map_err(Trouble::new)?;
        }
        Ok(())
    })?;
    output::done()
}
