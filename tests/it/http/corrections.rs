//! 补正告知书 over HTTP: everything at once, as data and as a letter.

use juanzong::{
    digest,
    rulepack::{Packs, Presence},
    store::Scope,
};
use serde_json::{Value, json};

use super::{NOTICE, small_pdf};
use crate::support::{
    independent::page_text,
    server::{Setup, TestServer},
};

fn begin(server: &TestServer, notice: &str, more: Value) -> (String, String) {
    let token = server.token(&[Scope::Bind]);
    let mut body = json!({"notice": notice, "applicant": {"name": "沈知远", "unit": "示例公司", "circumstances": []}});
    body.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let made = server
        .post("/v1/dossiers")
        .bearer(&token)
        .json(&body)
        .send()
        .is(201);
    let address = format!("/v1/dossiers/{}", made["id"].as_str().unwrap());
    (address, made["secret"].as_str().unwrap().to_owned())
}

#[test]
fn everything_that_must_be_mended_is_told_at_once() {
    let server = TestServer::start();
    let (dossier, secret) = begin(&server, NOTICE, json!({}));
    let letter = RawLetter {
        server: &server,
        address: format!("{dossier}/corrections"),
        secret: &secret,
    };
    let empty = letter.data("");
    let pack = server.services.packs.get(NOTICE).unwrap();
    let wanted = pack
        .slots
        .iter()
        .filter(|slot| slot.presence != Presence::Optional);
    // Every slot of the notice must be filled or excused; nothing was handed in.
    assert_eq!(empty["faults"], wanted.count());
    assert_eq!(
        empty["by"],
        json!({"kind": "window_ends", "day": "2024-09-10", "hours": [], "source": "连工信职称〔2024〕12号 六"})
    );
    assert!(empty["basis"].is_null(), "004 says nothing of it");
    let slots: Vec<&str> = empty["papers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| p["slot"].as_str().unwrap())
        .collect();
    assert_eq!(
        slots[..3],
        ["commitment", "public_notice", "degree"],
        "in the notice's order"
    );
    for paper in empty["papers"].as_array().unwrap() {
        for fault in paper["faults"].as_array().unwrap() {
            assert!(
                fault["wrong"]["zh"].is_string()
                    && fault["mend"]["zh"].is_string()
                    && fault["source"].is_string(),
                "{fault}"
            );
        }
    }
    // A refused file is told with each of its errors, under its name and its page.
    let letter_paper = std::fs::read("fixtures/bad/letter-paper.pdf").unwrap();
    let slot = format!("{dossier}/slots/commitment/files");
    let report = server
        .post(&slot)
        .bearer(&secret)
        .form("承诺书.pdf", &letter_paper, &[])
        .send()
        .is(201);
    let errors: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["severity"] == "error")
        .collect();
    let told = letter.data("?by=2024-08-30");
    assert_eq!(told["by"], json!({"kind": "chosen", "day": "2024-08-30"}));
    let first = &told["papers"][0];
    assert_eq!(
        (&first["slot"], &first["file"]),
        (&json!("commitment"), &json!("承诺书.pdf"))
    );
    let codes: Vec<_> = first["faults"]
        .as_array()
        .unwrap()
        .iter()
        .map(|f| (&f["code"], &f["page"]))
        .collect();
    assert_eq!(
        codes,
        errors
            .iter()
            .map(|f| (&f["code"], &f["page"]))
            .collect::<Vec<_>>()
    );
    // The letter says all of it.
    let pdf = server
        .get(&format!("{dossier}/corrections.pdf?by=2024-08-30"))
        .bearer(&secret)
        .send();
    assert_eq!(
        (pdf.status, pdf.header("content-type")),
        (200, Some("application/pdf"))
    );
    let pages = lopdf_pages(&pdf.body);
    let text: String = (1..=pages).map(|n| page_text(&pdf.body, n)).collect();
    for paper in told["papers"].as_array().unwrap() {
        for fault in paper["faults"].as_array().unwrap() {
            assert!(
                text.contains(fault["code"].as_str().unwrap()),
                "{fault} is not in the letter"
            );
        }
    }
    assert!(
        text.contains("2024年8月30日") && text.contains("沈知远"),
        "{text}"
    );
    for wrong in ["?by=soon", "?until=2024-08-30"] {
        let ask = server
            .get(&format!("{dossier}/corrections{wrong}"))
            .bearer(&secret)
            .send();
        ask.refused(400, "parameter_unreadable");
    }
    server
        .get(&format!("{dossier}/corrections.pdf"))
        .send()
        .refused(401, "credentials_missing");
}

#[test]
fn the_notice_that_obliges_the_office_is_cited_and_sets_no_day() {
    let server = TestServer::start();
    let (dossier, secret) = begin(&server, "lianyungang-pingshen-2024", json!({}));
    let letter = RawLetter {
        server: &server,
        address: format!("{dossier}/corrections"),
        secret: &secret,
    };
    let told = letter.data("");
    assert_eq!(told["by"], json!({"kind": "open"}));
    assert_eq!(told["basis"]["source"], "连职称办〔2024〕4号 四(三)");
    let (late, secret) = begin(
        &server,
        "haizhou-chuding-2023h1",
        json!({"judged_on": "2023-06-21"}),
    );
    let letter = RawLetter {
        server: &server,
        address: format!("{late}/corrections"),
        secret: &secret,
    };
    assert_eq!(letter.data("")["by"]["kind"], "over");
    assert_eq!(
        letter.data("")["papers"][0]["faults"][0]["code"],
        "DS301",
        "the application itself comes first"
    );
}

#[test]
fn a_dossier_without_faults_gets_no_letter() {
    // The notice of 001 cut down to one slot that may stay empty.
    let text = Packs::builtin()
        .get("nantong-chuding-2023")
        .unwrap()
        .text
        .to_string();
    let text = text
        .replace("presence = \"required\"\n", "presence = \"optional\"\n")
        .replace("when = ", "# when = ");
    let folder = tempfile::tempdir().unwrap();
    digest::write_atomically(
        &folder.path().join("nantong-chuding-2023.toml"),
        text.as_bytes(),
    )
    .unwrap();
    let server = TestServer::with(Setup {
        packs: Some(Packs::with_folder(folder.path()).unwrap()),
        ..Setup::default()
    });
    let (dossier, secret) = begin(
        &server,
        "nantong-chuding-2023",
        json!({"judged_on": "2023-10-10"}),
    );
    let slot = format!("{dossier}/slots/summary/files");
    server
        .post(&slot)
        .bearer(&secret)
        .pdf(&small_pdf("x"))
        .send()
        .is(201);
    let letter = RawLetter {
        server: &server,
        address: format!("{dossier}/corrections"),
        secret: &secret,
    };
    assert_eq!(letter.data("")["faults"], 0);
    let pdf = server
        .get(&format!("{dossier}/corrections.pdf"))
        .bearer(&secret)
        .send();
    pdf.refused(404, "nothing_to_mend");
}

struct RawLetter<'s> {
    server: &'s TestServer,
    address: String,
    secret: &'s str,
}

impl RawLetter<'_> {
    fn data(&self, query: &str) -> Value {
        let ask = self.server.get(&format!("{}{query}", self.address));
        ask.bearer(self.secret).send().is(200)
    }
}

fn lopdf_pages(pdf: &[u8]) -> u32 {
    lopdf::Document::load_mem(pdf).unwrap().get_pages().len() as u32
}
