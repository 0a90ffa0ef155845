#![doc = include_str!("font_not_embedded.md")]

use super::{Check, Findings, Rule, Subject, opened};
use crate::{
    finding::{Code, Finding, Outcome, Severity},
    inspect::facts::Visibility,
    units::PageNumber,
};

/// Most fonts that are named.
const MOST_TOLD: usize = 5;

static RULE: Rule = Rule {
    code: Code::new("FM110"),
    name: "font-not-embedded",
    severity: Severity::Warning,
    required: false,
    for_every_upload: true,
    doc: include_str!("font_not_embedded.md"),
};

pub(super) const CHECK: Check = Check { rule: &RULE, run };

fn run(subject: Subject<'_>, out: &mut Findings) -> Outcome {
    let pdf = match opened::pdf(subject) {
        Ok(pdf) => pdf,
        Err(outcome) => return outcome,
    };
    let mut shown: Vec<Option<PageNumber>> = vec![None; pdf.fonts.len()];
    for page in &subject.inspection.pages {
        for run in &page.text {
            if run.visibility == Visibility::Visible
                && let Some(slot) = run.font.and_then(|font| shown.get_mut(font as usize))
            {
                slot.get_or_insert(page.page);
            }
        }
    }
    let mut names: Vec<&str> = Vec::new();
    let mut first = None;
    for (font, page) in pdf.fonts.iter().zip(shown) {
        let Some(page) = page else { continue };
        if font.embedded || is_standard(&font.name) || names.contains(&font.name.as_str()) {
            continue;
        }
        names.push(&font.name);
        first = first.min(Some(page)).or(Some(page));
    }
    if let Some(page) = first {
        let told = names.iter().take(MOST_TOLD).copied().collect::<Vec<_>>();
        let more = names.len() - told.len();
        let (zh_more, en_more) = if more > 0 {
            (
                format!("等 {} 种", names.len()),
                format!(" and {more} more"),
            )
        } else {
            (String::new(), String::new())
        };
        out.add(
            Finding::new(
                format!("字体 `{}`{zh_more}没有嵌入", told.join("`、`")),
                format!("fonts not embedded: `{}`{en_more}", told.join("`, `")),
            )
            .with_hint(
                "请重新导出 PDF 并嵌入全部字体",
                "embed all fonts when exporting",
            )
            .on_page(page)
            .measured("fonts", names.len())
            .expected("fonts", 0),
        );
    }
    out.outcome()
}

/// The fourteen fonts every reader has (9.6.2.2), under their own names and those that readers take for them.
fn is_standard(name: &str) -> bool {
    const FAMILIES: [&str; 8] = [
        "Courier",
        "Helvetica",
        "Times",
        "Symbol",
        "ZapfDingbats",
        "Arial",
        "CourierNew",
        "TimesNewRoman",
    ];
    let family = name.split(['-', ',']).next().unwrap_or(name);
    let family = family
        .strip_suffix("PSMT")
        .or_else(|| family.strip_suffix("PS"))
        .or_else(|| family.strip_suffix("MT"))
        .unwrap_or(family);
    FAMILIES.contains(&family)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standard_fonts_are_known_by_family() {
        for name in [
            "Helvetica",
            "Helvetica-BoldOblique",
            "Times-Roman",
            "ArialMT",
            "Arial,Bold",
            "TimesNewRomanPS-BoldMT",
            "CourierNewPSMT",
        ] {
            assert!(is_standard(name), "{name}");
        }
        for name in [
            "STSong-Light",
            "SimSun",
            "Helvetica Neue",
            "ArialUnicodeMS",
            "Timesheet",
        ] {
            assert!(!is_standard(name), "{name}");
        }
    }
}
