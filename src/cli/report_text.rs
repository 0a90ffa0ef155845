//! A report for people at a terminal: the verdict first, then what to do, the worst first.

use std::fmt::Write as _;

use crate::{
    finding::{Finding, Outcome, Report, Severity, Verdict},
    inspect::document::{self, DocumentKind},
    lang::{Bilingual, Lang},
    units::ByteLen,
};

/// The report as text, without a final line break.
pub(super) fn render(report: &Report, lang: Lang) -> String {
    let mut out = String::new();
    let zh = lang == Lang::Zh;
    let (sign, verdict) = match (report.verdict, lang) {
        (Verdict::Accepted, Lang::Zh) => ("✓", "通过"),
        (Verdict::Accepted, Lang::En) => ("✓", "accepted"),
        (Verdict::Undecided, Lang::Zh) => ("?", "待定"),
        (Verdict::Undecided, Lang::En) => ("?", "undecided"),
        (Verdict::Refused, Lang::Zh) => ("✗", "退回"),
        (Verdict::Refused, Lang::En) => ("✗", "refused"),
    };
    let mut about = vec![ByteLen(report.size_bytes).to_string()];
    if let Some(pages) = report.pages {
        about.insert(
            0,
            if zh {
                format!("{pages} 页")
            } else {
                count(pages, "page")
            },
        );
    }
    if let Some(kind) = report.facts.document.as_ref().map(|document| document.kind)
        && kind != DocumentKind::Unknown
    {
        about.push(document::kind_name(kind).in_lang(lang).to_owned());
    }
    let _ = write!(
        out,
        "{sign} {verdict}  {}  ({})",
        report.file,
        about.join(" · ")
    );
    for found in &report.findings {
        out.push_str(&finding(found, lang));
    }
    // Rules that could not tell for the same reason share a line.
    let mut untold: Vec<(&Bilingual, Vec<&str>)> = Vec::new();
    for outcome in &report.outcomes {
        if let Outcome::CouldNotTell(why) = &outcome.outcome {
            match untold.iter_mut().find(|(reason, _)| *reason == why) {
                Some((_, codes)) => codes.push(outcome.code.as_str()),
                None => untold.push((why, vec![outcome.code.as_str()])),
            }
        }
    }
    for (why, codes) in untold {
        let word = if zh { "无法判断" } else { "could not tell" };
        let _ = write!(
            out,
            "\n  {word}  {} ({})",
            why.in_lang(lang),
            codes.join(" ")
        );
    }
    out
}

/// One finding with its advice and clause, each on a line of its own that begins with a line break.
pub(super) fn finding(finding: &Finding, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let weight = match (finding.severity, lang) {
        (Severity::Error, Lang::Zh) => "错误",
        (Severity::Error, Lang::En) => "error",
        (Severity::Warning, Lang::Zh) => "提醒",
        (Severity::Warning, Lang::En) => "warning",
        (Severity::Info, Lang::Zh) => "说明",
        (Severity::Info, Lang::En) => "note",
    };
    let mut out = format!(
        "\n  {weight} {}  {}",
        finding.code,
        finding.message.in_lang(lang)
    );
    if let Some(hint) = &finding.hint {
        let _ = write!(out, "\n      → {}", hint.in_lang(lang));
    }
    if let Some(source) = &finding.source {
        let _ = write!(
            out,
            "\n      {} {source}",
            if zh { "依据" } else { "source" }
        );
    }
    out
}

fn count(n: u32, noun: &str) -> String {
    if n == 1 {
        format!("1 {noun}")
    } else {
        format!("{n} {noun}s")
    }
}
