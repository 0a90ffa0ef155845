//! Certificates over HTTP: the public log as files, verification of uploads in the sandbox, equal answers to guesses.

use serde_json::json;

use juanzong::store::Scope;

use crate::support::server::TestServer;

/// What an office grants in these tests; all invented.
pub fn grant(name: &str) -> serde_json::Value {
    json!({
        "name": name, "series": "工程技术", "specialty": "电子信息", "title": "工程师", "level": "中级",
        "method": "考核认定", "committee": "示例市中级职称考核认定委员会", "obtained_on": "2024-08-01",
        "id_number": "000000199001010000",
    })
}

/// A token of an office.
pub fn issuing_token(server: &TestServer) -> String {
    server.token(&[Scope::Issue, Scope::Revoke])
}

/// Issues one certificate; the answer.
#[track_caller]
pub fn issue(server: &TestServer, token: &str, grant: &serde_json::Value) -> serde_json::Value {
    let asked = server.post("/v1/certificates").bearer(token);
    asked.json(grant).send().is(201)
}

#[test]
fn the_log_is_served_as_files_that_never_change() {
    let server = TestServer::start();
    server.get("/checkpoint").send().refused(404, "not_found");
    let token = issuing_token(&server);
    for name in ["甲示例", "乙示例", "丙示例"] {
        issue(&server, &token, &grant(name));
    }
    let checkpoint = server.get("/checkpoint").send();
    assert_eq!(checkpoint.status, 200);
    assert_eq!(checkpoint.header("cache-control"), Some("public, no-cache"));
    assert_eq!(checkpoint.text().lines().nth(1), Some("3"));
    let keys = server.get("/log-keys").send();
    let origin = checkpoint.text().lines().next().unwrap().to_owned();
    assert!(keys.text().starts_with(&format!("{origin}+")));
    for (path, bytes) in [
        ("/tile/0/000.p/3", Some(96)),
        ("/tile/entries/000.p/3", None),
    ] {
        let tile = server.get(path).send();
        assert_eq!(tile.status, 200, "{path}");
        assert_eq!(
            tile.header("cache-control"),
            Some("public, max-age=31536000, immutable")
        );
        let etag = tile.header("etag").unwrap().to_owned();
        assert!(bytes.is_none_or(|bytes| tile.body.len() == bytes));
        let again = server.get(path).header("If-None-Match", &etag).send();
        assert_eq!((again.status, again.body.len()), (304, 0));
    }
    for path in [
        "/tile/0/000",
        "/tile/0/000.p/4",
        "/tile/1/000.p/1",
        "/tile/entries/001",
        "/tile/0/..%2f..%2fcheckpoint",
        "/tile/nothing/000",
    ] {
        server.get(path).send().refused(404, "not_found");
    }
    let note = server.get("/status-list").send();
    let list = server.get("/status-list.gz").send();
    assert_eq!((note.status, list.status), (200, 200));
    let sha256 = juanzong::digest::Digest::of(&list.body).to_hex();
    assert!(note.text().contains(&sha256));
    assert!(
        server
            .get("/issuer.pem")
            .send()
            .text()
            .contains("BEGIN CERTIFICATE")
    );
}

#[test]
fn an_upload_is_looked_at_by_a_worker_and_leaves_nothing() {
    let server = TestServer::start();
    let token = issuing_token(&server);
    let issued = issue(&server, &token, &grant("欧阳示例"));
    let path = format!(
        "/v1/certificates/{}.pdf",
        issued["number"].as_str().unwrap()
    );
    let pdf = server.get(&path).bearer(&token).send().body;
    let before = server.services.pool.state().jobs;
    let ask = |bytes: &[u8]| {
        let asked = server.post("/v1/verifications");
        asked.pdf(bytes).send().is(200)
    };
    // G11: F is the SHA-256 of the file as it came, raw and in a form; the worker is not needed.
    let known = ask(&pdf);
    assert_eq!(known["answer"], "authentic");
    assert_eq!(known["file_sha256"], issued["file_sha256"]);
    assert_eq!(server.services.pool.state().jobs, before);
    // What is not registered byte for byte goes to a worker.
    for (bytes, answer) in [
        ([pdf.as_slice(), b"\n"].concat(), "altered"),
        (pdf[..pdf.len() - 1].to_vec(), "altered"),
        (b"%PDF-1.7 something".to_vec(), "not_ours"),
    ] {
        assert_eq!(ask(&bytes)["answer"], answer, "{}", bytes.len());
    }
    assert_eq!(server.services.pool.state().jobs, before + 3);
    // G10: no copy stays.
    assert!(server.services.store.blobs().spooled().unwrap().is_empty());
}

#[test]
fn g1_whatever_is_wrong_the_answer_is_the_same() {
    let server = TestServer::start();
    let token = issuing_token(&server);
    let issued = issue(&server, &token, &grant("欧阳示例"));
    let number = issued["number"].as_str().unwrap();
    let code = issued["code"].as_str().unwrap();
    // One sign changed with the check sign made to fit again, one sign changed, nonsense, a known number, an unknown one.
    let swapped: String = {
        let mut signs: Vec<char> = code.chars().collect();
        let second = (1..19).find(|at| signs[*at] != '-' && signs[*at] != signs[0]);
        signs.swap(0, second.unwrap());
        signs.into_iter().collect()
    };
    let questions = [
        "00000-00000-00000-00000",
        &swapped,
        "nonsense",
        number,
        "JZ20240000003300002X",
        "",
    ];
    let answers: Vec<_> = questions
        .iter()
        .map(|code| {
            let asked = server.post("/v1/verifications");
            let seen = asked.json(&json!({ "code": code })).send();
            (seen.status, seen.text())
        })
        .collect();
    assert!(
        answers.iter().all(|answer| *answer == answers[0]),
        "{answers:?}"
    );
    assert!(answers[0].1.contains("not_ours"));
    // The page behind the QR code too, and it names nothing.
    let pages: Vec<_> = ["00000000000000000000", "nonsense", number]
        .iter()
        .map(|code| {
            let seen = server.get(&format!("/v/{code}")).send();
            assert_eq!(seen.header("referrer-policy"), Some("no-referrer"));
            assert_eq!(seen.header("cache-control"), Some("no-store"));
            assert!(seen.header("x-robots-tag").unwrap().contains("noindex"));
            assert!(
                seen.header("content-security-policy")
                    .unwrap()
                    .contains("frame-ancestors 'none'")
            );
            (seen.status, seen.text())
        })
        .collect();
    assert!(pages.iter().all(|page| *page == pages[0]));
    assert!(!pages[0].1.contains(number));
}

const TABLE: &str = "\
姓名,身份证号,系列,专业,资格名称,级别,取得方式,评审委员会,取得时间
甲示例,000000199001010000,工程技术,电子信息,工程师,中级,考核认定,示例市评委会,2024/8/1
乙示例,,工程技术,电子信息,工程师,初级,考核认定,示例市评委会,八月

丙\u{1f600}例,,工程技术,电子信息,工程师,中级,考核认定,示例市评委会,2024年8月1日
丁示例,,工程技术,电子信息,工程师,中级,考核认定,示例市评委会,2024-08-01
丁示例,,工程技术,电子信息,工程师,中级,考核认定,示例市评委会,2024-08-01
";

#[test]
fn a_table_gives_one_result_a_row_and_a_dry_run_issues_nothing() {
    let server = TestServer::start();
    let token = issuing_token(&server);
    let ask = |query: &str, bytes: &[u8]| {
        let asked = server.post(&format!("/v1/certificates/batch{query}"));
        let asked = asked.bearer(&token).header("Content-Type", "text/csv");
        asked
            .header("Idempotency-Key", "batch-of-august-0001")
            .body(bytes)
    };
    let dry = ask("?dry_run=true", TABLE.as_bytes()).send().is(200);
    assert_eq!((&dry["good"], &dry["refused"]), (&json!(2), &json!(3)));
    let problems = |answer: &serde_json::Value, row: u64| {
        let rows = answer["rows"].as_array().unwrap();
        let found = rows.iter().find(|r| r["row"] == row).unwrap();
        found["problems"].clone()
    };
    // Everything about a row at once, by column; the blank line keeps its number.
    let third = problems(&dry, 3);
    assert_eq!(third[0]["column"], "level");
    assert_eq!(third[1]["column"], "obtained_on");
    assert!(
        problems(&dry, 5)[0]["message"]["en"]
            .as_str()
            .unwrap()
            .contains('\u{1f600}')
    );
    assert!(
        problems(&dry, 7)[0]["message"]["en"]
            .as_str()
            .unwrap()
            .contains("row 6")
    );
    assert!(!dry.to_string().contains("示例市") && !dry.to_string().contains("丁示例"));
    server.get("/checkpoint").send().refused(404, "not_found");

    let done = ask("", TABLE.as_bytes()).send().is(201);
    for row in [3, 5, 7] {
        assert_eq!(problems(&done, row), problems(&dry, row));
    }
    let first = &done["rows"][0];
    let number = first["number"].as_str().unwrap();
    let secret = first["holder_secret"].as_str().unwrap();
    let file = server
        .get(&format!("/v1/certificates/{number}.pdf"))
        .bearer(secret)
        .send();
    assert_eq!(file.status, 200);
    assert_eq!(
        juanzong::digest::Digest::of(&file.body).to_hex(),
        first["file_sha256"].as_str().unwrap()
    );
    // Asked again with the same key, nothing is issued again and the answer is the same.
    assert_eq!(ask("", TABLE.as_bytes()).send().is(201), done);
    let checkpoint = server.get("/checkpoint").send().text();
    assert_eq!(checkpoint.lines().nth(1), Some("2"));

    for (wrong, status) in [("姓名\n甲\n", 400), ("", 400), ("\0\0", 400)] {
        let asked = server.post("/v1/certificates/batch").bearer(&token);
        let asked = asked
            .header("Content-Type", "text/csv")
            .body(wrong.as_bytes());
        asked.send().is(status);
    }
}

#[test]
fn the_register_is_searched_by_its_office_and_by_nobody_else() {
    let server = TestServer::start();
    let token = issuing_token(&server);
    let one = issue(&server, &token, &grant("欧阳示例"));
    let two = issue(&server, &token, &grant("张示例"));
    let find = |query: &str| {
        let found = server
            .get(&format!("/v1/certificates{query}"))
            .bearer(&token)
            .send()
            .is(200);
        let rows = found["certificates"].as_array().unwrap().iter();
        rows.map(|row| row["number"].clone()).collect::<Vec<_>>()
    };
    let (n1, n2) = (one["number"].clone(), two["number"].clone());
    let all = vec![n2.clone(), n1.clone()];
    assert_eq!(find(""), all);
    // A name is searched for in a body, never in an address; whoever may list all of it may search for a part.
    let search = |order: serde_json::Value| {
        let asked = server.post("/v1/certificates/search").bearer(&token);
        let found = asked.json(&order).send().is(200);
        let rows = found["certificates"].as_array().unwrap().iter();
        let numbers: Vec<_> = rows.map(|row| row["number"].clone()).collect();
        (numbers, found["total"].as_u64().unwrap())
    };
    assert_eq!(search(json!({"q": "欧阳"})), (vec![n1.clone()], 1));
    assert_eq!(
        search(json!({"q": "示例", "most": 1})),
        (vec![n2.clone()], 2)
    );
    assert_eq!(
        search(json!({"q": "示例", "skip": 1})),
        (vec![n1.clone()], 2)
    );
    assert_eq!(
        search(json!({"q": "示例", "status": "revoked"})),
        (vec![], 0)
    );
    assert_eq!(search(json!({"q": one["code"]})), (vec![n1.clone()], 1));
    assert_eq!(search(json!({"q": "%"})), (vec![], 0));
    server
        .post("/v1/certificates/search")
        .bearer(&token)
        .json(&json!({"q": "示例", "skip": 1_000_000_001_u64}))
        .send()
        .refused(400, "parameter_unreadable");
    server
        .get("/v1/certificates?name=%E6%AC%A7%E9%98%B3")
        .bearer(&token)
        .send()
        .refused(400, "parameter_unreadable");
    let begins = n1.as_str().unwrap()[..6].to_lowercase();
    assert_eq!(find(&format!("?number={begins}")), all);
    assert_eq!(find("?status=revoked"), Vec::<serde_json::Value>::new());
    assert_eq!(find("?from=2024-08-20&to=2024-08-20"), all);
    assert!(find("?to=2024-08-19").is_empty());
    let path = format!("/v1/certificates?most=1&before={}", two["leaf_index"]);
    let page = server.get(&path).bearer(&token).send().is(200);
    assert_eq!(page["certificates"][0]["number"], n1);
    // Revoked, found as such, taken back.
    let path = format!("/v1/certificates/{}/revocation", n1.as_str().unwrap());
    let order = json!({"reason": "error", "effect": "from_date"});
    server
        .post(&path)
        .bearer(&token)
        .json(&order)
        .send()
        .is(201);
    assert_eq!(find("?status=revoked"), std::slice::from_ref(&n1));
    server.ask("DELETE", &path).bearer(&token).send().is(200);
    server
        .ask("DELETE", &path)
        .bearer(&token)
        .send()
        .refused(409, "certificate_not_valid");
    let row = server.get(&format!("/v1/certificates/{}", n1.as_str().unwrap()));
    assert_eq!(row.bearer(&token).send().is(200)["status"], "valid");
    // G3, G14: with a number alone, or with a token for something else, nothing opens.
    let other = server.token(&[Scope::Validate]);
    server
        .get("/v1/certificates")
        .bearer(&other)
        .send()
        .refused(403, "scope_missing");
    server
        .post("/v1/certificates/search")
        .bearer(&other)
        .json(&json!({"q": "示例"}))
        .send()
        .refused(403, "scope_missing");
    let path = format!("/v1/certificates/{}", n1.as_str().unwrap());
    let known = server.get(&path).send().refused(401, "credentials_missing");
    let unknown = server
        .get("/v1/certificates/JZ0")
        .send()
        .refused(401, "credentials_missing");
    assert_eq!(known["message"], unknown["message"]);
}

#[test]
fn g7_an_identity_number_is_compared_a_few_times_and_never_shown() {
    let server = TestServer::start();
    let token = issuing_token(&server);
    let issued = issue(&server, &token, &grant("欧阳示例"));
    let path = format!(
        "/v1/certificates/{}/identity",
        issued["number"].as_str().unwrap()
    );
    let ask = |typed: &str| {
        let asked = server.post(&path).bearer(&token);
        asked.json(&json!({ "id_number": typed })).send()
    };
    assert_eq!(ask("000000 19900101 0000").is(200)["matches"], true);
    assert_eq!(ask("000000199001010001").is(200)["matches"], false);
    for _ in 2..juanzong::certificate::IDENTITY_TRIES {
        ask("0").is(200);
    }
    ask("000000199001010000").refused(429, "too_many_requests");
    let entries = crate::support::server::runtime()
        .block_on(server.services.store.audit_entries(100))
        .unwrap();
    let asked = entries
        .iter()
        .filter(|e| e.action == "certificate.identity_asked");
    assert_eq!(asked.count() as u64, juanzong::certificate::IDENTITY_TRIES);
    assert!(!format!("{entries:?}").contains("1990"));
}

#[test]
fn g11_the_hash_is_of_the_file_however_it_came() {
    let server = TestServer::start();
    let token = issuing_token(&server);
    let issued = issue(&server, &token, &grant("张示例"));
    let path = format!(
        "/v1/certificates/{}.pdf",
        issued["number"].as_str().unwrap()
    );
    let get = |range: Option<&str>| {
        let asked = server.get(&path).bearer(&token);
        let asked = match range {
            Some(range) => asked.header("Range", range),
            None => asked,
        };
        asked.send().body
    };
    let whole = get(None);
    // Fetched in two ranges it is the same file.
    let ranges = [get(Some("bytes=0-9999")), get(Some("bytes=10000-"))].concat();
    assert!(whole == ranges);
    let sha256 = juanzong::digest::Digest::of(&whole).to_hex();
    assert_eq!(issued["file_sha256"], sha256);
    let asked = server.post("/v1/verifications");
    let form = asked.form("证书.pdf", &whole, &[]).send().is(200);
    assert_eq!(
        (&form["answer"], &form["file_sha256"]),
        (&json!("authentic"), &json!(sha256))
    );
    let asked = server.post("/v1/verifications");
    let by_hash = asked.json(&json!({ "sha256": sha256 })).send().is(200);
    assert_eq!(by_hash["answer"], "authentic");
    assert!(by_hash["certificate"].is_null());
    // D8 over HTTP: a QR of another house, and our own.
    let base = &server.services.issuer.office().base_url;
    let code = issued["code"].as_str().unwrap().replace('-', "");
    for (address, answer) in [
        (format!("{base}/v/{code}"), "authentic"),
        (format!("{base}.evil.cn/v/{code}"), "not_ours"),
    ] {
        let asked = server.post("/v1/verifications");
        assert_eq!(
            asked.json(&json!({ "qr": address })).send().is(200)["answer"],
            answer
        );
    }
}

#[test]
fn an_answer_given_again_is_never_older_than_its_question() {
    let server = TestServer::start();
    let token = issuing_token(&server);
    let issued = issue(&server, &token, &grant("张示例"));
    let path = format!(
        "/v1/certificates/{}/revocation",
        issued["number"].as_str().unwrap()
    );
    let order = json!({"reason": "error", "effect": "from_date"});
    let asked = || {
        let ask = server.post("/v1/verifications");
        let answer = ask.json(&json!({ "code": issued["code"] })).send();
        answer.is(200)["answer"].as_str().unwrap().to_owned()
    };
    for _ in 0..4 {
        assert_eq!([asked(), asked(), asked()], ["authentic"; 3]);
        let revoke = server.post(&path).bearer(&token);
        revoke.json(&order).send().is(201);
        assert_eq!([asked(), asked(), asked()], ["revoked"; 3]);
        server.ask("DELETE", &path).bearer(&token).send().is(200);
    }
}
