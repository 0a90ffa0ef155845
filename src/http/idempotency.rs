//! `Idempotency-Key` on every POST that makes something: asked twice, done once, answered alike.

use std::future::Future;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header::LOCATION},
};
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
    store::{self, Begun, Id, RequestKey},
};

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
    text.filter(|text| {
        (16..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
    })
    .map(Some)
    .ok_or_else(|| Problem::new(ErrorCode::IdempotencyKeyUnreadable))
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
    let Some(key) = key(request)? else {
        let made = work.await?;
        return answer(made.status, made.location, made.body, &finish);
    };
    let key = RequestKey {
        owner: caller.actor.clone(),
        key: Digest::of(key.as_bytes()),
        request: fingerprint(request, body),
    };
    match services
        .store
        .begin_request(&key, services.clock.now())
        .await?
    {
        Begun::Done(done) => {
            let status = StatusCode::from_u16(done.status).map_err(Problem::internal)?;
            let body = serde_json::from_str(&done.body).map_err(Problem::internal)?;
            return answer(status, done.location, body, &finish);
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
            answer(made.status, made.location, made.body, &finish)
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
