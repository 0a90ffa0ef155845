#![doc = include_str!("missing_seal.md")]

use super::{
    Check, Findings, Rule, Subject,
    seen::{nothing_seen, seen_pages},
};
use crate::finding::{Code, Finding, Outcome, Severity};

static RULE: Rule = Rule {
    code: Code::new("SE101"),
    name: "missing-seal",
    severity: Severity::Warning,
    required: false,
    for_every_upload: false,
    doc: include_str!("missing_seal.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    if !subject.slot.is_some_and(|slot| slot.seal) {
        return Outcome::not_applicable("该材料未要求盖章", "this paper needs no seal");
    }
    if let Some(outcome) = nothing_seen(subject) {
        return outcome;
    }
    if seen_pages(subject).any(|(_, facts)| !facts.seals.is_empty()) {
        return Outcome::Passed;
    }
    let coloured = seen_pages(subject).any(|(_, facts)| facts.coloured);
    // Only a scan can have lost its colour; a page of drawn text never had a seal.
    let scanned = seen_pages(subject).any(|(_, facts)| facts.effective_dpi.is_some());
    let finding = if coloured || !scanned {
        Finding::new(
            "要求加盖公章的材料上没有找到印章",
            "no seal was found on a paper that must carry one",
        )
        .with_hint(
            "请加盖公章后彩色扫描",
            "have it sealed and scan it in colour",
        )
    } else {
        Finding::new(
            "扫描件没有颜色，看不出是否盖章",
            "the scan has lost its colour, so a seal cannot be seen",
        )
        .with_hint(
            "请用彩色模式重新扫描盖章的材料",
            "scan the sealed paper again in colour",
        )
    };
    out.add(
        finding
            .measured("seals", 0)
            .measured("coloured", coloured)
            .expected("seals_at_least", 1),
    );
    out.outcome()
}
