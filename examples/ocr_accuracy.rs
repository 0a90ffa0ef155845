//! How much of the scans under `fixtures/chsi/scans` the recogniser of this machine reads, field by field:
//! `cargo run --release --example ocr_accuracy -- PROGRAM [--scans DIR] [--only PREFIX] [--tables DIR]`, where PROGRAM is the built
//! `juanzong`; `--tables` keeps what the recogniser said, for the tests that run without one.
//!
//! Prints for each scan what was read otherwise and how sure it was, then the share of fields by resolution. Exit 1 when a 200 dpi
//! scan falls below 98 % of fields, or when any wrong date was not marked as suspect.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::exit,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of ours for the terminal: a fault shall stop it"
)]

use std::{
    collections::BTreeMap,
    fs::File,
    path::{Path, PathBuf},
    time::Instant,
};

use juanzong::{
    inspect::document::Certainty,
    recognise::{self, Recogniser},
    rulepack::Packs,
    sandbox::{Pool, PoolConfig},
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    file: String,
    dpi: f64,
    kind: String,
    fields: BTreeMap<String, String>,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let program = PathBuf::from(arguments.next().expect("the built program"));
    let mut options: BTreeMap<String, String> = BTreeMap::new();
    while let (Some(name), Some(value)) = (arguments.next(), arguments.next()) {
        options.insert(name, value);
    }
    let option = |name: &str| options.get(name).map(String::as_str);
    let tables = option("--tables").map(PathBuf::from);
    let folder = Path::new(option("--scans").unwrap_or("fixtures/chsi/scans"));
    let only = option("--only").unwrap_or_default();
    let text = std::fs::read_to_string(folder.join("expected.json")).unwrap();
    let all: Vec<Expected> = serde_json::from_str(&text).unwrap();
    let config = PoolConfig {
        program: program.canonicalize().unwrap(),
        ..PoolConfig::new().unwrap()
    };
    let pool = Pool::start(config).unwrap();
    let Some(recogniser) = Recogniser::installed() else {
        eprintln!(
            "no recogniser is installed: apt-get install tesseract-ocr tesseract-ocr-chi-sim"
        );
        std::process::exit(1);
    };
    let packs = Packs::builtin();
    let slot = packs
        .get("lianyungang-gongxin-kaohe-2024")
        .and_then(|pack| pack.slot("degree"));
    let mut by_dpi: BTreeMap<u32, (usize, usize, usize)> = BTreeMap::new();
    let mut certain_and_wrong = 0;
    for want in all.iter().filter(|want| want.file.starts_with(only)) {
        let file = File::open(folder.join(&want.file)).unwrap();
        let started = Instant::now();
        let inspected = recognise::inspect(&pool, Some(recogniser), &file, slot).unwrap();
        let seconds = started.elapsed().as_secs_f64();
        if let Some(tables) = &tables {
            keep(&pool, recogniser, &file, want, tables);
        }
        let got = inspected.inspection.document.unwrap_or_default();
        let (mut right, mut sure) = (0, 0);
        let mut said = Vec::new();
        for (field, value) in &want.fields {
            let read = got.field(field);
            let same = read.is_some_and(|(read, _)| read == value);
            let judged = read.is_some_and(|(_, certainty)| certainty != Certainty::Suspect);
            right += usize::from(same);
            sure += usize::from(same && judged);
            if !same {
                let how = read.map_or("missing".to_owned(), |(read, how)| {
                    format!("`{read}` {how:?}")
                });
                said.push(format!("    {field}: {how}, stands there `{value}`"));
            }
            let dated = field.ends_with("_on");
            certain_and_wrong += usize::from(dated && !same && judged);
        }
        let kind = serde_json::to_value(got.kind).unwrap();
        if kind != want.kind.as_str() {
            said.push(format!("    kind {kind}, is {}", want.kind));
        }
        let odd: Vec<&str> = got.oddities.iter().map(|o| o.what.as_str()).collect();
        println!(
            "{} {right}/{} fields, {sure} to be judged by, {seconds:.1} s, agreeing {:?}, odd {odd:?}",
            want.file,
            want.fields.len(),
            got.agreeing
        );
        for line in said {
            println!("{line}");
        }
        let sums = by_dpi.entry(want.dpi as u32).or_default();
        *sums = (sums.0 + right, sums.1 + want.fields.len(), sums.2 + sure);
    }
    let mut failed = certain_and_wrong > 0;
    for (dpi, (right, of, sure)) in &by_dpi {
        let share = *right as f64 * 100.0 / *of as f64;
        println!(
            "{dpi} dpi: {right} of {of} fields read ({share:.1} %), {sure} of them sure enough to be judged by"
        );
        failed |= *dpi == 200 && share < 98.0;
    }
    println!(
        "wrong dates passed off as certain: {certain_and_wrong} ({})",
        recogniser.name()
    );
    std::process::exit(i32::from(failed));
}

/// Keeps what the recogniser said of a scan's first page: where the strips stand, then its words.
fn keep(pool: &Pool, recogniser: &Recogniser, file: &File, want: &Expected, folder: &Path) {
    let inspection = pool.inspect(file).unwrap().inspection;
    let tables = recognise::first_tables(pool, recogniser, file, &inspection).unwrap();
    let table = tables.first().expect("one page");
    let text = String::from_utf8_lossy(&table.tsv);
    let words: Vec<&str> = text
        .lines()
        .filter(|line| line.starts_with("5\t"))
        .collect();
    let head = serde_json::to_string(table).unwrap();
    std::fs::create_dir_all(folder).unwrap();
    let name = want.file.replace(".pdf", ".tsv");
    std::fs::write(folder.join(name), format!("{head}\n{}\n", words.join("\n"))).unwrap();
}
