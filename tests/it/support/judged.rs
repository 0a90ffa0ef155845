//! Judged papers of a dossier for notice 004, made by hand.

use std::sync::Arc;

use jiff::civil::{Date, date};
use juanzong::{
    digest::Digest,
    dossier::{Absent, Applicant, CheckedItem, Dossier},
    finding::{Cost, Finding, Report, ReportFacts, ReportPage, Verdict},
    inspect::facts::PageKind,
    rulepack::{Pack, Packs},
    units::{Mm, PageNumber},
};

/// Within both windows of notice 004.
pub const ON: Date = date(2024, 8, 20);

pub fn pack() -> Arc<Pack> {
    let packs = Packs::try_builtin().map_err(|e| e.to_string()).unwrap();
    Arc::clone(packs.get("lianyungang-gongxin-kaohe-2024").unwrap())
}

pub fn report(verdict: Verdict, sha256: Digest) -> Report {
    let mut findings = Vec::new();
    if verdict == Verdict::Refused {
        let mut finding = Finding::new("第 1 页为空白", "page 1 is blank");
        finding.code = "LG105".to_owned().into();
        findings.push(finding);
    }
    Report {
        report_version: 1,
        file: "a.pdf".into(),
        sha256,
        size_bytes: 1,
        pages: Some(1),
        notice: None,
        slot: None,
        judged_on: ON,
        verdict,
        findings,
        outcomes: Vec::new(),
        facts: ReportFacts::default(),
        not_checked: Vec::new(),
        cost: Cost::default(),
    }
}

pub fn paper(slot: &str, name: &str) -> CheckedItem {
    let sha256 = Digest::of(name.as_bytes());
    CheckedItem {
        slot: slot.into(),
        title: name.into(),
        note: None,
        file_name: format!("{name}.pdf"),
        path: format!("{name}.pdf").into(),
        sha256,
        pages: 1,
        report: Arc::new(report(Verdict::Accepted, sha256)),
        margins: None,
    }
}

pub fn reason(slot: &str) -> Absent {
    Absent {
        slot: slot.into(),
        reason: "无此项".into(),
    }
}

/// A dossier with every bound slot filled.
pub fn full() -> (Dossier, Vec<CheckedItem>) {
    let dossier = Dossier {
        notice: "lianyungang-gongxin-kaohe-2024".into(),
        applicant: Applicant {
            name: "王䶮".into(),
            specialty: Some("石油化工工程".into()),
            ..Applicant::default()
        },
        ..Dossier::default()
    };
    let pack = pack();
    let bound = pack.slots.iter().filter(|slot| slot.volume.is_some());
    let papers = bound.map(|slot| paper(&slot.id, &slot.id)).collect();
    (dossier, papers)
}

/// A scanned page of A4 with nothing remarkable about it.
pub fn page(number: u32) -> ReportPage {
    ReportPage {
        page: PageNumber::new(number).unwrap(),
        width_mm: Mm::new(210.0),
        height_mm: Mm::new(297.0),
        paper: None,
        rotate: 0,
        kind: PageKind::Mixed,
        effective_dpi: None,
        legibility: None,
        legible: None,
        orientation_deg: None,
        skew_deg: None,
        smallest_text_pt: None,
        seals: Vec::new(),
        page_hash: None,
        unreadable: Vec::new(),
    }
}
