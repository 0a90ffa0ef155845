//! Scans read from the tables that a recogniser made of them once (`fixtures/chsi/tables`, recipe in `fixtures/README.md`), so that
//! the way from words to fields is tested where no recogniser is installed.

use std::{collections::BTreeMap, path::PathBuf};

use juanzong::{
    checks::{Request, report},
    digest::Digest,
    finding::{Cost, Outcome, Severity},
    inspect::{
        Inspection,
        document::{Certainty, DocumentFacts, RecognisedBy, agreed},
        inspect,
        raster::ReadingFrame,
    },
    limits::Limits,
    recognise::{is_needed, read_tables},
    rulepack::Packs,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    file: String,
    kind: String,
    fields: BTreeMap<String, String>,
}

fn folder(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/chsi")
        .join(name)
}

/// A scan's facts with what its two stored tables say.
fn scan(stem: &str) -> (Inspection, Expected) {
    let text = std::fs::read_to_string(folder("scans/expected.json")).unwrap();
    let all: Vec<Expected> = serde_json::from_str(&text).unwrap();
    let want = all
        .into_iter()
        .find(|e| e.file.trim_end_matches(".pdf") == stem)
        .unwrap();
    let bytes = std::fs::read(folder("scans").join(&want.file)).unwrap();
    let mut inspection = inspect(bytes, &Limits::DEFAULT);
    let readings: Vec<DocumentFacts> = (1..=2)
        .map(|n| {
            let path = folder("tables").join(format!("{stem}-{n}.tsv"));
            let text = std::fs::read_to_string(path).unwrap();
            let (frame, table) = text.split_once('\n').unwrap();
            let frame: ReadingFrame = serde_json::from_str(frame).unwrap();
            read_tables(&inspection, &[(frame, table.as_bytes().to_vec())])
        })
        .collect();
    let mut document = agreed(&readings);
    document.recognised_by = Some(RecognisedBy {
        program: "tesseract".to_owned(),
        pages: vec![],
    });
    inspection.document = Some(document);
    (inspection, want)
}

const STORED: &[&str] = &[
    "02-education-c-200dpi",
    "06-education-c-200dpi",
    "10-education-a-200dpi",
    "14-degree-b-200dpi",
];

#[test]
fn fields_of_scans_and_no_wrong_date_to_judge_by() {
    let (mut right, mut of) = (0, 0);
    for stem in STORED {
        let (inspection, want) = scan(stem);
        let got = inspection.document.unwrap();
        let kind = serde_json::to_value(got.kind).unwrap();
        assert_eq!(kind, want.kind.as_str(), "{stem}");
        assert!(got.recognised);
        for (field, value) in &want.fields {
            of += 1;
            let Some((read, certainty)) = got.field(field) else {
                continue;
            };
            right += usize::from(read == value);
            assert_ne!(certainty, Certainty::Certain, "{stem} {field}");
            if field.ends_with("_on") && read != value {
                assert_eq!(certainty, Certainty::Suspect, "{stem} {field} `{read}`");
            }
            // A field's place is on the page as shown, also of a page that lies on its side.
            let evidence = &got.evidence[field];
            assert!(evidence.box_pt.x0.value() > 0.0 && evidence.box_pt.x1.value() < 860.0);
        }
    }
    assert!(right * 100 >= of * 95, "{right} of {of}");
}

#[test]
fn an_old_scan_is_refused_by_its_date_and_one_reading_alone_decides_nothing() {
    let packs = Packs::builtin();
    let pack = packs.get("lianyungang-gongxin-kaohe-2024").unwrap();
    let judged = |inspection: &Inspection, on: &str| {
        let report = report(Request {
            file_name: "scan.pdf",
            sha256: Digest::of(b"scan"),
            inspection,
            pack: Some(pack),
            slot: Some("degree"),
            on: on.parse().unwrap(),
            holder: None,
            cost: Cost::default(),
        });
        let outcome = report.outcomes.iter().find(|o| o.code.as_str() == "CH102");
        let error = report
            .findings
            .iter()
            .any(|f| f.code.as_str() == "CH102" && f.severity == Severity::Error);
        (outcome.unwrap().outcome.clone(), error)
    };
    let (mut inspection, _) = scan("02-education-c-200dpi");
    assert_eq!(judged(&inspection, "2024-09-10").0, Outcome::Passed);
    assert_eq!(judged(&inspection, "2024-09-11"), (Outcome::Found, true));
    let once = inspection.document.clone().unwrap();
    inspection.document = Some(agreed(&[once]));
    assert!(matches!(
        judged(&inspection, "2024-09-11").0,
        Outcome::CouldNotTell(_)
    ));
}

#[test]
fn recognition_is_asked_for_only_where_a_check_needs_it() {
    let packs = Packs::builtin();
    let pack = packs.get("lianyungang-gongxin-kaohe-2024").unwrap();
    let bytes = std::fs::read(folder("scans/01-education-c-200dpi.pdf")).unwrap();
    let scan = inspect(bytes, &Limits::DEFAULT);
    assert!(is_needed(&scan, pack.slot("degree")));
    assert!(!is_needed(&scan, None), "no slot");
    assert!(
        !is_needed(&scan, pack.slot("achievements")),
        "any kind will do"
    );
    let bytes = std::fs::read(folder("education-c-song.pdf")).unwrap();
    let text = inspect(bytes, &Limits::DEFAULT);
    assert!(!is_needed(&text, pack.slot("degree")), "it has its words");
}
