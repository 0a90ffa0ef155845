//! Names, numbers and codes planted in a whole story are in no log line, no count, no refusal's text, and, once deleted, in no byte of
//! the data folder. The server is the program itself, telling all it can tell.

use std::{fs, path::Path};

use serde_json::{Value, json};

use super::{NOTICE, jobs::Served, small_pdf};
use crate::support::program::{juanzong, printed};

/// Of the applicant whose dossier is deleted.
const APPLICANT: &[&str] = &[
    "沈知远",
    "320700199204180036",
    "13900001234",
    "示例精细化工",
];
/// Of the holder of the certificate that stays.
const HOLDER: &[&str] = &["顾明朗", "110101198803070023"];

struct Story {
    base: String,
    agent: ureq::Agent,
    /// Texts of refusals.
    refusals: String,
    /// Secrets and codes that were handed out.
    handed_out: Vec<String>,
}

impl Story {
    fn ask(&mut self, method: &str, path: &str, bearer: &str, kind: &str, body: &[u8]) -> Value {
        self.ask_with(method, path, bearer, kind, body, &[])
    }
    fn ask_with(
        &mut self,
        method: &str,
        path: &str,
        bearer: &str,
        kind: &str,
        body: &[u8],
        headers: &[(&str, &str)],
    ) -> Value {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base));
        if !bearer.is_empty() {
            request = request.header("Authorization", format!("Bearer {bearer}"));
        }
        if !kind.is_empty() {
            request = request.header("Content-Type", kind);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(body.to_vec()).unwrap();
        let mut answer = self.agent.run(request).unwrap();
        let text = answer.body_mut().read_to_string().unwrap_or_default();
        if answer.status().as_u16() >= 400 {
            self.refusals += &format!("{method} {} {text}\n", answer.status());
        }
        let value: Value = serde_json::from_str(&text).unwrap_or_default();
        for name in ["secret", "holder_secret", "code"] {
            let found = value[name]
                .as_str()
                .filter(|text| text.contains('-') || text.starts_with("jz"));
            self.handed_out.extend(found.map(str::to_owned));
        }
        value
    }
}

/// Whether any file below holds these bytes.
fn holds(folder: &Path, planted: &str) -> Option<std::path::PathBuf> {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if let Some(found) = holds(&path, planted) {
                return Some(found);
            }
        } else {
            let bytes = fs::read(&path).unwrap();
            if bytes
                .windows(planted.len())
                .any(|some| some == planted.as_bytes())
            {
                return Some(path);
            }
        }
    }
    None
}

#[test]
fn what_is_planted_is_said_nowhere_and_deleted_everywhere() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let data = data.to_str().unwrap();
    juanzong(&[
        "keys",
        "init",
        "--data",
        data,
        "--office",
        "示例市职称办",
        "--base-url",
        "https://a.example",
        "--log-origin",
        "a.example/log",
    ]);
    let token = juanzong(&[
        "token", "create", "--data", data, "--scope", "admin", "observe",
    ]);
    let token = printed(&token).trim().to_owned();
    let log = folder.path().join("log");
    let served = Served::telling(data, fs::File::create(&log).unwrap());
    let mut story = Story {
        base: served.1.clone(),
        agent: ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .build()
            .into(),
        refusals: String::new(),
        handed_out: vec![token.clone()],
    };
    let [name, id_number, phone, unit] = APPLICANT else {
        panic!()
    };
    let json_type = "application/json";
    let applicant = json!({"name": name, "born": "1992-04-18", "id_number": id_number, "phone": phone, "unit": unit});
    let body = json!({"notice": NOTICE, "applicant": applicant}).to_string();
    let made = story.ask("POST", "/v1/dossiers", &token, json_type, body.as_bytes());
    let secret = made["secret"].as_str().unwrap().to_owned();
    let dossier = format!("/v1/dossiers/{}", made["id"].as_str().unwrap());
    let pdf = small_pdf(id_number);
    let disposition = format!(
        "attachment; filename*=UTF-8''{}",
        "%E6%B2%88%E7%9F%A5%E8%BF%9C.pdf"
    );
    let files = format!("{dossier}/slots/degree/files");
    let named = [("Content-Disposition", disposition.as_str())];
    story.ask_with("POST", &files, &secret, "application/pdf", &pdf, &named);
    story.ask("GET", &format!("{dossier}/corrections"), &secret, "", b"");
    // Bound at once and later: both refused, with everything that is missing.
    story.ask("POST", &format!("{dossier}/binding"), &secret, "", b"");
    let prefer = [("Prefer", "respond-async")];
    story.ask_with(
        "POST",
        &format!("{dossier}/binding"),
        &secret,
        "",
        b"",
        &prefer,
    );
    let form = format!(
        "--b\r\nContent-Disposition: form-data; name=\"holder_name\"\r\n\r\n{name}\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}.pdf\"\r\n\r\n"
    );
    let form = [form.as_bytes(), &pdf, b"\r\n--b--\r\n"].concat();
    let multipart = "multipart/form-data; boundary=b";
    let job = story.ask_with("POST", "/v1/validations", &token, multipart, &form, &prefer);
    let job = format!("/v1/jobs/{}", job["id"].as_str().unwrap());
    for _ in 0..600 {
        let seen = story.ask("GET", &job, &token, "", b"");
        if seen["state"] == "done" {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    // A certificate, looked for and looked at in every way.
    let [holder, holder_id] = HOLDER else {
        panic!()
    };
    let grant = json!({"name": holder, "id_number": holder_id, "series": "工程技术", "specialty": "机械设计", "title": "工程师", "level": "中级",
                       "method": "评审", "committee": "示例市评委会", "obtained_on": "2024-08-20"});
    let issued = story.ask(
        "POST",
        "/v1/certificates",
        &token,
        json_type,
        grant.to_string().as_bytes(),
    );
    let code = issued["code"].as_str().unwrap().to_owned();
    let number = issued["number"].as_str().unwrap().to_owned();
    story.ask("GET", &format!("/v/{code}"), "", "", b"");
    story.ask(
        "GET",
        "/v1/certificates?name=%E9%A1%BE%E6%98%8E%E6%9C%97",
        &token,
        "",
        b"",
    );
    story.ask(
        "POST",
        &format!("/v1/certificates/{number}/identity"),
        &token,
        json_type,
        json!({"id_number": holder_id}).to_string().as_bytes(),
    );
    story.ask(
        "POST",
        "/v1/verifications",
        "",
        json_type,
        json!({"code": code}).to_string().as_bytes(),
    );
    // What goes wrong must not repeat what it was given.
    story.ask("POST", "/v1/dossiers", &token, json_type, format!("{{\"notice\": \"{NOTICE}\", \"applicant\": {{\"name\": \"{name}\", \"born\": \"{id_number}\"}}}}").as_bytes());
    story.ask(
        "POST",
        "/v1/certificates",
        &token,
        json_type,
        format!("{{\"name\": \"{holder}\", \"id_number\": \"{holder_id}\", \"sex\": 3}}")
            .as_bytes(),
    );
    story.ask(
        "POST",
        "/v1/certificates",
        &token,
        json_type,
        format!("\"{holder_id}\"").as_bytes(),
    );
    story.ask(
        "GET",
        "/%E6%B2%88%E7%9F%A5%E8%BF%9C/320700199204180036",
        "",
        "",
        b"",
    );
    story.ask("GET", &format!("/v1/notices?on={id_number}"), "", "", b"");
    story.ask(
        "GET",
        &format!("{dossier}?secret={secret}"),
        &format!("{secret}x"),
        "",
        b"",
    );
    story.ask(
        "POST",
        "/v1/verifications",
        "",
        json_type,
        json!({"code": holder_id}).to_string().as_bytes(),
    );
    let metrics = {
        let get = story.agent.get(format!("{}/metrics", story.base));
        let get = get.header("Authorization", format!("Bearer {token}"));
        get.call().unwrap().body_mut().read_to_string().unwrap()
    };
    // Deleted; the result that was fetched is forgotten with its work.
    story.ask("DELETE", &dossier, &secret, "", b"");
    drop(served);
    let said = fs::read_to_string(&log).unwrap();
    assert!(said.lines().count() > 20, "the log says nothing: {said}");
    let codes = [code.clone(), code.replace('-', ""), number.clone()];
    let all = APPLICANT
        .iter()
        .chain(HOLDER)
        .map(|text| (*text).to_owned());
    for planted in all.chain(story.handed_out.clone()).chain(codes) {
        for (what, text) in [("log", &said), ("metrics", &metrics)] {
            let line = text.lines().find(|line| line.contains(&planted));
            assert!(line.is_none(), "`{planted}` is in the {what}: {line:?}");
        }
    }
    for planted in APPLICANT.iter().chain(HOLDER) {
        // What stands in the way of binding is a report to the applicant himself, and names what his papers say.
        let mut refusals = story
            .refusals
            .lines()
            .filter(|line| !line.contains("dossier_incomplete"));
        let line = refusals.find(|line| line.contains(planted));
        assert!(line.is_none(), "a refusal repeats `{planted}`: {line:?}");
    }
    let data = Path::new(data);
    for secret in &story.handed_out {
        if secret.starts_with("jz") {
            assert_eq!(holds(data, secret), None, "a secret is kept");
        }
    }
    assert_eq!(
        holds(data, holder_id),
        None,
        "an identity number is kept as an HMAC only"
    );
    assert_eq!(
        holds(data, &code.replace('-', "")),
        None,
        "a code is kept as an HMAC only"
    );
    // What is left of the applicant is the result of the work asked for with his name, for a day.
    let path = data.join("juanzong.sqlite");
    let left = holds(data, APPLICANT[1]);
    assert!(
        left.is_none()
            || left == Some(path.clone())
            || left == Some(data.join("juanzong.sqlite-wal")),
        "{left:?}"
    );
    let purged = crate::support::server::runtime().block_on(async {
        let store = juanzong::store::Store::open(&juanzong::store::StoreConfig::in_folder(data))
            .await
            .unwrap();
        let clock = juanzong::clock::Clock::System;
        let later = clock.now() + jiff::SignedDuration::from_hours(25);
        let done = store
            .purge(&juanzong::store::Retention::default(), later, clock.today())
            .await;
        store.close().await;
        done.unwrap()
    });
    assert_eq!(purged.jobs, 1, "{purged:?}");
    for planted in APPLICANT {
        assert_eq!(
            holds(data, planted),
            None,
            "`{planted}` is still in the data folder"
        );
    }
}
