//! Complete sample dossiers of real PDFs for all five notices are accepted, and each bad twin – the sample with one change –
//! is refused for exactly the named reason. Every file goes through the real inspection and the real checks.

mod tables;
mod twin;

use std::path::Path;

use self::{
    tables::{HAIZHOU, KAOHE, NANTONG, REVIEW, Row, SUZHOU},
    twin::{Twin, sample, samples},
};
use crate::support::{
    independent::page_text,
    program::{juanzong, printed, said},
};

#[test]
fn the_sample_of_each_notice_is_accepted() {
    for number in ["000", "001", "002", "003", "004"] {
        let twin = Twin::of(number);
        let (errors, remarks) = twin.errors();
        assert!(errors.is_empty(), "{number}: {remarks:#?}");
        // A sample shows what is right: a remark is only that nobody reads scans without text.
        let odd: Vec<_> = remarks
            .iter()
            .filter(|finding| !["DS108", "DS203"].contains(&finding.code.as_str()))
            .collect();
        assert!(odd.is_empty(), "{number}: {odd:#?}");
    }
}

#[track_caller]
fn refused(number: &str, rows: &[Row]) {
    assert!(rows.len() >= 10, "{number} has {} twins", rows.len());
    let mut wrong = Vec::new();
    for (what, spoil, want) in rows {
        let mut twin = Twin::of(number);
        spoil(&mut twin);
        let (mut errors, findings) = twin.errors();
        errors.sort();
        errors.dedup();
        if errors.join("|") != *want {
            let said: Vec<_> = findings
                .iter()
                .map(|f| format!("{} {}", f.code, f.message.zh))
                .collect();
            wrong.push(format!(
                "{number} {what}: want {want}, got {errors:?}\n    {}",
                said.join("\n    ")
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn twins_of_000_are_refused_for_the_named_reason() {
    refused("000", HAIZHOU);
}

#[test]
fn twins_of_001_are_refused_for_the_named_reason() {
    refused("001", NANTONG);
}

#[test]
fn twins_of_002_are_refused_for_the_named_reason() {
    refused("002", REVIEW);
}

#[test]
fn twins_of_003_are_refused_for_the_named_reason() {
    refused("003", SUZHOU);
}

#[test]
fn twins_of_004_are_refused_for_the_named_reason() {
    refused("004", KAOHE);
}

fn page_of(pdf: &Path) -> String {
    page_text(&std::fs::read(pdf).unwrap(), 1)
}

#[test]
fn the_bag_of_000_has_its_order_and_the_form_twice_and_apart() {
    let (path, on) = sample("000");
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().join("bag");
    let (path, folder_text) = (path.display().to_string(), folder.display().to_string());
    let on = on.to_string();
    let bound = juanzong(&[
        "--lang",
        "zh",
        "bind",
        &path,
        "--out",
        &folder_text,
        "--on",
        &on,
    ]);
    assert_eq!(
        bound.status.code(),
        Some(0),
        "{}{}",
        printed(&bound),
        said(&bound)
    );
    let squeezed = page_of(&folder.join("评审材料袋/不装订/打印清单.pdf"));
    let places: Vec<usize> = [
        "专业技术资格初定申报表",
        "身份证复印件",
        "毕业证书复印件",
        "继续教育网络公共课成绩汇总表",
        "三方协议",
    ]
    .iter()
    .map(|name| {
        squeezed
            .find(name)
            .unwrap_or_else(|| panic!("{name} is not in {squeezed}"))
    })
    .collect();
    assert!(places.is_sorted(), "{places:?}");
    assert!(squeezed.contains("单独装订"), "{squeezed}");
}

#[test]
fn a_refused_dossier_leaves_a_letter_and_nothing_else() {
    let out = tempfile::tempdir().unwrap();
    // The sample of 003 without its consent and with a summary that is too short.
    let text = std::fs::read_to_string(samples().join("003.toml")).unwrap();
    for (name, file) in [
        ("record-2024.pdf", "record-2024.pdf"),
        ("insurance.pdf", "insurance.pdf"),
        ("summary.pdf", "bad/summary-too-short.pdf"),
    ] {
        std::fs::create_dir_all(out.path().join("initial")).unwrap();
        std::fs::copy(
            samples().join("initial").join(file),
            out.path().join("initial").join(name),
        )
        .unwrap();
    }
    let text: String = text
        .split("\n[[item]]")
        .filter(|item| !item.contains("consent"))
        .collect::<Vec<_>>()
        .join("\n[[item]]");
    let dossier = out.path().join("d.toml");
    juanzong::digest::write_atomically(&dossier, text.as_bytes()).unwrap();
    let (dossier, bag, letter) = (
        dossier.display().to_string(),
        out.path().join("bag"),
        out.path().join("letter.pdf"),
    );
    let arguments = [
        "--lang",
        "zh",
        "bind",
        &dossier,
        "--out",
        &bag.display().to_string(),
        "--on",
        "2024-03-05",
        "--corrections",
        &letter.display().to_string(),
        "--corrections-by",
        "2024-03-20",
    ];
    let refused = juanzong(&arguments);
    assert_eq!(refused.status.code(), Some(1), "{}", said(&refused));
    assert!(!bag.exists());
    let squeezed = page_of(&letter);
    for wanted in [
        "补正告知书",
        "顾思渺",
        "2024年3月20日",
        "有2处需要补正",
        "单位同意证明",
        "不少于800字",
        "DS101",
        "TX101",
        "二(二)2",
    ] {
        assert!(squeezed.contains(wanted), "{wanted} is not in {squeezed}");
    }
}
