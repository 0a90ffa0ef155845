//! Bad papers, each with the finding that was named before it was judged (`bad_papers.tsv`); none of them passes.

use std::path::PathBuf;

use juanzong::{
    checks::{Holder, Request, report},
    digest::Digest,
    finding::{Cost, Outcome, Severity, Verdict},
    inspect::inspect,
    limits::Limits,
    rulepack::Packs,
};

fn notice(number: &str) -> &'static str {
    match number {
        "000" => "haizhou-chuding-2023h1",
        "001" => "nantong-chuding-2023",
        "002" => "lianyungang-pingshen-2024",
        "003" => "suzhou-chuding",
        "004" => "lianyungang-gongxin-kaohe-2024",
        other => panic!("{other}"),
    }
}

fn holder(text: &str) -> Option<Holder> {
    let (name, born) = text.split_once(' ')?;
    Some(Holder {
        name: Some(name.to_owned()),
        born: Some(born.parse().unwrap()),
        ..Holder::default()
    })
}

#[test]
fn each_bad_paper_gives_the_finding_named_beforehand() {
    let packs = Packs::builtin();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let table = include_str!("bad_papers.tsv");
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
        .collect();
    assert!(rows.len() >= 40, "{} rows", rows.len());
    let mut wrong = Vec::new();
    for row in rows {
        let [file, number, slot, on, who, code, how] = row.as_slice() else {
            panic!("{row:?}");
        };
        let bytes = std::fs::read(root.join("fixtures").join(file)).unwrap();
        let inspection = inspect(bytes, &Limits::DEFAULT);
        let pack = packs.get(notice(number)).unwrap();
        let holder = holder(who);
        let report = report(Request {
            file_name: file,
            sha256: Digest::of(file.as_bytes()),
            inspection: &inspection,
            pack: Some(pack),
            slot: Some(slot),
            on: on.parse().unwrap(),
            holder: holder.as_ref(),
            cost: Cost::default(),
        });
        let outcome = report.outcomes.iter().find(|o| o.code.as_str() == *code);
        let outcome = outcome.map(|o| &o.outcome);
        let found = report.findings.iter().find(|f| f.code.as_str() == *code);
        let weighs = found.map(|finding| finding.severity);
        let as_named = match *how {
            "error" => weighs == Some(Severity::Error) && report.verdict == Verdict::Refused,
            "warning" => weighs == Some(Severity::Warning),
            "untold" => {
                matches!(outcome, Some(Outcome::CouldNotTell(_)))
                    && report.verdict != Verdict::Accepted
            }
            other => panic!("{other}"),
        };
        if !as_named {
            wrong.push(format!(
                "{file} under {number} {slot}: wants {code} {how}, got {weighs:?}, {outcome:?}, {:?}",
                report.verdict
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
