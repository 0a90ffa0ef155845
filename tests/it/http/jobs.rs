//! Long work: asked for, done by somebody, fetched by its owner alone; once, whoever dies.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use juanzong::{
    digest::Digest,
    store::{Id, JobKind, NewJob, Scope, Store, StoreConfig},
};
use serde_json::{Value, json};

use super::{NOTICE, small_pdf};
use crate::support::{
    client::Seen,
    program::{juanzong, printed},
    server::{Setup, TestServer, runtime},
};

/// The work, when it has come to an end.
fn ended(server: &TestServer, address: &str, credential: &str) -> Value {
    for _ in 0..1200 {
        let job = server.get(address).bearer(credential).send().is(200);
        if !["waiting", "running"].contains(&job["state"].as_str().unwrap()) {
            return job;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("the work never came to an end");
}

fn accepted(seen: Seen) -> String {
    assert_eq!(seen.status, 202, "{}", seen.text());
    assert_eq!(seen.header("preference-applied"), Some("respond-async"));
    let address = seen.header("location").unwrap().to_owned();
    assert_eq!(
        address,
        format!("/v1/jobs/{}", seen.value()["id"].as_str().unwrap())
    );
    address
}

/// A report without what it cost.
fn without_cost(mut report: Value) -> Value {
    report.as_object_mut().unwrap().remove("cost");
    report
}

#[test]
fn a_report_fetched_later_is_the_report_a_waiting_caller_gets() {
    let server = TestServer::start();
    let token = server.token(&[Scope::Validate]);
    let address = format!("/v1/validations?notice={NOTICE}&slot=degree");
    let pdf = small_pdf("one");
    let ask = || {
        server
            .post(&address)
            .bearer(&token)
            .header("Prefer", "respond-async, wait=1")
    };
    let name = [("holder_name", "沈知远")];
    let later = || {
        let asked = ask().header("Idempotency-Key", "validation-000000001");
        accepted(asked.form("学位.pdf", &pdf, &name).send())
    };
    let first = later();
    assert_eq!(later(), first, "the same key is the same work");
    let job = ended(&server, &first, &token);
    assert_eq!(
        (&job["state"], &job["attempts"]),
        (&json!("done"), &json!(1))
    );
    assert_eq!((&job["done"], &job["total"]), (&json!(1), &json!(1)));
    let now = server
        .post(&address)
        .bearer(&token)
        .form("学位.pdf", &pdf, &name);
    let now = without_cost(now.send().is(200));
    assert_eq!(job["result"]["status"], 200);
    assert_eq!(without_cost(job["result"]["body"].clone()), now);
    // Nobody else's, and nothing of it in the list of whoever looks after the service.
    let other = server.token(&[Scope::Validate, Scope::Observe]);
    server
        .get(&first)
        .bearer(&other)
        .send()
        .refused(404, "not_found");
    let list = server.get("/v1/jobs?state=done").bearer(&other).send();
    let text = list.text();
    assert!(text.contains(first.rsplit('/').next().unwrap()));
    assert!(
        !text.contains("沈知远") && !text.contains("学位") && !text.contains("result"),
        "{text}"
    );
    assert_eq!(list.value()["counts"]["done"], 1);
    let wrong = server.get("/v1/jobs?state=lost").bearer(&other).send();
    wrong.refused(400, "parameter_unreadable");
    // The file is gone with the work, and its words with its result.
    server.leaves(Vec::new());
}

#[test]
fn who_has_no_credential_waits() {
    let server = TestServer::with(Setup {
        open_to_applicants: true,
        ..Setup::default()
    });
    let ask = server
        .post("/v1/validations")
        .header("Prefer", "respond-async");
    assert_eq!(ask.pdf(&small_pdf("one")).send().status, 200);
}

#[test]
fn an_incomplete_dossier_is_refused_later_as_it_would_be_at_once() {
    let server = TestServer::start();
    let token = server.token(&[Scope::Bind]);
    let body = json!({"notice": NOTICE, "applicant": {"name": "沈知远", "born": "1992-04-18"}});
    let made = server
        .post("/v1/dossiers")
        .bearer(&token)
        .json(&body)
        .send()
        .is(201);
    let secret = made["secret"].as_str().unwrap();
    let binding = format!("/v1/dossiers/{}/binding", made["id"].as_str().unwrap());
    let ask = server
        .post(&binding)
        .bearer(secret)
        .header("Prefer", "respond-async");
    let address = accepted(ask.send());
    let job = ended(&server, &address, secret);
    let now = server
        .post(&binding)
        .bearer(secret)
        .send()
        .refused(409, "dossier_incomplete");
    assert_eq!(job["state"], "refused");
    assert_eq!(job["result"]["status"], 409);
    assert_eq!(job["result"]["body"]["errors"], now["errors"]);
    // Told as it happens, and again to whoever comes back; then the stream ends.
    let events = server
        .get(&format!("{address}/events"))
        .bearer(secret)
        .send();
    assert_eq!(events.header("content-type"), Some("text/event-stream"));
    let text = events.text();
    assert!(
        text.contains("event: ended") && text.contains("\"state\":\"refused\""),
        "{text}"
    );
    // It goes with its dossier.
    let dossier = binding.strip_suffix("/binding").unwrap();
    assert_eq!(
        server.ask("DELETE", dossier).bearer(secret).send().status,
        204
    );
    let admin = server.token(&[Scope::Admin]);
    server
        .get(&address)
        .bearer(&admin)
        .send()
        .refused(404, "not_found");
}

const LIST: &str = "姓名,系列,专业,资格名称,级别,取得方式,评审委员会,取得时间\n\
    宋示例,工程技术,机械设计,工程师,中级,评审,示例市评委会,2024-08-20\n\
    ,工程技术,机械设计,工程师,中级,评审,示例市评委会,2024-08-20\n\
    何示例,工程技术,软件工程,工程师,中级,评审,示例市评委会,2024/8/20\n";

#[test]
fn a_list_issued_later_gives_each_row_once_with_code_and_secret() {
    let server = TestServer::start();
    let token = server.token(&[Scope::Issue]);
    let asked = || {
        let ask = server.post("/v1/certificates/batch").bearer(&token);
        let ask = ask
            .header("Prefer", "respond-async")
            .header("Idempotency-Key", "list-0000000000000001");
        accepted(
            ask.header("Content-Type", "text/csv")
                .body(LIST.as_bytes())
                .send(),
        )
    };
    let address = asked();
    assert_eq!(asked(), address);
    let job = ended(&server, &address, &token);
    let body = &job["result"]["body"];
    assert_eq!(
        (&body["good"], &body["refused"]),
        (&json!(2), &json!(1)),
        "{job:#}"
    );
    for row in [0, 2] {
        let row = &body["rows"][row];
        let verified = server
            .post("/v1/verifications")
            .json(&json!({"code": row["code"]}))
            .send();
        assert_eq!(verified.is(200)["answer"], "authentic");
        let file = format!("/v1/certificates/{}.pdf", row["number"].as_str().unwrap());
        let secret = row["holder_secret"].as_str().unwrap();
        let pdf = server.get(&file).bearer(secret).send();
        assert_eq!(
            Digest::of(&pdf.body).to_hex(),
            row["file_sha256"].as_str().unwrap()
        );
    }
    assert_eq!(body["rows"][1]["problems"][0]["column"], "name");
    let all = server.get("/v1/certificates").bearer(&token).send().is(200);
    assert_eq!(all["certificates"].as_array().unwrap().len(), 2);
}

#[test]
fn what_cannot_be_done_now_waits_and_can_be_called_off() {
    let server = TestServer::start();
    let token = server.token(&[Scope::Validate]);
    let id = token.split('_').nth(1).unwrap();
    // Its file is missing: our fault, and tried again.
    let new = NewJob {
        id: Id::random(),
        kind: JobKind::Validation,
        owner: format!("token:{id}"),
        dossier: None,
        input: json!({"notice": null, "slot": null, "on": "2024-08-20", "fields": {}, "file_name": "a.pdf"}).to_string(),
        total: 1,
    };
    let now = server.services.clock.now();
    runtime()
        .block_on(server.services.store.add_job(&new, now))
        .unwrap();
    let address = format!("/v1/jobs/{}", new.id);
    let tried = (0..200).find_map(|_| {
        thread::sleep(Duration::from_millis(50));
        let job = server.get(&address).bearer(&token).send().is(200);
        (job["trouble"] == "internal").then_some(job)
    });
    let tried = tried.expect("tried once");
    assert_eq!(
        (&tried["state"], &tried["attempts"]),
        (&json!("waiting"), &json!(1))
    );
    let cancel = format!("{address}/cancellation");
    let job = server.post(&cancel).bearer(&token).send().is(200);
    assert_eq!(job["state"], "cancelled");
    let again = server.post(&cancel).bearer(&token).send().is(200);
    assert_eq!(again["state"], "cancelled");
}

/// The program itself, serving a folder, and where; killed when dropped.
pub struct Served(Child, pub String);

impl Served {
    fn start(data: &str) -> Served {
        Served::with(data, "off", Stdio::null(), "")
    }
    /// One that sends its spans to a collector.
    pub fn traced(data: &str, collector: &str) -> Served {
        Served::with(data, "off", Stdio::null(), collector)
    }
    /// One that writes down all it can tell.
    pub fn telling(data: &str, log: std::fs::File) -> Served {
        Served::with(data, "debug", Stdio::from(log), "")
    }
    fn with(data: &str, told: &str, log: Stdio, collector: &str) -> Served {
        let mut child = Command::new(env!("CARGO_BIN_EXE_juanzong"))
            .args(["serve", "--data", data, "--listen", "127.0.0.1:0"])
            .env("JUANZONG_TESSERACT", "off")
            .env("JUANZONG_LOG", told)
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", collector)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        Served(child, line.trim().to_owned())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may be dead already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// `kill -9` in the middle of a list: whoever serves the folder next goes on, and each row is issued once.
#[test]
fn a_list_whose_server_is_killed_goes_on_and_issues_no_row_twice() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().to_str().unwrap();
    let keys = juanzong(&[
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
    assert!(keys.status.success(), "{keys:?}");
    let token = juanzong(&["token", "create", "--data", data, "--scope", "issue"]);
    let token = printed(&token).trim().to_owned();
    let mut list = LIST.lines().next().unwrap().to_owned();
    for row in 0..48 {
        let name = ["赵", "钱", "孙", "李"][row % 4];
        list +=
            &format!("\n{name}示例,工程技术,专业{row},工程师,中级,评审,示例市评委会,2024-08-20");
    }
    let served = Served::start(data);
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let post = agent.post(format!("{}/v1/certificates/batch", served.1));
    let post = post
        .header("Authorization", format!("Bearer {token}"))
        .header("Prefer", "respond-async");
    let mut answer = post
        .header("Content-Type", "text/csv")
        .send(list.as_bytes())
        .unwrap();
    assert_eq!(answer.status(), 202);
    let job: Value = answer.body_mut().read_json().unwrap();
    let address = format!("/v1/jobs/{}", job["id"].as_str().unwrap());
    let state = |base: &str| -> Value {
        let get = agent
            .get(format!("{base}{address}"))
            .header("Authorization", format!("Bearer {token}"));
        get.call().unwrap().body_mut().read_json().unwrap()
    };
    // Killed three times in the middle of it: when it has been taken, and when more was done than before.
    let mut served = served;
    let mut before = (0, 0);
    for _ in 0..3 {
        for _ in 0..6000 {
            let job = state(&served.1);
            let seen = (
                job["attempts"].as_i64().unwrap(),
                job["done"].as_i64().unwrap(),
            );
            if seen > before || job["state"] == "done" {
                before = seen;
                break;
            }
            thread::sleep(Duration::from_millis(2));
        }
        drop(served);
        served = Served::start(data);
    }
    let mut job = Value::Null;
    for _ in 0..600 {
        job = state(&served.1);
        if job["state"] == "done" {
            break;
        }
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(job["state"], "done", "{job:#}");
    assert!(
        job["attempts"].as_i64().unwrap() > 1,
        "nothing was killed: {job:#}"
    );
    assert_eq!(job["result"]["body"]["good"], 48, "{job:#}");
    drop(served);
    let store = runtime()
        .block_on(Store::open(&StoreConfig::in_folder(folder.path())))
        .unwrap();
    let leaves = runtime().block_on(store.log_leaves(0, 1000)).unwrap();
    assert_eq!(leaves.len(), 48, "a row was issued twice");
    runtime().block_on(store.close());
    let fsck = juanzong(&["fsck", "--data", data]);
    assert!(
        fsck.status.success(),
        "{}{}",
        printed(&fsck),
        String::from_utf8_lossy(&fsck.stderr)
    );
}
