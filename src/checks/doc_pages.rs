//! The words of every rule as pages for `docs/checks/`: the same text that `explain` and `GET /v1/checks/{code}` give.

use std::fmt::Write as _;

use super::{registry::Rule, rules};
use crate::finding::Severity;

/// Name and text of each page: one a rule, and `README.md` with all of them in code order.
pub fn doc_pages() -> Vec<(String, String)> {
    let mut list = String::from(
        "# Checks\n\nPrinted by `cargo run --example write_docs` from the words beside each check. A code is never used again for something else.\n\n| code | rule | weight | holds for |\n|---|---|---|---|\n",
    );
    let mut pages = Vec::new();
    for rule in rules() {
        let file = format!("{}.md", rule.code.as_str());
        let _ = writeln!(
            list,
            "| [{code}]({file}) | {} | {} | {} |",
            rule.name,
            weight(rule),
            if rule.for_every_upload {
                "every upload"
            } else {
                "notices that ask for it"
            },
            code = rule.code.as_str(),
        );
        pages.push((file, format!("{}\n", rule.doc.trim_end())));
    }
    pages.push(("README.md".to_owned(), list));
    pages
}

fn weight(rule: &Rule) -> &'static str {
    match rule.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_page_named_by_its_code() {
        let pages = doc_pages();
        assert_eq!(pages.len(), rules().count() + 1);
        for rule in rules() {
            let name = format!("{}.md", rule.code.as_str());
            let (_, text) = pages.iter().find(|(file, _)| *file == name).unwrap();
            assert!(
                text.starts_with(&format!("# {}", rule.code.as_str())),
                "{name}"
            );
        }
    }
}
