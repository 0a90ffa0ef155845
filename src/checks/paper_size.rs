#![doc = include_str!("paper_size.md")]

use super::{Check, Findings, Rule, Subject};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::facts::Paper,
    rulepack::CheckSettings,
    units::Mm,
};

static RULE: Rule = Rule {
    code: Code::new("PG101"),
    name: "wrong-paper",
    severity: Severity::Error,
    required: true,
    for_every_upload: false,
    doc: include_str!("paper_size.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let Some(CheckSettings::Paper(settings)) = subject.entry.map(|entry| &entry.settings) else {
        return Outcome::not_applicable("该通知未规定纸张", "the notice asks for no paper");
    };
    if subject.inspection.pages.is_empty() {
        return Outcome::could_not_tell("文件没有可读取的页面", "no page could be read");
    }
    let wanted = settings
        .papers
        .iter()
        .map(|paper| paper.name())
        .collect::<Vec<_>>()
        .join("、");
    for page in &subject.inspection.pages {
        let fits = |paper: &Paper| {
            let [short, long] = paper.sides_mm();
            let (w, h) = (page.width_mm, page.height_mm);
            let near = |a: Mm, b: Mm| a.within(b, settings.tolerance_mm);
            (near(w, short) && near(h, long)) || (near(w, long) && near(h, short))
        };
        if settings.papers.iter().any(fits) {
            continue;
        }
        let (w, h) = (page.width_mm.rounded(), page.height_mm.rounded());
        let zh_name = page
            .paper
            .map(|p| format!("（{}）", p.name()))
            .unwrap_or_default();
        let en_name = page
            .paper
            .map(|p| format!(" ({})", p.name()))
            .unwrap_or_default();
        let zh = format!(
            "第 {} 页为 {:.1}×{:.1} mm{zh_name}，要求 {wanted}（±{} mm）",
            page.page,
            w.value(),
            h.value(),
            settings.tolerance_mm.value(),
        );
        let en = format!(
            "page {} is {:.1}×{:.1} mm{en_name}, wants {wanted} (±{} mm)",
            page.page,
            w.value(),
            h.value(),
            settings.tolerance_mm.value(),
        );
        out.add(
            Finding::new(zh, en)
                .with_hint(
                    format!("请以 {wanted} 纸型重新扫描或导出，不要拉伸页面"),
                    format!("scan or export again as {wanted}, without stretching the page"),
                )
                .on_page(page.page)
                .measured("width_mm", w.value())
                .measured("height_mm", h.value())
                .expected("papers", wanted.clone())
                .expected("tolerance_mm", settings.tolerance_mm.value()),
        );
    }
    out.outcome()
}
