//! Bearer tokens of another platform (OpenID Connect): taken when the office says whose, for whom, and what they open here.
//!
//! ```toml
//! issuer = "https://sso.hr.example"
//! audience = "juanzong"
//! jwks = "jwks.json"                # beside this file, or an https address that is asked once, when the service starts
//! claim = "scope"                   # a list, or words with blanks between
//! [scopes]
//! "titles.submit" = ["validate", "bind"]
//! ```
//! A token is taken when its signature is that of a key of the list, named by `kid`, with an algorithm of that key's own family (never
//! `none`, never a shared secret), and issuer, audience and times fit. Who it was is written down as `oidc:` and an id that follows
//! from issuer and subject, never the subject itself.

use std::{collections::BTreeMap, path::Path, time::Duration};

use jiff::Timestamp;
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, Validation,
    jwk::{JwkSet, PublicKeyUse},
};
use serde::Deserialize;

use crate::{
    digest::Digest,
    store::{Id, Scope, Scopes},
};

/// How far the clocks of both platforms may be apart, in seconds.
const LEEWAY: i64 = 60;
/// Longest token that is looked at.
const MOST_BYTES: usize = 16 << 10;
/// Most bytes of a key list that is fetched.
const KEY_LIST_BYTES: u64 = 1 << 20;

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("tokens of another platform: {0}")]
pub struct ForeignTokensError(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    issuer: String,
    audience: String,
    jwks: String,
    #[serde(default = "scope")]
    claim: String,
    scopes: BTreeMap<String, Vec<Scope>>,
}

fn scope() -> String {
    "scope".to_owned()
}

/// Whose tokens are taken, and what they open.
pub struct ForeignTokens {
    settings: Settings,
    keys: Vec<(String, DecodingKey, Option<Algorithm>)>,
}

impl std::fmt::Debug for ForeignTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "ForeignTokens({}, {} keys)",
            self.settings.issuer,
            self.keys.len()
        )
    }
}

/// Who came with a token of the other platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Foreigner {
    pub(super) id: Id,
    pub(super) scopes: Scopes,
    pub(super) issued_at: Timestamp,
}

impl ForeignTokens {
    /// Reads the settings and the keys they name.
    pub fn read(path: &Path) -> Result<ForeignTokens, ForeignTokensError> {
        let trouble = |error: &dyn std::fmt::Display| {
            ForeignTokensError(format!("`{}`: {error}", path.display()))
        };
        let text = std::fs::read_to_string(path).map_err(|error| trouble(&error))?;
        let settings: Settings = toml::from_str(&text).map_err(|error| trouble(&error))?;
        let keys = if settings.jwks.starts_with("https://") {
            fetched(&settings.jwks)?
        } else {
            let folder = path.parent().unwrap_or(Path::new("."));
            let file = folder.join(&settings.jwks);
            std::fs::read_to_string(&file)
                .map_err(|error| ForeignTokensError(format!("`{}`: {error}", file.display())))?
        };
        ForeignTokens::with(settings, &keys)
    }

    fn with(settings: Settings, keys: &str) -> Result<ForeignTokens, ForeignTokensError> {
        if settings.issuer.is_empty() || settings.audience.is_empty() {
            let words = "`issuer` and `audience` must say something";
            return Err(ForeignTokensError(words.to_owned()));
        }
        let list: JwkSet = serde_json::from_str(keys)
            .map_err(|error| ForeignTokensError(format!("the key list: {error}")))?;
        let mut kept = Vec::new();
        for jwk in &list.keys {
            let signs = jwk.common.public_key_use.as_ref();
            let signs = signs.is_none_or(|wanted| *wanted == PublicKeyUse::Signature);
            let (Some(kid), true) = (&jwk.common.key_id, signs) else {
                continue;
            };
            // A key of a kind we do not know is one nobody can sign with here.
            let Ok(key) = DecodingKey::from_jwk(jwk) else {
                continue;
            };
            if key.family() == AlgorithmFamily::Hmac {
                let words = format!("the key `{kid}` is a shared secret: public keys only");
                return Err(ForeignTokensError(words));
            }
            let only = jwk
                .common
                .key_algorithm
                .and_then(|name| name.to_string().parse().ok());
            kept.push((kid.clone(), key, only));
        }
        if kept.is_empty() {
            let words = "the key list has no key with a `kid` that signatures can be checked with";
            return Err(ForeignTokensError(words.to_owned()));
        }
        Ok(ForeignTokens {
            settings,
            keys: kept,
        })
    }

    /// Whether this could be one of theirs rather than one of ours.
    pub(super) fn looks_like_one(text: &str) -> bool {
        text.len() <= MOST_BYTES && text.bytes().filter(|byte| *byte == b'.').count() == 2
    }

    /// Who comes with it, when it holds.
    pub(super) fn of(&self, text: &str, now: Timestamp) -> Option<Foreigner> {
        let header = jsonwebtoken::decode_header(text).ok()?;
        let kid = header.kid?;
        let (_, key, only) = self.keys.iter().find(|(id, ..)| *id == kid)?;
        if only.is_some_and(|only| only != header.alg) {
            return None;
        }
        let mut wanted = Validation::new_for_family(key.family());
        wanted.set_issuer(&[&self.settings.issuer]);
        wanted.set_audience(&[&self.settings.audience]);
        wanted.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Times are ours to compare: by the clock everything here goes by.
        wanted.validate_exp = false;
        let token = jsonwebtoken::decode::<serde_json::Value>(text, key, &wanted).ok()?;
        let claims = token.claims;
        let now = now.as_second();
        let time = |name: &str| claims.get(name).and_then(serde_json::Value::as_f64);
        let ends = time("exp")?;
        let begins = time("nbf").unwrap_or(f64::MIN);
        if now as f64 >= ends + LEEWAY as f64 || begins > (now + LEEWAY) as f64 {
            return None;
        }
        let subject = claims
            .get("sub")?
            .as_str()
            .filter(|subject| !subject.is_empty())?;
        let issued_at = time("iat").unwrap_or_default();
        Some(Foreigner {
            id: Id::of(Digest::of(
                format!("{}\n{subject}", self.settings.issuer).as_bytes(),
            )),
            scopes: self.scopes(claims.get(&self.settings.claim)),
            issued_at: Timestamp::from_second(issued_at as i64).ok()?,
        })
    }

    fn scopes(&self, claim: Option<&serde_json::Value>) -> Scopes {
        let words: Vec<&str> = match claim {
            Some(serde_json::Value::String(text)) => text.split_whitespace().collect(),
            Some(serde_json::Value::Array(list)) => {
                list.iter().filter_map(serde_json::Value::as_str).collect()
            }
            _ => Vec::new(),
        };
        let ours = words
            .into_iter()
            .filter_map(|word| self.settings.scopes.get(word));
        Scopes::of(ours.flatten().copied())
    }
}

fn fetched(address: &str) -> Result<String, ForeignTokensError> {
    let trouble = |error: ureq::Error| ForeignTokensError(format!("`{address}`: {error}"));
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .https_only(true)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(20)))
        .build()
        .into();
    let mut answer = agent.get(address).call().map_err(trouble)?;
    let body = answer.body_mut().with_config().limit(KEY_LIST_BYTES);
    body.read_to_string().map_err(trouble)
}

#[cfg(test)]
mod tests {
    use data_encoding::BASE64URL_NOPAD as B64;
    use ed25519_dalek::{Signer as _, SigningKey};
    use p256::ecdsa;
    use serde_json::{Value, json};

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn ed() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn es() -> ecdsa::SigningKey {
        ecdsa::SigningKey::from_slice(&[9; 32]).unwrap()
    }

    fn keys() -> String {
        let ed = B64.encode(ed().verifying_key().as_bytes());
        let point = es().verifying_key().to_sec1_point(false);
        let (x, y) = (
            B64.encode(point.x().unwrap()),
            B64.encode(point.y().unwrap()),
        );
        json!({"keys": [
            {"kty": "OKP", "crv": "Ed25519", "kid": "ed", "use": "sig", "x": ed},
            {"kty": "EC", "crv": "P-256", "kid": "es", "alg": "ES256", "x": x, "y": y},
            {"kty": "EC", "crv": "P-256", "x": x, "y": y},
        ]})
        .to_string()
    }

    fn settings() -> Settings {
        toml::from_str(
            "issuer = \"https://sso.hr.example\"\naudience = \"juanzong\"\njwks = \"-\"\n\
             [scopes]\n\"titles.submit\" = [\"validate\", \"bind\"]\n\"titles.look\" = [\"observe\"]",
        )
        .unwrap()
    }

    fn claims() -> Value {
        json!({"iss": "https://sso.hr.example", "aud": ["other", "juanzong"], "sub": "沈知远",
               "exp": NOW + 300, "iat": NOW - 10, "scope": "openid titles.submit"})
    }

    fn text(header: &Value, claims: &Value) -> String {
        let part = |value: &Value| B64.encode(value.to_string().as_bytes());
        format!("{}.{}", part(header), part(claims))
    }

    fn signed_ed(header: &Value, claims: &Value) -> String {
        let text = text(header, claims);
        let signature = ed().sign(text.as_bytes()).to_bytes();
        format!("{text}.{}", B64.encode(&signature))
    }

    fn signed_es(header: &Value, claims: &Value) -> String {
        let text = text(header, claims);
        let signature: ecdsa::Signature = es().sign(text.as_bytes());
        format!("{text}.{}", B64.encode(&signature.to_bytes()))
    }

    fn of(text: &str) -> Option<Foreigner> {
        let tokens = ForeignTokens::with(settings(), &keys()).unwrap();
        tokens.of(text, Timestamp::from_second(NOW).unwrap())
    }

    #[test]
    fn a_token_of_the_other_platform_opens_what_its_words_stand_for() {
        let ed = of(&signed_ed(&json!({"alg": "EdDSA", "kid": "ed"}), &claims())).unwrap();
        let es = of(&signed_es(&json!({"alg": "ES256", "kid": "es"}), &claims())).unwrap();
        assert_eq!(ed, es);
        assert!(ed.scopes.allow(Scope::Bind) && ed.scopes.allow(Scope::Validate));
        assert!(!ed.scopes.allow(Scope::Issue) && !ed.scopes.allow(Scope::Observe));
        assert!(!format!("{ed:?}").contains("沈知远"));
        let mut roles = claims();
        roles["scope"] = json!(["titles.look", "unknown"]);
        let seen = of(&signed_ed(&json!({"alg": "EdDSA", "kid": "ed"}), &roles)).unwrap();
        assert_eq!(seen.scopes, Scopes::of([Scope::Observe]));
    }

    #[test]
    fn what_is_expired_for_somebody_else_or_not_signed_by_them_is_none() {
        let header = json!({"alg": "EdDSA", "kid": "ed"});
        let with = |name: &str, value: Value| {
            let mut claims = claims();
            claims[name] = value;
            signed_ed(&header, &claims)
        };
        let without = |name: &str| {
            let mut claims = claims();
            claims.as_object_mut().unwrap().remove(name);
            signed_ed(&header, &claims)
        };
        let none = text(&json!({"alg": "none", "kid": "ed"}), &claims());
        let public = ed().verifying_key();
        let hmac = {
            use hmac::{Hmac, KeyInit as _, Mac as _};
            let text = text(&json!({"alg": "HS256", "kid": "ed"}), &claims());
            let mut mac = Hmac::<sha2::Sha256>::new_from_slice(public.as_bytes()).unwrap();
            mac.update(text.as_bytes());
            format!("{text}.{}", B64.encode(&mac.finalize().into_bytes()))
        };
        let good = signed_ed(&header, &claims());
        let (signed, signature) = good.rsplit_once('.').unwrap();
        let other = with("scope", json!("titles.look"));
        let (other, _) = other.rsplit_once('.').unwrap();
        for (wrong, what) in [
            (with("exp", json!(NOW - 61)), "expired"),
            (with("nbf", json!(NOW + 61)), "not yet"),
            (with("aud", json!("another")), "audience"),
            (with("iss", json!("https://sso.evil.example")), "issuer"),
            (with("sub", json!("")), "nobody"),
            (without("exp"), "without an end"),
            (without("aud"), "without an audience"),
            (without("sub"), "without a subject"),
            (format!("{none}."), "alg none"),
            (format!("{none}.{signature}"), "alg none, signed"),
            (hmac, "the public key as a shared secret"),
            (
                signed_ed(&json!({"alg": "EdDSA", "kid": "new"}), &claims()),
                "unknown key",
            ),
            (
                signed_ed(&json!({"alg": "EdDSA"}), &claims()),
                "no key named",
            ),
            (
                signed_ed(&json!({"alg": "ES256", "kid": "es"}), &claims()),
                "another key",
            ),
            (
                signed_es(&json!({"alg": "ES256", "kid": "ed"}), &claims()),
                "another family",
            ),
            (format!("{other}.{signature}"), "other claims"),
            (format!("{signed}."), "no signature"),
        ] {
            assert!(of(&wrong).is_none(), "{what}");
        }
        assert!(of(&good).is_some());
        assert!(
            of(&with("exp", json!(NOW - 59))).is_some(),
            "clocks may differ a little"
        );
    }

    #[test]
    fn a_shared_secret_in_the_list_is_refused() {
        let list = json!({"keys": [{"kty": "oct", "kid": "a", "k": "AAAA"}]}).to_string();
        assert!(ForeignTokens::with(settings(), &list).is_err());
        assert!(ForeignTokens::with(settings(), "{\"keys\": []}").is_err());
    }
}
