//! Binds a dossier whose papers were judged before (their reports are cached), in this very process: for benches.
//! `bind_dossier DOSSIER.toml PAPERS.json OUT`; PAPERS.json names each file's `sha256` and `pages`.

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

use std::{
    collections::BTreeMap,
    error::Error,
    fs::{self, File},
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use juanzong::{
    bind::{
        self, BindOptions, BindRunner, InThisProcess, PageMargins, RunError, VolumeJob,
        VolumeResult,
    },
    digest::Digest,
    dossier::{self, CheckedItem},
    finding::{Cost, Report, ReportFacts, Verdict},
    rulepack::Packs,
    typeset::{TemplateSource, Typesetter},
};

/// Reports are cached here, and what was seen of margins with them: nothing.
struct Cached;

impl BindRunner for Cached {
    fn write(
        &self,
        job: &VolumeJob,
        inputs: &[&File],
        output: &File,
    ) -> Result<VolumeResult, RunError> {
        InThisProcess.write(job, inputs, output)
    }

    fn margins(&self, _: &File, _: u32) -> Result<Vec<Option<PageMargins>>, RunError> {
        Ok(Vec::new())
    }
}

#[derive(serde::Deserialize)]
struct Paper {
    sha256: Digest,
    pages: u32,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [dossier_file, papers, out] = arguments.as_slice() else {
        return Err("bind_dossier DOSSIER.toml PAPERS.json OUT".into());
    };
    let started = Instant::now();
    let on = jiff::civil::date(2024, 8, 20);
    let dossier = dossier::read(dossier_file)?;
    let known: BTreeMap<PathBuf, Paper> = serde_json::from_slice(&fs::read(papers)?)?;
    let packs = Packs::builtin();
    let pack = packs.get(&dossier.notice).ok_or("no such notice")?;
    let folder = dossier_file.parent().ok_or("no folder")?;
    let mut items = Vec::new();
    for item in &dossier.items {
        let paper = known
            .get(item.file.file_name().map(Path::new).ok_or("no name")?)
            .ok_or("a paper without report")?;
        let report = Report {
            report_version: 1,
            file: item.file.display().to_string(),
            sha256: paper.sha256,
            size_bytes: 0,
            pages: Some(paper.pages),
            notice: None,
            slot: Some(item.slot.clone()),
            judged_on: on,
            verdict: Verdict::Accepted,
            findings: Vec::new(),
            outcomes: Vec::new(),
            facts: ReportFacts::default(),
            not_checked: Vec::new(),
            cost: Cost::default(),
        };
        items.push(CheckedItem {
            slot: item.slot.clone(),
            title: item.title.clone().unwrap_or_default(),
            note: item.note.clone(),
            file_name: item.file.display().to_string(),
            path: folder.join(&item.file),
            sha256: paper.sha256,
            pages: paper.pages,
            report: Arc::new(report),
        });
    }
    let checked = dossier::check(&dossier, pack, items, on).map_err(|incomplete| {
        let texts = incomplete
            .findings
            .iter()
            .map(|finding| finding.message.en.clone());
        texts.collect::<Vec<_>>().join("; ")
    })?;
    let prepared = started.elapsed();
    let typesetter = Typesetter::new(&TemplateSource::BuiltIn)?;
    let ready = started.elapsed();
    let bound = bind::bind(&checked, &typesetter, &Cached, out, &BindOptions::default())?;
    tracing::debug!(?prepared, ?ready, all = ?started.elapsed(), "bound");
    drop(bound);
    Ok(())
}
