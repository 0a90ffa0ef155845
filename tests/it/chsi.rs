//! Every report of `fixtures/chsi/` is read as it was drawn: kind, each field, its certainty, every oddity; and judged by notice 004.

use std::{collections::BTreeMap, path::PathBuf};

use juanzong::{
    checks::{Request, report},
    digest::Digest,
    finding::{Cost, Outcome, Severity},
    inspect::{
        document::{Certainty, DocumentFacts},
        inspect,
    },
    limits::Limits,
    rulepack::Packs,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    file: String,
    what: String,
    kind: String,
    fields: BTreeMap<String, String>,
    oddities: Vec<(String, Option<String>)>,
    certainty: Certainty,
    suspect: Vec<String>,
    photo: Option<bool>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/chsi")
}

fn expected() -> Vec<Expected> {
    let text = std::fs::read_to_string(folder().join("expected.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn read(file: &str) -> juanzong::inspect::Inspection {
    let bytes = std::fs::read(folder().join(file)).unwrap();
    inspect(bytes, &Limits::DEFAULT)
}

fn differences(want: &Expected, got: &DocumentFacts) -> Vec<String> {
    let mut wrong = Vec::new();
    let kind = serde_json::to_value(got.kind).unwrap();
    if kind != want.kind.as_str() {
        wrong.push(format!("kind {kind}, wants {}", want.kind));
    }
    for (field, value) in &want.fields {
        match got.field(field) {
            Some((read, certainty)) => {
                if read != value {
                    wrong.push(format!("{field} `{read}`, wants `{value}`"));
                }
                let suspect = want.suspect.contains(field);
                if certainty
                    != if suspect {
                        Certainty::Suspect
                    } else {
                        want.certainty
                    }
                {
                    wrong.push(format!("{field} is {certainty:?}"));
                }
            }
            None => wrong.push(format!("{field} missing")),
        }
    }
    if got.photo != want.photo {
        wrong.push(format!("photo {:?}, wants {:?}", got.photo, want.photo));
    }
    for field in got
        .fields
        .keys()
        .filter(|field| !want.fields.contains_key(*field))
    {
        wrong.push(format!("{field} `{}` is not there", got.fields[field]));
    }
    let mut odd: Vec<_> = got
        .oddities
        .iter()
        .map(|o| (o.what.clone(), o.field.clone()))
        .collect();
    let mut wanted = want.oddities.clone();
    odd.sort();
    wanted.sort();
    if odd != wanted {
        wrong.push(format!("oddities {odd:?}, wants {wanted:?}"));
    }
    wrong
}

#[test]
fn every_field_of_every_report_is_read() {
    let all = expected();
    assert!(all.len() >= 60, "{} reports", all.len());
    let mut wrong = Vec::new();
    let mut fields = 0;
    for want in &all {
        fields += want.fields.len();
        let inspection = read(&want.file);
        match &inspection.document {
            Some(document) => {
                for line in differences(want, document) {
                    wrong.push(format!("{} ({}): {line}", want.file, want.what));
                }
            }
            None => wrong.push(format!("{}: not read", want.file)),
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {fields} fields and signs wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_report_is_judged_by_notice_004_on_the_20th_of_august() {
    let packs = Packs::builtin();
    let pack = packs.get("lianyungang-gongxin-kaohe-2024").unwrap();
    for want in expected() {
        let inspection = read(&want.file);
        let report = report(Request {
            file_name: &want.file,
            sha256: Digest::of(want.file.as_bytes()),
            inspection: &inspection,
            pack: Some(pack),
            slot: Some("degree"),
            on: jiff::civil::date(2024, 8, 20),
            holder: None,
            cost: Cost::default(),
        });
        // Whatever refuses is told, of whichever family.
        let mut text = format!("{:?}\n", report.verdict);
        for finding in report
            .findings
            .iter()
            .filter(|f| ["CH", "ID"].contains(&f.code.family()) || f.severity == Severity::Error)
        {
            text += &format!(
                "{} {:?} {}\n",
                finding.code, finding.severity, finding.message.zh
            );
        }
        for outcome in report.outcomes.iter().filter(|o| o.code.family() == "CH") {
            if let Outcome::CouldNotTell(why) = &outcome.outcome {
                text += &format!("{} ? {}\n", outcome.code, why.zh);
            }
        }
        assert!(
            report
                .not_checked
                .iter()
                .any(|note| note.zh.contains("真伪")),
            "{} says nothing of authenticity",
            want.file
        );
        let shown = serde_json::to_string(&report).unwrap();
        assert!(
            !shown.contains("A7K2M9P4R6T3W8Y5"),
            "{} shows the code",
            want.file
        );
        let name = want.file.trim_end_matches(".pdf").replace('-', "_");
        insta::with_settings!({ snapshot_path => "snapshots/chsi", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, text);
        });
    }
}
