//! The whole report of one file (DESIGN §5): facts shown, findings, how each rule ended, what nobody looked at.

use jiff::civil::Date;

use super::{Holder, Subject, run};
use crate::{
    digest::Digest,
    finding::{Cost, NoticeRef, Outcome, Report, ReportFacts, ReportPage, RuleOutcome},
    inspect::{
        Inspection,
        document::{self, DocumentFacts},
        facts::PageFacts,
    },
    lang::Bilingual,
    rulepack::Pack,
};

/// What a report is made from.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// Name of the file as the sender gave it.
    pub file_name: &'a str,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
    /// The facts.
    pub inspection: &'a Inspection,
    /// The notice, if one was named.
    pub pack: Option<&'a Pack>,
    /// The slot, if one was named; one the notice does not have counts as none.
    pub slot: Option<&'a str>,
    /// The day everything is judged at.
    pub on: Date,
    /// Whose papers they are, if known.
    pub holder: Option<&'a Holder>,
    /// What it cost.
    pub cost: Cost,
}

/// Judges a file and says everything at once.
pub fn report(request: Request<'_>) -> Report {
    let inspection = request.inspection;
    let slot = request
        .pack
        .zip(request.slot)
        .and_then(|(pack, slot)| pack.slot(slot));
    let (findings, outcomes) = run(Subject {
        inspection,
        pack: request.pack,
        slot,
        on: request.on,
        holder: request.holder,
        entry: None,
    });
    let verdict = Report::judge(&findings, &outcomes);
    let not_checked = not_checked(request, &outcomes);
    Report {
        report_version: 1,
        file: request.file_name.to_owned(),
        sha256: request.sha256,
        size_bytes: inspection.size_bytes,
        pages: (!inspection.pages.is_empty()).then_some(inspection.pages.len() as u32),
        notice: request.pack.map(|pack| NoticeRef {
            id: pack.id.clone(),
            pack_sha256: pack.sha256,
        }),
        slot: request.slot.map(str::to_owned),
        judged_on: request.on,
        verdict,
        findings,
        outcomes,
        facts: facts(inspection),
        not_checked,
        cost: request.cost,
    }
}

fn facts(inspection: &Inspection) -> ReportFacts {
    let pdf = inspection.pdf.as_ref();
    ReportFacts {
        pdf_version: pdf
            .map(|pdf| pdf.version.clone())
            .filter(|version| !version.is_empty()),
        encrypted: pdf.is_some_and(|pdf| pdf.encryption.is_some()),
        active_content: pdf
            .map(|pdf| pdf.active_content.clone())
            .unwrap_or_default(),
        producer: pdf.and_then(|pdf| pdf.producer.clone()),
        page_facts: inspection.pages.iter().map(page).collect(),
        // Never the private values: the verification code and identity numbers stay here.
        document: inspection.document.as_ref().map(DocumentFacts::shown),
    }
}

fn page(page: &PageFacts) -> ReportPage {
    let measured = page.legibility.as_ref();
    ReportPage {
        page: page.page,
        width_mm: page.width_mm,
        height_mm: page.height_mm,
        paper: page.paper,
        rotate: page.rotate,
        kind: page.kind,
        effective_dpi: measured.and_then(|m| m.effective_dpi),
        legibility: measured.and_then(|m| m.score),
        legible: measured.and_then(|m| m.legible),
        orientation_deg: measured.and_then(|m| m.orientation_deg),
        skew_deg: measured.and_then(|m| m.skew_deg),
        smallest_text_pt: measured.and_then(|m| m.smallest_text_pt),
        seals: measured.map(|m| m.seals.clone()).unwrap_or_default(),
        page_hash: page.page_hash.clone(),
        unreadable: measured.map(|m| m.bad_regions.clone()).unwrap_or_default(),
    }
}

/// What nobody looked at, and which rules could not tell.
fn not_checked(request: Request<'_>, outcomes: &[RuleOutcome]) -> Vec<Bilingual> {
    let of_kind = request
        .inspection
        .document
        .as_ref()
        .and_then(|document| document::not_checked(document.kind));
    let online = request
        .inspection
        .document
        .as_ref()
        .and_then(|document| document.online.as_ref())
        .map(|online| {
            let (day, by) = (online.checked_on, &online.recorded_by);
            Bilingual::new(
                format!("报告真伪以 {by} 于 {day} 登记的在线查验结果为准，本系统未自行核验"),
                format!("authenticity of the report: what {by} recorded on {day} after looking it up counts, this service looked nothing up"),
            )
        });
    let mut list = vec![
        online.or(of_kind).unwrap_or_else(|| {
            Bilingual::new(
                "材料真伪未向出具单位核实",
                "authenticity of the paper with its issuer",
            )
        }),
        Bilingual::new(
            "印章与签名的真伪",
            "authenticity of seals and handwritten signatures",
        ),
    ];
    let inspection = request.inspection;
    let mut measured = inspection
        .pages
        .iter()
        .filter_map(|p| p.legibility.as_ref());
    if measured.any(|facts| facts.not_drawn) {
        list.push(Bilingual::new(
            "文字页按字号、方向和所附图片判断能否辨认，未逐像素查看整页",
            "the whole picture of pages of drawn text, which were judged by size and direction of their type and by their images",
        ));
    }
    if let Some(pdf) = &inspection.pdf {
        if !pdf.signatures.is_empty() {
            list.push(Bilingual::new(
                "电子签名的有效性（只记录其存在）",
                "validity of digital signatures (only their presence is noted)",
            ));
        }
        if pdf
            .active_content
            .iter()
            .any(|content| content.place == "names tree" || content.place.contains("attachment"))
        {
            list.push(Bilingual::new(
                "内嵌文件的内容",
                "the content of embedded files",
            ));
        }
    }
    if request.pack.is_none() {
        list.push(Bilingual::new(
            "纸型、材料种类与日期等通知要求（未指定通知）",
            "paper, kind and dates as a notice wants them (no notice was named)",
        ));
    }
    let unseen: Vec<String> = inspection
        .pages
        .iter()
        .filter(|page| page.legibility.is_none())
        .map(|page| page.page.to_string())
        .collect();
    if let (Some(first), Some(last)) = (unseen.first(), unseen.last()) {
        let (zh, en) = if unseen.len() == 1 {
            (format!("第 {first} 页"), format!("page {first}"))
        } else {
            let n = unseen.len();
            (
                format!("第 {first}–{last} 页中的 {n} 页"),
                format!("{n} of pages {first}–{last}"),
            )
        };
        list.push(Bilingual::new(
            format!("{zh}的清晰度"),
            format!("legibility of {en}"),
        ));
    }
    for outcome in outcomes {
        if let Outcome::CouldNotTell(why) = &outcome.outcome {
            list.push(Bilingual::new(
                format!("{}：{}", outcome.code, why.zh),
                format!("{}: {}", outcome.code, why.en),
            ));
        }
    }
    list
}
