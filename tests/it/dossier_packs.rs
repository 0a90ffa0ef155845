//! A complete dossier for each notice is accepted, and each bad twin is refused for exactly the named reason.

use std::sync::Arc;

use jiff::civil::{Date, date};
use juanzong::{
    digest::Digest,
    dossier::{self, Absent, Applicant, CheckedItem, Dossier, Item},
    finding::{Cost, Finding, Report, ReportFacts, Severity, Verdict},
    inspect::document::{DocumentFacts, DocumentKind},
    rulepack::{Circumstance, Pack, Packs, Presence},
};

fn paper(slot: &str, name: &str, kind: DocumentKind) -> CheckedItem {
    let sha256 = Digest::of(format!("{slot}/{name}").as_bytes());
    CheckedItem {
        slot: slot.into(),
        title: name.into(),
        note: None,
        file_name: format!("{name}.pdf"),
        path: format!("{name}.pdf").into(),
        sha256,
        pages: 1,
        report: Arc::new(report(Verdict::Accepted, sha256, kind)),
        margins: None,
    }
}

fn report(verdict: Verdict, sha256: Digest, kind: DocumentKind) -> Report {
    let refused = verdict == Verdict::Refused;
    let mut finding = Finding::new("第 1 页为空白", "page 1 is blank");
    finding.code = "LG103".to_owned().into();
    Report {
        report_version: 1,
        file: "a.pdf".into(),
        sha256,
        size_bytes: 1,
        pages: Some(1),
        notice: None,
        slot: None,
        judged_on: date(2024, 1, 1),
        verdict,
        findings: if refused { vec![finding] } else { Vec::new() },
        outcomes: Vec::new(),
        facts: ReportFacts {
            document: Some(DocumentFacts {
                kind,
                ..DocumentFacts::default()
            }),
            ..ReportFacts::default()
        },
        not_checked: Vec::new(),
        cost: Cost::default(),
    }
}

/// One applicant a notice: the day, and what holds for the applicant.
fn applicants() -> Vec<(&'static str, Date, Vec<Circumstance>)> {
    use Circumstance as C;
    vec![
        (
            "haizhou-chuding-2023h1",
            date(2023, 6, 1),
            vec![
                C::CollegeOrAbove,
                C::Teacher,
                C::DispatchedWorker,
                C::InstitutionStaff,
            ],
        ),
        (
            "nantong-chuding-2023",
            date(2023, 10, 10),
            vec![C::OverseasDegree, C::LicensedSeries],
        ),
        ("lianyungang-pingshen-2024", date(2024, 6, 10), Vec::new()),
        (
            "suzhou-chuding",
            date(2024, 3, 5),
            vec![C::LicensedSeries, C::InsuranceNotFound],
        ),
        (
            "lianyungang-gongxin-kaohe-2024",
            date(2024, 8, 20),
            Vec::new(),
        ),
    ]
}

/// Every wanted slot filled with a paper of its kind, parts included.
fn full(pack: &Pack, holding: &[Circumstance]) -> (Dossier, Vec<CheckedItem>) {
    let mut papers = Vec::new();
    for slot in pack
        .slots
        .iter()
        .filter(|slot| slot.uploaded && slot.wanted(holding))
    {
        let wanted: Vec<_> = slot
            .parts
            .iter()
            .filter(|part| part.wanted(holding))
            .collect();
        for (n, part) in wanted.iter().enumerate() {
            papers.push(paper(&slot.id, &format!("{}-{n}", slot.id), part.kinds[0]));
        }
        if wanted.is_empty() {
            let kind = slot.kinds.first().copied().unwrap_or_default();
            papers.push(paper(&slot.id, &slot.id, kind));
        }
    }
    let dossier = Dossier {
        notice: pack.id.clone(),
        applicant: Applicant {
            name: "王䶮".into(),
            circumstances: Some(holding.to_vec()),
            ..Applicant::default()
        },
        ..Dossier::default()
    };
    (dossier, papers)
}

#[test]
fn a_complete_dossier_of_each_notice_is_accepted_without_a_remark() {
    let packs = Packs::builtin();
    for (id, on, holding) in applicants() {
        let pack = packs.get(id).unwrap();
        let (dossier, papers) = full(pack, &holding);
        let n = papers.len();
        let checked = dossier::check(&dossier, pack, papers, on)
            .unwrap_or_else(|e| panic!("{id}: {:#?}", e.findings));
        assert!(
            checked.remarks().is_empty(),
            "{id}: {:#?}",
            checked.remarks()
        );
        assert_eq!(checked.items().len(), n);
    }
}

struct Twin {
    dossier: Dossier,
    papers: Vec<CheckedItem>,
    on: Date,
}

type Spoil = fn(&Pack, &mut Twin) -> bool;

/// What is spoilt, and the one error that follows; `false` where the notice has nothing to spoil so.
const SPOILS: &[(&str, Spoil)] = &[
    ("DS101", |pack, twin| {
        let slot = first_required(pack, twin);
        twin.papers.retain(|paper| paper.slot != slot);
        true
    }),
    ("DS101", |pack, twin| {
        let last = pack.slots.iter().rev().find(|slot| {
            slot.presence == Presence::Required
                && twin.papers.iter().any(|paper| paper.slot == slot.id)
        });
        let id = last.unwrap().id.clone();
        twin.papers.retain(|paper| paper.slot != id);
        true
    }),
    ("DS102", |_, twin| {
        twin.papers
            .push(paper("diary", "diary", DocumentKind::Unknown));
        true
    }),
    ("DS103", |pack, twin| {
        let slot = first_required(pack, twin);
        twin.papers.retain(|paper| paper.slot != slot);
        twin.dossier.absent.push(Absent {
            slot,
            reason: "遗失".into(),
        });
        true
    }),
    ("DS104", |pack, twin| {
        let slot = first_required(pack, twin);
        twin.dossier.absent.push(Absent {
            slot,
            reason: "遗失".into(),
        });
        true
    }),
    ("DS105", |pack, twin| {
        let may = pack
            .slots
            .iter()
            .find(|slot| slot.presence == Presence::AbsentWithReason);
        let Some(slot) = may else { return false };
        twin.papers.retain(|paper| paper.slot != slot.id);
        true
    }),
    ("DS106", |pack, twin| {
        let Some(slot) = pack.slots.iter().find(|slot| slot.files_max == Some(1)) else {
            return false;
        };
        twin.papers.push(paper(&slot.id, "another", slot.kinds[0]));
        true
    }),
    ("DS107", |pack, twin| {
        let conditional =
            |slot: &&juanzong::rulepack::Slot| !slot.when.is_empty() || !slot.unless.is_empty();
        let Some(slot) = pack.slots.iter().find(conditional) else {
            return false;
        };
        twin.dossier.applicant.circumstances = None;
        twin.papers.retain(|paper| paper.slot != slot.id);
        true
    }),
    ("DS201", |_, twin| {
        let sha256 = twin.papers[0].sha256;
        twin.papers[0].report = Arc::new(report(Verdict::Refused, sha256, DocumentKind::Unknown));
        true
    }),
    ("DS202", |_, twin| {
        let again = twin
            .papers
            .iter()
            .find(|paper| paper.slot == "degree")
            .unwrap()
            .clone();
        twin.papers.push(again);
        true
    }),
    ("DS204", |_, twin| {
        let slot = twin.papers[0].slot.clone();
        for name in ["a.pdf", "b.pdf"] {
            twin.dossier.items.push(Item {
                slot: slot.clone(),
                file: name.into(),
                title: None,
                note: None,
            });
        }
        true
    }),
    ("DS301", |pack, twin| {
        twin.on = date(2030, 1, 1);
        let filing = |window: &&juanzong::rulepack::Window| {
            window.step != juanzong::rulepack::Step::Assessment
        };
        let mut windows = pack.windows.iter().filter(filing);
        windows.any(|window| matches!(window.shape, juanzong::rulepack::WindowShape::Fixed { .. }))
    }),
];

fn first_required(pack: &Pack, twin: &Twin) -> String {
    let filled = |id: &str| twin.papers.iter().any(|paper| paper.slot == id);
    let mut slots = pack.slots.iter();
    let slot = slots.find(|slot| slot.presence == Presence::Required && filled(&slot.id));
    slot.unwrap().id.clone()
}

#[test]
fn each_bad_twin_is_refused_for_exactly_the_named_reason() {
    let packs = Packs::builtin();
    for (id, on, holding) in applicants() {
        let pack = packs.get(id).unwrap();
        let mut twins = 0;
        for (code, spoil) in SPOILS {
            let (dossier, papers) = full(pack, &holding);
            let mut twin = Twin {
                dossier,
                papers,
                on,
            };
            if !spoil(pack, &mut twin) {
                continue;
            }
            twins += 1;
            let Err(incomplete) = dossier::check(&twin.dossier, pack, twin.papers, twin.on) else {
                panic!("{id}: the twin of {code} was accepted");
            };
            let errors = incomplete
                .findings
                .iter()
                .filter(|f| f.severity == Severity::Error);
            let mut codes: Vec<&str> = errors.map(|f| f.code.as_str()).collect();
            codes.dedup();
            assert_eq!(codes, [*code], "{id}: {:#?}", incomplete.findings);
        }
        assert!(twins >= 8, "{id} has {twins} twins");
    }
}
