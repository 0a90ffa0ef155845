//! Mistakes on purpose: each gets a clear refusal and leaves nothing behind.

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    time::Duration,
};

use juanzong::{digest::Digest, store::Scope};
use serde_json::json;

use super::{NOTICE, small_pdf};
use crate::support::server::{FILE_BYTES, TestServer};

#[test]
fn queries_that_name_nothing_are_refused() {
    let server = TestServer::start();
    let token = server.token(&[Scope::Validate]);
    let pdf = small_pdf("hello");
    for (query, status, code) in [
        ("notice=nothing", 422, "notice_unknown"),
        ("notice=..%2F..%2Fetc%2Fpasswd", 422, "notice_unknown"),
        (
            &*format!("notice={NOTICE}&slot=nothing"),
            422,
            "slot_unknown",
        ),
        ("slot=degree", 400, "parameter_unreadable"),
        ("on=2024-02-30", 400, "parameter_unreadable"),
        ("on=yesterday", 400, "parameter_unreadable"),
        ("nottice=x", 400, "parameter_unreadable"),
    ] {
        let path = format!("/v1/validations?{query}");
        let seen = server.post(&path).bearer(&token).pdf(&pdf).send();
        seen.refused(status, code);
    }
    server.leaves(Vec::new());
}

#[test]
fn a_body_that_is_not_what_it_should_be_is_refused() {
    let server = TestServer::start();
    let token = server.token(&[Scope::Validate]);
    let pdf = small_pdf("hello");
    let ask = || server.post("/v1/validations").bearer(&token);
    let other = ask().header("Content-Type", "text/plain").body(&pdf).send();
    other.refused(415, "media_type_unsupported");
    let none = ask().body(&pdf).send();
    none.refused(415, "media_type_unsupported");
    let digest = Digest::of(b"other").to_content_digest();
    let wrong = ask().header("Content-Digest", &digest).pdf(&pdf).send();
    let body = wrong.refused(400, "digest_mismatch");
    assert_eq!(
        body["errors"][0]["received_sha256"],
        Digest::of(&pdf).to_hex()
    );
    let odd = ask().header("Content-Digest", "sha-256=x").pdf(&pdf).send();
    odd.refused(400, "header_unreadable");
    let form = ask().form("a.pdf", &pdf, &[("surprise", "1")]).send();
    form.refused(400, "body_unreadable");
    let born = ask().form("a.pdf", &pdf, &[("holder_born", "soon")]).send();
    born.refused(400, "body_unreadable");
    let long = "x".repeat(5000);
    let long = ask().form("a.pdf", &pdf, &[("holder_name", &long)]).send();
    long.refused(400, "body_unreadable");
    let empty = ask()
        .header("Content-Type", "multipart/form-data; boundary=x")
        .body(b"--x--\r\n")
        .send();
    empty.refused(400, "body_unreadable");
    let broken = ask()
        .header("Content-Type", "multipart/form-data; boundary=x")
        .body(b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nhalf")
        .send();
    broken.refused(400, "upload_truncated");
    let unbounded = ask()
        .header("Content-Type", "multipart/form-data")
        .body(b"x")
        .send();
    assert_eq!(unbounded.status, 400);
    server.leaves(Vec::new());
}

#[test]
fn a_file_just_small_enough_is_taken_and_one_more_byte_is_not() {
    let server = TestServer::start();
    let token = server.token(&[Scope::Validate]);
    let fits = vec![b' '; FILE_BYTES as usize];
    let seen = server
        .post("/v1/validations")
        .bearer(&token)
        .pdf(&fits)
        .send();
    assert_eq!(seen.is(200)["size_bytes"], FILE_BYTES);
    // By its length, before it is sent; and without a length, while it comes.
    let head = format!(
        "POST /v1/validations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/pdf\r\n"
    );
    let by_length = format!("{head}Content-Length: {}\r\n\r\n", FILE_BYTES + 1);
    let (status, body) = raw(&server, &[by_length.as_bytes()]);
    assert_eq!(status, 413);
    assert!(body.contains("upload_too_large") && body.contains(&FILE_BYTES.to_string()));
    let chunk = vec![b'x'; 1 << 20];
    let chunk_head = format!("{:x}\r\n", chunk.len());
    let mut parts: Vec<&[u8]> = vec![];
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n");
    parts.push(chunked.as_bytes());
    for _ in 0..3 {
        parts.extend([chunk_head.as_bytes(), &chunk[..], b"\r\n"]);
    }
    let (status, body) = raw(&server, &parts);
    assert_eq!(status, 413, "{body}");
    server.leaves(Vec::new());
}

#[test]
fn an_upload_that_breaks_off_or_falls_silent_leaves_nothing() {
    let server = TestServer::start();
    let token = server.token(&[Scope::Validate]);
    let head = format!(
        "POST /v1/validations HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/pdf\r\nContent-Length: 1000000\r\n\r\n"
    );
    let mut gone = TcpStream::connect(server.address()).unwrap();
    gone.write_all(head.as_bytes()).unwrap();
    gone.write_all(&vec![b'x'; 70_000]).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    drop(gone);
    let (status, body) = raw(&server, &[head.as_bytes(), b"only this"]);
    assert_eq!(status, 408, "{body}");
    assert!(body.contains("request_timeout"));
    let until = std::time::Instant::now() + Duration::from_secs(5);
    while !server.services.store.blobs().spooled().unwrap().is_empty() {
        assert!(std::time::Instant::now() < until, "the spool stays full");
        std::thread::sleep(Duration::from_millis(50));
    }
    server.leaves(Vec::new());
}

#[test]
fn json_that_is_none_or_something_else_is_refused() {
    let server = TestServer::start();
    let token = server.token(&[Scope::Bind]);
    let ask = || server.post("/v1/dossiers").bearer(&token);
    let bad = ask()
        .header("Content-Type", "application/json")
        .body(b"{\"notice\": ")
        .send();
    let body = bad.refused(400, "body_unreadable");
    assert_eq!(body["errors"][0]["line"], 1);
    let applicant = json!({"name": "张三"});
    for (sent, status, code) in [
        (json!([]), 400, "body_unreadable"),
        (json!({"notice": NOTICE}), 400, "body_unreadable"),
        (
            json!({"notice": NOTICE, "applicant": applicant, "more": 1}),
            400,
            "body_unreadable",
        ),
        (
            json!({"notice": NOTICE, "applicant": applicant, "judged_on": "soon"}),
            400,
            "body_unreadable",
        ),
        (
            json!({"notice": NOTICE, "applicant": applicant, "item": [{"slot": "degree", "file": "/etc/passwd"}]}),
            400,
            "body_unreadable",
        ),
        (
            json!({"notice": "nothing", "applicant": applicant}),
            422,
            "notice_unknown",
        ),
    ] {
        ask().json(&sent).send().refused(status, code);
    }
    let text = ask().header("Content-Type", "text/json").body(b"{}").send();
    text.refused(415, "media_type_unsupported");
    let large = vec![b' '; (1 << 20) + 1];
    let large = ask()
        .header("Content-Type", "application/json")
        .body(&large)
        .send();
    large.refused(413, "upload_too_large");
    server.leaves(Vec::new());
}

/// Sends bytes as they are and reads the answer.
fn raw(server: &TestServer, parts: &[&[u8]]) -> (u16, String) {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    for part in parts {
        // The server may have answered and closed before it has everything.
        if stream.write_all(part).is_err() {
            break;
        }
    }
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    while !String::from_utf8_lossy(&answer).contains("request_id") {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => break,
            Ok(n) => answer.extend_from_slice(&buffer[..n]),
        }
    }
    let text = String::from_utf8_lossy(&answer).into_owned();
    let status = text
        .split(' ')
        .nth(1)
        .and_then(|word| word.parse().ok())
        .unwrap_or_else(|| panic!("no answer: {text}"));
    (status, text)
}
