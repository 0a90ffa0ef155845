//! `juanzong notices` and `eligible` as people run them.

use std::path::Path;

use juanzong::{digest, rulepack::Packs};
use serde_json::Value;

use crate::support::program::{juanzong, printed, said};

const REVIEW: &str = "lianyungang-pingshen-2024";

#[test]
fn a_committee_is_found_by_specialty_with_where_and_when() {
    let found = juanzong(&["--lang", "zh", "notices", REVIEW, "--committee", "林业工程"]);
    assert_eq!(found.status.code(), Some(0));
    let text = printed(&found);
    for wanted in [
        "56  林业工程",
        "评委会办事机构：市自然资源和规划局",
        "材料报送地址：海州区朝阳中路21号",
        "受理时间：7-8月",
        "计划评审时间：9-10月",
    ] {
        assert!(text.contains(wanted), "{wanted}\n{text}");
    }
    assert!(said(&found).contains("第 21–40 行"), "{}", said(&found));
    let json = juanzong(&["notices", REVIEW, "--committee", "林业", "--format", "json"]);
    let json: Value = serde_json::from_str(&printed(&json)).unwrap();
    assert_eq!(json["rows"][0]["number"], 56);
    assert_eq!(json["not_seen"][0]["to"], 40);
}

#[test]
fn what_our_copy_lacks_is_said_and_never_taken_for_nothing() {
    let lost = juanzong(&["--lang", "zh", "notices", REVIEW, "--committee", "图书资料"]);
    assert_eq!(lost.status.code(), Some(0));
    assert!(
        printed(&lost).contains("联系电话：（所据文本未载）"),
        "{}",
        printed(&lost)
    );
    // 机械工程 may stand in the rows that are missing: nobody can tell.
    let untold = juanzong(&["--lang", "en", "notices", REVIEW, "--committee", "机械工程"]);
    assert_eq!(untold.status.code(), Some(3));
    assert!(
        said(&untold).contains("not found in the table"),
        "{}",
        said(&untold)
    );
    assert!(
        said(&untold).contains("lacks rows 21–40"),
        "{}",
        said(&untold)
    );
    let none = juanzong(&["notices", "suzhou-chuding", "--committee", "林业"]);
    assert_eq!(none.status.code(), Some(2));
}

/// The sample of 001 in a folder of its own, keeping the pack with this digest, and a folder of rules with version 2.
fn kept(sha256: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sample");
    std::fs::create_dir_all(folder.path().join("initial")).unwrap();
    for name in ["pledge.pdf", "cscse.pdf", "summary.pdf"] {
        let to = folder.path().join("initial").join(name);
        std::fs::copy(samples.join("initial").join(name), to).unwrap();
    }
    let put = |name: &str, text: &str| {
        digest::write_atomically(&folder.path().join(name), text.as_bytes()).unwrap();
    };
    let dossier = std::fs::read_to_string(samples.join("001.toml")).unwrap();
    put("d.toml", &format!("pack_sha256 = \"{sha256}\"\n{dossier}"));
    let packs = Packs::builtin();
    let text = &packs.get(NANTONG).unwrap().text;
    std::fs::create_dir_all(folder.path().join("rules")).unwrap();
    put(
        &format!("rules/{NANTONG}.toml"),
        &text.replacen("version = 1", "version = 2", 1),
    );
    folder
}

const NANTONG: &str = "nantong-chuding-2023";

#[test]
fn a_dossier_file_keeps_its_version_until_another_is_chosen() {
    let one = Packs::builtin().get(NANTONG).unwrap().sha256.to_hex();
    let folder = kept(&one);
    let path = |name: &str| folder.path().join(name).display().to_string();
    let bind = |out: &str, more: &[&str]| {
        let rules = path("rules");
        let (dossier, out) = (path("d.toml"), path(out));
        let mut arguments = vec![
            "--lang", "en", "--rules", &rules, "bind", &dossier, "--out", &out,
        ];
        arguments.extend(["--on", "2023-10-10", "--format", "json"]);
        arguments.extend(more);
        juanzong(&arguments)
    };
    let bound = bind("kept", &[]);
    assert_eq!(bound.status.code(), Some(0), "{}", said(&bound));
    let manifest: Value = serde_json::from_str(&printed(&bound)).unwrap();
    assert_eq!(manifest["notice"]["pack_sha256"], one);
    assert!(said(&bound).contains("keeps version 1"), "{}", said(&bound));
    let moved = bind("moved", &["--pack-version", "2"]);
    assert_eq!(moved.status.code(), Some(0), "{}", said(&moved));
    let manifest: Value = serde_json::from_str(&printed(&moved)).unwrap();
    assert_ne!(manifest["notice"]["pack_sha256"], one);
    let none = bind("none", &["--pack-version", "3"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(
        said(&none).contains("no version `3`") && said(&none).contains(&one),
        "{}",
        said(&none)
    );
}

#[test]
fn a_version_is_named_after_an_at_sign() {
    let one = juanzong(&["notices", &format!("{NANTONG}@1"), "--format", "json"]);
    let pack: Value = serde_json::from_str(&printed(&one)).unwrap();
    assert_eq!(pack["version"], 1);
    for wrong in ["@2", "@", "@x"] {
        let none = juanzong(&["notices", &format!("{NANTONG}{wrong}")]);
        assert_eq!(none.status.code(), Some(2), "{wrong}");
    }
}
