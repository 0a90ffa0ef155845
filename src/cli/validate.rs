//! `juanzong validate`: files in, a verdict with every finding at once out.

use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

use jiff::civil::Date;

use super::{Exit, Format, OnDay, Scene, Trouble, output, report_text};
use crate::{
    checks::{self, Holder},
    digest::{Digest, Hasher, write_atomically},
    finding::Report,
    recognise::{self, Recogniser},
    rulepack::{Pack, Slot},
    sandbox::{Pool, RenderRequest},
};

/// Judge files: format, paper, legibility, dates, and what a notice asks of a slot
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The files
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The notice to judge by, an id of `juanzong notices`
    #[arg(long, value_name = "ID")]
    notice: Option<String>,
    /// The slot the files are for, an id of `juanzong notices ID`
    #[arg(long, requires = "notice")]
    slot: Option<String>,
    #[command(flatten)]
    day: OnDay,
    /// Name the papers must be in
    #[arg(long, value_name = "NAME")]
    holder_name: Option<String>,
    /// Date of birth of the holder
    #[arg(long, value_name = "YYYY-MM-DD")]
    holder_born: Option<Date>,
    /// Write a picture of each page on which something was found, with its place marked, into this folder
    #[arg(long, value_name = "DIR")]
    preview: Option<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) fn run(scene: &Scene, arguments: &Arguments) -> Result<Exit, Trouble> {
    let packs = scene.packs()?;
    let pack = arguments
        .notice
        .as_deref()
        .map(|id| super::notices::find(&packs, id))
        .transpose()?;
    let slot = match (&arguments.slot, &pack) {
        (Some(id), Some(pack)) => Some(pack.slot(id).ok_or_else(|| no_such_slot(id, pack))?),
        _ => None,
    };
    let holder = Holder {
        name: arguments.holder_name.clone(),
        born: arguments.holder_born,
        ..Holder::default()
    };
    let wanted = Wanted {
        pack: pack.as_deref(),
        slot,
        on: arguments.day.date(),
        holder: (holder != Holder::default()).then_some(&holder),
        recogniser: Recogniser::installed(),
    };
    let pool = Scene::pool()?;
    let bar = output::progress(arguments.files.len() as u64, "validate");
    let mut worst = Exit::Good;
    for path in &arguments.files {
        match judge(&pool, path, &wanted) {
            Ok(report) => {
                worst = worst.max(report.verdict.into());
                if let Some(folder) = &arguments.preview {
                    for picture in preview(&pool, path, &report, folder)? {
                        bar.suspend(|| output::say(&picture.display().to_string()));
                    }
                }
                bar.suspend(|| match arguments.format {
                    Format::Json => output::print_json(&report),
                    Format::Text => output::print(&report_text::render(&report, scene.lang)),
                })?;
            }
            // One unreadable file does not keep the others from being judged.
            Err(Trouble(words)) => {
                bar.suspend(|| output::say(&format!("juanzong: {words}")));
                worst = Exit::CouldNot;
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(worst)
}

/// What files are judged by.
pub(super) struct Wanted<'a> {
    pub(super) pack: Option<&'a Pack>,
    pub(super) slot: Option<&'a Slot>,
    pub(super) on: Date,
    pub(super) holder: Option<&'a Holder>,
    /// What scans are read with.
    pub(super) recogniser: Option<&'a Recogniser>,
}

/// Judges one file.
pub(super) fn judge(pool: &Pool, path: &Path, wanted: &Wanted<'_>) -> Result<Report, Trouble> {
    let named = |error: std::io::Error| Trouble::because(format!("{}: {error}", path.display()));
    let mut file = File::open(path).map_err(named)?;
    let size = file.metadata().map_err(named)?;
    if size.is_dir() {
        return Err(Trouble::because(format!("{}: is a folder", path.display())));
    }
    let limit = pool.limits().file_bytes;
    if size.len() > limit.value() {
        let actual = crate::units::ByteLen(size.len());
        return Err(Trouble::because(format!(
            "{}: the file is {actual}, more than the {limit} allowed",
            path.display()
        )));
    }
    let sha256 = digest(&mut file).map_err(named)?;
    let inspected =
        recognise::inspect(pool, wanted.recogniser, &file, wanted.slot).map_err(Trouble::new)?;
    let file_name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    Ok(checks::report(checks::Request {
        file_name: &file_name.unwrap_or_default(),
        sha256,
        inspection: &inspected.inspection,
        pack: wanted.pack,
        slot: wanted.slot.map(|slot| slot.id.as_str()),
        on: wanted.on,
        holder: wanted.holder,
        cost: inspected.cost,
    }))
}

/// Resolution of the pictures.
const PREVIEW_DPI: f64 = 110.0;

/// Pictures of the pages on which something was found, with a frame around each place; `NAME-PAGE.png`.
fn preview(
    pool: &Pool,
    path: &Path,
    report: &Report,
    folder: &Path,
) -> Result<Vec<PathBuf>, Trouble> {
    let named = |error: std::io::Error| Trouble::because(format!("{}: {error}", folder.display()));
    let file = File::open(path).map_err(named)?;
    std::fs::create_dir_all(folder).map_err(named)?;
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let mut written = Vec::new();
    for page in &report.facts.page_facts {
        let marks = report.marks(page.page);
        if marks.is_empty() {
            continue;
        }
        let request = RenderRequest {
            page: page.page.index(),
            dpi: PREVIEW_DPI,
            marks,
        };
        let png = pool.render(&file, &request).map_err(Trouble::new)?;
        let target = folder.join(format!("{stem}-{}.png", page.page));
        write_atomically(&target, &png).map_err(named)?;
        written.push(target);
    }
    Ok(written)
}

fn digest(file: &mut File) -> std::io::Result<Digest> {
    let mut hasher = Hasher::default();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let n = file.read(&mut buffer)?;
        if n == 0 {
            return Ok(hasher.finish());
        }
        hasher.update(buffer.get(..n).unwrap_or_default());
    }
}

fn no_such_slot(id: &str, pack: &Pack) -> Trouble {
    let known: Vec<_> = pack.slots.iter().map(|slot| slot.id.as_str()).collect();
    Trouble::because(format!(
        "`{}` has no slot `{id}`; it has {}",
        pack.id,
        known.join(", ")
    ))
}
