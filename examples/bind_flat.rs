//! What a page costs when there are few of them and when there are many, measured inside one process so that its start does
//! not count: `bind_flat FOLDER` binds the first 1, 10, 100 and 1,000 PDFs of a folder, each many times over.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a program of ours for the terminal: a fault shall stop it"
)]

use std::{error::Error, fs::File, io::Write as _, path::PathBuf};

use juanzong::{
    bind::{
        BindRunner, Counting, Fit, Gutter, InThisProcess, JobBookmark, Leaves, NumberStyle, Part,
        Place, RunError, VolumeJob, number_font,
    },
    typeset::{TemplateSource, Typesetter},
};
use rustix::time::{ClockId, clock_gettime};

/// Files bound in one go, and how often.
const COUNTS: [(usize, u32); 4] = [(1, 400), (10, 60), (100, 12), (1000, 3)];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args_os().nth(1).ok_or("bind_flat FOLDER")?;
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "pdf"))
        .collect();
    paths.sort();
    let typesetter = Typesetter::new(&TemplateSource::BuiltIn)?;
    let mut font = tempfile::tempfile()?;
    font.write_all(&number_font(&typesetter)?)?;
    drop(typesetter);
    let mut rows = Vec::new();
    for (count, rounds) in COUNTS {
        let paths = paths.get(..count).ok_or("not enough files")?;
        let (job, files) = job(paths)?;
        let inputs: Vec<&File> = std::iter::once(&font).chain(&files).collect();
        let pages: u32 = job.parts.iter().map(|part| part.pages).sum();
        let mut costs = Vec::new();
        for _ in 0..rounds {
            let output = tempfile::tempfile_in(&folder)?;
            let before = spent();
            match InThisProcess.write(&job, &inputs, &output) {
                Ok(_) => {}
                Err(RunError::Source(fault)) => return Err(fault.into()),
                Err(RunError::Failed(error)) => return Err(error),
            }
            costs.push((spent() - before) / f64::from(pages) * 1e6);
        }
        costs.sort_by(f64::total_cmp);
        rows.push((pages, costs[costs.len() / 2], costs[0], rounds));
    }
    let base = rows[1].1;
    for (pages, median, least, rounds) in rows {
        println!(
            "{pages:6} pages  {median:6.1} µs a page (median of {rounds}, least {least:.1})  {:5.2} of 200 pages",
            median / base
        );
    }
    Ok(())
}

/// Processor seconds of this process; the clock on the wall says little on a busy machine.
fn spent() -> f64 {
    let now = clock_gettime(ClockId::ProcessCPUTime);
    now.tv_sec as f64 + now.tv_nsec as f64 / 1e9
}

/// The job that binds these files one after the other, and the files.
fn job(paths: &[PathBuf]) -> Result<(VolumeJob, Vec<File>), Box<dyn Error>> {
    let (mut parts, mut bookmarks, mut files) = (Vec::new(), Vec::new(), Vec::new());
    let mut first = 1;
    for (i, path) in paths.iter().enumerate() {
        let pdf = hayro_syntax::Pdf::new(std::fs::read(path)?).map_err(|_| "not a PDF")?;
        let pages = pdf.pages().len() as u32;
        bookmarks.push(JobBookmark {
            title: path.display().to_string(),
            to: Place { part: i, page: 0 },
            with_outline: true,
            children: Vec::new(),
        });
        parts.push(Part::new(Some(i + 1), pages, Counting::Decimal, first));
        first += pages;
        files.push(File::open(path)?);
    }
    let job = VolumeJob {
        title: "bind_flat".to_owned(),
        author: String::new(),
        on: jiff::civil::date(2024, 8, 20),
        numbers: NumberStyle::default(),
        number_font: 0,
        gutter: Gutter::default(),
        fit: Fit::default(),
        leaves: Leaves::default(),
        parts,
        bookmarks,
        targets: Vec::new(),
    };
    Ok((job, files))
}
