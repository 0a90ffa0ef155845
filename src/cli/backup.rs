//! `juanzong backup` and `juanzong restore`: a copy of the data folder while the service runs, and the way back.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use super::{Exit, Trouble, output};
use crate::store::{Store, StoreConfig};

/// Copy an embedded data folder while the service runs
#[derive(Debug, clap::Args)]
pub(super) struct BackupArguments {
    /// Data folder of the service
    #[arg(long, default_value = "data", value_name = "DIR")]
    data: PathBuf,
    /// Folder for the copy; absent or empty
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Leave out the keys: without them no certificate is found by its code and none can be issued
    #[arg(long)]
    without_keys: bool,
}

/// Bring a copy back into an empty data folder, and read every byte of it
#[derive(Debug, clap::Args)]
pub(super) struct RestoreArguments {
    /// A folder that `juanzong backup` made
    #[arg(value_name = "COPY")]
    from: PathBuf,
    /// Data folder to fill; absent or empty
    #[arg(long, default_value = "data", value_name = "DIR")]
    data: PathBuf,
}

pub(super) fn back_up(arguments: &BackupArguments) -> Result<Exit, Trouble> {
    super::block_on(async {
        let config = StoreConfig::configured(&arguments.data);
        let store = Store::connect(&config).await.map_err(Trouble::new)?;
        let done = store.back_up(&arguments.out).await.map_err(Trouble::new)?;
        let keys = arguments.data.join("keys");
        let with_keys = keys.is_dir() && !arguments.without_keys;
        if with_keys {
            copy_keys(&keys, &arguments.out.join("keys")).map_err(Trouble::new)?;
        }
        output::print(&format!(
            "{} files, {} deleted meanwhile, {}",
            done.blobs,
            done.deleted_meanwhile,
            if with_keys {
                "keys included: keep the copy as safe as they are"
            } else {
                "no keys"
            }
        ))?;
        output::done()
    })
}

pub(super) fn restore(arguments: &RestoreArguments) -> Result<Exit, Trouble> {
    super::block_on(async {
        if !arguments.from.join("juanzong.sqlite").is_file() {
            let words = format!(
                "{} is not a copy made by `juanzong backup`",
                arguments.from.display()
            );
            return Err(Trouble::because(words));
        }
        let from = StoreConfig::in_configured_folder(&arguments.from);
        let copy = Store::connect(&from).await.map_err(Trouble::new)?;
        copy.back_up(&arguments.data).await.map_err(Trouble::new)?;
        let keys = arguments.from.join("keys");
        if keys.is_dir() {
            copy_keys(&keys, &arguments.data.join("keys")).map_err(Trouble::new)?;
        }
        let to = StoreConfig::in_configured_folder(&arguments.data);
        let store = Store::open(&to).await.map_err(Trouble::new)?;
        let census = store.census(true).await.map_err(Trouble::new)?;
        output::print(&format!(
            "{} files brought back, {} missing",
            census.needed,
            census.missing.len()
        ))?;
        Ok(if census.missing.is_empty() && census.altered.is_empty() {
            Exit::Good
        } else {
            Exit::Refused
        })
    })
}

/// Keys keep their permissions; the folder is its owner's alone.
fn copy_keys(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    fs::set_permissions(to, fs::Permissions::from_mode(0o700))?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            let copy = to.join(entry.file_name());
            fs::copy(entry.path(), &copy)?;
            File::open(&copy)?.sync_all()?;
        }
    }
    File::open(to)?.sync_all()
}
