//! Judges a folder of PDFs with known labels and prints how often it was right; see `bench/legibility.sh`.
//!
//! `legibility_bench DIR [CONFIDENCE.tsv]`, where `DIR/labels.jsonl` has one object a line: `file`, `label` (`legible`, `illegible`,
//! `borderline` or `blank`) and, where known, `orientation_deg` (clockwise), `seals` (a list), `lost_pt` (left, bottom, right and top of
//! a part that is lost), `screen` (true for one photographed off a screen), `ocr_confidence` (0–1) and `hasty` (the share of
//! characters that an OCR finds in the page as it is, 0–1: from 0.9 on legible, up to 0.6 illegible, as a second opinion).
//! `CONFIDENCE.tsv` (file, tab, 0–1) gives what the labels lack. It parses in its own process: for sets one trusts.

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

use std::{collections::BTreeMap, path::Path, time::Instant};

use juanzong::{
    inspect::{
        self,
        legibility::{LegibilityFacts, model},
    },
    limits::Limits,
};
use serde_json::Value;

struct Judged {
    file: String,
    label: String,
    orientation: Option<u64>,
    seals: Option<usize>,
    confidence: Option<f64>,
    hasty: Option<f64>,
    /// Left, bottom, right and top of what is lost, in points.
    lost: Option<[f64; 4]>,
    /// Whether it was photographed off a screen.
    screen: bool,
    facts: LegibilityFacts,
}

impl Judged {
    /// What a reader who takes the page as it is makes of it.
    fn hasty_label(&self) -> &str {
        match self.hasty {
            Some(share) if share >= 0.9 => "legible",
            Some(share) if share <= 0.6 => "illegible",
            _ => "",
        }
    }
    /// What both readers say.
    fn agreed_label(&self) -> &str {
        if self.label == self.hasty_label() {
            &self.label
        } else {
            ""
        }
    }
}

fn main() -> std::process::ExitCode {
    let Some(folder) = std::env::args().nth(1) else {
        eprintln!("usage: legibility_bench DIR [CONFIDENCE.tsv]");
        return std::process::ExitCode::from(2);
    };
    let folder = Path::new(&folder);
    let Ok(labels) = std::fs::read_to_string(folder.join("labels.jsonl")) else {
        eprintln!("{}/labels.jsonl cannot be read", folder.display());
        return std::process::ExitCode::from(2);
    };
    let confidences = std::env::args().nth(2).map(|path| confidences(&path));
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
        let first = inspection.pages.into_iter().next();
        let Some(facts) = first.and_then(|p| p.legibility) else {
            eprintln!("{file}: not measured");
            continue;
        };
        let given = confidences.as_ref().and_then(|all| all.get(file).copied());
        judged.push(Judged {
            file: file.to_owned(),
            label: row["label"].as_str().unwrap_or_default().to_owned(),
            orientation: row["orientation_deg"].as_u64(),
            seals: row["seals"].as_array().map(Vec::len),
            confidence: row["ocr_confidence"].as_f64().or(given),
            hasty: row["hasty"].as_f64(),
            lost: serde_json::from_value(row["lost_pt"].clone()).ok(),
            screen: row["screen"] == true,
            facts,
        });
    }
    println!(
        "pages {}   {:.1} ms a page, opening and facts included",
        judged.len(),
        started.elapsed().as_secs_f64() * 1e3 / judged.len().max(1) as f64
    );
    println!("{:44} {:>18}   reach", "what", "measured");
    verdicts(&judged);
    if judged.iter().any(|j| j.hasty.is_some()) {
        println!("by what is read of the page as it is:");
        agreement(&judged, Judged::hasty_label);
        println!("where both agree:");
        agreement(&judged, Judged::agreed_label);
    }
    orientation(&judged);
    blank(&judged);
    seals(&judged);
    lost_parts(&judged);
    patterns(&judged);
    if std::env::var_os("WRONG").is_some() {
        wrong(&judged);
    }
    std::process::ExitCode::SUCCESS
}

/// A row of the table.
fn row(what: &str, measured: &str, reach: &str) {
    println!("{what:44} {measured:>18}   {reach}");
}

fn confidences(path: &str) -> BTreeMap<String, f64> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let pairs = text.lines().filter_map(|line| {
        let (file, value) = line.split_once('\t')?;
        Some((file.to_owned(), value.trim().parse().ok()?))
    });
    pairs.collect()
}

/// The score where there is one; a blank page or one with too little ink reads as 0 here.
fn score(facts: &LegibilityFacts) -> f64 {
    facts.score.unwrap_or(0.0)
}

/// The chance that a legible page scores higher than an illegible one.
fn auc(good: &[f64], bad: &[f64]) -> f64 {
    let mut won = 0.0;
    for g in good {
        for b in bad {
            won += match g.total_cmp(b) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    won / (good.len() * bad.len()).max(1) as f64
}

fn verdicts(judged: &[Judged]) {
    if !agreement(judged, |j| &j.label) {
        return;
    }
    let of = |label: &str, value: &dyn Fn(&Judged) -> f64| -> Vec<f64> {
        let these = judged.iter().filter(|j| j.label == label);
        these.map(value).collect()
    };
    let both = |value: &dyn Fn(&Judged) -> f64| auc(&of("legible", value), &of("illegible", value));
    let dpi = |j: &Judged| {
        j.facts
            .effective_dpi
            .map_or(0.0, juanzong::units::Dpi::value)
    };
    row("AUC of resolution alone", &format!("{:.4}", both(&dpi)), "");
    let blur = |j: &Judged| -j.facts.edge_rise_mm.unwrap_or(9.0);
    row(
        "AUC of blur (edge rise) alone",
        &format!("{:.4}", both(&blur)),
        "",
    );
    if judged.iter().any(|j| j.confidence.is_some()) {
        let sure = |j: &Judged| j.confidence.unwrap_or(0.0);
        row(
            "AUC of OCR confidence alone",
            &format!("{:.4}", both(&sure)),
            "",
        );
    } else {
        row("AUC of OCR confidence alone", "not given", "");
    }
}

/// How well scores and verdicts agree with some labels; `false` where there is nothing to compare.
fn agreement(judged: &[Judged], label: impl Fn(&Judged) -> &str) -> bool {
    let of = |wanted: &str| -> Vec<f64> {
        let these = judged.iter().filter(|j| label(j) == wanted);
        these.map(|j| score(&j.facts)).collect()
    };
    let (good, bad) = (of("legible"), of("illegible"));
    if good.is_empty() || bad.is_empty() {
        println!("no AUC: it needs legible and illegible pages");
        return false;
    }
    row(
        "AUC legible against illegible",
        &format!("{:.4}", auc(&good, &bad)),
        "0.97",
    );
    let share =
        |n: usize, of: usize| format!("{n}/{of} = {:.1} %", 100.0 * n as f64 / of.max(1) as f64);
    let below = |scores: &[f64], at: f64| scores.iter().filter(|s| **s < at).count();
    let (lost, read) = (model::UNREADABLE_BELOW, model::LEGIBLE_FROM);
    let (refused, accepted) = (below(&good, lost), bad.len() - below(&bad, read));
    row("legible refused", &share(refused, good.len()), "2 %");
    let unsaid = judged
        .iter()
        .filter(|j| label(j) == "legible" && j.facts.score.is_none());
    row("  of them could not tell", &unsaid.count().to_string(), "");
    row("illegible accepted", &share(accepted, bad.len()), "5 %");
    // What the verdict leaves open is neither; how much that is, and what one threshold in the middle would do.
    let open = |scores: &[f64]| below(scores, read) - below(scores, lost);
    row("  left open, legible", &share(open(&good), good.len()), "");
    row("  left open, illegible", &share(open(&bad), bad.len()), "");
    let at = f64::midpoint(lost, read);
    let (refused, accepted) = (below(&good, at), bad.len() - below(&bad, at));
    row(
        "  with one threshold: refused",
        &share(refused, good.len()),
        "",
    );
    row(
        "  with one threshold: accepted",
        &share(accepted, bad.len()),
        "",
    );
    true
}

fn orientation(judged: &[Judged]) {
    let (mut right, mut wrong, mut open) = (0_u32, 0_u32, 0_u32);
    for page in judged.iter().filter(|j| j.label == "legible") {
        match (page.orientation, page.facts.orientation_deg) {
            (None, _) => {}
            (Some(_), None) => open += 1,
            (Some(want), Some(got)) if want == u64::from(got) => right += 1,
            (Some(_), Some(_)) => wrong += 1,
        }
    }
    let all = right + wrong + open;
    if all > 0 {
        let share = 100.0 * f64::from(right) / f64::from(all);
        row(
            "orientation right, legible pages",
            &format!("{right}/{all} = {share:.1} %"),
            "99 %",
        );
        row("  wrong / left open", &format!("{wrong} / {open}"), "");
    }
}

fn blank(judged: &[Judged]) {
    let count = |label: &str, blank: bool| {
        let these = judged.iter().filter(|j| j.label == label);
        these.filter(|j| j.facts.blank == blank).count()
    };
    let there = count("blank", true) + count("blank", false);
    let others: usize = ["legible", "illegible", "borderline"]
        .map(|l| count(l, true))
        .iter()
        .sum();
    if there > 0 {
        row(
            "blank pages seen as blank",
            &format!("{} of {there}", count("blank", true)),
            "all",
        );
    }
    row("others taken for blank", &others.to_string(), "0");
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
        let share = 100.0 * found as f64 / there.max(1) as f64;
        row(
            "seals found",
            &format!("{found}/{there} = {share:.1} %"),
            "98 %",
        );
        let each = f64::from(false_alarms as u32) / f64::from(pages);
        row(
            "false seals a page",
            &format!("{false_alarms}/{pages} = {each:.3}"),
            "0.02",
        );
    }
}

/// How many pages off a screen have a pattern, and how many others.
fn patterns(judged: &[Judged]) {
    for (screen, name) in [
        (true, "screens with a pattern"),
        (false, "other pages with a pattern"),
    ] {
        let pages = || judged.iter().filter(|page| page.screen == screen);
        let patterned = pages().filter(|page| page.facts.is_patterned()).count();
        if pages().count() > 0 {
            row(name, &format!("{patterned}/{}", pages().count()), "");
        }
    }
}

/// How many lost parts are pointed out, three tenths of each at least, and how many pages of nothing but legible text are.
fn lost_parts(judged: &[Judged]) {
    let covered = |page: &Judged| {
        page.lost.map(|[x0, y0, x1, y1]| {
            let boxes = page.facts.bad_regions.iter().map(|region| region.box_pt);
            let shares = boxes.map(|b| {
                let across = x1.min(b.x1.value()) - x0.max(b.x0.value());
                let up = y1.min(b.y1.value()) - y0.max(b.y0.value());
                across.max(0.0) * up.max(0.0) / ((x1 - x0) * (y1 - y0)).max(1.0)
            });
            shares.fold(0.0, f64::max)
        })
    };
    let lost: Vec<f64> = judged.iter().filter_map(covered).collect();
    if !lost.is_empty() {
        let found = lost.iter().filter(|share| **share >= 0.3).count();
        let share = 100.0 * found as f64 / lost.len() as f64;
        row(
            "lost parts pointed out",
            &format!("{found}/{} = {share:.1} %", lost.len()),
            "",
        );
    }
    let legible = || judged.iter().filter(|page| page.label == "legible");
    let marked = legible().filter(|page| !page.facts.bad_regions.is_empty());
    if legible().count() > 0 {
        row(
            "legible pages with a part pointed out",
            &format!("{}/{}", marked.count(), legible().count()),
            "",
        );
    }
}

/// The pages on which the verdict differs from the label (`WRONG=1`).
fn wrong(judged: &[Judged]) {
    for page in judged {
        let legible = score(&page.facts) >= model::LEGIBLE_FROM;
        let refused = score(&page.facts) < model::UNREADABLE_BELOW;
        let turned = page.label == "legible"
            && page.orientation.is_some()
            && page.orientation != page.facts.orientation_deg.map(u64::from);
        let misjudged = match page.label.as_str() {
            "legible" => refused,
            "illegible" => legible,
            "blank" => !page.facts.blank,
            _ => false,
        };
        let seals = page.seals.is_some_and(|n| n != page.facts.seals.len());
        if misjudged || turned || seals {
            println!(
                "{}: {} score {:?} orientation {:?} for {:?} seals {} for {:?}",
                page.file,
                page.label,
                page.facts.score,
                page.facts.orientation_deg,
                page.orientation,
                page.facts.seals.len(),
                page.seals
            );
        }
    }
}
