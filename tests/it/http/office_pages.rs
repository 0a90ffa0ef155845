//! The office's pages without scripts: signing in, issuing, looking up, revoking, and that nobody else can.

use juanzong::store::Scope;

use super::verify_pages::{NAME, issue};
use crate::support::{
    client::{Ask, Seen},
    server::TestServer,
};

const ALL: &[Scope] = &[Scope::Issue, Scope::Revoke, Scope::Admin];

/// A browser that has signed in.
struct Browser<'s> {
    server: &'s TestServer,
    session: String,
}

impl<'s> Browser<'s> {
    fn signed_in(server: &'s TestServer, scopes: &[Scope]) -> Browser<'s> {
        let token = server.token(scopes);
        let seen = server
            .post("/office/sign-in")
            .fields(&[("token", &token)])
            .send();
        assert_eq!(
            (seen.status, seen.header("location")),
            (303, Some("/office"))
        );
        let cookie = seen.header("set-cookie").unwrap();
        let (session, rest) = cookie.split_once(';').unwrap();
        assert_eq!(rest, " Path=/office; HttpOnly; SameSite=Strict");
        assert!(
            !session.contains(&token),
            "the token itself stays out of the browser"
        );
        let session = session.to_owned();
        Browser { server, session }
    }
    fn get(&self, path: &str) -> Seen {
        self.server.get(path).header("Cookie", &self.session).send()
    }
    fn post(&self, path: &str) -> Ask<'s> {
        self.server.post(path).header("Cookie", &self.session)
    }
}

/// The hidden key of the form on a page.
fn key(html: &str) -> String {
    let rest = html.split_once("name=\"key\" value=\"").expect("a key").1;
    rest.split('"').next().unwrap().to_owned()
}

fn grant<'k>(key: &'k str, step: &'k str, name: &'k str) -> Vec<(&'static str, &'k str)> {
    vec![
        ("key", key),
        ("step", step),
        ("name", name),
        ("series", "工程技术"),
        ("specialty", "机械设计"),
        ("title", "工程师"),
        ("level", "中级"),
        ("method", "评审"),
        ("committee", "示例市评委会"),
        ("obtained_on", "2024-08-20"),
        ("id_number", "11010119900307001x"),
    ]
}

#[test]
fn one_signs_in_with_a_token_and_out_again() {
    let server = TestServer::start();
    let wrong = server
        .post("/office/sign-in")
        .fields(&[("token", "jzt_x_y")])
        .send();
    assert_eq!((wrong.status, wrong.header("set-cookie")), (401, None));
    let applicant = server.token(&[Scope::Validate]);
    let refused = server
        .post("/office/sign-in")
        .fields(&[("token", &applicant)])
        .send();
    assert_eq!((refused.status, refused.header("set-cookie")), (403, None));
    let elsewhere = server.token(ALL);
    let fields = [
        ("token", elsewhere.as_str()),
        ("next", "//evil.example/office/"),
    ];
    let seen = server.post("/office/sign-in").fields(&fields).send();
    assert_eq!(seen.header("location"), Some("/office"));

    let browser = Browser::signed_in(&server, ALL);
    assert_eq!(browser.get("/office").status, 200);
    let seen = browser.post("/office/sign-out").fields(&[]).send();
    assert!(seen.header("set-cookie").unwrap().contains("Max-Age=0"));
    let seen = browser.get("/office");
    assert_eq!(
        seen.header("location"),
        Some("/office/sign-in?next=/office")
    );
}

#[test]
fn a_form_of_another_site_does_nothing() {
    let server = TestServer::start();
    let browser = Browser::signed_in(&server, ALL);
    let token = server.token(&[Scope::Issue]);
    let issued = issue(&server, &token);
    let path = format!("/office/certificates/{}/revocation", issued.number);
    for (name, value) in [
        ("Sec-Fetch-Site", "cross-site"),
        ("Origin", "https://evil.example"),
    ] {
        let seen = browser
            .post(&path)
            .header(name, value)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(b"reason=fraud&effect=ab_initio")
            .send();
        seen.refused(400, "request_refused");
    }
    let seen = server.get(&format!("/v/{}", issued.code)).send();
    assert!(seen.text().contains("data-answer=\"authentic\""));
}

#[test]
fn a_form_sent_twice_issues_once_and_shows_the_same() {
    let server = TestServer::start();
    let browser = Browser::signed_in(&server, &[Scope::Issue]);
    let key = key(&browser.get("/office/issue").text());
    let checked = browser
        .post("/office/issue")
        .fields(&grant(&key, "check", "顾明舟"))
        .send();
    assert!(checked.status == 200 && checked.text().contains("检查通过"));
    let count = || {
        let list = browser.get("/office/certificates").text();
        list.split_once("共 ")
            .unwrap()
            .1
            .split(' ')
            .next()
            .unwrap()
            .to_owned()
    };
    assert_eq!(count(), "0", "a check issues nothing");
    let first = browser
        .post("/office/issue")
        .fields(&grant(&key, "issue", "顾明舟"))
        .send();
    let again = browser
        .post("/office/issue")
        .fields(&grant(&key, "issue", "顾明舟"))
        .send();
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(
        first.text(),
        again.text(),
        "number, code and secret are the same"
    );
    assert!(first.text().contains("jzh_"));
    assert_eq!(count(), "1");
    let other = browser
        .post("/office/issue")
        .fields(&grant(&key, "issue", "陆青禾"))
        .send();
    other.refused(422, "idempotency_key_reused");
}

#[test]
fn what_is_wrong_with_a_grant_is_said_beside_its_field_and_nothing_is_issued() {
    let server = TestServer::start();
    let browser = Browser::signed_in(&server, &[Scope::Issue]);
    let key = key(&browser.get("/office/issue").text());
    let mut fields = grant(&key, "issue", "<b>\u{e123}");
    fields.retain(|(name, _)| *name != "title" && *name != "level");
    fields.push(("born", "1990年"));
    let seen = browser.post("/office/issue").fields(&fields).send();
    assert_eq!(seen.status, 422);
    let html = seen.text();
    for field in ["title", "level"] {
        assert!(html.contains(&format!("id=\"h-{field}\"")), "{field}");
    }
    assert!(
        html.contains("&lt;b&gt;") && !html.contains("<b>\u{e123}"),
        "what was typed is kept and inert"
    );
    let seen = browser
        .post("/office/issue")
        .fields(&grant(&key, "issue", "顾\u{e123}"))
        .send();
    assert_eq!(seen.status, 422);
    assert!(seen.text().contains("id=\"h-name\""));
    assert!(
        browser
            .get("/office/certificates")
            .text()
            .contains("共 0 份")
    );
}

#[test]
fn a_certificate_is_found_superseded_revoked_and_reinstated_and_each_step_is_written_down() {
    let server = TestServer::start();
    let browser = Browser::signed_in(&server, ALL);
    let token = server.token(&[Scope::Issue]);
    let issued = issue(&server, &token);
    let key1 = key(&browser.get("/office/issue").text());
    browser
        .post("/office/issue")
        .fields(&grant(&key1, "issue", "顾明舟"))
        .send();
    let find = |q: &str| {
        let html = browser
            .post("/office/certificates")
            .fields(&[("q", q)])
            .send()
            .text();
        (html.contains(NAME), html.contains("顾明舟"))
    };
    assert_eq!(find(NAME), (true, false));
    assert_eq!(find(&issued.code.to_lowercase()), (true, false));
    assert_eq!(find("机械"), (false, true));
    assert_eq!(find("110101 19900307 001X"), (false, true));
    assert_eq!(find(&issued.number[..6]), (true, true));
    assert_eq!(find("没有这个人"), (false, false));

    let path = format!("/office/certificates/{}", issued.number);
    let form = browser.get(&format!("{path}/supersession")).text();
    assert!(
        form.contains(&format!("value=\"{NAME}\"")),
        "begun from what the old one says"
    );
    let revocation = format!("{path}/revocation");
    let seen = browser
        .post(&revocation)
        .fields(&[
            ("reason", "fraud"),
            ("effect", "ab_initio"),
            ("decision_number", "示〔2024〕1号"),
        ])
        .send();
    assert_eq!(seen.status, 422, "half a decision");
    let fields = [
        ("reason", "fraud"),
        ("effect", "ab_initio"),
        ("decided_on", "2024-08-19"),
        ("decision_number", "示〔2024〕1号"),
        ("decision_reason", "样例事由"),
    ];
    let seen = browser.post(&revocation).fields(&fields).send();
    assert_eq!(
        (seen.status, seen.header("location")),
        (303, Some(path.as_str()))
    );
    assert!(browser.get(&path).text().contains("样例事由"));
    let again = browser.post(&revocation).fields(&fields).send();
    again.refused(409, "certificate_not_valid");
    let public = server.get(&format!("/v/{}", issued.code)).send().text();
    assert!(public.contains("data-answer=\"revoked\"") && !public.contains("样例事由"));
    let seen = browser
        .post(&format!("{path}/reinstatement"))
        .fields(&[])
        .send();
    assert_eq!(seen.status, 303);
    let key2 = key(&form);
    let seen = browser
        .post(&format!("{path}/supersession"))
        .fields(&grant(&key2, "issue", "沈知远"))
        .send();
    assert_eq!(seen.status, 201);
    let public = server.get(&format!("/v/{}", issued.code)).send().text();
    assert!(public.contains("data-answer=\"superseded\"") && public.contains("新证书编号"));

    let audit = browser.get("/office/audit").text();
    for action in ["签发证书", "撤销证书", "恢复证书", "按身份证号查找", "登录"]
    {
        assert!(audit.contains(action), "{action}");
    }
    assert!(!audit.contains(NAME) && !audit.contains("11010119900307001"));
    let history = browser.get(&path).text();
    assert!(history.contains("撤销证书") && history.contains("恢复证书"));
    let register = browser.get("/office/register.csv");
    let rows = register.text();
    assert!(rows.starts_with("\u{feff}number,name,") && rows.lines().count() == 4);
    let log = browser.post("/office/log").fields(&[]).send().text();
    assert!(log.contains("已核对每一条"));
}
