//! Completeness of a dossier: everything missing at once, order, reasons, reuse, windows.

use std::sync::Arc;

use jiff::civil::{Date, date};
use juanzong::{
    checks,
    dossier::{self, CheckedItem, Dossier},
    finding::{Finding, Severity, Verdict},
    inspect::legibility::Seal,
    rulepack::known,
    units::{Mm, PtBox},
};

use crate::support::judged::{ON, full, pack, page, paper, reason, report};

fn codes(dossier: &Dossier, papers: Vec<CheckedItem>, on: Date) -> Vec<String> {
    let findings = match dossier::check(dossier, &pack(), papers, on) {
        Ok(checked) => checked.remarks().to_vec(),
        Err(incomplete) => incomplete.findings,
    };
    for finding in &findings {
        assert!(!finding.message.zh.ends_with('。'), "{finding:?}");
        assert!(!finding.message.en.ends_with('.'), "{finding:?}");
    }
    findings
        .iter()
        .map(|f| format!("{} {:?}", f.code, f.severity))
        .collect()
}

#[test]
fn a_full_dossier_comes_out_in_the_order_of_the_notice() {
    let (dossier, mut papers) = full();
    papers.reverse();
    papers.push(paper("degree", "second"));
    let checked = dossier::check(&dossier, &pack(), papers, ON).unwrap();
    let slots: Vec<&str> = checked.items().iter().map(|i| i.slot.as_str()).collect();
    assert_eq!(
        slots,
        [
            "commitment",
            "public_notice",
            "degree",
            "degree",
            "qualification",
            "appointment",
            "annual_assessment",
            "continuing_education",
            "awards",
            "summary",
            "papers",
            "patents",
            "achievements"
        ]
    );
    assert_eq!(checked.items()[2].title, "degree");
    assert_eq!(checked.items()[3].title, "second");
}

#[test]
fn everything_missing_is_said_at_once() {
    let (dossier, _) = full();
    let Err(incomplete) = dossier::check(&dossier, &pack(), Vec::new(), ON) else {
        panic!("an empty dossier must not be bound");
    };
    let lines: Vec<String> = incomplete
        .findings
        .iter()
        .map(|f| {
            format!(
                "{} {} — {}",
                f.code,
                f.message.zh,
                f.source.as_deref().unwrap_or("")
            )
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn a_reason_excuses_what_may_be_absent_and_nothing_else() {
    let (mut dossier, mut papers) = full();
    papers.retain(|p| p.slot != "awards");
    assert_eq!(codes(&dossier, papers.clone(), ON)[0], "DS105 Error");
    dossier.absent = vec![reason("awards")];
    let checked = dossier::check(&dossier, &pack(), papers.clone(), ON).unwrap();
    assert_eq!(checked.absent(), [reason("awards")]);
    papers.retain(|p| p.slot != "summary");
    dossier.absent.push(reason("summary"));
    assert_eq!(codes(&dossier, papers, ON)[0], "DS103 Error");
}

#[test]
fn each_fault_has_its_code() {
    type Fault = fn(&mut Dossier, &mut Vec<CheckedItem>);
    let faults: [(&str, Fault); 11] = [
        ("DS101 Error", |_, p| p.retain(|p| p.slot != "achievements")),
        ("DS102 Error", |_, p| p.push(paper("diary", "diary"))),
        ("DS102 Error", |d, _| d.absent.push(reason("diary"))),
        ("DS104 Error", |d, _| d.absent.push(reason("awards"))),
        ("DS106 Error", |_, p| p.push(paper("originals", "original"))),
        ("DS109 Error", |d, _| {
            d.applicant.specialty = Some("建设工程".into());
        }),
        ("DS201 Error", |_, p| {
            p[2].report = Arc::new(report(Verdict::Refused, p[2].sha256));
        }),
        ("DS202 Error", |_, p| p.push(paper("awards", "awards"))),
        ("DS210 Error", |_, p| {
            let mut report = report(Verdict::Accepted, p[2].sha256);
            report.facts.encrypted = true;
            p[2].report = Arc::new(report);
        }),
        ("DS210 Error", |_, p| {
            let mut report = report(Verdict::Accepted, p[2].sha256);
            let mut lost = Finding::new(
                "文件应有 3 页，只找到 1 页",
                "the file should have 3 pages, only 1 could be found",
            );
            lost.code = "FM109".to_owned().into();
            report.findings.push(lost);
            p[2].report = Arc::new(report);
        }),
        ("DS204 Error", |d, _| {
            for file in ["a.pdf", "b.pdf"] {
                d.items.push(dossier::Item {
                    slot: "awards".into(),
                    file: file.into(),
                    title: None,
                    note: None,
                });
            }
        }),
    ];
    for (code, fault) in faults {
        let (mut dossier, mut papers) = full();
        fault(&mut dossier, &mut papers);
        let found = codes(&dossier, papers, ON);
        let errors: Vec<&String> = found.iter().filter(|f| f.ends_with("Error")).collect();
        assert_eq!(errors, [code]);
    }
}

#[test]
fn a_seal_pasted_on_two_papers_is_pointed_out() {
    let sealed = |digest: &str| {
        let mut page = page(1);
        page.seals = vec![Seal {
            box_pt: PtBox::new(300.0, 100.0, 415.0, 215.0),
            colour: "red".into(),
            diameter_mm: Mm::new(40.5),
            score: 1.0,
            image_digest: Some(digest.into()),
        }];
        page
    };
    let found = |digests: [&str; 2]| {
        let (dossier, mut papers) = full();
        for (paper, digest) in papers.iter_mut().zip(digests) {
            let mut report = report(Verdict::Accepted, paper.sha256);
            report.facts.page_facts = vec![sealed(digest), sealed(digest)];
            paper.report = Arc::new(report);
        }
        let checked = dossier::check(&dossier, &pack(), papers, ON).unwrap();
        let codes = checked.remarks().iter().map(|f| f.code.to_string());
        codes.filter(|code| code.starts_with("SE")).count()
    };
    assert_eq!(found(["aa", "bb"]), 0, "twice on one paper is no matter");
    assert_eq!(found(["aa", "aa"]), 1);
}

#[test]
fn doubts_are_remarks_and_do_not_stand_in_the_way() {
    let (dossier, mut papers) = full();
    papers[1].report = Arc::new(report(Verdict::Undecided, papers[1].sha256));
    let mut twin = paper("awards", "qualification");
    twin.slot = "awards".into();
    papers.push(twin);
    let checked = dossier::check(&dossier, &pack(), papers, ON).unwrap();
    let found: Vec<&str> = checked.remarks().iter().map(|f| f.code.as_str()).collect();
    assert_eq!(found, ["DS108", "DS203", "DS202"]);
    assert!(
        checked
            .remarks()
            .iter()
            .all(|f| f.severity == Severity::Warning)
    );
}

#[test]
fn a_window_flips_at_the_day() {
    let (dossier, papers) = full();
    let on = |m, d| codes(&dossier, papers.clone(), date(2024, m, d));
    assert!(on(7, 17).contains(&"DS302 Warning".to_owned()));
    assert!(!on(8, 1).iter().any(|c| c.starts_with("DS30")));
    assert!(!on(9, 10).iter().any(|c| c.starts_with("DS30")));
    assert!(on(9, 11).contains(&"DS301 Error".to_owned()));
}

#[test]
fn every_rule_may_be_set_by_a_pack() {
    for rule in checks::rules() {
        assert!(
            known::known(rule.code.as_str()).is_some(),
            "{} has no line in rulepack::known::KNOWN",
            rule.code
        );
    }
    for known in known::KNOWN {
        assert!(
            checks::rule_by_code(known.code).is_some(),
            "{} is in rulepack::known::KNOWN but no rule has it",
            known.code
        );
    }
}
