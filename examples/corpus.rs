//! Runs the engine over a folder of labelled PDFs and prints how often it agrees with the labels.
//!
//! `corpus FOLDER [--details]` starts this program once more for each file (`corpus --one FILE`), with limits of
//! time and memory, so that no file can spoil the numbers of another. The folder holds `labels.jsonl`: one object a
//! file with `file`, `class`, `classes`, `active`, `active_strict`, `requires_password` and `cpu_ms`.

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
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use juanzong::{
    checks::{self, Request},
    digest::Digest,
    finding::{Cost, Severity, Verdict},
    inspect::{self, facts::ActiveKind},
    limits::Limits,
};
use serde_json::{Value, json};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [flag, file] if flag == "--one" => one(Path::new(file)),
        [folder] => all(Path::new(folder), false),
        [folder, flag] if flag == "--details" => all(Path::new(folder), true),
        _ => eprintln!("usage: corpus FOLDER [--details] | corpus --one FILE"),
    }
}

/// Judges one file and prints a line of JSON.
fn one(file: &Path) {
    let _ = rustix::process::setrlimit(
        rustix::process::Resource::As,
        rustix::process::Rlimit {
            current: Some(1 << 30),
            maximum: Some(1 << 30),
        },
    );
    let Ok(bytes) = std::fs::read(file) else {
        eprintln!("cannot read {}", file.display());
        return;
    };
    let sha256 = Digest::of(&bytes);
    let start = Instant::now();
    let inspection = inspect::inspect(bytes, &Limits::DEFAULT);
    let elapsed = start.elapsed();
    let report = checks::report(Request {
        file_name: "a.pdf",
        sha256,
        inspection: &inspection,
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
    let active: Vec<ActiveKind> = report.facts.active_content.iter().map(|a| a.kind).collect();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak_kb: u64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .and_then(|rest| rest.split_whitespace().next()?.parse().ok())
        .unwrap_or(0);
    println!(
        "{}",
        json!({
            "findings": findings,
            "verdict": report.verdict,
            "active": active,
            "encryption": inspection.pdf.as_ref().and_then(|pdf| pdf.encryption.clone()),
            "opening": inspection.opening,
            "pages": report.pages,
            "runs": inspection.pages.iter().map(|p| p.text.len()).sum::<usize>(),
            "inspect_ms": elapsed.as_millis() as u64,
            "peak_kb": peak_kb,
        })
    );
}

/// What one file came to.
struct Answer {
    label: Value,
    got: Option<Value>,
    wall: Duration,
}

impl Answer {
    fn name(&self) -> &str {
        self.label["file"].as_str().unwrap_or_default()
    }
    fn class(&self) -> &str {
        self.label["class"].as_str().unwrap_or_default()
    }
    fn codes(&self, severity: Severity) -> Vec<&str> {
        let wanted = json!(severity);
        self.got
            .iter()
            .flat_map(|got| got["findings"].as_array().into_iter().flatten())
            .filter(|f| f["severity"] == wanted)
            .filter_map(|f| f["code"].as_str())
            .collect()
    }
    /// Refused by the format family (`FM`, `LM`); active content is counted apart.
    fn refused(&self) -> bool {
        self.got.is_none()
            || self
                .codes(Severity::Error)
                .iter()
                .any(|code| code.starts_with("FM") || code.starts_with("LM"))
    }
    fn warned(&self) -> bool {
        ["FM105", "FM106", "FM107"]
            .iter()
            .any(|code| self.codes(Severity::Warning).contains(code))
    }
    fn has(&self, kinds: &[&str]) -> bool {
        self.got
            .iter()
            .flat_map(|got| got["active"].as_array().into_iter().flatten())
            .filter_map(Value::as_str)
            .any(|kind| kinds.contains(&kind))
    }
    fn active_labels(&self) -> Vec<&str> {
        let strict = self.label["active_strict"].as_bool().unwrap_or(false);
        let all: Vec<&str> = self.label["active"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        // `active_strict` speaks of the file: an OpenAction beside other kinds may be a mere destination.
        let alone = all.len() == 1;
        all.into_iter()
            .filter(|kind| *kind != "OpenAction" || (strict && alone))
            .collect()
    }
}

/// Our kinds for a label; an OpenAction that only sets a view is none of them.
fn kinds_of(label: &str) -> &'static [&'static str] {
    match label {
        "JavaScript" => &["java_script"],
        "Launch" => &["launch"],
        "EmbeddedFiles" => &["embedded_file"],
        "RichMedia" => &["rich_media"],
        "XFA" => &["xfa"],
        "OpenAction" => &[
            "automatic_action",
            "java_script",
            "launch",
            "go_to_remote",
            "go_to_embedded",
        ],
        _ => &[],
    }
}

fn all(folder: &Path, details: bool) {
    let Ok(labels) = std::fs::read_to_string(folder.join("labels.jsonl")) else {
        eprintln!("no labels.jsonl in {}: nothing was run", folder.display());
        return;
    };
    let program = std::env::current_exe().unwrap_or_else(|_| PathBuf::from("corpus"));
    let answers: Vec<Answer> = labels
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .map(|label| {
            let file = folder.join(label["file"].as_str().unwrap_or_default());
            let start = Instant::now();
            let got = run(&program, &file);
            Answer {
                label,
                got,
                wall: start.elapsed(),
            }
        })
        .collect();
    table(&answers, details);
}

fn run(program: &Path, file: &Path) -> Option<Value> {
    let mut child = Command::new(program)
        .arg("--one")
        .arg(file)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    let output = child.stdout.take()?;
    let reader = std::thread::spawn(move || std::io::read_to_string(output).ok());
    let deadline = Instant::now() + Duration::from_secs(10);
    while Instant::now() < deadline {
        if child.try_wait().ok()?.is_some() {
            let text = reader.join().ok().flatten()?;
            return serde_json::from_str(&text).ok();
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    let _ = child.kill();
    let _ = child.wait();
    None
}

fn table(answers: &[Answer], details: bool) {
    let mut wrong: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut line =
        |what: &'static str, wanted: &str, of: Vec<&Answer>, good: &dyn Fn(&Answer) -> bool| {
            let bad: Vec<&&Answer> = of.iter().filter(|answer| !good(answer)).collect();
            let share = if of.is_empty() {
                100.0
            } else {
                (of.len() - bad.len()) as f64 / of.len() as f64 * 100.0
            };
            println!(
                "{what:<44} {:>4}/{:<4} {share:6.2} %   (reach {wanted})",
                of.len() - bad.len(),
                of.len()
            );
            wrong.insert(what, bad.iter().map(|answer| describe(answer)).collect());
        };
    let class = |name: &'static str| -> Vec<&Answer> {
        answers.iter().filter(|a| a.class() == name).collect()
    };
    line("answered", "100 %", answers.iter().collect(), &|a| {
        a.got.is_some()
    });
    line("good accepted", "≥ 99.5 %", class("good"), &|a| {
        !a.refused()
    });
    line(
        "good without any structure warning",
        "–",
        class("good"),
        &|a| !a.warned(),
    );
    line(
        "repairable accepted",
        "≥ 97 %",
        class("repairable"),
        &|a| !a.refused(),
    );
    line(
        "repairable accepted with a warning",
        "≥ 97 %",
        class("repairable"),
        &|a| !a.refused() && a.warned(),
    );
    line("broken refused", "100 %", class("broken"), &Answer::refused);
    line(
        "encrypted recognised, kind right",
        "100 %",
        class("encrypted"),
        &|a| {
            let needs = a.label["requires_password"].as_bool().unwrap_or(false);
            let encrypted = a
                .got
                .as_ref()
                .is_some_and(|got| !got["encryption"].is_null());
            encrypted && a.codes(Severity::Error).contains(&"FM103") == needs
        },
    );
    let opened = |a: &&Answer| {
        a.got
            .as_ref()
            .is_some_and(|got| got["opening"]["state"] == "opened")
    };
    let active: Vec<&Answer> = answers
        .iter()
        .filter(|a| !a.active_labels().is_empty())
        .filter(opened)
        .collect();
    line(
        "active recognised, kind right (opened files)",
        "100 %",
        active,
        &|a| a.active_labels().iter().all(|label| a.has(kinds_of(label))),
    );
    line(
        "no false alarm of active content on good",
        "0 false",
        class("good"),
        &|a| {
            let labels = a.active_labels();
            [
                "JavaScript",
                "Launch",
                "EmbeddedFiles",
                "RichMedia",
                "XFA",
                "OpenAction",
            ]
            .iter()
            .filter(|label| !labels.contains(label))
            // What runs by itself is a kind of its own here; GoToR and GoToE have no label.
            .filter(|label| **label != "OpenAction")
            .all(|label| !a.has(kinds_of(label)))
        },
    );
    let small = || {
        answers
            .iter()
            .filter(|a| a.label["bytes"].as_u64().is_some_and(|n| n <= 3 << 20))
            .collect::<Vec<_>>()
    };
    line("≤ 2 s (files ≤ 3 MB)", "100 %", small(), &|a| {
        a.wall <= Duration::from_secs(2)
    });
    line("≤ 256 MB (files ≤ 3 MB)", "100 %", small(), &|a| {
        a.got
            .as_ref()
            .is_some_and(|got| got["peak_kb"].as_u64().unwrap_or(0) <= 256 * 1024)
    });
    if let Some(longest) = answers.iter().max_by_key(|a| a.wall) {
        println!(
            "longest answer: {} ms, {}",
            longest.wall.as_millis(),
            longest.name()
        );
    }
    let ours: u64 = answers
        .iter()
        .filter_map(|a| a.got.as_ref()?["inspect_ms"].as_u64())
        .sum();
    let theirs: u64 = answers
        .iter()
        .filter_map(|a| a.label["cpu_ms"]["qpdf_check"].as_u64())
        .sum();
    println!(
        "time to inspect, in-process, mean: {:.1} ms (labels: qpdf --check {:.1} ms)",
        ours as f64 / answers.len().max(1) as f64,
        theirs as f64 / answers.len().max(1) as f64
    );
    if details {
        for (what, files) in wrong {
            for file in files {
                println!("- {what}: {file}");
            }
        }
    }
}

fn describe(answer: &Answer) -> String {
    let verdict: Option<Verdict> = answer
        .got
        .as_ref()
        .and_then(|got| serde_json::from_value(got["verdict"].clone()).ok());
    let said: Vec<String> = answer
        .got
        .iter()
        .flat_map(|got| got["findings"].as_array().into_iter().flatten())
        .map(|f| {
            format!(
                "{} {}",
                f["code"].as_str().unwrap_or_default(),
                f["en"]
                    .as_str()
                    .unwrap_or_default()
                    .chars()
                    .take(90)
                    .collect::<String>()
            )
        })
        .collect();
    format!(
        "{} [{}] {verdict:?} {} ms active {:?} label {:?}: {}",
        answer.name(),
        answer.class(),
        answer.wall.as_millis(),
        answer.got.as_ref().map(|got| got["active"].to_string()),
        answer.active_labels(),
        said.join(" | ")
    )
}
