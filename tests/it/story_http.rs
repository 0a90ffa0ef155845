//! The whole story over HTTP: upload, validate, bind, certify, verify, revoke, on the sample dossier of notice 004.

use std::collections::BTreeMap;

use juanzong::{digest::Digest, store::Scope};
use serde_json::{Value, json};

use crate::support::{
    independent::page_text,
    server::{Setup, TestServer},
};

/// Handed in after binding.
const LATE: &str = "11-HAZOP培训合格证书.pdf";
const NOTICE: &str = "lianyungang-gongxin-kaohe-2024";

fn sample(name: &str) -> Vec<u8> {
    let path = format!("{}/fixtures/sample/004/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).unwrap()
}

#[test]
fn from_upload_to_verification() {
    let server = TestServer::with(Setup {
        file_bytes: Some(64 << 20),
        ..Setup::default()
    });
    let portal = server.token(&[Scope::Validate, Scope::Bind]);
    let text = String::from_utf8(sample("dossier.toml")).unwrap();
    let file: toml::Value = toml::from_str(&text).unwrap();
    let applicant = json!(file["applicant"]);

    // A bad twin is refused before anything is filed.
    let expired = format!(
        "{}/fixtures/bad/expired-report.pdf",
        env!("CARGO_MANIFEST_DIR")
    );
    let report = server
        .post(&format!("/v1/validations?notice={NOTICE}&slot=degree"))
        .bearer(&portal)
        .pdf(&std::fs::read(expired).unwrap())
        .send()
        .is(200);
    assert_eq!(report["verdict"], "refused");
    assert_eq!(report["findings"][0]["code"], "CH102");

    let made = server
        .post("/v1/dossiers")
        .bearer(&portal)
        .header("Idempotency-Key", "story-0000-0000-0001")
        .json(&json!({"notice": NOTICE, "applicant": applicant}))
        .send()
        .is(201);
    let secret = made["secret"].as_str().unwrap().to_owned();
    let dossier = format!("/v1/dossiers/{}", made["id"].as_str().unwrap());

    // An empty dossier is told everything that is missing, at once.
    let bind = || {
        server
            .post(&format!("{dossier}/binding"))
            .bearer(&secret)
            .send()
    };
    let missing = bind().refused(409, "dossier_incomplete");
    assert!(
        missing["errors"].as_array().unwrap().len() >= 8,
        "{missing:#}"
    );
    server
        .get(&format!("{dossier}/volumes/1.pdf"))
        .bearer(&secret)
        .send()
        .refused(404, "not_bound");

    let mut counts = BTreeMap::<String, u32>::new();
    for item in file["item"].as_array().unwrap() {
        let text = |name: &str| item.get(name).and_then(|v| v.as_str());
        let (slot, name) = (text("slot").unwrap(), text("file").unwrap());
        if name == LATE {
            continue;
        }
        let mut fields = Vec::new();
        fields.extend(text("title").map(|title| ("title", title)));
        fields.extend(text("note").map(|note| ("note", note)));
        let report = server
            .post(&format!("{dossier}/slots/{slot}/files"))
            .bearer(&secret)
            .form(name, &sample(name), &fields)
            .send()
            .is(201);
        assert_ne!(
            report["verdict"], "refused",
            "{name}: {:#}",
            report["findings"]
        );
        *counts.entry(slot.to_owned()).or_default() += 1;
    }
    let shown = server.get(&dossier).bearer(&secret).send().is(200);
    for slot in shown["slots"].as_array().unwrap() {
        let count = counts.get(slot["slot"].as_str().unwrap());
        let files = slot["files"].as_array().unwrap().len();
        assert_eq!(files as u32, count.copied().unwrap_or_default());
    }

    let bound = bind();
    let manifest = bound.header("location").unwrap().to_owned();
    let bound = bound.is(201);
    assert_eq!(manifest, format!("{dossier}/manifest.json"));
    let manifest = server.get(&manifest).bearer(&secret).send().is(200);
    assert_eq!(manifest["on"], "2024-08-20");
    let mut volumes = Vec::new();
    for number in [1, 2] {
        let volume = server
            .get(&format!("{dossier}/volumes/{number}.pdf"))
            .bearer(&secret)
            .send();
        assert_eq!(volume.status, 200);
        assert_eq!(volume.header("content-type"), Some("application/pdf"));
        assert!(volume.body.starts_with(b"%PDF-"));
        volumes.push(volume.body);
    }
    let contents = page_text(&volumes[0], 1);
    assert!(contents.contains("目录"), "{contents}");
    let bundle = server
        .get(&format!("{dossier}/bundle.zip"))
        .bearer(&secret)
        .send();
    let zip = zip::ZipArchive::new(std::io::Cursor::new(&bundle.body)).unwrap();
    let names: Vec<String> = zip
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    assert_eq!(names.len() + 1, bound["files"].as_array().unwrap().len());
    assert!(
        names.iter().any(|name| name == "manifest.json"),
        "{names:?}"
    );
    // Bound twice, the same bytes.
    bind().is(201);
    let again = server
        .get(&format!("{dossier}/volumes/1.pdf"))
        .bearer(&secret)
        .send();
    assert_eq!(Digest::of(&again.body), Digest::of(&volumes[0]));

    // What was bound is taken back when the dossier changes.
    server
        .ask("PATCH", &dossier)
        .bearer(&secret)
        .json(&json!({"applicant": {"phone": "13000000128"}}))
        .send()
        .is(200);
    server
        .get(&format!("{dossier}/volumes/1.pdf"))
        .bearer(&secret)
        .send()
        .refused(404, "not_bound");

    // A paper handed in later goes to the end, and what was printed keeps its numbers.
    server
        .post(&format!("{dossier}/slots/continuing_education/files"))
        .bearer(&secret)
        .form(LATE, &sample(LATE), &[])
        .send()
        .is(201);
    let bind_with = |body: Value| {
        server
            .post(&format!("{dossier}/binding"))
            .bearer(&secret)
            .json(&body)
            .send()
    };
    bind_with(json!({"no_such": 1})).refused(400, "body_unreadable");
    bind_with(json!({"supplements": "at_the_end"})).is(201);
    let later = server
        .get(&format!("{dossier}/manifest.json"))
        .bearer(&secret)
        .send()
        .is(200);
    let pages = |manifest: &Value| manifest["volumes"][0]["pages"].as_array().unwrap().clone();
    let (printed, now) = (pages(&manifest), pages(&later));
    assert_eq!(printed.len(), pages(&manifest).len());
    for (before, after) in printed.iter().zip(&now) {
        assert_eq!(before["number"], after["number"]);
    }
    assert_eq!(now[printed.len()]["origin"], "supplement_contents");
    assert_eq!(later["previous"]["merkle_root"], manifest["merkle_root"]);

    certified_and_verified(&server, &applicant);

    let deleted = server.ask("DELETE", &dossier).bearer(&secret).send();
    assert_eq!(deleted.status, 204);
}

fn certified_and_verified(server: &TestServer, applicant: &Value) {
    let office = server.token(&[Scope::Issue]);
    let name = applicant["name"].as_str().unwrap();
    let grant = json!({
        "name": name, "id_number": applicant["id_number"], "series": "工程技术",
        "specialty": "石油化工工程", "title": "工程师", "level": "中级", "method": "考核认定",
        "committee": "示例市工业和信息化领域中级评委会", "obtained_on": "2024-08-20",
    });
    let issue = || {
        server
            .post("/v1/certificates")
            .bearer(&office)
            .header("Idempotency-Key", "story-0000-0000-0002")
            .json(&grant)
            .send()
    };
    let first = issue();
    let address = first.header("location").unwrap().to_owned();
    let first = first.is(201);
    assert_eq!(first, issue().is(201), "issued once");
    let holder = first["holder_secret"].as_str().unwrap();
    let pdf = server.get(&address).bearer(holder).send();
    assert_eq!(pdf.status, 200);
    assert_eq!(first["file_sha256"], Digest::of(&pdf.body).to_hex());
    let pdf = pdf.body;
    server
        .get(&address)
        .send()
        .refused(401, "credentials_missing");
    server
        .get(&address)
        .bearer("jzh_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
        .send()
        .refused(401, "credentials_unknown");

    let code = first["code"].as_str().unwrap();
    let answer = |seen: crate::support::client::Seen| {
        assert!(
            !String::from_utf8_lossy(&seen.body).contains(name),
            "unmasked"
        );
        seen.is(200)["answer"].as_str().unwrap().to_owned()
    };
    let ask = || server.post("/v1/verifications");
    assert_eq!(
        answer(ask().json(&json!({"code": code})).send()),
        "authentic"
    );
    assert_eq!(answer(ask().pdf(&pdf).send()), "authentic");
    let sha256 = json!({"sha256": first["file_sha256"]});
    assert_eq!(answer(ask().json(&sha256).send()), "authentic");
    let mut forged = pdf.clone();
    let middle = forged.len() / 2;
    forged[middle] ^= 1;
    assert_ne!(answer(ask().pdf(&forged).send()), "authentic");
    let nobody = ask()
        .json(&json!({"code": "00000-00000-00000-00000"}))
        .send();
    assert_eq!(answer(nobody), "not_ours");
    assert_eq!(answer(ask().json(&json!({"code": "x"})).send()), "not_ours");
    let page = server.get(&format!("/v/{code}")).send();
    assert_eq!(page.status, 200);
    assert!(page.text().contains("authentic") && !page.text().contains(name));
    assert!(page.header("x-robots-tag").unwrap().contains("noindex"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    let form = server
        .post("/verify")
        .form("c.pdf", &pdf, &[("code", "")])
        .send();
    assert!(form.status == 200 && form.text().contains("answer authentic"));

    let number = first["number"].as_str().unwrap();
    let revocation = format!("/v1/certificates/{number}/revocation");
    let order = json!({"reason": "fraud", "effect": "ab_initio"});
    let wrong = server.post(&revocation).bearer(&office).json(&order).send();
    wrong.refused(403, "scope_missing");
    let revoker = server.token(&[Scope::Revoke]);
    let revoke = |order: &Value| server.post(&revocation).bearer(&revoker).json(order).send();
    revoke(&json!({"reason": "mood", "effect": "ab_initio"})).refused(400, "body_unreadable");
    revoke(&order).is(201);
    revoke(&order).refused(409, "certificate_not_valid");
    let nobody = server
        .post("/v1/certificates/XX-0/revocation")
        .bearer(&revoker)
        .json(&order)
        .send();
    assert_eq!(nobody.status, 404);
    assert_eq!(answer(ask().pdf(&pdf).send()), "revoked");
    assert_eq!(answer(ask().json(&json!({"code": code})).send()), "revoked");
    for bad in [
        json!({}),
        json!({"code": code, "sha256": "x"}),
        json!({"sha256": "x"}),
    ] {
        ask().json(&bad).send().refused(400, "body_unreadable");
    }
    let odd = server
        .post("/v1/certificates")
        .bearer(&office)
        .json(&json!({"name": name}))
        .send();
    odd.refused(400, "body_unreadable");
}

#[test]
fn the_sample_is_there_at_once_and_found_again() {
    let server = TestServer::with(Setup {
        file_bytes: Some(64 << 20),
        ..Setup::default()
    });
    let runtime = crate::support::server::runtime();
    let preload = || runtime.block_on(juanzong::http::sample::preload(&server.services));
    let made = preload().unwrap();
    assert_eq!(preload().unwrap(), made);
    let dossier = format!("/v1/dossiers/{}", made.dossier);
    // Anyone may look; nobody may change it without its secret.
    for path in [
        dossier.clone(),
        format!("{dossier}/volumes/1.pdf"),
        format!("{dossier}/volumes/2.pdf"),
        format!("{dossier}/bundle.zip"),
        format!("/v1/certificates/{}.pdf", made.certificate),
        format!("/v/{}", made.code),
    ] {
        assert_eq!(server.get(&path).send().status, 200, "{path}");
    }
    let deleted = server.ask("DELETE", &dossier).send();
    deleted.refused(401, "credentials_missing");
    let page = server.get("/").send().text();
    for link in page.split('"').filter(|part| part.starts_with("/v")) {
        let link = link.replace("&amp;", "&");
        if link != "/verify" {
            assert_eq!(server.get(&link).send().status, 200, "{link}");
        }
    }
    assert!(page.contains("第一分册") && page.contains(&made.certificate));
}
