//! How often one caller may ask.

use std::collections::BTreeMap;

use juanzong::{
    certificate::{Level, Method, NumberTemplate},
    http::{Config, Rate, routes},
    store::Scope,
};
use serde_json::json;

use super::{
    certificates::{grant, issue},
    small_pdf,
};
use crate::support::server::{Setup, TestServer};

fn counting(verifications: u32, uploads: u32) -> TestServer {
    TestServer::with(Setup {
        config: Some(Config {
            verifications_per_minute: verifications,
            uploads_per_minute: uploads,
            ..Config::default()
        }),
        ..Setup::default()
    })
}

#[test]
fn who_guesses_codes_is_stopped_and_told_when_to_come_back() {
    let server = counting(8, 0);
    let guess = |code: &str| {
        server
            .post("/v1/verifications")
            .json(&json!({ "code": code }))
            .send()
    };
    for _ in 0..4 {
        assert_ne!(guess("AAAA-BBBB-CCCC-DDDD-EEEE").status, 429);
    }
    // What cannot be a code is counted like what can: the limit says nothing about the answer.
    for code in ["AAAA-BBBB-CCCC-DDDD-EEEE", "nonsense"] {
        let stopped = guess(code);
        let wait: u32 = stopped.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
        stopped.refused(429, "too_many_requests");
    }
    let page = server.get("/v/AAAABBBBCCCCDDDDEEEE").send();
    assert_eq!(page.status, 429, "the page is another way to guess");
    // What costs nothing goes on.
    assert_eq!(server.get("/v1/limits").send().status, 200);
}

#[test]
fn a_token_has_its_own_count() {
    let server = counting(0, 4);
    let (one, other) = (
        server.token(&[Scope::Validate]),
        server.token(&[Scope::Validate]),
    );
    let pdf = small_pdf("counted");
    let send = |token: &str| {
        let ask = server.post("/v1/validations").bearer(token).pdf(&pdf);
        ask.send().status
    };
    assert_eq!([send(&one), send(&one), send(&one)], [200, 200, 429]);
    assert_eq!(send(&other), 200);
}

#[test]
fn everything_that_can_be_guessed_or_costs_much_is_counted() {
    let counted: Vec<String> = routes()
        .into_iter()
        .filter(|route| route.rate != Rate::Free)
        .map(|route| format!("{} {}", route.method, route.path))
        .collect();
    for wanted in [
        "POST /v1/verifications",
        "GET /v/{code}",
        "POST /verify",
        "POST /v1/validations",
        "POST /v1/dossiers",
        "POST /v1/dossiers/{id}/slots/{slot}/files",
        "PUT /v1/dossiers/{id}/slots/{slot}/files/{n}",
    ] {
        assert!(
            counted.iter().any(|route| route == wanted),
            "{wanted} is not counted"
        );
    }
}

/// Numbers are given out in a row. Who walks them learns from no answer which of them exist, and is stopped. A hundred thousand of
/// them walk over a running program in `scripts/certificate-peers.sh`.
#[test]
fn g4_numbers_walked_show_no_difference_and_meet_the_limit() {
    let server = counting(200, 0);
    let token = server.token(&[Scope::Issue]);
    let known: Vec<String> = ["甲示例", "乙示例", "丙示例"]
        .map(|name| issue(&server, &token, &grant(name))["number"].to_string())
        .map(|number| number.trim_matches('"').to_owned())
        .to_vec();
    let template = NumberTemplate::default();
    let walked = (0..300).filter_map(|serial| {
        template.number(2024, Level::Intermediate, Method::Recognition, serial)
    });
    let walked: Vec<String> = walked.map(|number| number.to_string()).collect();
    let met = walked
        .iter()
        .filter(|number| known.contains(number))
        .count();
    assert_eq!(met, 3, "{known:?} {:?}", &walked[..5]);
    let mut answers: BTreeMap<(u16, String), u32> = BTreeMap::new();
    for number in &walked {
        let asked = server.post("/v1/verifications");
        let answer = asked.json(&json!({ "code": number })).send();
        let said = match answer.status {
            // It says how long to wait, which is another number each time.
            429 => String::new(),
            _ => answer.text(),
        };
        *answers.entry((answer.status, said)).or_default() += 1;
        // As a file, without the secret that its holder has.
        let file = server.get(&format!("/v1/certificates/{number}.pdf")).send();
        let file = file.refused(401, "credentials_missing");
        *answers
            .entry((401, file["detail"].to_string()))
            .or_default() += 1;
    }
    let kinds: Vec<u16> = answers.keys().map(|(status, _)| *status).collect();
    assert_eq!(kinds, [200, 401, 429]);
    assert!(answers.values().all(|count| *count > 50), "{answers:?}");
}
