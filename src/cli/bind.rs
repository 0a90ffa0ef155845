//! `juanzong bind`: a dossier file in, the bound volumes and the print pack out – whole, or not at all.

use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::{
    Exit, Format, OnDay, Scene, Trouble, bind_options::BindArguments, filing, notices, output,
};
use crate::{
    bind::{self, Bound},
    dossier::{self, Corrections},
    lang::Lang,
    recognise::Recogniser,
    rulepack::Packs,
    typeset::PdfForm,
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
    /// Judge by this version of the notice's pack, whichever the dossier keeps
    #[arg(long, value_name = "N")]
    pack_version: Option<u32>,
    #[command(flatten)]
    how: BindArguments,
    /// When the dossier is refused, write the letter that tells everything to mend (补正告知书) to this PDF
    #[arg(long, value_name = "FILE.pdf")]
    corrections: Option<PathBuf>,
    /// Last day to mend it, for that letter [default: the end of the notice's filing window]
    #[arg(long, value_name = "YYYY-MM-DD", requires = "corrections")]
    corrections_by: Option<Date>,
    /// Print the forms that are filled in by hand, and stop
    #[arg(long)]
    forms: bool,
    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(scene: &Scene, arguments: &Arguments) -> Result<Exit, Trouble> {
    let on = arguments.day.date();
    let packs = scene.packs()?;
    if arguments.forms {
        return forms(scene, arguments, &packs, on);
    }
    let options = arguments.how.options(&arguments.out)?;
    // Before any work: a template that does not compile is said at once.
    let typesetter = scene.typesetter()?;
    let pool = Scene::pool()?;
    let judged = filing::judge(
        &arguments.dossier,
        &packs,
        &pool,
        Recogniser::installed(),
        on,
        arguments.pack_version,
    )?;
    let checked = match judged.check(on) {
        Ok(checked) => checked,
        Err(incomplete) => {
            if let Some(path) = &arguments.corrections {
                let letter = judged.corrections(&incomplete, on, arguments.corrections_by);
                write_letter(scene, &letter, path)?;
            }
            match arguments.format {
                Format::Json => output::print_json(&incomplete.findings)?,
                Format::Text => output::print(&filing::missing(&incomplete, scene.lang))?,
            }
            return Ok(Exit::Refused);
        }
    };
    let bound =
        bind::bind(&checked, &typesetter, &pool, &arguments.out, &options).map_err(Trouble::new)?;
    match arguments.format {
        Format::Json => output::print_json(&bound.manifest)?,
        Format::Text => output::print(&describe(&bound, scene.lang))?,
    }
    output::done()
}

/// Typesets the letter and writes it.
fn write_letter(scene: &Scene, letter: &Corrections, path: &Path) -> Result<(), Trouble> {
    let form = PdfForm::plain("补正告知书", Some(letter.judged_on));
    let made = scene.typesetter()?.typeset("corrections", letter, &form);
    let made = made.map_err(Trouble::new)?;
    crate::digest::write_atomically(path, &made.pdf).map_err(Trouble::new)?;
    output::say(&match scene.lang {
        Lang::Zh => format!("补正告知书：{}（{} 处）", path.display(), letter.faults),
        Lang::En => format!(
            "letter of corrections: {} ({} to mend)",
            path.display(),
            letter.faults
        ),
    });
    Ok(())
}

/// The forms of a dossier that need not be complete.
fn forms(scene: &Scene, arguments: &Arguments, packs: &Packs, on: Date) -> Result<Exit, Trouble> {
    let dossier = dossier::read(&arguments.dossier).map_err(Trouble::new)?;
    let pack = notices::for_dossier(packs, &dossier, arguments.pack_version)?;
    let typesetter = scene.typesetter()?;
    let names = bind::blank_forms(&pack, &dossier.applicant, on, &typesetter, &arguments.out)
        .map_err(Trouble::new)?;
    match arguments.format {
        Format::Json => output::print_json(&names)?,
        Format::Text => {
            let lines: Vec<String> = names.iter().map(|name| format!("✓ {name}")).collect();
            output::print(&lines.join("\n"))?;
        }
    }
    output::done()
}

/// The volumes with their papers and page numbers, then what should be looked at before printing.
pub(super) fn describe(bound: &Bound, lang: Lang) -> String {
    let mut lines = Vec::new();
    for volume in &bound.manifest.volumes {
        let pages = volume.pages.len();
        lines.push(match lang {
            Lang::Zh => format!("✓ {}  {} 页  {}", volume.title, pages, volume.file),
            Lang::En => format!("✓ {}  {} pages  {}", volume.title, pages, volume.file),
        });
    }
    if bound.manifest.volumes.is_empty() {
        let papers = bound.manifest.items.len();
        lines.push(match lang {
            Lang::Zh => format!("✓ 材料齐全，不装订  {papers} 份"),
            Lang::En => format!("✓ complete, nothing is bound  {papers} papers"),
        });
    }
    for warning in &bound.manifest.warnings {
        let item = bound.manifest.items.get(warning.item);
        let file = item.map_or("", |item| item.file_name.as_str());
        let pages: Vec<String> = warning.pages.iter().map(ToString::to_string).collect();
        lines.push(match lang {
            Lang::Zh => format!(
                "！{file} 第 {} 页：{}",
                pages.join("、"),
                warning.message.zh
            ),
            Lang::En => format!("! {file} page {}: {}", pages.join(", "), warning.message.en),
        });
    }
    lines.join("\n")
}
