//! Eligibility and the table of committees over HTTP: the same answers as the rooms give, and refusals that say everything.

use jiff::civil::date;
use juanzong::{
    eligibility::{self, Profile},
    rulepack::Packs,
};
use serde_json::json;

use crate::support::server::TestServer;

const HAIZHOU: &str = "haizhou-chuding-2023h1";

#[test]
fn a_profile_gets_the_answer_of_the_room() {
    let server = TestServer::start();
    let profile = json!({
        "civil_servant": false, "retired": false, "employed_here": true, "series": "工程",
        "licence_needed": false, "education": "bachelor", "attained_on": "2022-06-30",
        "in_post_since": "2022-07-01", "assessments_passed": true, "continuing_education": true,
        "licence": null,
    });
    let body = json!({"notice": HAIZHOU, "on": "2023-06-01", "profile": profile});
    let seen = server.post("/v1/eligibility").json(&body).send().is(200);
    assert_eq!(seen["verdict"], "decided");
    assert_eq!(seen["title"], "assistant");
    assert_eq!(seen["judged_on"], "2023-06-01");
    assert_eq!(seen["missing"], json!([]));
    let profile: Profile = eligibility::read_json(profile).unwrap();
    let packs = Packs::builtin();
    let answer = eligibility::judge(packs.get(HAIZHOU).unwrap(), &profile, date(2023, 6, 1));
    assert_eq!(seen, serde_json::to_value(&answer).unwrap());
    // Every line that is met cites its clause.
    for line in seen["lines"].as_array().unwrap() {
        assert!(line["source"].is_string(), "{line}");
    }
    server.leaves(Vec::new());
}

#[test]
fn a_civil_servant_is_refused_by_the_clause_and_an_empty_profile_needs_a_person() {
    let server = TestServer::start();
    let ask = |profile| {
        let body = json!({"notice": HAIZHOU, "profile": profile});
        server.post("/v1/eligibility").json(&body).send().is(200)
    };
    let refused = ask(json!({"civil_servant": true}));
    assert_eq!(refused["verdict"], "not_eligible");
    assert!(refused["title"].is_null());
    assert_eq!(refused["judged_on"], crate::support::server::TODAY);
    let against: Vec<_> = refused["lines"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|line| line["outcome"] == "not_met")
        .map(|line| line["source"].as_str().unwrap())
        .collect();
    assert_eq!(against.len(), 1);
    assert!(against[0].ends_with("二(四)2"), "{against:?}");
    let empty = ask(json!({}));
    assert_eq!(empty["verdict"], "needs_person");
    assert!(
        empty["missing"]
            .as_array()
            .unwrap()
            .contains(&json!("education"))
    );
}

#[test]
fn everything_that_does_not_fit_is_said_at_once() {
    let server = TestServer::start();
    let post = |body: &serde_json::Value| server.post("/v1/eligibility").json(body).send();
    let body = json!({"notice": HAIZHOU, "profile": {
        "education": "phd", "retired": "no", "colour": 1, "attained_on": "2022", "years_not_counted": -1,
        "shortcomings": ["papers", "luck"], "school": {"name": "x"},
    }});
    let refused = post(&body).refused(400, "body_unreadable");
    let mut keys: Vec<_> = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["key"].as_str().unwrap())
        .collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "profile.attained_on",
            "profile.colour",
            "profile.education",
            "profile.retired",
            "profile.school",
            "profile.shortcomings[2]",
            "profile.years_not_counted",
        ]
    );
    let education = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .find(|error| error["key"] == "profile.education");
    assert!(
        education.unwrap()["allowed"]
            .as_array()
            .unwrap()
            .contains(&json!("bachelor"))
    );
    for wrong in [
        json!([]),
        json!("x"),
        json!({"series": [null]}),
        json!({"series": {"a": [1, {}]}}),
    ] {
        let body = json!({"notice": HAIZHOU, "profile": wrong});
        post(&body).refused(400, "body_unreadable");
    }
    post(&json!({"notice": "nothing", "profile": {}})).refused(422, "notice_unknown");
    post(&json!({"notice": HAIZHOU})).refused(400, "body_unreadable");
    post(&json!({"notice": HAIZHOU, "profile": {}, "on": "soon"})).refused(400, "body_unreadable");
    server.leaves(Vec::new());
}

#[test]
fn committees_are_found_by_specialty_and_office() {
    let server = TestServer::start();
    let get = |q: &str| {
        server
            .get(&format!(
                "/v1/notices/lianyungang-pingshen-2024/committees{q}"
            ))
            .send()
    };
    let found = get("?q=%E7%9F%B3%E6%B2%B9%E5%8C%96%E5%B7%A5").is(200); // 石油化工
    assert_eq!(found["rows"][0]["number"], 44);
    assert_eq!(found["rows"][0]["office"], "市工信局");
    assert_eq!(found["not_seen"][0]["from"], 21);
    assert_eq!(found["not_seen"][0]["to"], 40);
    assert_eq!(found["source"], "连职称办〔2024〕4号 附件");
    let office = get("?q=%E5%B8%82%E7%A7%91%E5%8D%8F").is(200); // 市科协
    assert_eq!(office["rows"][0]["number"], 57);
    assert_eq!(get("?q=xyz").is(200)["rows"], json!([]));
    assert_eq!(get("").is(200)["rows"].as_array().unwrap().len(), 53);
    get("?w=1").refused(400, "parameter_unreadable");
    let none = server
        .get(&format!("/v1/notices/{HAIZHOU}/committees?q=x"))
        .send();
    none.refused(404, "not_found");
}
