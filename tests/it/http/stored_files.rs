//! Stored bytes: tags, ranges, digests, names.

use juanzong::{digest::Digest, store::Scope};
use serde_json::json;

use super::{NOTICE, small_pdf};
use crate::support::server::TestServer;

#[test]
fn stored_bytes_have_a_tag_and_ranges() {
    let server = TestServer::with(crate::support::server::Setup {
        open_to_applicants: true,
        ..Default::default()
    });
    let _ = server.token(&[Scope::Bind]);
    let made = server
        .post("/v1/dossiers")
        .json(&json!({"notice": NOTICE, "applicant": {"name": "沈知远"}}))
        .send()
        .is(201);
    let secret = made["secret"].as_str().unwrap();
    let dossier = format!("/v1/dossiers/{}", made["id"].as_str().unwrap());
    let pdf = small_pdf("bytes");
    server
        .post(&format!("{dossier}/slots/degree/files"))
        .bearer(secret)
        .form("毕业证书.pdf", &pdf, &[])
        .send()
        .is(201);
    let shown = server.get(&dossier).bearer(secret).send().is(200);
    let slots = shown["slots"].as_array().unwrap();
    let degree = slots.iter().find(|s| s["slot"] == "degree").unwrap();
    let id = degree["files"][0]["id"].as_str().unwrap();
    let file = format!("{dossier}/files/{id}.pdf");
    let get = || server.get(&file).bearer(secret);
    let whole = get().send();
    assert_eq!((whole.status, &whole.body), (200, &pdf));
    let tag = whole.header("etag").unwrap().to_owned();
    assert_eq!(tag, format!("\"{}\"", Digest::of(&pdf)));
    let digest = Digest::of(&pdf).to_content_digest();
    assert_eq!(whole.header("content-digest"), Some(&*digest));
    assert!(
        whole
            .header("content-disposition")
            .unwrap()
            .ends_with("filename*=UTF-8''%E6%AF%95%E4%B8%9A%E8%AF%81%E4%B9%A6.pdf")
    );
    let same = get().header("If-None-Match", &tag).send();
    assert_eq!((same.status, same.body.len()), (304, 0));
    let size = pdf.len();
    for (range, want) in [
        ("bytes=0-3", 0..4),
        ("bytes=10-", 10..size),
        ("bytes=-7", size - 7..size),
    ] {
        let part = get().header("Range", range).send();
        assert_eq!(part.status, 206, "{range}");
        assert_eq!(part.body, pdf[want.clone()]);
        assert_eq!(
            part.header("content-range"),
            Some(&*format!("bytes {}-{}/{size}", want.start, want.end - 1))
        );
        assert_eq!(part.header("repr-digest"), Some(&*digest));
        assert_eq!(part.header("content-digest"), None);
    }
    let beyond = get().header("Range", &format!("bytes={size}-")).send();
    assert_eq!(
        beyond.header("content-range"),
        Some(&*format!("bytes */{size}"))
    );
    beyond.refused(416, "range_not_satisfiable");
    for passed_over in ["bytes=5-1", "bytes=0-1,4-5", "pages=1-2"] {
        let seen = get().header("Range", passed_over).send();
        assert_eq!((seen.status, seen.body.len()), (200, size), "{passed_over}");
    }
    let changed = get()
        .header("Range", "bytes=0-3")
        .header("If-Range", "\"other\"")
        .send();
    assert_eq!(changed.status, 200);
    let head = server.ask("HEAD", &file).bearer(secret).send();
    assert_eq!(head.header("content-length"), Some(&*size.to_string()));
    server.leaves(vec![Digest::of(&pdf)]);
}
