//! Runs the engine over a folder of labelled PDFs and prints how often it agrees with the labels, and what it costs.
//!
//! `corpus FOLDER [--details]`. Every file goes through the sandbox: first each with a worker of its own that starts cold,
//! then all of them through one warm worker without and with legibility, then through `qpdf --check`, in the same run.
//! The folder holds `labels.jsonl`: one object a file with `file`, `bytes`, `class`, `classes`, `active`, `active_strict`
//! and `requires_password`. `corpus --worker` is what the pool starts.

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

mod answers;
mod cpu;
mod table;

use std::{
    fs::File,
    path::{Path, PathBuf},
    time::Instant,
};

use juanzong::{
    checks::{self, Request},
    digest::Digest,
    finding::Cost,
    inspect,
    limits::Limits,
    sandbox::{self, AnswerBody, Handler, Inspected, Pool, PoolConfig},
};
use serde_json::{Value, json};

use answers::Answer;

const TASKS: &[(&str, Handler)] = &[(sandbox::INSPECT, |_, files, limits| {
    let bytes = files.read(0).map_err(|error| error.to_string())?;
    let facts = inspect::begin(bytes, limits, false);
    let body = serde_json::to_vec(&facts).map_err(|error| error.to_string())?;
    Ok(AnswerBody::Json(body))
})];

/// Legibility is not measured: what the format family alone costs.
const FORMAT_ONLY: Limits = Limits {
    measured_page_pixels: 0,
    ..Limits::DEFAULT
};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--worker"] => sandbox::serve(sandbox::socket_from_stdin().unwrap(), TASKS).unwrap(),
        [folder] => all(Path::new(folder), false),
        [folder, "--details"] => all(Path::new(folder), true),
        _ => eprintln!("usage: corpus FOLDER [--details]"),
    }
}

fn pool(limits: Limits) -> Pool {
    Pool::start(PoolConfig {
        program: std::env::current_exe().unwrap(),
        arguments: vec!["--worker".to_owned()],
        workers: 1,
        limits,
    })
    .unwrap()
}

fn all(folder: &Path, details: bool) {
    let Ok(labels) = std::fs::read_to_string(folder.join("labels.jsonl")) else {
        eprintln!("no labels.jsonl in {}: nothing was run", folder.display());
        return;
    };
    let labels: Vec<Value> = labels
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();
    let files: Vec<PathBuf> = labels
        .iter()
        .map(|label| folder.join(label["file"].as_str().unwrap_or_default()))
        .collect();
    let answers: Vec<Answer> = labels
        .into_iter()
        .zip(&files)
        .map(|(label, file)| {
            let start = Instant::now();
            let got = pool(Limits::DEFAULT).inspect(&File::open(file).unwrap());
            let wall = start.elapsed();
            Answer {
                label,
                got: got.ok().map(|got| told(file, &got)),
                wall,
            }
        })
        .collect();
    table::print(&answers, details);

    println!(
        "processor time a file, mean, all {} files in the same run:",
        files.len()
    );
    let format = cpu::through_pool("one warm worker, legibility off", FORMAT_ONLY, &files);
    let whole = cpu::through_pool("one warm worker, legibility on", Limits::DEFAULT, &files);
    let Some(peer) = cpu::of_qpdf(&files) else {
        println!("  qpdf is not installed: no ratio");
        return;
    };
    println!(
        "  ratio to qpdf --check: {:.2} with legibility off, {:.2} with it (reach ≤ 0.5)",
        format.mean_ms / peer.mean_ms,
        whole.mean_ms / peer.mean_ms
    );
    // A few bombs on which qpdf spends its whole ten seconds weigh much in the mean.
    let plain: Vec<PathBuf> = answers
        .iter()
        .zip(&files)
        .filter(|(answer, _)| answer.class() != "hostile")
        .map(|(_, file)| file.clone())
        .collect();
    println!(
        "the same without the class `hostile`, {} files:",
        plain.len()
    );
    let format = cpu::through_pool("one warm worker, legibility off", FORMAT_ONLY, &plain);
    let whole = cpu::through_pool("one warm worker, legibility on", Limits::DEFAULT, &plain);
    if let Some(peer) = cpu::of_qpdf(&plain) {
        println!(
            "  ratio to qpdf --check: {:.2} with legibility off, {:.2} with it",
            format.mean_ms / peer.mean_ms,
            whole.mean_ms / peer.mean_ms
        );
    }
}

/// The report of a file as far as the table needs it.
fn told(file: &Path, got: &Inspected) -> Value {
    let inspection = &got.inspection;
    let report = checks::report(Request {
        file_name: "a.pdf",
        sha256: Digest::of(&std::fs::read(file).unwrap()),
        inspection,
        pack: None,
        slot: None,
        on: jiff::civil::date(2026, 1, 1),
        holder: None,
        cost: Cost::default(),
    });
    let findings: Vec<Value> = report
        .findings
        .iter()
        .map(|f| json!({"code": f.code, "severity": f.severity, "en": f.message.en}))
        .collect();
    let active: Vec<_> = report.facts.active_content.iter().map(|a| a.kind).collect();
    json!({
        "findings": findings,
        "verdict": report.verdict,
        "active": active,
        "encryption": inspection.pdf.as_ref().and_then(|pdf| pdf.encryption.clone()),
        "opening": inspection.opening,
        "pages": report.pages,
        "pages_not_measured": inspection.pages.iter().filter(|p| p.legibility.is_none()).count(),
        "peak_kb": got.cost.peak_bytes / 1024,
        "cpu_ms": got.cost.cpu_ms,
    })
}
