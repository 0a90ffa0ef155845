//! `POST /v1/validations`: whatever the bytes are, the answer is a report, and nothing is kept.

use juanzong::{digest::Digest, store::Scope};

use super::{NOTICE, small_pdf};
use crate::support::server::{TODAY, TestServer};

fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).unwrap()
}

#[test]
fn a_file_gets_its_report_raw_or_as_a_form() {
    let server = TestServer::start();
    let token = server.token(&[Scope::Validate]);
    let pdf = fixture("sample/004/05-学历证书电子注册备案表.pdf");
    let path = format!("/v1/validations?notice={NOTICE}&slot=degree");
    let raw = server
        .post(&path)
        .bearer(&token)
        .header("Content-Digest", &Digest::of(&pdf).to_content_digest())
        .header(
            "Content-Disposition",
            "attachment; filename*=UTF-8''%E5%AD%A6%E5%8E%86.pdf",
        )
        .pdf(&pdf)
        .send()
        .is(200);
    assert_eq!(raw["report_version"], 1);
    assert_eq!(raw["file"], "学历.pdf");
    assert_eq!(raw["sha256"], Digest::of(&pdf).to_hex());
    assert_eq!(raw["judged_on"], TODAY);
    assert_eq!(raw["verdict"], "accepted", "{:#}", raw["findings"]);
    assert_eq!(raw["slot"], "degree");
    let mut form = server
        .post(&path)
        .bearer(&token)
        .form(
            "学历.pdf",
            &pdf,
            &[("holder_name", "沈知远"), ("holder_born", "1992-04-18")],
        )
        .send()
        .is(200);
    form["cost"] = raw["cost"].clone();
    assert_eq!(form["verdict"], raw["verdict"]);
    server.leaves(Vec::new());
}

#[test]
fn what_is_wrong_with_a_file_is_in_the_report() {
    let server = TestServer::start();
    let token = server.token(&[Scope::Validate]);
    let judge = |bytes: &[u8]| {
        let path = format!("/v1/validations?notice={NOTICE}&slot=degree");
        server.post(&path).bearer(&token).pdf(bytes).send().is(200)
    };
    for (name, family) in [
        ("bad/not-a-pdf.pdf", "FM"),
        ("bad/encrypted.pdf", "FM"),
        ("bad/javascript.pdf", "AC"),
        ("bad/letter-paper.pdf", "PG"),
        ("bad/expired-report.pdf", "CH"),
    ] {
        let report = judge(&fixture(name));
        assert_eq!(report["verdict"], "refused", "{name}");
        let codes: Vec<_> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| finding["code"].as_str().unwrap().to_owned())
            .collect();
        assert!(
            codes.iter().any(|code| code.starts_with(family)),
            "{name}: {codes:?}"
        );
    }
    assert_eq!(judge(b"")["verdict"], "refused");
    assert_eq!(judge(b"%PDF-1.7\n%%EOF")["verdict"], "refused");
    server.leaves(Vec::new());
}

#[test]
fn the_day_decides() {
    let server = TestServer::start();
    let token = server.token(&[Scope::Validate]);
    let pdf = fixture("sample/004/05-学历证书电子注册备案表.pdf");
    let verdict = |on: &str| {
        let path = format!("/v1/validations?notice={NOTICE}&slot=degree&on={on}");
        let report = server.post(&path).bearer(&token).pdf(&pdf).send().is(200);
        report["verdict"].as_str().unwrap().to_owned()
    };
    assert_eq!(verdict("2024-08-20"), "accepted");
    assert_eq!(verdict("2025-08-20"), "refused");
}

#[test]
fn an_office_may_let_everyone_in() {
    let server = TestServer::with(crate::support::server::Setup {
        open_to_applicants: true,
        ..Default::default()
    });
    let seen = server
        .post("/v1/validations")
        .pdf(&small_pdf("hello"))
        .send();
    assert_eq!(seen.status, 200);
    let wrong = server
        .post("/v1/validations")
        .bearer("jzt_no_no")
        .pdf(&small_pdf("hello"))
        .send();
    wrong.refused(401, "credentials_unknown");
}
