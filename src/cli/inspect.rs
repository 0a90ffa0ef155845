//! `juanzong inspect`: the facts of a file, as JSON.

use std::{fs::File, path::PathBuf};

use super::{Exit, Scene, Trouble, output};
use crate::inspect::masked;

/// The facts of a file, without opinion, as JSON; names, numbers and codes are masked
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The file
    file: PathBuf,
    /// Show names, numbers, codes and the words of the pages as they are
    #[arg(long)]
    show_private: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Trouble> {
    let file = File::open(&arguments.file)
        .map_err(|error| Trouble::because(format!("{}: {error}", arguments.file.display())))?;
    let inspected = Scene::pool()?.inspect(&file).map_err(Trouble::new)?;
    let facts = if arguments.show_private {
        serde_json::to_string_pretty(&inspected.inspection)
    } else {
        serde_json::to_string_pretty(&masked(&inspected.inspection))
    };
    let facts = facts.map_err(Trouble::new)?;
    output::print(&facts)?;
    output::done()
}
