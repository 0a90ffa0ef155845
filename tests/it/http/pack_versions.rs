//! A dossier keeps the version of its notice's pack that it began with, until it is moved on purpose.

use juanzong::{digest, digest::Digest, rulepack::Packs, store::Scope};
use serde_json::{Value, json};

use super::{NOTICE, small_pdf};
use crate::support::server::{Setup, TestServer};

/// Packs with version 2 of the notice beside the built-in version 1: there the fee is another, and a page may have any size.
fn with_version_2() -> Packs {
    let folder = tempfile::tempdir().unwrap();
    let text = Packs::builtin().get(NOTICE).unwrap().text.to_string();
    let text = text.replacen("version = 1", "version = 2", 1).replacen(
        "papers = [\"A4\"]",
        "papers = [\"A4\", \"A3\"]",
        1,
    );
    digest::write_atomically(
        &folder.path().join(format!("{NOTICE}.toml")),
        text.as_bytes(),
    )
    .unwrap();
    Packs::with_folder(folder.path()).unwrap()
}

fn sha256(packs: &Packs, version: u32) -> String {
    packs.version(NOTICE, version).unwrap().sha256.to_hex()
}

fn begin(server: &TestServer, more: Value) -> crate::support::client::Seen {
    let token = server.token(&[Scope::Bind]);
    let mut body = json!({"notice": NOTICE, "applicant": {"name": "沈知远"}});
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    server
        .post("/v1/dossiers")
        .bearer(&token)
        .json(&body)
        .send()
}

fn opened(made: Value) -> (String, String) {
    let address = format!("/v1/dossiers/{}", made["id"].as_str().unwrap());
    (address, made["secret"].as_str().unwrap().to_owned())
}

#[test]
fn two_versions_are_in_force_for_different_dossiers() {
    let packs = with_version_2();
    let (one, two) = (sha256(&packs, 1), sha256(&packs, 2));
    let server = TestServer::start();
    let (old, old_secret) = opened(begin(&server, json!({})).is(201));
    let slot = format!("{old}/slots/degree/files");
    server
        .post(&slot)
        .bearer(&old_secret)
        .pdf(&small_pdf("x"))
        .send()
        .is(201);

    let server = server.again_with(packs);
    let (new, new_secret) = opened(begin(&server, json!({})).is(201));
    let shown = |address: &str, secret: &str| server.get(address).bearer(secret).send().is(200);
    let seen = shown(&old, &old_secret);
    assert_eq!(
        (&seen["pack_sha256"], &seen["pack_version"]),
        (&json!(one), &json!(1))
    );
    assert_eq!(
        seen["newer_pack"],
        json!({"version": 2, "pack_sha256": two})
    );
    let seen = shown(&new, &new_secret);
    assert_eq!(
        (&seen["pack_sha256"], &seen["pack_version"]),
        (&json!(two), &json!(2))
    );
    assert!(seen["newer_pack"].is_null());
    // What is uploaded to each is judged by its own version.
    for (address, secret, judged_by) in [(&old, &old_secret, &one), (&new, &new_secret, &two)] {
        let slot = format!("{address}/slots/awards/files");
        let report = server
            .post(&slot)
            .bearer(secret)
            .pdf(&small_pdf("y"))
            .send()
            .is(201);
        assert_eq!(report["notice"]["pack_sha256"], **judged_by);
    }
    let versions = server
        .get(&format!("/v1/notices/{NOTICE}/versions"))
        .send()
        .is(200);
    assert_eq!(versions["newest"]["version"], 2);
    assert_eq!(versions["versions"].as_array().unwrap().len(), 2);
    let notice = |query: &str| server.get(&format!("/v1/notices/{NOTICE}{query}")).send();
    assert_eq!(notice("?version=1").is(200)["version"], 1);
    assert_eq!(notice("").is(200)["version"], 2);
    notice("?version=3").refused(404, "not_found");
    server
        .get("/v1/notices/nothing/versions")
        .send()
        .refused(404, "not_found");
}

#[test]
fn a_dossier_is_moved_on_purpose_and_its_papers_are_judged_again() {
    let packs = with_version_2();
    let two = sha256(&packs, 2);
    let server = TestServer::start();
    let (dossier, secret) = opened(begin(&server, json!({})).is(201));
    let slot = format!("{dossier}/slots/degree/files");
    server
        .post(&slot)
        .bearer(&secret)
        .pdf(&small_pdf("x"))
        .send()
        .is(201);
    let server = server.again_with(packs);
    let patch = |sha256: &str| {
        let ask = server.ask("PATCH", &dossier).bearer(&secret);
        ask.json(&json!({"pack_sha256": sha256})).send()
    };
    let body = patch(&Digest::of(b"none").to_hex()).refused(422, "pack_unknown");
    assert_eq!(
        body["errors"].as_array().unwrap().len(),
        2,
        "the versions there are"
    );
    patch("soon").refused(400, "body_unreadable");
    let other = server.services.packs.get("suzhou-chuding").unwrap().sha256;
    patch(&other.to_hex()).refused(422, "pack_unknown");
    let moved = patch(&two).is(200);
    assert_eq!(moved["pack_version"], 2);
    assert!(moved["newer_pack"].is_null());
    let report = server
        .get(&format!("{slot}/1"))
        .bearer(&secret)
        .send()
        .is(200);
    assert_eq!(
        report["notice"]["pack_sha256"], two,
        "judged again by the new version"
    );
    // And back, on purpose too.
    let one = sha256(&server.services.packs, 1);
    assert_eq!(patch(&one).is(200)["pack_version"], 1);
}

#[test]
fn a_version_that_the_office_took_away_is_still_kept() {
    let packs = with_version_2();
    let two = sha256(&packs, 2);
    let server = TestServer::with(Setup {
        packs: Some(packs),
        ..Setup::default()
    });
    let (dossier, secret) = opened(begin(&server, json!({})).is(201));
    let server = server.again_with(Packs::builtin());
    let shown = server.get(&dossier).bearer(&secret).send().is(200);
    assert_eq!(
        (&shown["pack_sha256"], &shown["pack_version"]),
        (&json!(two), &json!(2))
    );
    let slot = format!("{dossier}/slots/degree/files");
    let report = server
        .post(&slot)
        .bearer(&secret)
        .pdf(&small_pdf("x"))
        .send()
        .is(201);
    assert_eq!(report["notice"]["pack_sha256"], two);
    // Another dossier may still choose it, by its digest.
    begin(&server, json!({"pack_sha256": two})).is(201);
    begin(
        &server,
        json!({"pack_sha256": Digest::of(b"none").to_hex()}),
    )
    .refused(422, "pack_unknown");
}
