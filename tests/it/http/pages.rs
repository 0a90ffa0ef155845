//! The applicant's pages as a browser without scripts uses them, and what goes wrong on the way.

use std::io::{BufRead as _, BufReader, Write as _};

use juanzong::{digest::Digest, store::Scope};
use serde_json::json;

use super::{NOTICE, small_pdf};
use crate::support::{
    client::{Ask, Seen},
    server::{Setup, TestServer},
};

/// A dossier opened in a browser.
struct Browser<'s> {
    server: &'s TestServer,
    address: String,
    secret: String,
}

fn open_server() -> TestServer {
    TestServer::with(Setup {
        open_to_applicants: true,
        ..Setup::default()
    })
}

impl<'s> Browser<'s> {
    /// Fills in the form of who applies.
    fn begin(server: &'s TestServer) -> Browser<'s> {
        let seen = server
            .post(&format!("/notices/{NOTICE}/begin"))
            .page_form(&[("name", "沈知远"), ("born", "1992-04-18")])
            .send();
        assert_eq!(seen.status, 303, "{}", seen.text());
        let location = seen.header("location").unwrap();
        let address = location.split('?').next().unwrap().to_owned();
        let cookie = seen.header("set-cookie").unwrap();
        let rest = cookie.strip_prefix("jz-dossier=").unwrap();
        let (secret, terms) = rest.split_once("; ").unwrap();
        assert_eq!(terms, format!("Path={address}; HttpOnly; SameSite=Strict"));
        Browser {
            server,
            secret: secret.to_owned(),
            address,
        }
    }
    fn cookie<'a>(&self, ask: Ask<'a>) -> Ask<'a> {
        ask.header("Cookie", &format!("jz-dossier={}", self.secret))
    }
    fn get(&self, rest: &str) -> Seen {
        let ask = self.server.get(&format!("{}{rest}", self.address));
        self.cookie(ask).browser().send()
    }
    fn post(&self, rest: &str, fields: &[(&str, &str)]) -> Seen {
        let ask = self.server.post(&format!("{}{rest}", self.address));
        self.cookie(ask).page_form(fields).send()
    }
    fn upload(&self, rest: &str, files: &[(&str, &[u8])], fields: &[(&str, &str)]) -> Seen {
        let ask = self.server.post(&format!("{}{rest}", self.address));
        self.cookie(ask).files(files, fields).browser().send()
    }
    fn page(&self) -> String {
        let seen = self.get("");
        assert_eq!(seen.status, 200);
        seen.text()
    }
    /// Ids of the files shown in a part of the page.
    fn files(&self, part: &str) -> Vec<String> {
        let page = self.page();
        let (_, from) = page.split_once(&format!("data-part=\"{part}\"")).unwrap();
        let here = from.split("data-part=").next().unwrap();
        let mut ids: Vec<String> = here
            .split("/files/")
            .skip(1)
            .map(|rest| {
                rest.chars()
                    .take_while(char::is_ascii_alphanumeric)
                    .collect()
            })
            .collect();
        ids.dedup();
        ids
    }
}

#[test]
fn a_dossier_is_filled_in_ordered_and_emptied_without_scripts() {
    let server = open_server();
    let browser = Browser::begin(&server);
    let (a, b, c) = (small_pdf("a"), small_pdf("b"), small_pdf("c"));
    // Two files whose names say where they belong, one that says nothing.
    let seen = browser.upload(
        "/files",
        &[
            ("专利证书一.pdf", &a),
            ("专利证书二.pdf", &b),
            ("scan0001.pdf", &c),
        ],
        &[],
    );
    assert_eq!(seen.status, 303, "{}", seen.text());
    assert_eq!(browser.files("slot-patents").len(), 2);
    let unplaced = browser.files("unplaced");
    assert_eq!(unplaced.len(), 1);
    let placed = browser.post(
        &format!("/files/{}/place", unplaced[0]),
        &[("slot", "patents")],
    );
    assert_eq!(
        placed.header("location").unwrap(),
        format!("{}#slot-patents", browser.address)
    );
    let three = browser.files("slot-patents");
    assert_eq!(three.len(), 3);
    let moved = browser.post(&format!("/files/{}/move", three[2]), &[("by", "up")]);
    assert_eq!(moved.status, 303);
    let order: Vec<(&str, &str)> = vec![
        ("order", &three[2]),
        ("order", &three[1]),
        ("order", &three[0]),
    ];
    assert_eq!(
        browser.files("slot-patents"),
        [three[0].clone(), three[2].clone(), three[1].clone()]
    );
    assert_eq!(browser.post("/slots/patents/order", &order).status, 303);
    assert_eq!(
        browser.files("slot-patents"),
        [three[2].clone(), three[1].clone(), three[0].clone()]
    );
    // Words for the contents page, a reason, and a look at the file.
    let words = format!("/files/{}/words", three[0]);
    browser.post(&words, &[("title", "发明专利"), ("note", "")]);
    assert!(browser.page().contains("发明专利"));
    browser.post("/slots/awards/absent", &[("reason", "无个人获奖")]);
    assert!(browser.page().contains("没有，原因：无个人获奖"));
    browser.post("/slots/awards/absent", &[("reason", "")]);
    assert!(!browser.page().contains("无个人获奖"));
    let file = browser.get(&format!("/files/{}", three[0]));
    assert_eq!(file.status, 200);
    assert!(file.text().contains("专利证书一.pdf"));
    // A new file in its place, then it goes.
    let d = small_pdf("d");
    let replaced = browser.upload(
        &format!("/files/{}/replace", three[1]),
        &[("新.pdf", &d)],
        &[],
    );
    assert_eq!(replaced.status, 303);
    let now = browser.files("slot-patents");
    assert_eq!((&now[0], &now[2]), (&three[2], &three[0]));
    assert_ne!(now[1], three[1]);
    browser.post(&format!("/files/{}/remove", now[1]), &[]);
    assert_eq!(browser.files("slot-patents").len(), 2);
    // What is no longer there is said in words.
    let gone = browser.post(&format!("/files/{}/move", three[1]), &[("by", "up")]);
    assert_eq!(gone.status, 404);
    assert!(gone.text().contains("已不在卷宗里"));
    // Everything goes.
    assert!(browser.get("/delete").text().contains("2 个文件"));
    let deleted = browser.post("/delete", &[]);
    assert_eq!(deleted.status, 200);
    assert!(deleted.header("set-cookie").unwrap().contains("Max-Age=0"));
    let after = browser.get("");
    assert_eq!(after.status, 401);
    assert!(after.text().contains("这个链接打不开任何卷宗"));
    server.leaves(Vec::new());
}

#[test]
fn the_secret_opens_its_dossier_only_and_never_stands_in_an_address() {
    let server = open_server();
    let browser = Browser::begin(&server);
    let other = Browser::begin(&server);
    let page = browser.page();
    assert!(page.contains(&format!("{}#{}", browser.address, browser.secret)));
    assert!(!page.contains(&format!("href=\"{}#jzd_", browser.address)));
    // Without the cookie one is asked for the link; another dossier's cookie does not help.
    let none = server.get(&browser.address).browser().send();
    assert_eq!(none.status, 401);
    assert!(none.text().contains("name=\"secret\""));
    let wrong = server
        .get(&browser.address)
        .browser()
        .header("Cookie", &format!("jz-dossier={}", other.secret))
        .send();
    assert_eq!(wrong.status, 401);
    // The bearer of the API does not open a page, nor the cookie the API.
    let api = format!("/v1{}", browser.address);
    server
        .get(&api)
        .header("Cookie", &format!("jz-dossier={}", browser.secret))
        .send()
        .refused(401, "credentials_missing");
    let open = format!("{}/open", browser.address);
    let link = format!("http://host{}#{}", browser.address, browser.secret);
    for given in [&browser.secret, &link] {
        let opened = server.post(&open).page_form(&[("secret", given)]).send();
        assert_eq!(opened.status, 303);
        assert!(
            opened
                .header("set-cookie")
                .unwrap()
                .contains(&browser.secret)
        );
    }
    for given in ["", "jzd_", "jzd_AAAA", &other.secret, "jzd_a;b"] {
        let refused = server.post(&open).page_form(&[("secret", given)]).send();
        assert_eq!(refused.status, 401, "{given}");
        assert!(refused.header("set-cookie").is_none());
    }
    let left = browser.post("/leave", &[]);
    assert!(
        left.header("set-cookie")
            .unwrap()
            .starts_with("jz-dossier=; ")
    );
}

#[test]
fn a_form_of_another_site_does_nothing() {
    let server = open_server();
    let browser = Browser::begin(&server);
    for (header, value) in [
        ("Sec-Fetch-Site", "cross-site"),
        ("Origin", "http://evil.example"),
    ] {
        let ask = server.post(&format!("{}/delete", browser.address));
        let seen = browser
            .cookie(ask)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header(header, value)
            .send();
        seen.refused(400, "request_refused");
    }
    assert_eq!(browser.get("").status, 200);
}

#[test]
fn hostile_files_and_names_are_each_a_clear_message_and_stop_nobody_else() {
    let server = open_server();
    let browser = Browser::begin(&server);
    let good = small_pdf("good");
    let large = vec![b'x'; (crate::support::server::FILE_BYTES + 1) as usize];
    let long = format!("{}.pdf", "长".repeat(200));
    let seen = browser.upload(
        "/files",
        &[
            ("too-large.pdf", &large),
            ("<script>alert(1)</script>.pdf", &good),
            ("\u{202e}fdp.exe", b"MZ not a pdf"),
            ("../../../etc/passwd", b"root"),
            (&long, &small_pdf("long")),
        ],
        &[],
    );
    // The page itself, with the one that was not taken.
    assert_eq!(seen.status, 422);
    let page = seen.text();
    assert!(page.contains("<bdi>too-large.pdf</bdi> 没有收下"), "{page}");
    assert!(!page.contains("<script>alert"));
    assert!(!page.contains('\u{202e}') && !page.contains("../"));
    assert_eq!(browser.files("unplaced").len(), 4);
    let script = browser.files("unplaced");
    let file = browser.get(&format!("/files/{}", script[0])).text();
    assert!(!file.contains("<script>alert"));
    // Nothing chosen, and something that is no form.
    let nothing = browser.upload("/files", &[("", b"")], &[]);
    assert!(nothing.text().contains("还没有选择文件"));
    let text = browser.post("/files", &[("file", "x")]);
    assert_eq!(text.status, 415);
    assert!(text.text().contains("<h1>"));
    // A slot there is not.
    let lost = browser.upload("/files", &[("a.pdf", &good)], &[("slot", "nothing")]);
    assert_eq!(lost.status, 422);
}

#[test]
fn two_windows_do_not_overwrite_each_other() {
    let server = open_server();
    let browser = Browser::begin(&server);
    let first = browser.post(
        "/applicant",
        &[("name", "沈知远"), ("unit", "甲公司"), ("revision", "1")],
    );
    assert_eq!(first.status, 303);
    let second = browser.post(
        "/applicant",
        &[("name", "沈知远"), ("unit", "乙公司"), ("revision", "1")],
    );
    assert_eq!(second.status, 412);
    // What was typed is still there, and may be sent again.
    assert!(second.text().contains("乙公司"));
    assert!(second.text().contains("name=\"revision\" value=\"2\""));
    assert!(browser.page().contains("甲公司"));
    let wrong = browser.post(
        "/applicant",
        &[("name", ""), ("unit", "丙公司"), ("born", "1992-02-30")],
    );
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("丙公司") && wrong.text().contains("请填写姓名"));
}

#[test]
fn binding_says_what_is_missing_and_previews_what_will_be_printed() {
    let server = open_server();
    let browser = Browser::begin(&server);
    let refused = browser.post("/binding", &[]);
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("没有材料"));
    let picture = browser.get("/contents/1/1.png");
    assert_eq!(picture.header("content-type"), Some("image/png"));
    assert!(picture.body.starts_with(b"\x89PNG"));
    assert_eq!(browser.get("/contents/9/1.png").status, 404);
    assert_eq!(browser.get("/volumes/1.pdf").status, 404);
}

#[test]
fn a_binding_asked_for_twice_at_once_is_one_piece_of_work() {
    let server = open_server();
    let browser = Browser::begin(&server);
    std::thread::scope(|scope| {
        let asked = [0, 1].map(|_| scope.spawn(|| browser.post("/binding", &[]).status));
        for asked in asked {
            assert_eq!(asked.join().unwrap(), 409);
        }
    });
    let admin = server.token(&[Scope::Admin]);
    let rows = || server.get("/v1/jobs").bearer(&admin).send().is(200)["jobs"].clone();
    let first = rows();
    assert_eq!(first.as_array().unwrap().len(), 1, "{first:#}");
    assert_eq!(
        (&first[0]["kind"], &first[0]["state"]),
        (&json!("binding"), &json!("refused"))
    );
    // Asked again later it is looked at again, with what was changed meanwhile.
    browser.upload("/files", &[("专利证书.pdf", &small_pdf("a"))], &[]);
    assert_eq!(
        browser.post("/binding", &[("leaves", "duplex")]).status,
        409
    );
    assert_eq!(rows()[0]["id"], first[0]["id"]);
    assert!(!browser.page().contains("data-under-way"));
}

/// The lines of an event stream, until `until` of them are events.
fn events(browser: &Browser<'_>, last: Option<&str>, until: usize) -> Vec<String> {
    let mut stream = std::net::TcpStream::connect(browser.server.address()).unwrap();
    let last = last.map_or(String::new(), |last| format!("Last-Event-ID: {last}\r\n"));
    write!(
        stream,
        "GET {}/events HTTP/1.1\r\nHost: x\r\nCookie: jz-dossier={}\r\n{last}\r\n",
        browser.address, browser.secret
    )
    .unwrap();
    let mut lines = Vec::new();
    for line in BufReader::new(stream).lines() {
        let line = line.unwrap();
        if line.starts_with("id: ") || line.starts_with("event: ") {
            lines.push(line);
        }
        if lines.len() >= until * 2 {
            break;
        }
    }
    lines
}

#[test]
fn who_watches_a_dossier_is_told_and_goes_on_where_he_left_off() {
    let server = open_server();
    let browser = Browser::begin(&server);
    browser.upload(
        "/files",
        &[("专利证书.pdf", &small_pdf("a"))],
        &[("tag", "t1")],
    );
    // From the beginning: received, judged, and the new revision.
    let all = events(&browser, Some("1.0"), 3);
    let kinds: Vec<&str> = all
        .iter()
        .filter_map(|line| line.strip_prefix("event: "))
        .collect();
    assert_eq!(kinds, ["file.received", "file.judged", "changed"]);
    let later = events(&browser, Some("1.1"), 2);
    let kinds: Vec<&str> = later
        .iter()
        .filter_map(|line| line.strip_prefix("event: "))
        .collect();
    assert_eq!(kinds, ["file.judged", "changed"]);
    assert_eq!(all[4], "id: 2.2");
}

#[test]
fn an_upload_that_breaks_off_leaves_nothing() {
    let server = open_server();
    let browser = Browser::begin(&server);
    let mut stream = std::net::TcpStream::connect(server.address()).unwrap();
    write!(
        stream,
        "POST {}/files HTTP/1.1\r\nHost: x\r\nCookie: jz-dossier={}\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n%PDF-1.7 and then nothing",
        browser.address, browser.secret
    )
    .unwrap();
    drop(stream);
    let page = browser.page();
    assert!(!page.contains("a.pdf"));
    let bytes = small_pdf("again");
    let again = browser.upload("/files", &[("专利证书.pdf", &bytes)], &[]);
    assert_eq!(again.status, 303);
    server.leaves(vec![Digest::of(&bytes)]);
}

#[test]
fn conditions_are_asked_step_by_step_and_committees_are_found() {
    let server = open_server();
    let path = format!("/notices/{NOTICE}/eligibility");
    let asked = server.get(&path).browser().send();
    assert!(asked.text().contains("name=\"retired\""));
    let answered = server.post(&path).page_form(&[("retired", "yes")]).send();
    assert!(answered.text().contains("不符合申报条件"));
    let wrong = server
        .post(&path)
        .page_form(&[("education", "bachelor"), ("attained_on", "2020-02-31")])
        .send();
    assert_eq!(wrong.status, 422);
    let with_committees = server
        .services
        .packs
        .iter()
        .find(|pack| pack.committees.is_some());
    let id = with_committees.unwrap().id.clone();
    let found = server
        .get(&format!("/notices/{id}?committee=%E6%9C%BA%E6%A2%B0"))
        .browser()
        .send();
    assert!(found.text().contains("机械"), "{}", found.text());
    assert!(
        server
            .get("/notices/nothing")
            .browser()
            .send()
            .text()
            .contains("没有这个通知")
    );
}
