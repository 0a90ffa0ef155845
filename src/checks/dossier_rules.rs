//! The rules about a whole dossier (DS): their codes, weights and words. `dossier` looks; here stands what the codes mean,
//! so that `explain`, the HTTP pages and the docs list them beside the checks of single files.

use super::Rule;
use crate::finding::{Code, Severity};

macro_rules! rule {
    ($(#[$doc:meta])* $name:ident, $code:literal, $slug:literal, $severity:ident, $file:literal) => {
        $(#[$doc])*
        pub static $name: Rule = Rule {
            code: Code::new($code),
            name: $slug,
            severity: Severity::$severity,
            required: true,
            for_every_upload: false,
            doc: include_str!(concat!("dossier/", $file, ".md")),
        };
    };
}

rule!(
    #[doc = include_str!("dossier/slot_empty.md")]
    SLOT_EMPTY,
    "DS101",
    "slot-empty",
    Error,
    "slot_empty"
);
rule!(
    #[doc = include_str!("dossier/unknown_slot.md")]
    UNKNOWN_SLOT,
    "DS102",
    "unknown-slot",
    Error,
    "unknown_slot"
);
rule!(
    #[doc = include_str!("dossier/absence_not_allowed.md")]
    ABSENCE_NOT_ALLOWED,
    "DS103",
    "absence-not-allowed",
    Error,
    "absence_not_allowed"
);
rule!(
    #[doc = include_str!("dossier/absent_and_filled.md")]
    ABSENT_AND_FILLED,
    "DS104",
    "absent-and-filled",
    Error,
    "absent_and_filled"
);
rule!(
    #[doc = include_str!("dossier/absence_without_reason.md")]
    ABSENCE_WITHOUT_REASON,
    "DS105",
    "absence-without-reason",
    Error,
    "absence_without_reason"
);
rule!(
    #[doc = include_str!("dossier/wrong_number_of_files.md")]
    WRONG_NUMBER_OF_FILES,
    "DS106",
    "wrong-number-of-files",
    Error,
    "wrong_number_of_files"
);
rule!(
    #[doc = include_str!("dossier/circumstances_not_stated.md")]
    CIRCUMSTANCES_NOT_STATED,
    "DS107",
    "circumstances-not-stated",
    Error,
    "circumstances_not_stated"
);
rule!(
    #[doc = include_str!("dossier/part_not_seen.md")]
    PART_NOT_SEEN,
    "DS108",
    "part-not-seen",
    Warning,
    "part_not_seen"
);
rule!(
    #[doc = include_str!("dossier/specialty_not_listed.md")]
    SPECIALTY_NOT_LISTED,
    "DS109",
    "specialty-not-listed",
    Error,
    "specialty_not_listed"
);
rule!(
    #[doc = include_str!("dossier/file_refused.md")]
    FILE_REFUSED,
    "DS201",
    "file-refused",
    Error,
    "file_refused"
);
rule!(
    #[doc = include_str!("dossier/same_file_twice.md")]
    SAME_FILE_TWICE,
    "DS202",
    "same-file-twice",
    Error,
    "same_file_twice"
);
rule!(
    #[doc = include_str!("dossier/file_undecided.md")]
    FILE_UNDECIDED,
    "DS203",
    "file-undecided",
    Warning,
    "file_undecided"
);
rule!(
    #[doc = include_str!("dossier/file_not_judged.md")]
    FILE_NOT_JUDGED,
    "DS204",
    "file-not-judged",
    Error,
    "file_not_judged"
);
rule!(
    #[doc = include_str!("dossier/papers_contradict.md")]
    PAPERS_CONTRADICT,
    "DS205",
    "papers-contradict",
    Error,
    "papers_contradict"
);
rule!(
    #[doc = include_str!("dossier/same_page_twice.md")]
    SAME_PAGE_TWICE,
    "DS206",
    "same-page-twice",
    Warning,
    "same_page_twice"
);
rule!(
    #[doc = include_str!("dossier/filed_before.md")]
    FILED_BEFORE,
    "DS207",
    "filed-before",
    Warning,
    "filed_before"
);
rule!(
    #[doc = include_str!("dossier/paper_parts_missing.md")]
    PAPER_PARTS_MISSING,
    "DS208",
    "paper-parts-missing",
    Warning,
    "paper_parts_missing"
);
rule!(
    #[doc = include_str!("dossier/group_award_without_role.md")]
    GROUP_AWARD_WITHOUT_ROLE,
    "DS209",
    "group-award-without-role",
    Warning,
    "group_award_without_role"
);
rule!(
    #[doc = include_str!("dossier/file_not_bindable.md")]
    FILE_NOT_BINDABLE,
    "DS210",
    "file-not-bindable",
    Error,
    "file_not_bindable"
);
rule!(
    #[doc = include_str!("dossier/window_over.md")]
    WINDOW_OVER,
    "DS301",
    "window-over",
    Error,
    "window_over"
);
rule!(
    #[doc = include_str!("dossier/window_not_open.md")]
    WINDOW_NOT_OPEN,
    "DS302",
    "window-not-open",
    Warning,
    "window_not_open"
);
rule!(
    #[doc = include_str!("dossier/seal_pasted_twice.md")]
    SEAL_PASTED_TWICE,
    "SE102",
    "seal-pasted-twice",
    Warning,
    "seal_pasted_twice"
);

static ALL: [&Rule; 22] = [
    &SLOT_EMPTY,
    &UNKNOWN_SLOT,
    &ABSENCE_NOT_ALLOWED,
    &ABSENT_AND_FILLED,
    &ABSENCE_WITHOUT_REASON,
    &WRONG_NUMBER_OF_FILES,
    &CIRCUMSTANCES_NOT_STATED,
    &PART_NOT_SEEN,
    &SPECIALTY_NOT_LISTED,
    &FILE_REFUSED,
    &SAME_FILE_TWICE,
    &FILE_UNDECIDED,
    &FILE_NOT_JUDGED,
    &PAPERS_CONTRADICT,
    &SAME_PAGE_TWICE,
    &FILED_BEFORE,
    &PAPER_PARTS_MISSING,
    &GROUP_AWARD_WITHOUT_ROLE,
    &FILE_NOT_BINDABLE,
    &WINDOW_OVER,
    &WINDOW_NOT_OPEN,
    &SEAL_PASTED_TWICE,
];

/// All rules about a whole dossier, in code order.
pub fn dossier_rules() -> &'static [&'static Rule] {
    &ALL
}
