#![doc = include_str!("low_resolution.md")]

use super::{Check, Findings, Rule, Subject, seen::seen_pages};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    rulepack::{CheckSettings, settings::ResolutionSettings},
};

static RULE: Rule = Rule {
    code: Code::new("LG101"),
    name: "low-resolution",
    severity: Severity::Error,
    required: false,
    for_every_upload: true,
    doc: include_str!("low_resolution.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

/// What an image really holds may lie this far below its pixels before it counts as blown up.
const BLOWN_UP: f64 = 0.6;

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let limits = match subject.entry.map(|entry| &entry.settings) {
        Some(CheckSettings::Resolution(settings)) => *settings,
        _ => ResolutionSettings::default(),
    };
    let mut scans = 0;
    for (page, facts) in seen_pages(subject) {
        let Some(dpi) = facts.effective_dpi else {
            continue;
        };
        scans += 1;
        let hint = |finding: Finding| {
            finding.with_hint(
                "请以 300 dpi 彩色重新扫描，不要放大旧图",
                "scan again at 300 dpi in colour, without enlarging the old scan",
            )
        };
        if dpi.value() < limits.warning_below_dpi.value() - 0.5 {
            let (severity, wanted) = if dpi.value() < limits.error_below_dpi.value() - 0.5 {
                (Severity::Error, limits.error_below_dpi)
            } else {
                (Severity::Warning, limits.warning_below_dpi)
            };
            let finding = Finding::new(
                format!("第 {} 页的扫描图像为 {dpi}，要求至少 {wanted}", page.page),
                format!(
                    "the scan on page {} is {dpi}, wants at least {wanted}",
                    page.page
                ),
            );
            out.add(
                hint(finding)
                    .weighing(severity)
                    .on_page(page.page)
                    .measured("effective_dpi", dpi.value().round())
                    .expected("least_dpi", wanted.value()),
            );
        } else if let Some(detail) = facts.detail_dpi
            && detail.value() < limits.error_below_dpi.value() - 0.5
            && detail.value() < dpi.value() * BLOWN_UP
        {
            let finding = Finding::new(
                format!(
                    "第 {} 页的图像虽有 {dpi} 的像素，实际细节只相当于约 {detail}",
                    page.page
                ),
                format!(
                    "the scan on page {} has the pixels of {dpi} but only the detail of about {detail}",
                    page.page
                ),
            );
            out.add(
                hint(finding)
                    .weighing(Severity::Warning)
                    .on_page(page.page)
                    .measured("effective_dpi", dpi.value().round())
                    .measured("detail_dpi", detail.value().round())
                    .expected("least_dpi", limits.error_below_dpi.value()),
            );
        }
    }
    if scans == 0 {
        return Outcome::not_applicable("没有扫描页", "no page is a scan");
    }
    out.outcome()
}
