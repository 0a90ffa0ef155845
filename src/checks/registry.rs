//! All checks in code order: the one list that the reports, `explain`, the HTTP pages and the docs are made from.

use super::{Findings, Subject};
use crate::finding::{Code, Outcome, Severity};

/// A rule: what a code means.
#[derive(Debug)]
pub struct Rule {
    /// Never reused.
    pub code: Code,
    /// States the fault and reads well after "allow".
    pub name: &'static str,
    /// Its weight where no pack chooses another.
    pub severity: Severity,
    /// Whether "could not tell" leaves a file undecided where no pack chooses otherwise.
    pub required: bool,
    /// Whether it runs without a notice too.
    pub for_every_upload: bool,
    /// The check's `.md`: What it looks at · Why it matters · What to do · Settings · Source.
    pub doc: &'static str,
}

/// A rule and the function that looks.
#[derive(Debug)]
pub struct Check {
    /// The rule.
    pub rule: &'static Rule,
    /// Looks at the subject, adds what it finds, and says how it ended.
    pub run: fn(Subject<'_>, &mut Findings) -> Outcome,
}

/// All checks in code order.
pub fn all() -> &'static [Check] {
    &[
        super::script::CHECK,
        super::launch::CHECK,
        super::form_sends_data::CHECK,
        super::other_file::CHECK,
        super::embedded_file::CHECK,
        super::multimedia::CHECK,
        super::xfa_form::CHECK,
        super::dangerous_link::CHECK,
        super::automatic_action::CHECK,
        super::web_link::CHECK,
        super::wrong_document::CHECK,
        super::report_too_old::CHECK,
        super::report_validity::CHECK,
        super::report_not_whole::CHECK,
        super::report_altered::CHECK,
        super::browser_print::CHECK,
        super::verification_code::CHECK,
        super::certificate_number::CHECK,
        super::foreign_link::CHECK,
        super::online_result::CHECK,
        super::public_notice_too_short::CHECK,
        super::assessment_year_missing::CHECK,
        super::education_year_missing::CHECK,
        super::social_insurance_too_short::CHECK,
        super::after_cut_off::CHECK,
        super::not_a_pdf::CHECK,
        super::cannot_be_opened::CHECK,
        super::needs_password::CHECK,
        super::encrypted::CHECK,
        super::repaired::CHECK,
        super::bytes_before::CHECK,
        super::bytes_after::CHECK,
        super::second_file::CHECK,
        super::pages_missing::CHECK,
        super::font_not_embedded::CHECK,
        super::text_not_trusted::CHECK,
        super::hidden_text_contradicts::CHECK,
        super::depends_on_layers::CHECK,
        super::changed_after_signing::CHECK,
        super::signed::CHECK,
        super::saved_in_revisions::CHECK,
        super::identity_card_one_side::CHECK,
        super::holder_differs::CHECK,
        super::identity_number_wrong::CHECK,
        super::private_use_character::CHECK,
        super::low_resolution::CHECK,
        super::unreadable_page::CHECK,
        super::blank_page::CHECK,
        super::unreadable_part::CHECK,
        super::turned_page::CHECK,
        super::skewed_page::CHECK,
        super::content_cut::CHECK,
        super::dark_border::CHECK,
        super::tiny_type::CHECK,
        super::unpacks_too_large::CHECK,
        super::too_many_objects::CHECK,
        super::page_too_heavy::CHECK,
        super::too_many_pages::CHECK,
        super::reading_stopped::CHECK,
        super::paper_size::CHECK,
        super::mixed_orientation::CHECK,
        super::missing_seal::CHECK,
        super::summary_too_short::CHECK,
        super::opinion_says_nothing::CHECK,
        super::grade_does_not_count::CHECK,
    ]
}

/// The check with this code.
pub fn by_code(code: &str) -> Option<&'static Check> {
    all().iter().find(|check| check.rule.code.as_str() == code)
}

/// The rule with this code, of a file or of a whole dossier.
pub fn rule_by_code(code: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.code.as_str() == code)
}

/// Every rule there is: those of single files in code order, then those of a whole dossier (DS).
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    let of_dossiers = super::dossier_rules::dossier_rules().iter().copied();
    all().iter().map(|check| check.rule).chain(of_dossiers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_ascend_and_so_stand_once() {
        let codes: Vec<_> = all().iter().map(|check| check.rule.code.as_str()).collect();
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "{codes:?}");
    }

    #[test]
    fn every_rule_is_explained_under_five_headings_in_both_languages() {
        for rule in rules() {
            let doc = rule.doc;
            for heading in [
                "## What it looks at",
                "## Why it matters",
                "## What to do",
                "## Settings",
                "## Source",
                "## 中文",
            ] {
                assert!(doc.contains(heading), "{} lacks {heading}", rule.code);
            }
        }
    }
}
