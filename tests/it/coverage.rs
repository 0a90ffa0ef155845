//! Every clause of every notice has a line, every line a reason, and the docs are those printed from them.

use std::collections::BTreeSet;

use juanzong::{
    checks,
    rulepack::{Packs, coverage, pack_shape},
};

#[test]
fn every_clause_has_a_line_and_every_line_a_reason() {
    for pack in Packs::builtin().iter() {
        let text =
            coverage::notice_text(&pack.id).unwrap_or_else(|| panic!("{} has no text", pack.id));
        let clauses: BTreeSet<String> = coverage::clauses(text).into_iter().collect();
        let lines = coverage::of(&pack.id);
        let covered: BTreeSet<String> = lines.iter().map(|line| line.clause.clone()).collect();
        let lacking: Vec<_> = clauses.difference(&covered).collect();
        assert!(
            lacking.is_empty(),
            "{} has no line for {lacking:?}",
            pack.id
        );
        let idle: Vec<_> = covered
            .difference(&clauses)
            .filter(|c| *c != "附件")
            .collect();
        assert!(
            idle.is_empty(),
            "{} has lines for no clause: {idle:?}",
            pack.id
        );
        for line in lines {
            let said = !line.codes.is_empty() || !line.features.is_empty();
            assert!(
                said || line.duty.is_some(),
                "{} {} says nothing",
                pack.id,
                line.clause
            );
            assert!(
                said || !line.why.is_empty(),
                "{} {} says no reason",
                pack.id,
                line.clause
            );
            for code in &line.codes {
                assert!(
                    checks::rule_by_code(code).is_some(),
                    "{code} in {}",
                    pack.id
                );
                let every = checks::by_code(code).is_some_and(|check| check.rule.for_every_upload);
                let entry = pack.checks.iter().any(|entry| entry.code.as_str() == code);
                assert!(
                    entry || every || code.starts_with("DS"),
                    "{} has no entry for {code}",
                    pack.id
                );
            }
        }
        // Every clause a pack cites has a line too.
        let cited = pack.slots.iter().map(|slot| &slot.clause);
        let cited = cited.chain(pack.checks.iter().map(|check| &check.clause));
        let cited = cited.chain(pack.windows.iter().map(|window| &window.clause));
        for clause in cited.filter(|clause| !clause.contains('〔')) {
            assert!(covered.contains(clause), "{} cites {clause}", pack.id);
        }
    }
}

#[test]
fn the_printed_docs_are_current() {
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let page = |name: &str| std::fs::read_to_string(docs.join(name)).unwrap();
    let hint = "run `cargo run --release --example write_docs`";
    assert!(
        page("coverage.md") == coverage::markdown(&Packs::builtin()),
        "{hint}"
    );
    // The tables stand below the mark once they have been printed; then they are current.
    let language = page("rule-packs.md");
    let (_, tables) = language
        .split_once("<!-- printed from here on -->\n")
        .unwrap();
    assert!(
        tables.is_empty() || tables == pack_shape::markdown(),
        "{hint}"
    );
}
