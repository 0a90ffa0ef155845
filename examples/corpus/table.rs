//! The table of how often we agree with the labels, and each disagreement.

use std::{collections::BTreeMap, time::Duration};

use juanzong::finding::{Severity, Verdict};

use super::answers::{Answer, kinds_of};

pub(super) fn print(answers: &[Answer], details: bool) {
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
    line(
        "answered with a report",
        "100 %",
        answers.iter().collect(),
        &|a| a.got.is_some(),
    );
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
    line(
        "≤ 2 s of processor time (same files)",
        "100 %",
        small(),
        &|a| {
            a.got
                .as_ref()
                .is_some_and(|got| got["cpu_ms"].as_u64().unwrap_or(u64::MAX) <= 2_000)
        },
    );
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
    let most = |key: &str| {
        let of = |a: &&Answer| {
            a.got
                .as_ref()
                .and_then(|got| got[key].as_u64())
                .unwrap_or(0)
        };
        answers.iter().max_by_key(of).map(|a| (of(&a), a.name()))
    };
    if let (Some((cpu, slow)), Some((peak, large))) = (most("cpu_ms"), most("peak_kb")) {
        println!(
            "most processor time: {cpu} ms, {slow}; most memory: {} MB, {large}",
            peak >> 10
        );
    }
    println!(
        "findings on files of the class `good`: {}",
        on_good(answers)
    );
    if details {
        for (what, files) in wrong {
            for file in files {
                println!("- {what}: {file}");
            }
        }
    }
}

/// How many of the good files each code is found on, legibility apart.
fn on_good(answers: &[Answer]) -> String {
    let mut files: BTreeMap<&str, usize> = BTreeMap::new();
    for answer in answers.iter().filter(|a| a.class() == "good") {
        let mut codes: Vec<&str> = [Severity::Error, Severity::Warning, Severity::Info]
            .into_iter()
            .flat_map(|severity| answer.codes(severity))
            .filter(|code| !code.starts_with("LG") && !code.starts_with("SE"))
            .collect();
        codes.sort_unstable();
        codes.dedup();
        for code in codes {
            *files.entry(code).or_default() += 1;
        }
    }
    let told: Vec<String> = files
        .iter()
        .map(|(code, n)| format!("{code} {n}"))
        .collect();
    told.join(", ")
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
