//! What happens around every request: an id, one log line, the headers of every answer, one shape for refusals.
//!
//! The log line names the route's pattern, never the address itself: an address can hold a code or an id.

use std::time::Instant;

use actix_web::{
    HttpMessage as _, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{
            ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CROSS_ORIGIN_OPENER_POLICY,
            CROSS_ORIGIN_RESOURCE_POLICY, HeaderMap, HeaderName, HeaderValue, PERMISSIONS_POLICY,
            REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
        },
    },
    middleware::Next,
};

use super::{
    endpoints::Pattern,
    json, metrics,
    pages::refusal::{self, HasOwnPage},
    problem::Problem,
    traces::{self, Place, Span},
};
use crate::{lang::Lang, store::Id};

/// The id of a request: the caller's `X-Request-Id` when it is one, otherwise ours.
#[derive(Clone, Debug)]
pub(super) struct RequestId(pub(super) String);

const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Only what we serve ourselves may load; nothing may frame us.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
                      font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

pub(super) async fn observe(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let started = Instant::now();
    let id = request_id(request.headers());
    let trace = traceparent(request.headers());
    let lang = lang(request.headers());
    let method = request.method().clone();
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.call(request).await?.map_into_boxed_body();
    let route = {
        let extensions = response.request().extensions();
        extensions.get().map_or("", |&Pattern(path)| path)
    };
    let status = response.status();
    let refused = status.is_client_error() || status.is_server_error();
    let own = response.response().extensions().contains::<HasOwnPage>();
    if refused && !own {
        let problem = response.response().extensions().get::<Problem>().cloned();
        let problem = problem.unwrap_or_else(|| Problem::of_status(status));
        log_problem(&problem, status, &id);
        let headers = response.headers().clone();
        let refusal = refusal::page(response.request(), &problem, status, &id)
            .unwrap_or_else(|| refuse(&problem, status, lang, &id));
        let refusal = keep_headers(refusal, &headers);
        response = response.into_response(refusal);
    }
    let headers = response.headers_mut();
    dress(headers);
    if let Ok(value) = HeaderValue::from_str(&id) {
        headers.insert(X_REQUEST_ID, value);
    }
    if let Some(trace) = &trace {
        headers.insert(TRACEPARENT, trace.clone());
    }
    let took = started.elapsed();
    metrics::request(&method, route, status, took);
    if traces::wanted() {
        let given = trace.as_ref().and_then(|value| value.to_str().ok());
        let span = Span {
            name: format!("{method} {route}"),
            began: started,
            kind: 2,
            failed: status.is_server_error(),
            attributes: &[
                ("http.request.method", method.as_str().into()),
                ("http.route", route.into()),
                ("http.response.status_code", status.as_u16().into()),
                ("request_id", id.as_str().into()),
            ],
        };
        traces::tell(Place::of(given), span);
    }
    tracing::info!(
        request_id = id,
        trace = trace.as_ref().and_then(|value| value.to_str().ok()),
        %method,
        route,
        status = status.as_u16(),
        elapsed_ms = took.as_millis() as u64,
        "request"
    );
    Ok(response)
}

/// The refusal as programs get it.
fn refuse(problem: &Problem, status: StatusCode, lang: Lang, id: &str) -> HttpResponse {
    let body = problem.body(status, lang, id);
    json::with_type(status, "application/problem+json", &body)
}

/// Headers set before (`Allow`, `Retry-After`, `Content-Range` …) stay.
fn keep_headers(mut response: HttpResponse, headers: &HeaderMap) -> HttpResponse {
    for (name, value) in headers {
        if !response.headers().contains_key(name) {
            response.headers_mut().insert(name.clone(), value.clone());
        }
    }
    response
}

/// A 5xx says little to the caller and all to the log, once.
fn log_problem(problem: &Problem, status: StatusCode, id: &str) {
    let causes = problem.causes().unwrap_or_default();
    if status.is_server_error() {
        tracing::error!(request_id = id, code = %problem.code(), causes, "failed");
    } else {
        tracing::debug!(request_id = id, code = %problem.code(), causes, "refused");
    }
}

/// Adds the headers of every answer that are not there yet.
fn dress(headers: &mut HeaderMap) {
    let mut set = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    set(X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(X_FRAME_OPTIONS, "DENY");
    set(REFERRER_POLICY, "no-referrer");
    set(CONTENT_SECURITY_POLICY, POLICY);
    set(CACHE_CONTROL, "no-store");
    set(CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
    set(CROSS_ORIGIN_OPENER_POLICY, "same-origin");
    set(
        PERMISSIONS_POLICY,
        "camera=(self), microphone=(), geolocation=()",
    );
}

/// 1 to 64 letters, digits, `-`, `_`, `.`: anything else could forge a log line, so the request gets an id of ours.
fn request_id(headers: &HeaderMap) -> String {
    let given = headers.get(X_REQUEST_ID).and_then(|v| v.to_str().ok());
    let fits = |text: &&str| {
        (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    given
        .filter(fits)
        .map_or_else(|| Id::random().to_string(), str::to_owned)
}

/// W3C Trace Context: `00-<32 hex>-<16 hex>-<2 hex>`.
fn traceparent(headers: &HeaderMap) -> Option<HeaderValue> {
    let value = headers.get(TRACEPARENT)?;
    let parts: Vec<&str> = value.to_str().ok()?.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let hex = |part: &&str| {
        part.bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    (lengths == [2, 32, 16, 2] && parts.iter().all(hex)).then(|| value.clone())
}

/// English when it is asked for before Chinese; otherwise Chinese.
fn lang(headers: &HeaderMap) -> Lang {
    let asked = headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let mut wanted = Vec::new();
    for part in asked.unwrap_or_default().split(',') {
        let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
        let quality = rest.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse);
        let tag = tag.trim().to_ascii_lowercase();
        let lang = match tag.get(..2) {
            Some("zh") => Lang::Zh,
            Some("en") => Lang::En,
            _ => continue,
        };
        wanted.push((quality.unwrap_or(0.0_f64), lang));
    }
    let best = wanted
        .iter()
        .rev()
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .filter(|best| best.0 > 0.0);
    best.map_or(Lang::Zh, |best| best.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
        headers
    }

    #[test]
    fn the_language_asked_for_first_wins() {
        for (asked, want) in [
            ("", Lang::Zh),
            ("zh-CN,en;q=0.8", Lang::Zh),
            ("en-GB,zh;q=0.9", Lang::En),
            ("en;q=0.5,zh;q=0.9", Lang::Zh),
            ("en,zh", Lang::En),
            ("de", Lang::Zh),
            ("en;q=0", Lang::Zh),
        ] {
            assert_eq!(lang(&headers("accept-language", asked)), want, "{asked}");
        }
    }

    #[test]
    fn ids_that_could_forge_a_log_line_are_replaced() {
        assert_eq!(
            request_id(&headers("x-request-id", "portal-7.a_b")),
            "portal-7.a_b"
        );
        assert_ne!(request_id(&headers("x-request-id", "a b")), "a b");
        assert_ne!(request_id(&headers("x-request-id", "")), "");
    }

    #[test]
    fn only_a_traceparent_passes_as_one() {
        let good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        assert!(traceparent(&headers("traceparent", good)).is_some());
        assert!(traceparent(&headers("traceparent", "00-zz-1-01")).is_none());
    }
}
