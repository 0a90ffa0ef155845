//! `juanzong bind`: a dossier file in, the bound volumes and the print pack out – whole, or not at all.

use std::path::PathBuf;

use super::{Exit, Format, OnDay, Scene, Trouble, filing, output};
use crate::{
    bind::{self, BindOptions, Bound, Leaves},
    lang::Lang,
};

/// Bind a dossier: two volumes with contents pages and page numbers, print pack, manifest
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The dossier file
    dossier: PathBuf,
    /// Folder to write into
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    day: OnDay,
    /// Print on both sides, each item beginning on a front page
    #[arg(long)]
    duplex: bool,
    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(scene: &Scene, arguments: &Arguments) -> Result<Exit, Trouble> {
    let on = arguments.day.date();
    let packs = scene.packs()?;
    let pool = Scene::pool()?;
    let judged = filing::judge(&arguments.dossier, &packs, &pool, on)?;
    let checked = match judged.check(on) {
        Ok(checked) => checked,
        Err(incomplete) => {
            match arguments.format {
                Format::Json => output::print_json(&incomplete.findings)?,
                Format::Text => output::print(&filing::missing(&incomplete, scene.lang))?,
            }
            return Ok(Exit::Refused);
        }
    };
    let leaves = if arguments.duplex {
        Leaves::ItemsOnFront
    } else {
        Leaves::RunOn
    };
    let options = BindOptions {
        leaves,
        ..BindOptions::default()
    };
    let typesetter = scene.typesetter()?;
    let bound =
        bind::bind(&checked, &typesetter, &pool, &arguments.out, &options).map_err(Trouble::new)?;
    match arguments.format {
        Format::Json => output::print_json(&bound.manifest)?,
        Format::Text => output::print(&describe(&bound, scene.lang))?,
    }
    output::done()
}

/// The volumes with their papers and page numbers.
pub(super) fn describe(bound: &Bound, lang: Lang) -> String {
    let mut lines = Vec::new();
    for volume in &bound.manifest.volumes {
        let pages = volume.pages.len();
        lines.push(match lang {
            Lang::Zh => format!("✓ {}  {} 页  {}", volume.title, pages, volume.file),
            Lang::En => format!("✓ {}  {} pages  {}", volume.title, pages, volume.file),
        });
    }
    lines.join("\n")
}
