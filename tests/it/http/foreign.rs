//! Tokens of another platform over HTTP: what they open, whom the audit record names, and how they end here.

use std::sync::Arc;

use data_encoding::BASE64URL_NOPAD as B64;
use ed25519_dalek::{Signer as _, SigningKey};
use juanzong::{
    http::{Config, ForeignTokens},
    store::{Id, Scope},
};
use serde_json::json;

use super::{NOTICE, small_pdf};
use crate::support::server::{Setup, TestServer, runtime};

const SUBJECT: &str = "沈知远@hr.example";

fn key() -> SigningKey {
    SigningKey::from_bytes(&[3; 32])
}

/// A token of theirs, issued so many seconds before the day of the test.
fn token(now: i64, ago: i64, scope: &str) -> String {
    let part = |value: serde_json::Value| B64.encode(value.to_string().as_bytes());
    let claims = json!({"iss": "https://sso.hr.example", "aud": "juanzong", "sub": SUBJECT,
                        "iat": now - ago, "exp": now + 600, "scope": scope});
    let text = format!(
        "{}.{}",
        part(json!({"alg": "EdDSA", "kid": "a"})),
        part(claims)
    );
    let signature = key().sign(text.as_bytes()).to_bytes();
    format!("{text}.{}", B64.encode(&signature))
}

#[test]
fn a_token_of_a_platform_we_believe_opens_what_the_office_says_until_it_is_ended_here() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("oidc.toml");
    let words = "issuer = \"https://sso.hr.example\"\naudience = \"juanzong\"\njwks = \"jwks.json\"\n[scopes]\n\"titles.submit\" = [\"validate\", \"bind\"]\n";
    std::fs::File::create(&path)
        .and_then(|mut f| std::io::Write::write_all(&mut f, words.as_bytes()))
        .unwrap();
    let x = B64.encode(key().verifying_key().as_bytes());
    let keys = json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "a", "x": x}]}).to_string();
    let list = folder.path().join("jwks.json");
    std::fs::File::create(list)
        .and_then(|mut f| std::io::Write::write_all(&mut f, keys.as_bytes()))
        .unwrap();
    let server = TestServer::with(Setup {
        config: Some(Config {
            foreign_tokens: Some(Arc::new(ForeignTokens::read(&path).unwrap())),
            ..Config::default()
        }),
        ..Setup::default()
    });
    let now = server.services.clock.now().as_second();
    let good = token(now, 60, "titles.submit");
    let ask = |token: &str| {
        server
            .post("/v1/validations")
            .bearer(token)
            .pdf(&small_pdf("one"))
            .send()
    };
    ask(&good).is(200);
    let body = json!({"notice": NOTICE, "applicant": {"name": "沈知远", "born": "1992-04-18"}});
    server
        .post("/v1/dossiers")
        .bearer(&good)
        .json(&body)
        .send()
        .is(201);
    // Neither more than the office says, nor anything with an altered token.
    server
        .get("/v1/certificates")
        .bearer(&good)
        .send()
        .refused(403, "scope_missing");
    ask(&token(now, 60, "admin")).refused(403, "scope_missing");
    ask(&format!("{good}A")).refused(401, "credentials_unknown");
    ask("a.b.c").refused(401, "credentials_unknown");
    // Written down under an id that is not the subject.
    let entries = runtime()
        .block_on(server.services.store.audit_entries(9))
        .unwrap();
    let actor = entries
        .iter()
        .find(|line| line.action == "dossier.created")
        .unwrap()
        .actor
        .clone();
    let id: Id = actor.strip_prefix("oidc:").unwrap().parse().unwrap();
    assert!(!format!("{entries:?}").contains("沈知远"));
    // Long work is its asker's.
    let later = server
        .post("/v1/validations")
        .bearer(&good)
        .header("Prefer", "respond-async");
    let later = later.pdf(&small_pdf("two")).send();
    let address = later.header("location").unwrap().to_owned();
    server.get(&address).bearer(&good).send().is(200);
    let other = server.token(&[Scope::Validate]);
    server
        .get(&address)
        .bearer(&other)
        .send()
        .refused(404, "not_found");
    // Ended here: what was issued before is nothing, what is issued later holds.
    let at = server.services.clock.now() - jiff::SignedDuration::from_secs(30);
    runtime()
        .block_on(server.services.store.end_foreign(&id, at))
        .unwrap();
    ask(&good).refused(401, "credentials_unknown");
    ask(&token(now, 0, "titles.submit")).is(200);
}
