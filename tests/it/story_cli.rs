//! The whole story by the command line: `demo`, then every promise about what it leaves.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Output,
    sync::OnceLock,
};

use juanzong::digest::{Digest, write_atomically};
use serde_json::Value;

use crate::support::{independent::page_text, program::juanzong};

fn demo(out: &Path) -> Output {
    juanzong(&[
        "--lang",
        "en",
        "demo",
        "--out",
        out.to_str().unwrap(),
        "--on",
        "2024-08-20",
    ])
}

/// The demo is run once and looked at by many tests.
fn made() -> &'static Path {
    static MADE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("demo");
        let ran = demo(&out);
        let said = String::from_utf8_lossy(&ran.stdout).into_owned();
        assert_eq!(
            ran.status.code(),
            Some(0),
            "{said}\n{}",
            String::from_utf8_lossy(&ran.stderr)
        );
        (folder, out)
    });
    path
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Digest> {
    let mut found = BTreeMap::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(next) = waiting.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let digest = Digest::of(&fs::read(&path).unwrap());
                found.insert(path.strip_prefix(folder).unwrap().to_owned(), digest);
            }
        }
    }
    found
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn the_demo_leaves_reports_volumes_certificate_and_verification() {
    let out = made();
    for file in [
        "reports/degree-1.json",
        "reports/commitment-1.json",
        "评审材料袋/第一分册.pdf",
        "评审材料袋/第二分册.pdf",
        "评审材料袋/材料袋封面.pdf",
        "原件材料袋/材料袋封面.pdf",
        "电子版/邮件主题.txt",
        "manifest.json",
        "certificate.pdf",
        "issuer.pem",
        "log-key.txt",
        "verification.json",
    ] {
        assert!(
            out.join(file).is_file(),
            "{file} is not there: {:#?}",
            files(out).keys()
        );
    }
    let subject = fs::read_to_string(out.join("电子版/邮件主题.txt")).unwrap();
    assert_eq!(subject.trim(), "认定—石化—沈知远");
    assert_eq!(json(&out.join("verification.json"))["answer"], "authentic");
}

#[test]
fn an_independent_reader_finds_what_the_certificate_says() {
    let text = page_text(&fs::read(made().join("certificate.pdf")).unwrap(), 1);
    for words in ["沈知远", "石油化工工程", "工程师", "考核认定", "本系统样式"]
    {
        assert!(text.contains(words), "{words} is not in {text}");
    }
    let verification = json(&made().join("verification.json"));
    let number = verification["certificate"]["number"].as_str().unwrap();
    assert!(text.contains(number), "{number} is not in {text}");
}

#[test]
fn an_independent_reader_finds_the_items_of_the_notice_in_its_order() {
    let order = [
        (
            "第一分册",
            &[
                "目录",
                "承诺书",
                "公示",
                "学历证书",
                "技能等级",
                "聘书",
                "考核表",
                "继续教育",
                "获奖",
            ][..],
        ),
        ("第二分册", &["目录", "总结", "论文", "专利", "业绩"][..]),
    ];
    for (volume, words) in order {
        let pdf = fs::read(made().join(format!("评审材料袋/{volume}.pdf"))).unwrap();
        let manifest = json(&made().join("manifest.json"));
        let listed = manifest["volumes"].as_array().unwrap();
        let listed = listed.iter().find(|v| v["title"] == volume).unwrap();
        let pages = listed["pages"].as_array().unwrap();
        let contents_pages = pages
            .iter()
            .filter(|page| page["origin"] == "contents")
            .count();
        let contents: String = (1..=contents_pages as u32)
            .map(|n| page_text(&pdf, n))
            .collect();
        let mut at = 0;
        for word in words {
            let found = contents[at..].find(word);
            at += found.unwrap_or_else(|| panic!("{volume}: `{word}` is not next in {contents}"));
        }
    }
}

#[test]
fn the_same_day_gives_the_same_bytes() {
    let again = tempfile::tempdir().unwrap();
    let out = again.path().join("demo");
    assert_eq!(demo(&out).status.code(), Some(0));
    let cost_apart = |folder: &Path| -> BTreeMap<PathBuf, Digest> {
        let mut all = files(folder);
        all.retain(|path, _| !path.starts_with("reports"));
        for entry in fs::read_dir(folder.join("reports")).unwrap() {
            let path = entry.unwrap().path();
            let mut report = json(&path);
            report.as_object_mut().unwrap().remove("cost");
            all.insert(
                path.file_name().unwrap().into(),
                Digest::of(report.to_string().as_bytes()),
            );
        }
        all
    };
    assert_eq!(cost_apart(made()), cost_apart(&out));
}

#[test]
fn the_certificate_verifies_offline_and_one_changed_byte_is_refused() {
    let out = made();
    let at = |name: &str| out.join(name).to_str().unwrap().to_owned();
    let verify = |file: &str| {
        juanzong(&[
            "verify",
            file,
            "--issuer",
            &at("issuer.pem"),
            "--log-key",
            &at("log-key.txt"),
            "--offline",
            "--format",
            "json",
            "--on",
            "2024-08-20",
        ])
    };
    assert_eq!(verify(&at("certificate.pdf")).status.code(), Some(0));
    let bytes = fs::read(out.join("certificate.pdf")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let altered = folder.path().join("altered.pdf");
    for place in [9, bytes.len() / 3, bytes.len() / 2, bytes.len() - 2] {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        write_atomically(&altered, &changed).unwrap();
        let ran = verify(altered.to_str().unwrap());
        assert_eq!(
            ran.status.code(),
            Some(1),
            "byte {place}: {}",
            String::from_utf8_lossy(&ran.stdout)
        );
    }
}

#[test]
fn a_dossier_with_something_missing_is_answered_with_everything_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    juanzong::dossier::sample::unpack(folder.path()).unwrap();
    let file = folder.path().join("dossier.toml");
    let text = fs::read_to_string(&file).unwrap();
    // Two papers are taken away: the commitment letter and the summary.
    let kept: Vec<&str> = text
        .split("\n[[")
        .filter(|part| {
            !part.contains("slot = \"commitment\"") && !part.contains("slot = \"summary\"")
        })
        .collect();
    let kept = kept.join("\n[[");
    write_atomically(&file, kept.as_bytes()).unwrap();
    let out = folder.path().join("out");
    let ran = juanzong(&[
        "bind",
        file.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
        "--on",
        "2024-08-20",
        "--format",
        "json",
    ]);
    assert_eq!(
        ran.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let findings: Value = serde_json::from_slice(&ran.stdout).unwrap();
    let said = findings.to_string();
    assert!(
        said.contains("申报材料真实性承诺书") && said.contains("总结"),
        "{said}"
    );
    assert!(!out.exists());
}

#[test]
fn bad_arguments_files_and_notices_end_with_2() {
    for arguments in [
        &["validate"][..],
        &["validate", "no-such-file.pdf"],
        &["validate", "Cargo.toml", "--notice", "no-such-notice"],
        &[
            "validate",
            "Cargo.toml",
            "--notice",
            "lianyungang-gongxin-kaohe-2024",
            "--slot",
            "nowhere",
        ],
        &["explain", "XX999"],
        &["notices", "no-such-notice"],
        &["verify"],
        &["bind", "no-such.toml", "--out", "nowhere"],
    ] {
        let ran = juanzong(arguments);
        assert_eq!(ran.status.code(), Some(2), "{arguments:?}");
        assert!(!ran.stderr.is_empty(), "{arguments:?} says nothing");
    }
}

#[test]
fn the_bad_twins_are_refused_each_for_its_own_fault() {
    let twins = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bad");
    let report = |name: &str| -> (Option<i32>, Value) {
        let file = twins.join(name);
        let ran = juanzong(&[
            "validate",
            file.to_str().unwrap(),
            "--notice",
            "lianyungang-gongxin-kaohe-2024",
            "--slot",
            "degree",
            "--on",
            "2024-08-20",
            "--format",
            "json",
        ]);
        (
            ran.status.code(),
            serde_json::from_slice(&ran.stdout).unwrap(),
        )
    };
    let mut seen = Vec::new();
    for entry in fs::read_dir(&twins).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|e| e != "pdf") {
            continue;
        }
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let (code, report) = report(&name);
        let codes: Vec<String> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| {
                format!(
                    "{} {}",
                    f["severity"].as_str().unwrap(),
                    f["code"].as_str().unwrap()
                )
            })
            .collect();
        seen.push(format!(
            "{name}: exit {} {}",
            code.unwrap_or(-1),
            codes.join(", ")
        ));
    }
    seen.sort();
    insta::assert_snapshot!(seen.join("\n"));
}

#[test]
fn a_notice_can_be_copied_compared_and_explained() {
    let id = "lianyungang-gongxin-kaohe-2024";
    let copied = juanzong(&["notices", "--copy", id, "lianyungang-gongxin-kaohe-2025"]);
    assert_eq!(copied.status.code(), Some(0));
    let rules = tempfile::tempdir().unwrap();
    let file = rules.path().join("lianyungang-gongxin-kaohe-2025.toml");
    write_atomically(&file, &copied.stdout).unwrap();
    let folder = rules.path().to_str().unwrap();
    let compared = juanzong(&[
        "--rules",
        folder,
        "notices",
        "--diff",
        id,
        "lianyungang-gongxin-kaohe-2025",
    ]);
    assert_eq!(
        compared.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&compared.stderr)
    );
    assert!(
        String::from_utf8(compared.stdout)
            .unwrap()
            .contains("lianyungang-gongxin-kaohe-2025")
    );
    for code in ["DS101", "ch102", "FM101"] {
        assert_eq!(
            juanzong(&["explain", code]).status.code(),
            Some(0),
            "{code}"
        );
    }
}

#[test]
fn a_person_learns_clause_by_clause_whether_to_apply() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("profile.toml");
    write_atomically(&file, b"civil_servant = true\n").unwrap();
    let ran = juanzong(&[
        "eligible",
        "haizhou-chuding-2023h1",
        "--profile",
        file.to_str().unwrap(),
        "--on",
        "2023-06-01",
        "--format",
        "json",
    ]);
    assert_eq!(
        ran.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
    let answer: Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(answer["verdict"], "not_eligible");
    assert!(answer["lines"].to_string().contains("公务员"));
}

#[test]
fn the_fonts_print_every_list_and_name_what_they_lack() {
    let lists = juanzong(&["fonts", "--check"]);
    let said = String::from_utf8(lists.stdout).unwrap();
    assert_eq!(lists.status.code(), Some(0), "{said}");
    assert!(said.contains("通用规范汉字表  8105/8105"), "{said}");
    assert!(said.contains("GB 18030-2022 级别 2"), "{said}");
    let name = juanzong(&["fonts", "--check", "张䶮", "王\u{31351}"]);
    let said = String::from_utf8(name.stdout).unwrap();
    assert_eq!(name.status.code(), Some(1), "{said}");
    assert!(
        said.contains("✓ 张䶮") && said.contains("U+31351"),
        "{said}"
    );
}
