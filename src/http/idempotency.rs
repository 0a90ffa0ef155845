//! `Idempotency-Key` on every POST that makes something: asked twice, done once, answered alike.

use std::future::Future;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
};
use data_encoding::HEXLOWER;
use serde_json::Value;

use super::{
    Services,
    access::Caller,
    json,
    problem::{Answer, Problem},
};
use crate::{
    digest::{Digest, Hasher},
    error_code::ErrorCode,
    store::{self, Begun, Id, RequestKey, Secret, SecretHash},
};

/// A secret that is shown in one answer and not kept.
///
/// With a key it can be made again from the key and a salt; the salt is kept in its place, so that a repeated
/// request is answered alike.
pub(super) struct OneTimeSecret {
    secret: Secret,
    salt: [u8; 32],
    key: Option<String>,
    member: &'static str,
    prefix: &'static str,
}

impl OneTimeSecret {
    /// A new secret, to stand in the answer as `member` after `prefix`.
    pub(super) fn new(
        key: Option<&str>,
        member: &'static str,
        prefix: &'static str,
    ) -> OneTimeSecret {
        let salt = rand::random();
        let secret = match key {
            Some(key) => Secret::derived(key.as_bytes(), &salt),
            None => Secret::random(),
        };
        OneTimeSecret {
            secret,
            salt,
            key: key.map(str::to_owned),
            member,
            prefix,
        }
    }
    /// What is kept of it.
    pub(super) fn hash(&self) -> SecretHash {
        self.secret.hash()
    }
    /// Puts the secret into an answer, or what it can be made from again when the answer is kept.
    pub(super) fn put(&self, body: &mut Value) {
        body[self.member] = match self.key {
            Some(_) => Value::from(HEXLOWER.encode(&self.salt)),
            None => self.shown(&self.secret),
        };
    }
    /// Puts the secret in the place of what it is made from.
    pub(super) fn reveal(&self, body: &mut Value) {
        let Some(key) = &self.key else { return };
        let salt = body[self.member].as_str().and_then(|text| {
            let bytes = HEXLOWER.decode(text.as_bytes()).ok()?;
            <[u8; 32]>::try_from(bytes).ok()
        });
        if let Some(salt) = salt {
            body[self.member] = self.shown(&Secret::derived(key.as_bytes(), &salt));
        }
    }
    fn shown(&self, secret: &Secret) -> Value {
        Value::from(format!("{}{}", self.prefix, secret.reveal()))
    }
}

/// What a request made.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) status: StatusCode,
    pub(super) location: Option<String>,
    pub(super) body: Value,
    /// The dossier the answer belongs to and is forgotten with.
    pub(super) dossier: Option<Id>,
}

/// The key of a request, if it has one.
pub(super) fn key(request: &HttpRequest) -> Result<Option<&str>, Problem> {
    let Some(field) = request.headers().get("idempotency-key") else {
        return Ok(None);
    };
    let text = field.to_str().ok().map(|text| text.trim_matches('"'));
    text.filter(|text| is_key(text))
        .map(Some)
        .ok_or_else(|| Problem::new(ErrorCode::IdempotencyKeyUnreadable))
}

fn is_key(text: &str) -> bool {
    (16..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Does `work` unless the same caller asked the same with the same key before; then gives the answer of that time.
///
/// `finish` turns what is kept into what is answered: a secret, for one, is never kept.
pub(super) async fn once(
    request: &HttpRequest,
    caller: &Caller,
    services: &Services,
    body: Digest,
    work: impl Future<Output = Result<Made, Problem>>,
    finish: impl Fn(&mut Value),
) -> Answer {
    let key = key(request)?.map(|key| RequestKey {
        owner: caller.actor.clone(),
        key: Digest::of(key.as_bytes()),
        request: fingerprint(request, body),
    });
    let made = done_once(services, key, work).await?;
    answer(made.status, made.location, made.body, &finish)
}

/// The key of a form that carries one in a hidden field, as `Idempotency-Key` does for a program.
pub(super) fn of_form(
    request: &HttpRequest,
    caller: &Caller,
    key: &str,
    body: Digest,
) -> Result<RequestKey, Problem> {
    if !is_key(key) {
        return Err(Problem::new(ErrorCode::IdempotencyKeyUnreadable));
    }
    Ok(RequestKey {
        owner: caller.actor.clone(),
        key: Digest::of(key.as_bytes()),
        request: fingerprint(request, body),
    })
}

/// Does `work` unless the same was asked with the same key before; then gives what was made that time, secrets still in the shape
/// they are kept in ([`OneTimeSecret::reveal`]).
pub(super) async fn done_once(
    services: &Services,
    key: Option<RequestKey>,
    work: impl Future<Output = Result<Made, Problem>>,
) -> Result<Made, Problem> {
    let Some(key) = key else {
        return work.await;
    };
    match services
        .store
        .begin_request(&key, services.clock.now())
        .await?
    {
        Begun::Done(done) => {
            return Ok(Made {
                status: StatusCode::from_u16(done.status).map_err(Problem::internal)?,
                location: done.location,
                body: serde_json::from_str(&done.body).map_err(Problem::internal)?,
                dossier: None,
            });
        }
        Begun::InProgress => {
            return Err(Problem::new(ErrorCode::IdempotencyInProgress).retry_after(2));
        }
        Begun::OtherRequest => return Err(Problem::new(ErrorCode::IdempotencyKeyReused)),
        Begun::New => {}
    }
    // Should the caller hang up, the request stays begun and may be asked again after a while.
    match work.await {
        Ok(made) => {
            let done = store::Answer {
                status: made.status.as_u16(),
                location: made.location.clone(),
                body: made.body.to_string(),
            };
            let dossier = made.dossier.as_ref();
            services.store.finish_request(&key, &done, dossier).await?;
            Ok(made)
        }
        Err(problem) => {
            services.store.abandon_request(&key).await?;
            Err(problem)
        }
    }
}

fn answer(
    status: StatusCode,
    location: Option<String>,
    mut body: Value,
    finish: &impl Fn(&mut Value),
) -> Answer {
    finish(&mut body);
    let mut response: HttpResponse = json::answer(status, &body)?;
    if let Some(location) = location {
        let value = location.parse().map_err(Problem::internal)?;
        response.headers_mut().insert(LOCATION, value);
    }
    Ok(response)
}

fn fingerprint(request: &HttpRequest, body: Digest) -> Digest {
    let mut hasher = Hasher::default();
    for part in [
        request.method().as_str(),
        request.path(),
        request.query_string(),
    ] {
        hasher.update(part.as_bytes());
        hasher.update(b"\0");
    }
    hasher.update(body.as_bytes());
    hasher.finish()
}
