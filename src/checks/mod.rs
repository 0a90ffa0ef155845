//! Facts and a pack in, findings out. One file a check; checks are pure: no files, no clock, no other check.

mod active_content;
mod after_cut_off;
mod assessment_year_missing;
mod automatic_action;
mod blank_page;
mod browser_print;
mod bytes_after;
mod bytes_before;
mod cannot_be_opened;
mod certificate_number;
mod changed_after_signing;
mod content_cut;
mod dangerous_link;
mod dark_border;
mod depends_on_layers;
mod doc_pages;
pub mod dossier_rules;
mod education_year_missing;
mod embedded_file;
mod encrypted;
mod font_not_embedded;
mod foreign_link;
mod form_sends_data;
mod grade_does_not_count;
mod hidden_text_contradicts;
mod holder_differs;
mod identity_card_one_side;
mod identity_number_wrong;
mod launch;
mod limits_met;
mod low_resolution;
mod missing_seal;
mod missing_years;
mod mixed_orientation;
mod multimedia;
mod needs_password;
mod not_a_pdf;
mod online_result;
mod opened;
mod opinion_says_nothing;
mod other_file;
mod page_too_heavy;
mod pages_missing;
mod paper_size;
mod papers;
pub mod person_name;
mod private_use_character;
mod public_notice_too_short;
mod reading_stopped;
mod registry;
mod repaired;
mod report;
mod report_altered;
mod report_not_whole;
mod report_too_old;
mod report_validity;
mod saved_in_revisions;
mod script;
mod second_file;
mod seen;
mod signed;
mod skewed_page;
mod social_insurance_too_short;
mod summary_too_short;
mod text_not_trusted;
mod tiny_type;
mod too_many_objects;
mod too_many_pages;
mod turned_page;
mod unpacks_too_large;
mod unreadable_page;
mod unreadable_part;
mod verification_code;
mod web_link;
mod wrong_document;
mod xfa_form;

pub use doc_pages::doc_pages;
pub use dossier_rules::dossier_rules;
pub use papers::field_name;
pub use registry::{Check, Rule, all, by_code, rule_by_code, rules};
pub use report::{Request, report};

use std::borrow::Cow;

use jiff::civil::Date;

use crate::{
    finding::{Finding, Outcome, RuleOutcome},
    inspect::Inspection,
    rulepack::{CheckEntry, Pack, Slot},
};

/// What a check looks at: the facts, what is wanted here, and the day.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The facts of the file.
    pub inspection: &'a Inspection,
    /// The notice, if one was named.
    pub pack: Option<&'a Pack>,
    /// The slot, if one was named.
    pub slot: Option<&'a Slot>,
    /// The day everything is judged at (Asia/Shanghai).
    pub on: Date,
    /// Whose papers they are, if known.
    pub holder: Option<&'a Holder>,
    /// The pack's entry of this very check, if it has one.
    pub entry: Option<&'a CheckEntry>,
}

/// Whose papers they are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holder {
    /// Name as on the identity card.
    pub name: Option<String>,
    /// Date of birth.
    pub born: Option<Date>,
    /// 男 or 女.
    pub sex: Option<String>,
    /// 公民身份号码, 18 signs.
    pub id_number: Option<String>,
}

/// Collects the findings of one check.
#[derive(Debug, Default)]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// Adds one.
    pub fn add(&mut self, finding: Finding) {
        self.0.push(finding);
    }
    /// Found when there is any, otherwise passed.
    pub fn outcome(&self) -> Outcome {
        if self.0.is_empty() {
            Outcome::Passed
        } else {
            Outcome::Found
        }
    }
}

/// Runs every check that holds for the subject.
///
/// Without a notice only the families that hold for every upload run (`FM AC LM LG`); with one, also
/// each check the pack has an entry for. Findings come ordered by severity (errors first), page, code.
pub fn run(subject: Subject<'_>) -> (Vec<Finding>, Vec<RuleOutcome>) {
    let mut findings = Vec::new();
    let mut outcomes = Vec::new();
    for check in all() {
        let rule = check.rule;
        let slot = subject.slot.map(|slot| slot.id.as_str());
        let entry = subject.pack.and_then(|pack| pack.check(&rule.code, slot));
        if entry.is_none() && !rule.for_every_upload {
            continue;
        }
        let mut found = Findings::default();
        let outcome = (check.run)(Subject { entry, ..subject }, &mut found);
        for mut finding in found.0 {
            // A check may say "less than my rule" for one finding; a pack's choice replaces the rule's own weight.
            let chosen = entry
                .and_then(|entry| entry.severity)
                .unwrap_or(rule.severity);
            finding.severity = finding.severity.min(chosen);
            finding.code = rule.code.clone();
            finding.rule = Cow::Borrowed(rule.name);
            if finding.source.is_none() {
                let cited = subject.pack.zip(entry);
                finding.source = cited.map(|(pack, entry)| pack.source(&entry.clause));
            }
            findings.push(finding);
        }
        let required = entry
            .and_then(|entry| entry.required)
            .unwrap_or(rule.required);
        outcomes.push(RuleOutcome {
            code: rule.code.clone(),
            outcome,
            required,
        });
    }
    findings.sort_by(|a, b| {
        let key = |f: &Finding| (std::cmp::Reverse(f.severity), f.page, f.code.clone());
        key(a).cmp(&key(b))
    });
    (findings, outcomes)
}
