//! The glossary names every word of the pack language, in both languages.

use juanzong::rulepack::pack_shape::{CIRCUMSTANCES, DOCUMENT_KINDS, EDUCATIONS, SLOT_IDS, TITLES};

const GLOSSARY: &str = include_str!("../../docs/glossary.md");

/// The rows of the tables that begin with a word in backticks: the word and its two names.
fn rows() -> Vec<(&'static str, &'static str, &'static str)> {
    let rows = GLOSSARY.lines().filter(|line| line.starts_with("| `"));
    rows.map(|line| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        let [word, zh, en] = cells[..] else {
            panic!("{line}");
        };
        (word.trim_matches('`'), zh, en)
    })
    .collect()
}

#[test]
fn every_word_of_the_pack_language_is_explained_once() {
    let rows = rows();
    let wanted = [SLOT_IDS, CIRCUMSTANCES, TITLES, EDUCATIONS, DOCUMENT_KINDS].concat();
    for word in &wanted {
        let here: Vec<_> = rows.iter().filter(|(known, _, _)| known == word).collect();
        // One word may be a slot and a kind of document: `annual_assessment`.
        let times = wanted.iter().filter(|other| *other == word).count();
        assert_eq!(here.len(), times, "`{word}`");
        for (_, zh, en) in here {
            let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
            assert!(zh.contains(han), "`{word}` has no Chinese: {zh}");
            assert!(
                !en.is_empty() && !en.contains(han),
                "`{word}` has no English: {en}"
            );
        }
    }
    for (word, _, _) in &rows {
        assert!(
            wanted.contains(word),
            "`{word}` is no word of the pack language"
        );
    }
}
