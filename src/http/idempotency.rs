//! `Idempotency-Key` on every POST that makes something: asked twice, done once, answered alike.

use std::{future::Future, time::Duration};

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
/// With a key it follows from the key, the caller and the office's pepper; a salt is kept in its place, so that a repeated
/// request is answered alike, and what a dead node made for the first one can be found by it.
pub(super) struct OneTimeSecret {
    secret: Secret,
    salt: [u8; 32],
    key: Option<String>,
    member: &'static str,
    prefix: &'static str,
}

impl OneTimeSecret {
    /// A new secret, to stand in the answer as `member` after `prefix`.
    pub(super) fn new(member: &'static str, prefix: &'static str) -> OneTimeSecret {
        OneTimeSecret {
            secret: Secret::random(),
            salt: [0; 32],
            key: None,
            member,
            prefix,
        }
    }
    /// The secret of a key of this caller and what came with it, or a new one.
    pub(super) fn of_key(
        services: &Services,
        caller: &Caller,
        key: Option<&str>,
        body: Digest,
        member: &'static str,
        prefix: &'static str,
    ) -> OneTimeSecret {
        let Some(key) = key else {
            return OneTimeSecret::new(member, prefix);
        };
        let words = format!("{} {member} {body} {key}", caller.actor);
        let salt = *services
            .issuer
            .keys()
            .mac("idempotent-secret", &words)
            .as_bytes();
        OneTimeSecret {
            secret: Secret::derived(key.as_bytes(), &salt),
            salt,
            key: Some(key.to_owned()),
            member,
            prefix,
        }
    }
    /// Whether it follows from a key.
    pub(super) fn is_of_key(&self) -> bool {
        self.key.is_some()
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

/// How often a request under way says so.
const BEAT: Duration = Duration::from_secs(10);

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

/// An id that follows from the key of a request and what came with it, or a new one: what a dead node made for the key is found by
/// it.
pub(super) fn id_of_key(what: &str, caller: &Caller, key: Option<&str>, body: Digest) -> Id {
    key.map_or_else(Id::random, |key| {
        let words = format!("{what} {} {body} {key}", caller.actor);
        Id::of(Digest::of(words.as_bytes()))
    })
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
    // Should the caller hang up or this node die, nobody says any more that the request is under way, and it may be asked again soon.
    let mut work = std::pin::pin!(work);
    let made = loop {
        tokio::select! {
            made = &mut work => break made,
            () = tokio::time::sleep(BEAT) => {
                if let Err(error) = services.store.keep_request(&key, services.clock.now()).await {
                    tracing::warn!(%error, "a request under way could not be kept");
                }
            }
        }
    };
    match made {
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
