//! Lists to issue on the office's pages: checked first, issued once, one row one result.

use std::{thread, time::Duration};

use juanzong::store::Scope;
use serde_json::Value;

use crate::support::server::TestServer;

const LIST: &str = "姓名,系列,专业,资格名称,级别,取得方式,评审委员会,取得时间\n\
    宋示例,工程技术,机械设计,工程师,中级,评审,示例市评委会,2024-08-20\n\
    ,工程技术,机械设计,工程师,中级,评审,示例市评委会,2024-08-20\n\
    何示例,工程技术,机械设计,工程师,中等,评审,示例市评委会,某日\n\
    <script>,工程技术,软件工程,工程师,中级,评审,示例市评委会,2024/8/20\n";

/// The state a list has come to, when the work under way has ended.
fn settled(server: &TestServer, cookie: &str, address: &str) -> Value {
    for _ in 0..600 {
        let how_far = server
            .get(&format!("{address}/progress"))
            .header("Cookie", cookie)
            .send()
            .is(200);
        if !["checking", "issuing"].contains(&how_far["state"].as_str().unwrap()) {
            return how_far;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("the list never came to an end");
}

#[test]
fn a_list_is_checked_row_by_row_and_its_good_rows_are_issued_once() {
    let server = TestServer::start();
    let token = server.token(&[Scope::Issue, Scope::Admin]);
    let cookie = format!("jz-office={}", server.session(&token));
    let seen = server
        .post("/office/batches")
        .header("Cookie", &cookie)
        .form("名单.csv", LIST.as_bytes(), &[])
        .send();
    assert_eq!(seen.status, 303, "{}", seen.text());
    let address = seen.header("location").unwrap().to_owned();
    let checked = settled(&server, &cookie, &address);
    assert_eq!(checked["state"], "checked", "{checked}");
    assert_eq!(
        (checked["good"].as_u64(), checked["refused"].as_u64()),
        (Some(2), Some(2))
    );
    let page = |path: &str| server.get(path).header("Cookie", &cookie).send().text();
    assert!(
        page("/office/certificates").contains("共 0 份"),
        "a check issues nothing"
    );
    let html = page(&address);
    assert!(html.contains("缺失") && !html.contains("<script>"));
    // Two clicks, two tabs: once.
    for _ in 0..2 {
        let seen = server
            .post(&address)
            .header("Cookie", &cookie)
            .fields(&[])
            .send();
        assert_eq!(
            (seen.status, seen.header("location")),
            (303, Some(address.as_str()))
        );
    }
    let done = settled(&server, &cookie, &address);
    assert_eq!(
        (done["state"].as_str(), done["issued"].as_u64()),
        (Some("done"), Some(2))
    );
    server
        .post(&address)
        .header("Cookie", &cookie)
        .fields(&[])
        .send();
    assert!(page("/office/certificates").contains("共 2 份"));

    let results = page(&format!("{address}/results.csv"));
    let rows: Vec<&str> = results.lines().collect();
    assert_eq!(rows.len(), 5);
    let first: Vec<&str> = rows[1].split(',').collect();
    assert_eq!((first[0], first[1], first[3]), ("2", "issued", "宋示例"));
    // The secret in the table opens the holder's file.
    let file = format!("/v1/certificates/{}.pdf", first[2]);
    assert_eq!(server.get(&file).bearer(first[4]).send().status, 200);
    assert!(
        rows[3].contains("refused") && rows[4].contains("issued"),
        "{results}"
    );
    let audit = page("/office/audit?kind=batch.");
    for action in ["上传名单", "检查名单", "开始批量签发", "批量签发结束"] {
        assert!(audit.contains(action), "{action}");
    }
}

#[test]
fn what_is_no_list_is_said_on_the_page_and_nothing_is_kept() {
    let server = TestServer::start();
    let token = server.token(&[Scope::Issue]);
    let cookie = format!("jz-office={}", server.session(&token));
    let empty: &[u8] = b"";
    let wrong_heading = "名字,系列\n甲,乙\n".as_bytes();
    for bytes in [
        b"%PDF-1.7 no table".as_slice(),
        wrong_heading,
        empty,
        &[0xff; 300],
    ] {
        let seen = server
            .post("/office/batches")
            .header("Cookie", &cookie)
            .form("<b>.csv", bytes, &[])
            .send();
        assert!((400..500).contains(&seen.status), "{}", seen.status);
        assert!(seen.text().contains("role=\"alert\""));
    }
    let lists = server
        .get("/office/batches")
        .header("Cookie", &cookie)
        .send()
        .text();
    assert!(!lists.contains("/office/batches/0") && !lists.contains("<b>"));
    let template = server
        .get("/office/batches/template.csv")
        .header("Cookie", &cookie)
        .send();
    assert!(template.text().starts_with("\u{feff}姓名,"));
    server.leaves(Vec::new());
}
