//! Binds plain PDFs into one volume in this very process, without notice, checks or sandbox: for benches and for
//! comparing a volume's pages with their sources. `bind_files OUT.pdf FILE...`; page counts go to stdout as JSON.

#![allow(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::exit,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of ours for the terminal: a fault shall stop it"
)]

use std::{error::Error, fs::File, io::Write as _, path::PathBuf};

use juanzong::{
    bind::{
        BindRunner, Counting, Fit, Gutter, InThisProcess, JobBookmark, Leaves, NumberStyle, Part,
        Place, RunError, VolumeJob, number_font,
    },
    inspect,
    limits::Limits,
    typeset::{TemplateSource, Typesetter},
    units::PageNumber,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let out = arguments.next().ok_or("bind_files OUT.pdf FILE...")?;
    let typesetter = Typesetter::new(&TemplateSource::BuiltIn)?;
    let mut font = tempfile::tempfile()?;
    font.write_all(&number_font(&typesetter)?)?;
    let mut files = vec![font];
    let mut parts = Vec::new();
    let mut bookmarks = Vec::new();
    let mut first = 1;
    for path in arguments {
        let bytes = std::fs::read(&path)?;
        let pdf = hayro_syntax::Pdf::new(bytes.clone());
        let pages = match pdf.map(|pdf| pdf.pages().len()) {
            Ok(pages) if pages > 0 => pages,
            // Rare files that are mended while they are opened.
            _ => inspect::inspect(bytes, &Limits::DEFAULT).pages.len(),
        };
        let pages = pages as u32;
        bookmarks.push(JobBookmark {
            title: path.display().to_string(),
            to: Place {
                part: parts.len(),
                page: 0,
            },
            with_outline: true,
            children: Vec::new(),
        });
        parts.push(Part {
            input: Some(files.len()),
            pages,
            counting: Counting::Decimal,
            first: PageNumber::new(first).ok_or("from 1")?,
            label: None,
            foreign: true,
            sha256: None,
            margins: Vec::new(),
        });
        first += pages;
        files.push(File::open(&path)?);
    }
    let job = VolumeJob {
        title: "bind_files".to_owned(),
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
    let output = File::options()
        .read(true)
        .write(true)
        .create(true)
        .truncate(true)
        .open(&out)?;
    let inputs: Vec<&File> = files.iter().collect();
    match InThisProcess.write(&job, &inputs, &output) {
        Ok(result) => {
            let answer = serde_json::json!({
                "pages": result.pages.len(),
                "size_bytes": result.size_bytes,
                "nested_bookmarks": result.nested_bookmarks,
                "boxes": result.pages.iter().map(|page| page.number_box_pt).collect::<Vec<_>>(),
            });
            writeln!(std::io::stdout(), "{answer}")?;
            Ok(())
        }
        Err(RunError::Source(fault)) => Err(fault.into()),
        Err(RunError::Failed(error)) => Err(error),
    }
}
