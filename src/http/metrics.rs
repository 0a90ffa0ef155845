//! What an operator can count: the numbers behind `GET /metrics`, in Prometheus's text format.
//!
//! Labels are methods, the patterns of routes, statuses, verdicts and names of limits: never an address, a name, a
//! number or a code. Recorded where things happen through the `metrics` facade; what is a state rather than an event is
//! set when somebody looks.

use std::{cell::RefCell, collections::HashMap, sync::OnceLock, time::Duration};

use actix_web::http::{Method, StatusCode};
use metrics::{
    Counter, Histogram, counter, describe_counter, describe_gauge, describe_histogram, gauge,
    histogram,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::Services;
use crate::finding::Verdict;

/// Upper bounds of the times counted together, in seconds.
const SECONDS: [f64; 12] = [
    0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0, 120.0,
];

/// The one recorder of this process; servers in one process share it.
fn recorder() -> Option<&'static PrometheusHandle> {
    static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let made = RECORDER.get_or_init(|| {
        let builder = PrometheusBuilder::new().set_buckets(&SECONDS).ok()?;
        // Fails only when the program that embeds us counts in its own way already.
        let handle = builder.install_recorder().ok()?;
        describe();
        Some(handle)
    });
    made.as_ref()
}

fn describe() {
    describe_counter!("juanzong_requests_total", "Requests answered");
    describe_histogram!(
        "juanzong_request_seconds",
        "From the request's head to the answer's"
    );
    describe_counter!("juanzong_verdicts_total", "Reports made, by verdict");
    describe_counter!(
        "juanzong_worker_deaths_total",
        "Workers that ended in a job, by the limit they met"
    );
    describe_gauge!(
        "juanzong_heavy_waiting",
        "Pieces of heavy work that wait for a turn"
    );
    describe_counter!(
        "juanzong_spans_dropped_total",
        "Spans that no collector took"
    );
    describe_gauge!("juanzong_jobs", "Rows of the queue, by state");
    describe_gauge!(
        "juanzong_spool_files",
        "Uploads and work under way on this node's disk"
    );
}

/// Begins to count; nothing before is remembered.
pub(super) fn start() {
    recorder();
}

/// One request was answered.
pub(super) fn request(method: &Method, route: &'static str, status: StatusCode, took: Duration) {
    type Key = (&'static str, &'static str, StatusCode);
    thread_local! {
        /// What is counted together, so that it is not looked up by its labels for every request.
        static KNOWN: RefCell<HashMap<Key, (Counter, Histogram)>> = RefCell::default();
    }
    let key @ (method, route, status) = (name_of(method), route, status);
    KNOWN.with_borrow_mut(|known| {
        let (requests, seconds) = known.entry(key).or_insert_with(|| {
            let requests = counter!("juanzong_requests_total",
                "method" => method, "route" => route, "status" => status.as_str().to_owned());
            (
                requests,
                histogram!("juanzong_request_seconds", "route" => route),
            )
        });
        requests.increment(1);
        seconds.record(took);
    });
}

/// A method as a label. The method is the caller's own word, and whoever thinks up new ones must not fill the memory with counters.
fn name_of(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// How often times are put together; until then each one takes a few bytes, whether anybody ever looks or not.
const UPKEEP: Duration = Duration::from_secs(5);

/// Puts together what was counted, again and again, until the server's thread ends.
pub(super) fn look_after() {
    actix_web::rt::spawn(async {
        loop {
            tokio::time::sleep(UPKEEP).await;
            if let Some(recorder) = recorder() {
                recorder.run_upkeep();
            }
        }
    });
}

/// One file was judged.
pub(super) fn verdict(verdict: Verdict) {
    let verdict = match verdict {
        Verdict::Accepted => "accepted",
        Verdict::Refused => "refused",
        Verdict::Undecided => "undecided",
    };
    counter!("juanzong_verdicts_total", "verdict" => verdict).increment(1);
}

/// Everything counted so far.
pub(super) async fn render(services: &Services) -> String {
    // Without the database there is still everything else to be seen.
    if let Ok(counts) = services.store.count_jobs().await {
        for (state, count) in counts {
            gauge!("juanzong_jobs", "state" => state.as_str()).set(count as f64);
        }
    }
    gauge!("juanzong_heavy_waiting").set(services.permits.waiting() as f64);
    if let Ok(spooled) = services.store.blobs().spooled() {
        gauge!("juanzong_spool_files").set(spooled.len() as f64);
    }
    recorder().map_or_else(String::new, |recorder| {
        recorder.run_upkeep();
        recorder.render()
    })
}
