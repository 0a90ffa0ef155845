//! What an operator can count, and what must not be in it.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use juanzong::store::Scope;

use super::small_pdf;
use crate::support::server::TestServer;

#[test]
fn what_happened_is_counted_without_a_word_about_anybody() {
    let server = TestServer::start();
    let validate = server.token(&[Scope::Validate]);
    server
        .post("/v1/validations")
        .bearer(&validate)
        .form("沈知远-身份证.pdf", &small_pdf("110101199204180000"), &[])
        .send()
        .is(200);
    server.get("/v/ABCDEFGHJKLMNPQRSTUV").send();
    let observe = server.token(&[Scope::Observe]);
    let seen = server.get("/metrics").bearer(&observe).send();
    assert_eq!(seen.status, 200);
    let text = String::from_utf8(seen.body).unwrap();
    for wanted in [
        r#"juanzong_requests_total{method="POST",route="/v1/validations",status="200"}"#,
        "juanzong_verdicts_total{verdict=",
        "juanzong_request_seconds_bucket{",
        "juanzong_heavy_waiting 0",
        "juanzong_jobs{state=\"dead\"} 0",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in\n{text}");
    }
    for planted in [
        "沈知远",
        "110101199204180000",
        "ABCDEFGHJKLMNPQRSTUV",
        "127.0.0.1",
    ] {
        assert!(!text.contains(planted), "{planted} is in\n{text}");
    }
}

#[test]
fn methods_that_somebody_thinks_up_are_counted_together() {
    let server = TestServer::start();
    for made_up in ["BREW", "BREW2"] {
        let mut stream = TcpStream::connect(server.address()).unwrap();
        let head =
            format!("{made_up} /v1/validations HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 405"), "{answer}");
    }
    let observe = server.token(&[Scope::Observe]);
    let seen = server.get("/metrics").bearer(&observe).send();
    let text = String::from_utf8(seen.body).unwrap();
    let together = r#"{method="other",route="/v1/validations",status="405"}"#;
    assert!(text.contains(together), "{text}");
    assert!(!text.contains("BREW"), "{text}");
}

#[test]
fn counts_are_for_operators() {
    let server = TestServer::start();
    server
        .get("/metrics")
        .send()
        .refused(401, "credentials_missing");
    let issue = server.token(&[Scope::Issue]);
    let other = server.get("/metrics").bearer(&issue).send();
    other.refused(403, "scope_missing");
}
