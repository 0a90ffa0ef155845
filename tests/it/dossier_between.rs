//! Papers held against each other (DS205–DS209): what is found, and what is just not.

use std::sync::Arc;

use juanzong::{
    dossier::{self, CheckedItem, EarlierPaper},
    finding::{Finding, Severity, Verdict},
    inspect::{
        PageHash,
        document::{Certainty, DocumentFacts, DocumentKind, Evidence},
    },
    units::{PageNumber, PtBox},
};

use crate::support::judged::{ON, full, pack, page, report};

/// What a paper of this kind says, on its first page.
fn says(kind: DocumentKind, fields: &[(&str, &str)]) -> DocumentFacts {
    let mut facts = DocumentFacts {
        kind,
        ..DocumentFacts::default()
    };
    for (field, value) in fields {
        facts
            .fields
            .insert((*field).to_owned(), (*value).to_owned());
        facts.evidence.insert(
            (*field).to_owned(),
            Evidence {
                page: PageNumber::FIRST,
                box_pt: PtBox::new(60.0, 700.0, 160.0, 712.0),
                certainty: Certainty::Certain,
            },
        );
    }
    facts
}

/// The dossier with these papers saying so, found by their slot.
fn filing(said: Vec<(&str, DocumentFacts)>) -> Vec<CheckedItem> {
    let (_, mut papers) = full();
    for (slot, facts) in said {
        let paper = papers.iter_mut().find(|paper| paper.slot == slot).unwrap();
        let mut judged = report(Verdict::Accepted, paper.sha256);
        judged.facts.document = Some(facts);
        paper.report = Arc::new(judged);
    }
    papers
}

fn found(papers: Vec<CheckedItem>, earlier: &[EarlierPaper], code: &str) -> Vec<Finding> {
    let (dossier, _) = full();
    let all = match dossier::check_with(&dossier, &pack(), papers, earlier, ON) {
        Ok(checked) => checked.remarks().to_vec(),
        Err(incomplete) => incomplete.findings,
    };
    all.into_iter()
        .filter(|finding| finding.code.as_str() == code)
        .collect()
}

fn person(name: &str, sex: &str, born: &str, id: &str) -> Vec<(&'static str, String)> {
    let all = [
        ("name", name),
        ("sex", sex),
        ("born_on", born),
        ("id_number_masked", id),
    ];
    all.into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(field, value)| (field, value.to_owned()))
        .collect()
}

fn of_person(kind: DocumentKind, who: &[(&'static str, String)]) -> DocumentFacts {
    let fields: Vec<(&str, &str)> = who.iter().map(|(f, v)| (*f, v.as_str())).collect();
    says(kind, &fields)
}

/// DS205 between a report, a certificate and a letter of commitment.
fn contradictions(
    report: &[(&'static str, String)],
    title: &[(&'static str, String)],
) -> Vec<Finding> {
    let papers = filing(vec![
        (
            "degree",
            of_person(DocumentKind::ChsiEducationRecord, report),
        ),
        (
            "qualification",
            of_person(DocumentKind::QualificationCertificate, title),
        ),
    ]);
    found(papers, &[], "DS205")
}

#[test]
fn ds205_each_field_that_contradicts_is_an_error_naming_both_places() {
    let right = person("林知远", "女", "1994-01-08", "3207************36");
    assert!(contradictions(&right, &right).is_empty());
    for (field, other) in [
        ("name", person("林志远", "女", "1994-01-08", "")),
        ("sex", person("林知远", "男", "1994-01-08", "")),
        ("born_on", person("林知远", "女", "1994-01-09", "")),
        (
            "id_number_masked",
            person("林知远", "", "", "3207************3X"),
        ),
    ] {
        let [finding] = contradictions(&right, &other).try_into().unwrap();
        assert_eq!(finding.severity, Severity::Error, "{field}");
        assert!(finding.measured.contains_key(field), "{finding:?}");
        assert_eq!(finding.measured["file"], "qualification.pdf");
        assert_eq!(finding.expected["file"], "degree.pdf");
        for place in [
            "`degree.pdf`（degree）第 1 页",
            "`qualification.pdf`（qualification）第 1 页",
        ] {
            assert!(finding.message.zh.contains(place), "{}", finding.message.zh);
        }
    }
}

#[test]
fn ds205_ways_to_write_one_person_do_not_contradict() {
    for (a, b) in [
        ("阿依努尔·买买提", "阿依努尔•买买提"),
        ("阿依努尔·买买提", "阿依努尔．买买提"),
        ("林知远", "林 知遠"),
        ("林䶮", "林䶮"),
        ("林知远", "Lin Zhiyuan"),
    ] {
        let (a, b) = (
            person(a, "女", "1994-01", ""),
            person(b, "Female", "1994-01-08", ""),
        );
        assert!(contradictions(&a, &b).is_empty(), "{a:?} {b:?}");
    }
}

#[test]
fn ds205_the_identity_card_decides_and_doubt_accuses_nobody() {
    let wrong = person("林志远", "", "", "");
    let right = person("林知远", "", "", "");
    let mut papers = filing(vec![
        (
            "commitment",
            of_person(DocumentKind::CommitmentLetter, &wrong),
        ),
        (
            "degree",
            of_person(DocumentKind::ChsiEducationRecord, &wrong),
        ),
        (
            "qualification",
            of_person(DocumentKind::IdentityCard, &right),
        ),
    ]);
    let both = found(papers.clone(), &[], "DS205");
    assert_eq!(both.len(), 2, "both that differ from the card");
    assert!(
        both.iter()
            .all(|f| f.expected["file"] == "qualification.pdf")
    );
    // The same read from a picture, and with doubt: nothing is said.
    for paper in papers
        .iter_mut()
        .filter(|paper| paper.slot != "qualification")
    {
        let mut judged = (*paper.report).clone();
        if let Some(document) = &mut judged.facts.document {
            for evidence in document.evidence.values_mut() {
                evidence.certainty = Certainty::Suspect;
            }
        }
        paper.report = Arc::new(judged);
    }
    assert!(found(papers, &[], "DS205").is_empty());
}

fn hash(text: &str) -> PageHash {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).unwrap()
}

/// The papers with a page of these hashes in the slots named.
fn with_pages(pages: &[(&str, &str)]) -> Vec<CheckedItem> {
    let (_, mut papers) = full();
    for (slot, text) in pages {
        let paper = papers.iter_mut().find(|paper| paper.slot == *slot).unwrap();
        let mut judged = (*paper.report).clone();
        let mut other = page(1);
        other.page_hash = None;
        let mut hashed = page(2);
        hashed.page_hash = Some(hash(text));
        judged.facts.page_facts = vec![other, hashed];
        paper.report = Arc::new(judged);
    }
    papers
}

#[test]
fn ds206_one_page_in_two_papers() {
    let same = "text:00112233445566778899aabbccddeeff";
    let other = "text:ffeeddccbbaa99887766554433221100";
    let [finding] = found(
        with_pages(&[("awards", same), ("achievements", same)]),
        &[],
        "DS206",
    )
    .try_into()
    .unwrap();
    assert_eq!(finding.severity, Severity::Warning);
    assert_eq!(finding.measured["page"], 2);
    assert_eq!(finding.expected["other_file_than"], "awards.pdf");
    assert!(
        found(
            with_pages(&[("awards", same), ("achievements", other)]),
            &[],
            "DS206"
        )
        .is_empty()
    );
    // The very file twice is DS202 and not told again page by page.
    let mut papers = with_pages(&[("awards", same), ("achievements", same)]);
    let sha256 = papers.iter().find(|p| p.slot == "awards").unwrap().sha256;
    for paper in papers.iter_mut().filter(|p| p.slot == "achievements") {
        paper.sha256 = sha256;
    }
    assert!(found(papers, &[], "DS206").is_empty());
}

fn filed_in(year: i16, page: &str) -> EarlierPaper {
    EarlierPaper {
        year,
        slot: "awards".to_owned(),
        file_name: "奖状.pdf".to_owned(),
        sha256: juanzong::digest::Digest::of(b"an earlier file"),
        pages: vec![(PageNumber::FIRST, hash(page))],
    }
}

#[test]
fn ds207_achievements_of_an_earlier_year() {
    let used = "text:00112233445566778899aabbccddeeff";
    let fresh = "text:ffeeddccbbaa99887766554433221100";
    let earlier = [filed_in(2023, used)];
    let [finding] = found(with_pages(&[("awards", used)]), &earlier, "DS207")
        .try_into()
        .unwrap();
    assert_eq!(finding.severity, Severity::Warning);
    assert_eq!(
        (
            finding.measured["year"].as_i64(),
            finding.measured["page"].as_i64()
        ),
        (Some(2023), Some(2))
    );
    assert!(found(with_pages(&[("awards", fresh)]), &earlier, "DS207").is_empty());
    // A diploma is filed every time.
    assert!(found(with_pages(&[("degree", used)]), &earlier, "DS207").is_empty());
    // The same file, its pages not known by any hash.
    let (_, papers) = full();
    let same_file = EarlierPaper {
        sha256: papers.iter().find(|p| p.slot == "patents").unwrap().sha256,
        pages: vec![],
        ..filed_in(2022, used)
    };
    assert_eq!(found(papers, &[same_file], "DS207").len(), 1);
}

#[test]
fn ds208_articles_with_and_without_their_journal() {
    let parts = |said: &str| {
        let facts = says(DocumentKind::Paper, &[("parts", said)]);
        found(filing(vec![("papers", facts)]), &[], "DS208")
    };
    assert!(parts("cover contents article").is_empty());
    assert!(parts("cover contents article index").is_empty());
    let [finding] = parts("article index").try_into().unwrap();
    assert_eq!(
        finding.measured["lacking"],
        serde_json::json!(["cover", "contents"])
    );
    assert_eq!(finding.severity, Severity::Warning);
    assert_eq!(parts("cover contents").len(), 1, "no article");
    // Parts that could not be told from each other are not known to be missing.
    let untold = filing(vec![("papers", says(DocumentKind::Paper, &[]))]);
    assert!(found(untold, &[], "DS208").is_empty());
    let unknown = filing(vec![("papers", says(DocumentKind::Unknown, &[]))]);
    assert!(found(unknown, &[], "DS208").is_empty());
}

#[test]
fn ds209_group_awards_with_and_without_ones_own_part() {
    let award = |fields: &[(&str, &str)]| {
        let facts = says(DocumentKind::Award, fields);
        found(filing(vec![("awards", facts)]), &[], "DS209")
    };
    let [finding] = award(&[("group_award", "完成单位")]).try_into().unwrap();
    assert_eq!(finding.measured["file"], "awards.pdf");
    assert!(award(&[("group_award", "完成单位"), ("own_role", "排名第")]).is_empty());
    assert!(award(&[("name", "林知远")]).is_empty(), "one's own award");
}
