//! Judges a folder of PDFs with known labels and prints how often it was right; see `bench/legibility.sh`.
//!
//! `legibility_bench DIR`, where `DIR/labels.jsonl` has one object a line: `file`, `label` (`legible`, `illegible`,
//! `borderline` or `blank`) and, where known, `orientation_deg` (clockwise) and `seals` (a list).
//! It parses in its own process: for sets one trusts.

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

use std::{path::Path, time::Instant};

use juanzong::{
    inspect::{
        self,
        legibility::{LegibilityFacts, model},
    },
    limits::Limits,
};
use serde_json::Value;

struct Judged {
    label: String,
    orientation: Option<u64>,
    seals: Option<usize>,
    facts: LegibilityFacts,
}

fn main() -> std::process::ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: legibility_bench DIR");
        return std::process::ExitCode::from(2);
    };
    let folder = Path::new(&folder);
    let Ok(labels) = std::fs::read_to_string(folder.join("labels.jsonl")) else {
        eprintln!("{}/labels.jsonl cannot be read", folder.display());
        return std::process::ExitCode::from(2);
    };
    let started = Instant::now();
    let mut judged = Vec::new();
    for line in labels.lines() {
        let Ok(row) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let file = row["file"].as_str().unwrap_or_default();
        let Ok(bytes) = std::fs::read(folder.join(file)) else {
            eprintln!("{file}: cannot be read");
            continue;
        };
        let inspection = inspect::inspect(bytes, &Limits::DEFAULT);
        let Some(facts) = inspection
            .pages
            .into_iter()
            .next()
            .and_then(|p| p.legibility)
        else {
            eprintln!("{file}: not measured");
            continue;
        };
        judged.push(Judged {
            label: row["label"].as_str().unwrap_or_default().to_owned(),
            orientation: row["orientation_deg"].as_u64(),
            seals: row["seals"].as_array().map(Vec::len),
            facts,
        });
    }
    println!(
        "pages {}   {:.1} ms a page, opening and facts included",
        judged.len(),
        started.elapsed().as_secs_f64() * 1e3 / judged.len().max(1) as f64
    );
    verdicts(&judged);
    orientation(&judged);
    blank(&judged);
    seals(&judged);
    std::process::ExitCode::SUCCESS
}

/// The score where there is one; a blank page or one with too little ink reads as 0 here.
fn score(facts: &LegibilityFacts) -> f64 {
    facts.score.unwrap_or(0.0)
}

fn verdicts(judged: &[Judged]) {
    let of = |label: &str| -> Vec<f64> {
        let these = judged.iter().filter(|j| j.label == label);
        these.map(|j| score(&j.facts)).collect()
    };
    let (good, bad) = (of("legible"), of("illegible"));
    if good.is_empty() || bad.is_empty() {
        println!("AUC –   (needs legible and illegible pages)");
        return;
    }
    let mut won = 0.0;
    for g in &good {
        for b in &bad {
            won += match g.total_cmp(b) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    let share = |n: usize, of: usize| 100.0 * n as f64 / of as f64;
    let at = model::LEGIBLE_FROM;
    let refused = good.iter().filter(|s| **s < at).count();
    let accepted = bad.iter().filter(|s| **s >= at).count();
    println!("AUC {:.4}", won / (good.len() * bad.len()) as f64);
    println!(
        "legible refused {refused}/{} = {:.1} %   illegible accepted {accepted}/{} = {:.1} %   (threshold {at})",
        good.len(),
        share(refused, good.len()),
        bad.len(),
        share(accepted, bad.len()),
    );
}

fn orientation(judged: &[Judged]) {
    let (mut right, mut wrong, mut open) = (0, 0, 0);
    for page in judged.iter().filter(|j| j.label == "legible") {
        match (page.orientation, page.facts.orientation_deg) {
            (None, _) => {}
            (Some(_), None) => open += 1,
            (Some(want), Some(got)) if want == u64::from(got) => right += 1,
            (Some(_), Some(_)) => wrong += 1,
        }
    }
    println!("orientation of legible pages: right {right}, wrong {wrong}, left open {open}");
}

fn blank(judged: &[Judged]) {
    let count = |label: &str, blank: bool| {
        let these = judged.iter().filter(|j| j.label == label);
        these.filter(|j| j.facts.blank == blank).count()
    };
    println!(
        "blank seen as blank {}, missed {}; others taken for blank {}",
        count("blank", true),
        count("blank", false),
        ["legible", "illegible", "borderline"]
            .map(|l| count(l, true))
            .iter()
            .sum::<usize>(),
    );
}

fn seals(judged: &[Judged]) {
    let (mut there, mut found, mut false_alarms, mut pages) = (0, 0, 0, 0);
    for page in judged {
        let Some(wanted) = page.seals else {
            continue;
        };
        pages += 1;
        there += wanted;
        found += wanted.min(page.facts.seals.len());
        false_alarms += page.facts.seals.len().saturating_sub(wanted);
    }
    if pages > 0 {
        println!(
            "seals found {found} of {there}; false alarms {false_alarms} on {pages} pages = {:.3} a page",
            f64::from(false_alarms as u32) / f64::from(pages),
        );
    }
}
