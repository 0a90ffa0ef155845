//! `docs/checks/` says what the checks say: printed by `examples/write_docs`, one page a rule and no other.

use std::{collections::BTreeMap, path::Path};

#[test]
fn the_pages_are_those_of_the_rules() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/checks");
    let there: BTreeMap<String, String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    let wanted: BTreeMap<String, String> = juanzong::checks::doc_pages().into_iter().collect();
    let names = |pages: &BTreeMap<String, String>| pages.keys().cloned().collect::<Vec<_>>();
    assert_eq!(
        names(&there),
        names(&wanted),
        "run: cargo run --example write_docs"
    );
    for (name, text) in &wanted {
        assert!(
            there[name] == *text,
            "docs/checks/{name} is old, run: cargo run --example write_docs"
        );
    }
}
