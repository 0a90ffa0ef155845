//! What holds for every route: the OpenAPI document, methods, credentials, ids, languages.

use std::{
    collections::BTreeSet,
    io::{Read as _, Write as _},
    net::TcpStream,
    time::{Duration, Instant},
};

use juanzong::{
    error_code::ErrorCode,
    http::{self, Access},
    store::Scope,
};

use crate::support::server::TestServer;

/// An address with its variables filled in by something that does not exist.
fn filled(path: &str) -> String {
    path.replace("{id}", "0000000000000000")
        .replace("{slot}", "degree")
        .replace("{n}", "1")
        .replace("{file}", "0000000000000000")
        .replace("{page}", "1")
        .replace("{code}", "nothing")
        .replace("{name}", "nothing")
        .replace("{number}", "nothing")
        .replace("{volume}", "1")
        .replace("{path:.*}", "0/000")
}

#[test]
fn the_document_and_the_routes_say_the_same() {
    let document = http::openapi_document();
    assert_eq!(document["openapi"], "3.1.0");
    let mut documented = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            documented.insert((method.to_uppercase(), path.clone()));
            let variables = path.matches('{').count();
            let empty = Vec::new();
            let parameters = operation["parameters"].as_array().unwrap_or(&empty);
            let in_path = parameters.iter().filter(|p| p["in"] == "path").count();
            assert_eq!(in_path, variables, "{method} {path}");
            assert!(operation["summary"].is_string(), "{method} {path}");
        }
    }
    let routes: BTreeSet<_> = http::routes()
        .into_iter()
        .filter(|route| route.in_contract)
        .map(|route| (route.method, route.path.replace(":.*", "")))
        .collect();
    assert_eq!(documented, routes);
    for route in http::routes().iter().filter(|route| !route.in_contract) {
        assert!(!route.path.starts_with("/v1"), "{} is no page", route.path);
    }
    // Every schema that is named is there.
    let text = document.to_string();
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(
            document["components"]["schemas"][name].is_object(),
            "{name} is not defined"
        );
    }
}

#[test]
fn a_wrong_method_is_told_the_right_ones() {
    let server = TestServer::start();
    let paths: BTreeSet<_> = http::routes().into_iter().map(|route| route.path).collect();
    for path in paths {
        let seen = server.ask("TRACE", &filled(path)).send();
        let allow = seen.header("allow").unwrap_or_default().to_owned();
        seen.refused(405, "method_not_allowed");
        for route in http::routes().iter().filter(|route| route.path == path) {
            assert!(allow.contains(&route.method), "{path}: {allow}");
        }
    }
}

#[test]
fn every_route_lets_in_only_whom_the_table_allows() {
    let server = TestServer::start();
    let secret = "jzd_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let tokens: Vec<(Scope, String)> = Scope::ALL
        .into_iter()
        .map(|scope| (scope, server.token(&[scope])))
        .collect();
    for route in http::routes() {
        let method: &'static str = match route.method.as_str() {
            "GET" => "GET",
            "POST" => "POST",
            "PUT" => "PUT",
            "PATCH" => "PATCH",
            "DELETE" => "DELETE",
            other => panic!("{other}"),
        };
        let path = filled(route.path);
        // A page takes the same credentials from its cookie.
        let with = |credential: &str| {
            let session = |token: &str| {
                if token.starts_with("jzt_") && token.len() > 10 {
                    server.session(token)
                } else {
                    token.to_owned()
                }
            };
            let asked = server.ask(method, &path);
            match route.access {
                Access::DossierPage => asked.header("Cookie", &format!("jz-dossier={credential}")),
                Access::OfficePage(_) => {
                    let credential = session(credential);
                    asked.header("Cookie", &format!("jz-office={credential}"))
                }
                _ => asked.bearer(credential),
            }
            .send()
        };
        let none = server.ask(method, &path).send();
        let wrong = with("jzt_x_y");
        let dossier = with(secret);
        match route.access {
            Access::OfficePage(_) => {
                for seen in [none, wrong, dossier] {
                    if method == "GET" {
                        let sent_to = seen.header("location").unwrap_or_default();
                        assert_eq!(seen.status, 303, "{path}");
                        assert!(
                            sent_to.starts_with("/office/sign-in?next=/office"),
                            "{sent_to}"
                        );
                    } else {
                        assert_eq!(seen.status, 401, "{path}");
                    }
                }
            }
            Access::Anyone => {
                assert!(!matches!(none.status, 401 | 403), "{path}");
            }
            Access::Applicant(_)
            | Access::Scope(_)
            | Access::Dossier
            | Access::DossierPage
            | Access::Job
            | Access::Holder => {
                none.refused(401, "credentials_missing");
                wrong.refused(401, "credentials_unknown");
                dossier.refused(401, "credentials_unknown");
            }
        }
        for (scope, token) in &tokens {
            let seen = with(token);
            if let Access::OfficePage(wanted) = route.access {
                let let_in = *scope == Scope::Admin || wanted.contains(scope);
                assert_eq!(seen.status != 403, let_in, "{method} {path} {scope}");
            }
            let admin = *scope == Scope::Admin;
            match route.access {
                Access::Anyone => assert!(!matches!(seen.status, 401 | 403), "{path}"),
                Access::OfficePage(_) => {}
                Access::Applicant(wanted) | Access::Scope(wanted) => {
                    let let_in = admin || *scope == wanted;
                    assert_eq!(seen.status != 403, let_in, "{method} {path} {scope}");
                }
                Access::Holder => {
                    let let_in = admin || *scope == Scope::Issue;
                    assert_eq!(seen.status != 403, let_in, "{method} {path} {scope}");
                }
                // Of others' work nobody learns that it is there.
                Access::Job => assert_eq!(seen.status, 404, "{method} {path} {scope}"),
                Access::Dossier | Access::DossierPage => {
                    assert_eq!(seen.status != 403, admin, "{method} {path} {scope}");
                }
            }
        }
    }
    server.leaves(Vec::new());
}

#[test]
fn every_address_that_is_none_is_a_problem_too() {
    let server = TestServer::start();
    for path in [
        "/v2",
        "/v1/",
        "/v1/notices/",
        "/v1/dossiers/../notices",
        "/v1/notices/%2e%2e%2f",
        "/%00",
        "/assets/..%2fCargo.toml",
        "/assets/README.md",
        "/problems/nothing",
        "/v1/checks/XX999",
        "/v1/notices/nothing",
    ] {
        server.get(path).send().refused(404, "not_found");
    }
}

#[test]
fn ids_and_traces_pass_through_and_forged_ones_do_not() {
    let server = TestServer::start();
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let seen = server
        .get("/livez")
        .header("X-Request-Id", "portal-42")
        .header("traceparent", trace)
        .send();
    assert_eq!(seen.header("x-request-id"), Some("portal-42"));
    assert_eq!(seen.header("traceparent"), Some(trace));
    let seen = server
        .get("/livez")
        .header("X-Request-Id", "two words")
        .header("traceparent", "nonsense")
        .send();
    assert_ne!(seen.header("x-request-id"), Some("two words"));
    assert_eq!(seen.header("traceparent"), None);
}

#[test]
fn a_refusal_speaks_the_language_asked_for_and_both() {
    let server = TestServer::start();
    let zh = server.get("/nowhere").send().is(404);
    let en = server
        .get("/nowhere")
        .header("Accept-Language", "en")
        .send()
        .is(404);
    assert_eq!(zh["title"], ErrorCode::NotFound.title().zh);
    assert_eq!(en["title"], ErrorCode::NotFound.title().en);
    assert_eq!(zh["message"], en["message"]);
    for code in ErrorCode::ALL {
        let seen = server.get(&format!("/problems/{code}")).send();
        assert_eq!(seen.status, 200);
        assert!(seen.text().contains(code.as_str()));
    }
}

#[test]
fn a_head_is_a_get_without_its_body() {
    let server = TestServer::start();
    for path in ["/", "/v1/limits", "/openapi.json", "/livez"] {
        let get = server.get(path).send();
        let head = server.ask("HEAD", path).send();
        assert_eq!((get.status, head.status), (200, 200));
        assert!(head.body.is_empty());
        assert_eq!(get.header("content-type"), head.header("content-type"));
        assert_eq!(get.header("content-digest"), head.header("content-digest"));
    }
}

#[test]
fn pages_load_nothing_from_elsewhere() {
    let server = TestServer::start();
    for path in ["/", "/apply", "/verify", "/docs", "/problems/busy"] {
        let seen = server.get(path).send();
        assert_eq!(seen.status, 200);
        let html = seen.text().replace("&#x2f;", "/");
        for part in html.split(['"', '\'']) {
            assert!(
                !part.starts_with("http") && !part.starts_with("//"),
                "{path} names {part}"
            );
        }
        assert!(!html.contains("<script>") && !html.contains("style=\""));
        let assets = html
            .split('"')
            .filter(|part| part.starts_with("/assets/") && !part.contains('{'));
        let assets: BTreeSet<&str> = assets.collect();
        assert!(
            assets.len() >= 3,
            "style, icon, script of {path}: {assets:?}"
        );
        for asset in assets {
            let seen = server.get(asset).send();
            assert_eq!(seen.status, 200, "{asset}");
            assert!(seen.header("cache-control").unwrap().contains("immutable"));
        }
    }
}

#[test]
fn the_service_says_what_it_is_made_of() {
    let server = TestServer::start();
    let ready = server.get("/readyz").send().is(200);
    assert_eq!(ready["ready"], true);
    assert!(ready["sandbox"]["lockdown"].is_object());
    let limits = server.get("/v1/limits").send().is(200);
    assert_eq!(limits["file_bytes"], crate::support::server::FILE_BYTES);
    let notices = server.get("/v1/notices?on=2024-08-20").send().is(200);
    let ids: Vec<_> = notices["notices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|notice| notice["id"].as_str().unwrap())
        .collect();
    assert!(ids.contains(&super::NOTICE), "{ids:?}");
    let pack = server
        .get(&format!("/v1/notices/{}", super::NOTICE))
        .send()
        .is(200);
    assert!(pack["slots"].as_array().unwrap().len() >= 14);
    let checks = server.get("/v1/checks").send().is(200);
    for check in checks["checks"].as_array().unwrap() {
        let code = check["code"].as_str().unwrap();
        let page = server.get(&format!("/v1/checks/{code}")).send().is(200);
        assert!(
            page["explanation"]
                .as_str()
                .unwrap()
                .contains("What it looks at")
        );
    }
}

#[test]
fn an_answer_does_not_wait_for_the_one_before_to_be_acknowledged() {
    let server = TestServer::start();
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let two = "HEAD /readyz HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2);
    let mut buffer = [0; 4096];
    let mut took = Vec::new();
    for _ in 0..40 {
        let asked = Instant::now();
        stream.write_all(two.as_bytes()).unwrap();
        let mut seen = Vec::new();
        while String::from_utf8_lossy(&seen).matches("\r\n\r\n").count() < 2 {
            let read = stream.read(&mut buffer).unwrap();
            assert_ne!(read, 0, "the server hung up");
            seen.extend_from_slice(&buffer[..read]);
        }
        assert!(seen.starts_with(b"HTTP/1.1 200"));
        took.push(asked.elapsed());
    }
    // Kernels put acknowledgements off by 40 ms at least, but for the first few: a server that waits for them waits every time.
    let quickest = took[20..].iter().min().unwrap();
    assert!(*quickest < Duration::from_millis(35), "{took:?}");
}
