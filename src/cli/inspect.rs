//! `juanzong inspect`: the facts of a file, as JSON.

use std::{fs::File, path::PathBuf};

use super::{Exit, Scene, Trouble, output};

/// The facts of a file, without opinion, as JSON
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The file
    file: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    let file = File::open(&arguments.file)
        .map_err(|error| Trouble::because(format!("{}: {error}", arguments.file.display())))?;
    let inspected = Scene::pool()?.inspect(&file).map_err(Trouble::new)?;
    let facts = serde_json::to_string_pretty(&inspected.inspection).map_err(Trouble::new)?;
    output::print(&facts)?;
    output::done()
}
