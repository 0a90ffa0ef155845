//! Spans of requests and of long work, sent to a collector (OTLP over HTTP, JSON) when `OTEL_EXPORTER_OTLP_ENDPOINT` names one.
//!
//! A request with a `traceparent` becomes a span of that trace, unless its caller said that nobody samples it; one without begins a
//! trace. A span has the method, the route's pattern, the status and the request's id: never the address, a name, a number or a
//! code. Spans are gathered by a thread of their own; when the collector is slow or away they are dropped and counted, and nobody waits.

use std::{
    sync::{OnceLock, mpsc},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{clock::Clock, config};

/// Spans that wait to be sent; beyond that they are dropped.
const MOST_WAITING: usize = 4096;
/// Spans sent together.
const TOGETHER: usize = 512;
/// How long a span waits for others.
const PAUSE: Duration = Duration::from_secs(2);

/// Where in a trace something happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    trace: String,
    parent: Option<String>,
}

impl Place {
    /// The place a `traceparent` names; nothing when its caller said that it is not sampled.
    pub(super) fn of(traceparent: Option<&str>) -> Option<Place> {
        let Some(text) = traceparent else {
            return Some(Place {
                trace: hex::<16>(),
                parent: None,
            });
        };
        let mut parts = text.split('-').skip(1);
        let (trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?);
        let sampled = u8::from_str_radix(flags, 16).ok()? & 1 == 1;
        sampled.then(|| Place {
            trace: trace.to_owned(),
            parent: Some(parent.to_owned()),
        })
    }
}

/// So many random bytes in hex.
fn hex<const N: usize>() -> String {
    let bytes: [u8; N] = std::array::from_fn(|_| rand::random());
    data_encoding::HEXLOWER.encode(&bytes)
}

/// Something that happened from `began` until now.
pub(super) struct Span<'a> {
    pub(super) name: String,
    pub(super) began: Instant,
    /// 2 is a server's span, 1 one of the inside.
    pub(super) kind: u8,
    pub(super) failed: bool,
    pub(super) attributes: &'a [(&'static str, Value)],
}

/// Whether anybody wants spans.
pub(super) fn wanted() -> bool {
    sender().is_some()
}

/// Hands a span to the thread that sends them.
pub(super) fn tell(place: Option<Place>, span: Span<'_>) {
    let (Some(sender), Some(place)) = (sender(), place) else {
        return;
    };
    if sender.try_send(written(&place, &span)).is_err() {
        metrics::counter!("juanzong_spans_dropped_total").increment(1);
    }
}

fn written(place: &Place, span: &Span<'_>) -> Value {
    let end = since_1970();
    let began = end.saturating_sub(span.began.elapsed().as_nanos());
    let attributes = span.attributes.iter().map(|(key, value)| {
        let value = match value {
            Value::Number(number) => json!({"intValue": number.to_string()}),
            other => json!({"stringValue": other}),
        };
        json!({"key": key, "value": value})
    });
    json!({
        "traceId": place.trace,
        "spanId": hex::<8>(),
        "parentSpanId": place.parent.clone().unwrap_or_default(),
        "name": span.name,
        "kind": span.kind,
        "startTimeUnixNano": began.to_string(),
        "endTimeUnixNano": end.to_string(),
        "attributes": attributes.collect::<Vec<_>>(),
        "status": if span.failed { json!({"code": 2}) } else { json!({}) },
    })
}

/// Nanoseconds since 1970: the computer's own clock, for nobody's day is judged by a trace.
fn since_1970() -> u128 {
    Clock::System.now().as_nanosecond().unsigned_abs()
}

fn sender() -> Option<&'static mpsc::SyncSender<Value>> {
    static SENDER: OnceLock<Option<mpsc::SyncSender<Value>>> = OnceLock::new();
    let made = SENDER.get_or_init(|| {
        let endpoint = config::variable("OTEL_EXPORTER_OTLP_ENDPOINT")?;
        let service =
            config::variable("OTEL_SERVICE_NAME").unwrap_or_else(|| "juanzong".to_owned());
        let address = format!("{}/v1/traces", endpoint.trim_end_matches('/'));
        let (sender, spans) = mpsc::sync_channel(MOST_WAITING);
        let thread = std::thread::Builder::new().name("traces".to_owned());
        thread
            .spawn(move || send(&address, &service, &spans))
            .ok()?;
        Some(sender)
    });
    made.as_ref()
}

fn send(address: &str, service: &str, spans: &mpsc::Receiver<Value>) {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(10)))
        .build()
        .into();
    while let Ok(first) = spans.recv() {
        let mut some = vec![first];
        let until = Instant::now() + PAUSE;
        while some.len() < TOGETHER {
            match spans.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(next) => some.push(next),
                Err(_) => break,
            }
        }
        let count = some.len() as u64;
        let body = json!({"resourceSpans": [{
            "resource": {"attributes": [
                {"key": "service.name", "value": {"stringValue": service}},
                {"key": "service.version", "value": {"stringValue": env!("CARGO_PKG_VERSION")}},
            ]},
            "scopeSpans": [{"scope": {"name": "juanzong"}, "spans": some}],
        }]});
        let sent = agent
            .post(address)
            .content_type("application/json")
            .send(body.to_string());
        if let Err(error) = sent {
            metrics::counter!("juanzong_spans_dropped_total").increment(count);
            tracing::debug!(%error, "spans could not be sent");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_a_span_of_its_callers_trace() {
        let given = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let place = Place::of(Some(given)).unwrap();
        let span = Span {
            name: "GET /v/{code}".to_owned(),
            began: Instant::now(),
            kind: 2,
            failed: false,
            attributes: &[
                ("http.response.status_code", json!(200)),
                ("http.route", json!("/v/{code}")),
            ],
        };
        let told = written(&place, &span);
        assert_eq!(told["traceId"], "0af7651916cd43dd8448eb211c80319c");
        assert_eq!(told["parentSpanId"], "b7ad6b7169203331");
        assert_eq!(told["spanId"].as_str().unwrap().len(), 16);
        assert_eq!(told["attributes"][0]["value"], json!({"intValue": "200"}));
        assert_eq!(
            told["attributes"][1]["value"],
            json!({"stringValue": "/v/{code}"})
        );
        let unsampled = given.replace("-01", "-00");
        assert_eq!(Place::of(Some(&unsampled)), None);
        assert_eq!(Place::of(None).unwrap().trace.len(), 32);
    }
}
