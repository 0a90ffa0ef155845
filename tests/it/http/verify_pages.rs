//! The verifier's pages without scripts: what each way of asking shows, and what it does not.

use juanzong::{digest::Digest, store::Scope};
use serde_json::{Value, json};

use crate::support::server::TestServer;

/// A certificate that was issued, with its file.
pub(super) struct Issued {
    pub(super) number: String,
    pub(super) code: String,
    pub(super) file: Vec<u8>,
}

pub(super) const NAME: &str = "沈知远";

pub(super) fn issue(server: &TestServer, token: &str) -> Issued {
    let body = server
        .post("/v1/certificates")
        .bearer(token)
        .json(&json!({
            "name": NAME, "series": "工程技术", "specialty": "石油化工工程", "title": "工程师", "level": "中级",
            "method": "考核认定", "committee": "示例市中级评委会", "obtained_on": "2024-08-20",
        }))
        .send()
        .is(201);
    let text = |name: &str| body[name].as_str().unwrap().to_owned();
    let path = format!("/v1/certificates/{}.pdf", text("number"));
    let file = server.get(&path).bearer(token).send();
    assert_eq!(file.status, 200);
    Issued {
        number: text("number"),
        code: text("code"),
        file: file.body,
    }
}

fn answer(html: &str) -> &str {
    let rest = html.split_once("data-answer=\"").expect("an answer").1;
    rest.split('"').next().unwrap()
}

#[test]
fn each_way_of_asking_gives_one_answer_and_shows_no_more_than_it_may() {
    let server = TestServer::start();
    let token = server.token(&[Scope::Issue, Scope::Revoke]);
    let issued = issue(&server, &token);
    let sha256 = Digest::of(&issued.file).to_hex();
    let by_code = server
        .post("/verify")
        .fields(&[("code", &issued.code)])
        .send();
    let by_hash = server.post("/verify").fields(&[("sha256", &sha256)]).send();
    let by_file = server
        .post("/verify")
        .form("证书.pdf", &issued.file, &[])
        .send();
    let by_link = server.get(&format!("/v/{}", issued.code)).send();
    for seen in [&by_code, &by_hash, &by_file, &by_link] {
        assert_eq!(answer(&seen.text()), "authentic");
        assert!(!seen.text().contains(NAME));
        assert_eq!(
            seen.header("x-robots-tag"),
            Some("noindex, nofollow, noarchive")
        );
        assert_eq!(seen.header("cache-control"), Some("no-store"));
    }
    for seen in [&by_code, &by_file, &by_link] {
        assert!(seen.text().contains("沈**") && seen.text().contains(&issued.number));
    }
    // Who has the hash alone learns nothing of the certificate (G2).
    assert!(!by_hash.text().contains("沈**") && !by_hash.text().contains(&issued.number));

    let mut altered = issued.file.clone();
    altered.extend_from_slice(b"\n% saved again\n");
    let seen = server
        .post("/verify")
        .form("证书.pdf", &altered, &[])
        .send();
    assert_eq!(answer(&seen.text()), "altered");
    let seen = server
        .post("/verify")
        .form("x.pdf", &super::small_pdf("nothing"), &[])
        .send();
    assert_eq!(answer(&seen.text()), "unknown");
    let seen = server
        .post("/verify")
        .form("x.pdf", b"no PDF at all", &[])
        .send();
    assert_eq!(answer(&seen.text()), "unknown");

    let path = format!("/v1/certificates/{}/revocation", issued.number);
    let order = json!({"reason": "fraud", "effect": "ab_initio"});
    server
        .post(&path)
        .bearer(&token)
        .json(&order)
        .send()
        .is(201);
    let seen = server
        .post("/verify")
        .fields(&[("code", &issued.code)])
        .send();
    assert_eq!(answer(&seen.text()), "revoked");
    assert!(seen.text().contains("弄虚作假取得") && seen.text().contains("自始无效"));
}

#[test]
fn a_wrong_code_and_an_unknown_one_look_the_same() {
    let server = TestServer::start();
    let token = server.token(&[Scope::Issue]);
    let issued = issue(&server, &token);
    let page = |code: &str| {
        let seen = server.post("/verify").fields(&[("code", code)]).send();
        (seen.status, seen.text())
    };
    let mut mistyped = issued.code.clone().into_bytes();
    mistyped[0] = if mistyped[0] == b'7' { b'8' } else { b'7' };
    let mistyped = String::from_utf8(mistyped).unwrap();
    // Twenty signs whose check sign fits, and that nobody has.
    let unknown = "0000000000000000000Z";
    let first = page(&mistyped);
    assert_eq!(answer(&first.1), "unknown");
    for code in [
        unknown,
        "",
        "x",
        &issued.number,
        "<script>alert(1)</script>",
    ] {
        assert_eq!(page(code), first, "{code}");
    }
}

#[test]
fn the_proof_holds_what_was_answered_and_the_way_to_the_signed_tree() {
    let server = TestServer::start();
    let token = server.token(&[Scope::Issue]);
    issue(&server, &token);
    let issued = issue(&server, &token);
    let seen = server
        .post("/verify/proof")
        .fields(&[("code", &issued.code)])
        .send();
    let disposition = seen.header("content-disposition").unwrap();
    assert_eq!(
        disposition,
        "attachment; filename=\"certificate-proof-1.json\""
    );
    let proof: Value = seen.value();
    assert_eq!(proof["verification"]["answer"], "authentic");
    let text = proof["tlog_proof"].as_str().unwrap();
    assert!(text.starts_with("c2sp.org/tlog-proof@v1\n") && text.contains("\nindex 1\n"));
    assert!(
        proof["issuer_pem"]
            .as_str()
            .unwrap()
            .starts_with("-----BEGIN CERTIFICATE")
    );
    let sha256 = Digest::of(&issued.file).to_hex();
    let by_hash = server
        .post("/verify/proof")
        .fields(&[("sha256", &sha256)])
        .send();
    assert!(!by_hash.text().contains(&issued.number));
    let unknown = server
        .post("/verify/proof")
        .fields(&[("code", "nothing")])
        .send();
    unknown.refused(404, "not_found");
    let wrong = server
        .post("/verify/proof")
        .fields(&[("sha256", "12")])
        .send();
    wrong.refused(400, "body_unreadable");
}
