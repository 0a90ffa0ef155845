//! The same sheet scanned twice has one hash; filled-in copies of one form, and unlike pages, have others.

use std::path::PathBuf;

use juanzong::{
    inspect::{PageHash, inspect},
    limits::Limits,
};

fn hashes(file: &str) -> Vec<PageHash> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(file);
    let inspection = inspect(std::fs::read(path).unwrap(), &Limits::DEFAULT);
    inspection
        .pages
        .into_iter()
        .filter_map(|page| page.page_hash)
        .collect()
}

#[test]
fn one_sheet_scanned_at_unlike_resolutions_and_angles_is_one_page() {
    let scans: Vec<PageHash> = [
        "chsi/scans/01-education-c-200dpi.pdf",
        "chsi/scans/02-education-c-200dpi.pdf",
        "chsi/scans/04-education-c-150dpi.pdf",
        "chsi/scans/05-education-c-300dpi.pdf",
    ]
    .iter()
    .flat_map(|file| hashes(file))
    .collect();
    assert_eq!(scans.len(), 4);
    let mut apart = Vec::new();
    for (i, a) in scans.iter().enumerate() {
        for (j, b) in scans.iter().enumerate().skip(i + 1) {
            if !a.same_page(b) {
                apart.push((i, j, a.difference(b)));
            }
        }
    }
    assert!(apart.is_empty(), "{apart:?}");
}

#[test]
fn filled_in_copies_of_one_form_and_unlike_pages_are_other_pages() {
    let forms = hashes("sample/004/09-年度考核表2019-2023.pdf");
    assert!(forms.len() >= 5, "{}", forms.len());
    let others = [
        "sample/004/03-毕业证书.pdf",
        "sample/004/04-学位证书.pdf",
        "sample/004/12-行业科技进步奖.pdf",
        "chsi/scans/12-degree-c-200dpi.pdf",
        "chsi/scans/16-student-c-200dpi.pdf",
        "chsi/scans/02-education-c-200dpi.pdf",
    ];
    let pages: Vec<PageHash> = forms
        .into_iter()
        .chain(others.iter().flat_map(|file| hashes(file)))
        .collect();
    let mut alike = Vec::new();
    for (i, a) in pages.iter().enumerate() {
        for (j, b) in pages.iter().enumerate().skip(i + 1) {
            if a.same_page(b) {
                alike.push((i, j, a.difference(b)));
            }
        }
    }
    assert!(alike.is_empty(), "{alike:?}");
}

#[test]
fn pages_of_text_are_known_by_their_words() {
    let a = hashes("chsi/education-c-song.pdf");
    let b = hashes("chsi/education-c-subset.pdf");
    assert!(a[0].same_page(&b[0]), "the same words by another writer");
    let c = hashes("chsi/degree-c-song.pdf");
    assert!(!a[0].same_page(&c[0]));
}
