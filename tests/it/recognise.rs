//! The way of a scan through the recogniser, with a program of the test in the recogniser's place: no `tesseract` is needed.
//!
//! The program is a shell script that answers `--list-langs` and `--version` as `tesseract` does, swallows the picture and prints
//! a table that was written beforehand. What it is given, how long and how large it may grow, and what is made of its answer
//! is ours, and is tested here; how well the true one reads is measured by `bench/ocr.sh`.

use std::{
    fs::File,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use juanzong::{
    checks::{Request, report},
    digest::Digest,
    finding::{Cost, Outcome, Severity},
    inspect::{
        Inspection,
        document::{Certainty, DocumentFacts, DocumentKind},
        inspect,
    },
    limits::Limits,
    recognise::{self, Recogniser, Table, is_needed, read_tables},
    rulepack::{Pack, Packs, Slot},
    sandbox::{Pool, PoolConfig},
    units::ByteLen,
};
use serde::Deserialize;

const NOTICE: &str = "lianyungang-gongxin-kaohe-2024";

fn packs() -> Packs {
    Packs::builtin()
}
fn degree(packs: &Packs) -> (&Pack, &Slot) {
    let pack = packs.get(NOTICE).unwrap();
    (pack, pack.slot("degree").unwrap())
}
fn chsi(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures/chsi")
        .join(name)
}
fn scan(stem: &str) -> PathBuf {
    chsi("scans").join(format!("{stem}.pdf"))
}

/// A program in a folder of its own.
struct Fake {
    folder: tempfile::TempDir,
}

impl Fake {
    /// One that knows these languages and does this when it is given a picture; `$D` is its folder.
    fn new(languages: &str, reads: &str) -> Fake {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().display();
        let script = format!(
            "#!/bin/sh\nD='{path}'\ncase \"$1\" in\n--list-langs) echo 'List of available languages (2):'; echo '{languages}' | tr ' ' '\\n' ;;\n\
             --version) echo 'tesseract 9.9.9-fake'; echo ' leptonica' ;;\n*) {reads} ;;\nesac\n"
        );
        let program = folder.path().join("fake");
        juanzong::digest::write_atomically(&program, script.as_bytes()).unwrap();
        std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
        Fake { folder }
    }
    /// One that prints this table whatever it is given.
    fn printing(table: &[u8]) -> Fake {
        let fake = Fake::new("chi_sim eng", "cat > /dev/null; cat \"$D/table\"");
        juanzong::digest::write_atomically(&fake.folder.path().join("table"), table).unwrap();
        fake
    }
    fn recogniser(&self) -> Option<Recogniser> {
        Recogniser::at(&self.folder.path().join("fake"), Some(self.folder.path()))
    }
}

fn pool(limits: Limits) -> Pool {
    Pool::start(PoolConfig {
        program: env!("CARGO_BIN_EXE_juanzong").into(),
        arguments: vec!["worker".to_owned()],
        workers: 1,
        limits,
    })
    .unwrap()
}

/// What is known of a scan when this program is the recogniser.
fn read_by(fake: &Fake, limits: Limits, file: &Path) -> DocumentFacts {
    let recogniser = fake.recogniser().unwrap();
    let packs = packs();
    let (_, slot) = degree(&packs);
    let file = File::open(file).unwrap();
    let inspected = recognise::inspect(&pool(limits), Some(&recogniser), &file, Some(slot));
    inspected.unwrap().inspection.document.unwrap_or_default()
}

/// Where the strips of a stored table stand, and the recogniser's words for them.
fn stored(stem: &str) -> Table {
    let text = std::fs::read_to_string(chsi("tables").join(format!("{stem}.tsv"))).unwrap();
    let (head, words) = text.split_once('\n').unwrap();
    let mut table: Table = serde_json::from_str(head).unwrap();
    table.tsv = words.as_bytes().to_vec();
    table
}

#[test]
fn a_program_without_chi_sim_or_that_is_none_is_no_recogniser() {
    assert!(Fake::new("eng osd", "cat").recogniser().is_none());
    assert!(Fake::new("chi_sim_vert eng", "cat").recogniser().is_none());
    let known = Fake::new("chi_sim eng", "cat").recogniser().unwrap();
    assert_eq!(known.name(), "tesseract 9.9.9-fake");
    assert!(Recogniser::at(Path::new("/nonexistent/tesseract"), None).is_none());
    assert!(Recogniser::at(Path::new("/bin/false"), None).is_none());
}

/// The strips of one scan stand where they stood when the table was made, so its words fall into their places.
#[test]
fn words_become_fields_with_their_place_and_the_program_is_named() {
    let stem = "02-education-c-200dpi";
    let facts = read_by(
        &Fake::printing(&stored(stem).tsv),
        Limits::DEFAULT,
        &scan(stem),
    );
    assert_eq!(facts.kind, DocumentKind::ChsiEducationRecord);
    assert_eq!(
        facts.field("issued_on"),
        Some(("2024-06-10", Certainty::Recognised))
    );
    assert_eq!(facts.field("name"), Some(("林知远", Certainty::Recognised)));
    assert!(facts.recognised);
    let by = facts.recognised_by.unwrap();
    assert_eq!(by.program, "tesseract 9.9.9-fake");
    assert_eq!(by.pages.len(), 1);
    // 姓名 is the first row under the title, right of its label (layout (c): x 179, y 710).
    let place = facts.evidence["name"].box_pt;
    assert!((place.x0.value() - 179.0).abs() < 12.0, "{place:?}");
    assert!((place.y0.value() - 710.0).abs() < 12.0, "{place:?}");
}

#[test]
fn low_confidence_is_suspect_and_specks_are_nothing() {
    let stem = "02-education-c-200dpi";
    let with = |confidence: &str| -> Vec<u8> {
        let text = String::from_utf8(stored(stem).tsv).unwrap();
        let line = |line: &str| {
            let mut columns: Vec<&str> = line.split('\t').collect();
            columns[10] = confidence;
            columns.join("\t")
        };
        text.lines()
            .map(line)
            .collect::<Vec<_>>()
            .join("\n")
            .into_bytes()
    };
    let read = |confidence: &str| {
        read_by(
            &Fake::printing(&with(confidence)),
            Limits::DEFAULT,
            &scan(stem),
        )
    };
    assert_eq!(
        read("60").field("issued_on").unwrap().1,
        Certainty::Recognised
    );
    assert_eq!(read("59").field("issued_on").unwrap().1, Certainty::Suspect);
    assert_eq!(read("24").field("issued_on"), None);
}

#[test]
fn an_answer_that_is_no_table_is_no_paper() {
    let stem = "01-education-c-200dpi";
    for answer in [
        &b""[..],
        b"5\t1\t1\n\xff\xfe\x00garbage\t\t\t\t\n",
        b"5\t1\t1\t1\t1\t1\tNaN\tinf\t1e9\t-1\t95\tx\n",
        b"5\t99999999999999999999\t1\t1\t1\t1\t1\t1\t1\t1\t95\t\xe5\xa7\x93\n",
    ] {
        let facts = read_by(&Fake::printing(answer), Limits::DEFAULT, &scan(stem));
        assert_eq!(facts.kind, DocumentKind::Unknown);
        assert!(facts.fields.is_empty(), "{:?}", facts.fields);
    }
}

/// Whatever the program does, the file is still judged: as a scan that could not be read.
#[test]
fn a_program_that_fails_hangs_or_grows_leaves_the_scan_unread() {
    let unread = |reads: &str, limits: Limits| {
        let fake = Fake::new("chi_sim", reads);
        let facts = read_by(&fake, limits, &scan("01-education-c-200dpi"));
        facts.kind == DocumentKind::Unknown && facts.recognised_by.is_none()
    };
    assert!(unread("exit 3", Limits::DEFAULT));
    assert!(unread("kill -9 $$", Limits::DEFAULT));
    let hurried = Limits {
        recognise_deadline_ms: 300,
        ..Limits::DEFAULT
    };
    assert!(unread("while :; do :; done", hurried));
    let small = Limits {
        recognise_memory: ByteLen::mib(256),
        ..Limits::DEFAULT
    };
    assert!(unread(
        "x=aaaaaaaaaaaaaaaa; i=0; while [ $i -lt 27 ]; do x=$x$x; i=$((i+1)); done",
        small
    ));
    let quiet = Limits {
        answer_bytes: ByteLen::mib(24),
        ..Limits::DEFAULT
    };
    assert!(unread("while :; do echo 5; done", quiet));
}

/// What reaches the program: strips as the pages of one TIFF, each size once; no other file and no variable of ours.
#[test]
fn the_program_is_given_strips_and_nothing_else() {
    // It says what it was given in place of words; the table is read back from the facts' absence, so it fails unless all is well.
    let table = stored("02-education-c-200dpi").tsv;
    let fake = Fake::new(
        "chi_sim",
        "head -c 4 > /dev/null 2>&1; \
         [ \"$*\" = 'stdin stdout -l chi_sim --psm 13 --dpi 300 tsv' ] || exit 1; \
         [ \"$OMP_THREAD_LIMIT\" = 1 ] && [ \"$TESSDATA_PREFIX\" = \"$D\" ] && [ -z \"$CARGO_MANIFEST_DIR\" ] || exit 2; \
         read x < /etc/hostname && exit 3; (echo x > \"$D/new\") && exit 4; \
         cat > /dev/null; cat \"$D/table\"",
    );
    juanzong::digest::write_atomically(&fake.folder.path().join("table"), &table).unwrap();
    let facts = read_by(&fake, Limits::DEFAULT, &scan("02-education-c-200dpi"));
    assert_eq!(facts.kind, DocumentKind::ChsiEducationRecord);
}

#[derive(Deserialize)]
struct Expected {
    file: String,
    kind: String,
    fields: std::collections::BTreeMap<String, String>,
}

/// Scans whose tables the true recogniser once made (recipe in `fixtures/README.md`).
const STORED: [&str; 5] = [
    "02-education-c-200dpi",
    "06-education-c-200dpi",
    "10-education-a-200dpi",
    "14-degree-b-200dpi",
    "17-student-b-200dpi",
];

fn read_stored(stem: &str) -> (Inspection, Vec<DocumentFacts>) {
    let mut inspection = inspect(std::fs::read(scan(stem)).unwrap(), &Limits::DEFAULT);
    let readings = read_tables(&inspection, &[stored(stem)], 2);
    let mut document = juanzong::inspect::document::agreed(&readings);
    document.recognised = true;
    inspection.document = Some(document);
    (inspection, readings)
}

#[test]
fn fields_of_stored_readings_and_no_wrong_date_to_judge_by() {
    let text = std::fs::read_to_string(chsi("scans/expected.json")).unwrap();
    let all: Vec<Expected> = serde_json::from_str(&text).unwrap();
    let (mut right, mut of) = (0, 0);
    for stem in STORED {
        let want = all
            .iter()
            .find(|e| e.file == format!("{stem}.pdf"))
            .unwrap();
        let (inspection, _) = read_stored(stem);
        let got = inspection.document.unwrap();
        let kind = serde_json::to_value(got.kind).unwrap();
        assert_eq!(kind, want.kind.as_str(), "{stem}");
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
            let place = got.evidence[field].box_pt;
            assert!(place.x0.value() > 0.0 && place.x1.value() < 860.0);
        }
    }
    assert!(right * 100 >= of * 98, "{right} of {of}");
}

#[test]
fn an_old_scan_is_refused_by_its_date_and_one_reading_alone_decides_nothing() {
    let packs = packs();
    let (pack, _) = degree(&packs);
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
    let (mut inspection, readings) = read_stored("02-education-c-200dpi");
    assert_eq!(judged(&inspection, "2024-09-10").0, Outcome::Passed);
    assert_eq!(judged(&inspection, "2024-09-11"), (Outcome::Found, true));
    let alone = juanzong::inspect::document::agreed(&readings[..1]);
    inspection.document = Some(alone);
    assert!(matches!(
        judged(&inspection, "2024-09-11").0,
        Outcome::CouldNotTell(_)
    ));
}

#[test]
fn recognition_is_asked_for_only_where_a_check_needs_it() {
    let packs = packs();
    let (pack, degree) = degree(&packs);
    let known = |path: PathBuf| inspect(std::fs::read(path).unwrap(), &Limits::DEFAULT);
    let scan = known(scan("01-education-c-200dpi"));
    assert!(is_needed(&scan, Some(degree)));
    assert!(!is_needed(&scan, None), "no slot");
    let achievements = pack.slot("achievements");
    assert!(!is_needed(&scan, achievements), "any kind will do");
    let text = known(chsi("education-c-song.pdf"));
    assert!(!is_needed(&text, Some(degree)), "it has its words");
}
