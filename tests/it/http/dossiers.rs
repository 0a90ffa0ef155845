//! A dossier from its making to its end.

use juanzong::{
    digest::Digest,
    store::{Engine, Scope},
};
use serde_json::{Value, json};

use super::{NOTICE, small_pdf};
use crate::support::server::TestServer;

fn made(server: &TestServer) -> (String, String) {
    let token = server.token(&[Scope::Bind]);
    let seen = server
        .post("/v1/dossiers")
        .bearer(&token)
        .json(&json!({"notice": NOTICE, "applicant": {"name": "沈知远", "born": "1992-04-18"}}))
        .send();
    let location = seen.header("location").unwrap().to_owned();
    let body = seen.is(201);
    assert_eq!(
        location,
        format!("/v1/dossiers/{}", body["id"].as_str().unwrap())
    );
    let secret = body["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("jzd_"));
    (location, secret)
}

fn files(dossier: &Value, slot: &str) -> Vec<(i64, String, String)> {
    let slots = dossier["slots"].as_array().unwrap();
    let slot = slots.iter().find(|s| s["slot"] == slot).unwrap();
    let files = slot["files"].as_array().unwrap();
    let line = |file: &Value| {
        let text = |name: &str| file[name].as_str().unwrap().to_owned();
        (file["n"].as_i64().unwrap(), text("id"), text("file_name"))
    };
    files.iter().map(line).collect()
}

#[test]
fn files_come_move_change_and_go() {
    let server = TestServer::start();
    let (dossier, secret) = made(&server);
    let slot = format!("{dossier}/slots/degree/files");
    let pdfs: Vec<Vec<u8>> = ["one", "two", "three", "four"].map(small_pdf).into();
    let first = server.post(&slot).bearer(&secret).pdf(&pdfs[0]).send();
    assert_eq!(first.header("location"), Some(&*format!("{slot}/1")));
    assert_eq!(first.is(201)["sha256"], Digest::of(&pdfs[0]).to_hex());
    let second = server
        .post(&slot)
        .bearer(&secret)
        .form(
            "../学位<script>.pdf",
            &pdfs[1],
            &[("title", "学位证书复印件"), ("note", "复印件")],
        )
        .send();
    second.is(201);
    server
        .post(&slot)
        .bearer(&secret)
        .pdf(&pdfs[2])
        .send()
        .is(201);
    let shown = server.get(&dossier).bearer(&secret).send();
    let tag = shown.header("etag").unwrap().to_owned();
    let shown = shown.is(200);
    let here = files(&shown, "degree");
    assert_eq!(
        here.iter().map(|(n, _, _)| *n).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert_eq!(here[1].2, "学位<script>.pdf");
    // The report of a file can be read again.
    let report = server.get(&format!("{slot}/2")).bearer(&secret).send();
    assert_eq!(report.is(200)["sha256"], Digest::of(&pdfs[1]).to_hex());
    // Another order, by a caller who saw the newest revision; then one who did not.
    let order = json!({"order": [here[2].1, here[0].1, here[1].1]});
    let moved = server
        .ask("PUT", &slot)
        .bearer(&secret)
        .header("If-Match", &tag)
        .json(&order)
        .send()
        .is(200);
    assert_eq!(files(&moved, "degree")[0].1, here[2].1);
    let late = server
        .ask("PUT", &slot)
        .bearer(&secret)
        .header("If-Match", &tag)
        .json(&order)
        .send();
    late.refused(412, "changed");
    let short = json!({"order": [here[2].1]});
    let short = server.ask("PUT", &slot).bearer(&secret).json(&short).send();
    short.refused(400, "body_unreadable");
    // Replaced in place: the title stays.
    let replaced = server
        .ask("PUT", &format!("{slot}/3"))
        .bearer(&secret)
        .pdf(&pdfs[3])
        .send();
    assert_eq!(replaced.is(200)["sha256"], Digest::of(&pdfs[3]).to_hex());
    let after = server
        .ask("DELETE", &format!("{slot}/1"))
        .bearer(&secret)
        .send()
        .is(200);
    let left = files(&after, "degree");
    assert_eq!(left.len(), 2);
    let slots = after["slots"].as_array().unwrap();
    let degree = slots.iter().find(|s| s["slot"] == "degree").unwrap();
    assert_eq!(degree["files"][1]["title"], "学位证书复印件");
    // What is not there.
    let gone = server.get(&format!("{slot}/3")).bearer(&secret).send();
    gone.refused(404, "not_found");
    let other = format!("{dossier}/slots/nothing/files");
    let other = server.post(&other).bearer(&secret).pdf(&pdfs[0]).send();
    other.refused(404, "not_found");
    let listed = format!("{dossier}/slots/originals/files");
    let listed = server.post(&listed).bearer(&secret).pdf(&pdfs[0]).send();
    listed.refused(422, "slot_takes_no_files");
    server.leaves(vec![Digest::of(&pdfs[0]), Digest::of(&pdfs[3])]);
}

#[test]
fn a_deleted_dossier_leaves_no_byte_and_no_word() {
    let server = TestServer::start();
    let (dossier, secret) = made(&server);
    let pdf = small_pdf("gone soon");
    let slot = format!("{dossier}/slots/degree/files");
    server
        .post(&slot)
        .bearer(&secret)
        .form("a.pdf", &pdf, &[("title", "沈知远之毕业证书")])
        .send()
        .is(201);
    let data = server.data();
    // Elsewhere the words lie in PostgreSQL; what stays in the folder is looked at all the same.
    if server.services.store.engine() == Engine::Sqlite {
        assert!(holds(&data, "沈知远".as_bytes()));
    }
    let deleted = server.ask("DELETE", &dossier).bearer(&secret).send();
    assert_eq!(deleted.status, 204);
    let again = server.get(&dossier).bearer(&secret).send();
    again.refused(401, "credentials_unknown");
    assert!(!holds(&data, "沈知远".as_bytes()));
    assert!(!holds(
        &data,
        secret.strip_prefix("jzd_").unwrap().as_bytes()
    ));
    server.leaves(Vec::new());
}

/// Whether any file of the data folder holds these bytes.
fn holds(folder: &std::path::Path, wanted: &[u8]) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, wanted);
        }
        let bytes = std::fs::read(&path).unwrap();
        bytes.windows(wanted.len()).any(|window| window == wanted)
    })
}

#[test]
fn a_dossier_opens_with_its_own_secret_only() {
    let server = TestServer::start();
    let (mine, secret) = made(&server);
    let (other, _) = made(&server);
    server.get(&mine).bearer(&secret).send().is(200);
    server
        .get(&other)
        .bearer(&secret)
        .send()
        .refused(401, "credentials_unknown");
    server.get(&mine).send().refused(401, "credentials_missing");
    let bind = server.token(&[Scope::Bind]);
    server
        .get(&mine)
        .bearer(&bind)
        .send()
        .refused(403, "scope_missing");
    let admin = server.token(&[Scope::Admin]);
    server.get(&mine).bearer(&admin).send().is(200);
    server
        .get("/v1/dossiers/0000000000000000")
        .bearer(&admin)
        .send()
        .refused(404, "not_found");
    server
        .get(&mine)
        .header("Authorization", "Basic eDp5")
        .send()
        .refused(401, "credentials_unknown");
}

#[test]
fn what_the_applicant_said_can_be_changed() {
    let server = TestServer::start();
    let (dossier, secret) = made(&server);
    let patch = json!({
        "applicant": {"unit": "连云港澄屿石化工程有限公司", "born": null},
        "absent": [{"slot": "awards", "reason": "无个人获奖"}],
        "judged_on": "2024-09-01",
    });
    let seen = server
        .ask("PATCH", &dossier)
        .bearer(&secret)
        .json(&patch)
        .send();
    assert_eq!(seen.header("etag"), Some("\"r2\""));
    let changed = seen.is(200);
    assert_eq!(changed["judged_on"], "2024-09-01");
    assert_eq!(changed["statement"]["applicant"]["name"], "沈知远");
    assert_eq!(changed["statement"]["applicant"]["born"], Value::Null);
    assert_eq!(changed["statement"]["absent"][0]["slot"], "awards");
    for bad in [
        json!({"notice": "other"}),
        json!({"applicant": null}),
        json!({"surprise": 1}),
        json!("x"),
    ] {
        let seen = server
            .ask("PATCH", &dossier)
            .bearer(&secret)
            .json(&bad)
            .send();
        seen.refused(400, "body_unreadable");
    }
    let late = server
        .ask("PATCH", &dossier)
        .bearer(&secret)
        .header("If-Match", "\"r1\"")
        .json(&json!({}))
        .send();
    late.refused(412, "changed");
}

#[test]
fn asked_twice_is_done_once() {
    let server = TestServer::start();
    let token = server.token(&[Scope::Bind]);
    let body = json!({"notice": NOTICE, "applicant": {"name": "沈知远"}});
    let ask = |key: &str, body: &Value| {
        server
            .post("/v1/dossiers")
            .bearer(&token)
            .header("Idempotency-Key", key)
            .json(body)
            .send()
    };
    let key = "5b2c8f1e-1111-4222-8333-444455556666";
    let (first, second) = (ask(key, &body), ask(key, &body));
    assert_eq!(first.header("location"), second.header("location"));
    let (first, second) = (first.is(201), second.is(201));
    assert_eq!(first, second);
    // The secret opens it, though it is nowhere kept.
    let secret = second["secret"].as_str().unwrap();
    let dossier = format!("/v1/dossiers/{}", second["id"].as_str().unwrap());
    server.get(&dossier).bearer(secret).send().is(200);
    assert!(!holds(
        &server.data(),
        secret.strip_prefix("jzd_").unwrap().as_bytes()
    ));
    let other = json!({"notice": NOTICE, "applicant": {"name": "别人"}});
    ask(key, &other).refused(422, "idempotency_key_reused");
    ask("short", &body).refused(400, "idempotency_key_unreadable");
    let slot = format!("{dossier}/slots/degree/files");
    let pdf = small_pdf("once");
    let upload = || {
        server
            .post(&slot)
            .bearer(secret)
            .header("Idempotency-Key", key)
            .pdf(&pdf)
            .send()
    };
    let (one, two) = (upload(), upload());
    assert_eq!(one.header("location"), two.header("location"));
    assert_eq!(one.is(201), two.is(201));
    let shown = server.get(&dossier).bearer(secret).send().is(200);
    assert_eq!(files(&shown, "degree").len(), 1);
    server.leaves(vec![Digest::of(&pdf)]);
}

#[test]
fn a_page_can_be_looked_at() {
    let server = TestServer::start();
    let (dossier, secret) = made(&server);
    let slot = format!("{dossier}/slots/degree/files");
    server
        .post(&slot)
        .bearer(&secret)
        .pdf(&small_pdf("look"))
        .send()
        .is(201);
    let shown = server.get(&dossier).bearer(&secret).send().is(200);
    let id = files(&shown, "degree")[0].1.clone();
    let page = |rest: &str| {
        server
            .get(&format!("{dossier}/pages/{id}/{rest}"))
            .bearer(&secret)
            .send()
    };
    let seen = page("1.png?mark=findings&dpi=36");
    assert_eq!(seen.status, 200, "{}", String::from_utf8_lossy(&seen.body));
    assert_eq!(seen.header("content-type"), Some("image/png"));
    assert_eq!(seen.body[..4], *b"\x89PNG");
    page("2.png").refused(404, "not_found");
    page("0.png").refused(404, "not_found");
    page("1.png?dpi=9000").refused(400, "parameter_unreadable");
    page("1.png?mark=all").refused(400, "parameter_unreadable");
    let other = format!("{dossier}/pages/0000000000000000/1.png");
    server
        .get(&other)
        .bearer(&secret)
        .send()
        .refused(404, "not_found");
}

#[test]
fn a_reviewers_online_result_settles_what_the_paper_cannot() {
    let server = TestServer::start();
    let token = server.token(&[Scope::Bind]);
    let made = server
        .post("/v1/dossiers")
        .bearer(&token)
        .json(&json!({"notice": "suzhou-chuding", "judged_on": "2024-08-20", "applicant": {"name": "林知远"}}))
        .send();
    let dossier = made.header("location").unwrap().to_owned();
    let secret = made.is(201)["secret"].as_str().unwrap().to_owned();
    let slot = format!("{dossier}/slots/degree/files");
    let pdf = std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/fixtures/chsi/education-c-song.pdf"
    ))
    .unwrap();
    let outcome = |report: &Value, code: &str| {
        let outcomes = report["outcomes"].as_array().unwrap();
        let found = outcomes.iter().find(|o| o["code"] == code).unwrap();
        found["outcome"].as_str().unwrap().to_owned()
    };
    let report = server.post(&slot).bearer(&secret).pdf(&pdf).send().is(201);
    // 有效期3个月以上 and still valid: the paper prints no expiry.
    assert_eq!(outcome(&report, "CH103"), "could_not_tell");
    let file = format!("{slot}/1");
    let valid = json!({"online_result": {"state": "valid", "checked_on": "2024-08-19", "valid_until": "2024-12-10"}});
    // The applicant's own secret is no reviewer's token.
    let own = server
        .ask("PATCH", &file)
        .bearer(&secret)
        .json(&valid)
        .send();
    own.refused(401, "credentials_unknown");
    let seen = server
        .ask("PATCH", &file)
        .bearer(&token)
        .json(&valid)
        .send()
        .is(200);
    assert_eq!(outcome(&seen, "CH103"), "passed");
    assert_eq!(outcome(&seen, "CH110"), "passed");
    assert_eq!(
        seen["facts"]["document"]["online"]["valid_until"],
        "2024-12-10"
    );
    // It is kept, and judged by later on.
    let kept = server.get(&file).bearer(&secret).send().is(200);
    assert_eq!(outcome(&kept, "CH103"), "passed");
    let closed = json!({"online_result": {"state": "closed", "checked_on": "2024-08-20"}});
    let seen = server
        .ask("PATCH", &file)
        .bearer(&token)
        .json(&closed)
        .send()
        .is(200);
    assert_eq!(outcome(&seen, "CH110"), "found");
    assert_eq!(seen["verdict"], "refused");
    let none = json!({"online_result": null});
    let seen = server
        .ask("PATCH", &file)
        .bearer(&token)
        .json(&none)
        .send()
        .is(200);
    assert_eq!(outcome(&seen, "CH110"), "not_applicable");
    // What cannot be.
    for bad in [
        json!({"online_result": {"state": "valid", "checked_on": "2999-01-01"}}),
        json!({"online_result": {"state": "valid", "checked_on": "2024-08-19", "valid_until": "2024-08-01"}}),
        json!({"online_result": {"state": "maybe"}}),
        json!({"offline_result": null}),
    ] {
        let seen = server.ask("PATCH", &file).bearer(&token).json(&bad).send();
        seen.refused(400, "body_unreadable");
    }
    let nothing = format!("{slot}/2");
    server
        .ask("PATCH", &nothing)
        .bearer(&token)
        .json(&none)
        .send()
        .refused(404, "not_found");
}
