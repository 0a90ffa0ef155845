//! Binds a dossier whose papers were judged before (their reports and margins are kept), in this very process: for benches.
//! `bind_dossier DOSSIER.toml PAPERS.json OUT`; PAPERS.json names each file's `sha256`, `pages` and `margins`.
//! `bind_dossier --look FOLDER PAPERS.json` looks at the margins of the files in FOLDER first and keeps them in PAPERS.json.

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
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
    time::Instant,
};

use juanzong::{
    bind::{self, BindOptions, InThisProcess},
    digest::Digest,
    dossier::{self, CheckedItem},
    finding::{Cost, Report, ReportFacts, Verdict},
    inspect::{self, Margins},
    limits::Limits,
    rulepack::Packs,
    typeset::{TemplateSource, Typesetter},
};

#[derive(serde::Serialize, serde::Deserialize)]
struct Paper {
    sha256: Digest,
    pages: u32,
    #[serde(default)]
    margins: Option<Arc<Margins>>,
}

type Papers = BTreeMap<PathBuf, Paper>;

/// Looks at the margins of every paper that was not looked at.
fn look(folder: &Path, papers: &Path) -> Result<(), Box<dyn Error>> {
    let mut known: Papers = serde_json::from_slice(&fs::read(papers)?)?;
    for (name, paper) in &mut known {
        if paper.margins.is_none() {
            let bytes = fs::read(folder.join(name))?;
            let margins = inspect::margins_of(bytes, &Limits::DEFAULT);
            paper.margins = Some(Arc::new(margins));
        }
    }
    fs::write(papers, serde_json::to_vec(&known)?)?;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [dossier_file, papers, out] = arguments.as_slice() else {
        return Err("bind_dossier DOSSIER.toml PAPERS.json OUT".into());
    };
    if dossier_file == Path::new("--look") {
        return look(papers, out);
    }
    let started = Instant::now();
    let on = jiff::civil::date(2024, 8, 20);
    let dossier = dossier::read(dossier_file)?;
    let known: Papers = serde_json::from_slice(&fs::read(papers)?)?;
    let typesetter = thread::spawn(|| Typesetter::new(&TemplateSource::BuiltIn));
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
            margins: paper.margins.clone(),
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
    let typesetter = typesetter.join().map_err(|_| "no typesetter")??;
    let ready = started.elapsed();
    let bound = bind::bind(
        &checked,
        &typesetter,
        &InThisProcess,
        out,
        &BindOptions::default(),
    )?;
    tracing::debug!(?prepared, ?ready, all = ?started.elapsed(), "bound");
    drop(bound);
    Ok(())
}
