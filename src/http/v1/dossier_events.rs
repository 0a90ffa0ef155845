//! `GET /v1/dossiers/{id}/events`: what happens to a dossier, as server-sent events.
//!
//! An id is `<revision>.<number>`; `Last-Event-ID` goes on behind it, on any node. Events are read from the store, so
//! nothing has to be told from one process to another.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    web::{Bytes, Data},
};
use futures_util::stream;

use crate::{
    error_code::ErrorCode,
    http::{
        Services,
        access::OpenDossier,
        problem::{Answer, Problem},
    },
    store::{Id, StoreError},
};

/// How often the store is asked.
const EVERY: Duration = Duration::from_millis(400);
/// A stream that said nothing for so long says that it is still there.
const STILL_THERE: u32 = 37;
/// A stream ends after so many looks; the browser comes back with `Last-Event-ID`.
const MOST_LOOKS: u32 = 1500;
/// Most streams of one process at once.
const MOST_STREAMS: usize = 512;

/// Streams of this process, these and those of long work.
static STREAMS: AtomicUsize = AtomicUsize::new(0);

/// What happens to a dossier while one watches: `changed` when it has another revision, `file.received`, `file.judged` and
/// `file.failed` with the name of the file, `bound`, `gone` when it was deleted.
#[utoipa::path(get, path = "/v1/dossiers/{id}/events", tag = "dossiers",
    params(
        ("id" = String, Path, description = "Id of a dossier"),
        ("Last-Event-ID" = Option<String>, Header, description = "Goes on behind this event")),
    responses(
        (status = 200, description = "Server-sent events", content_type = "text/event-stream", body = String),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Too many watch; come back after `Retry-After`", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("dossier" = []), ("token" = []), ()))]
pub(in crate::http) async fn dossier_events(
    request: HttpRequest,
    services: Data<Services>,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let seat = Seat::take().ok_or_else(|| Problem::new(ErrorCode::Busy).retry_after(10))?;
    let header = request.headers().get("last-event-id");
    let given = header.and_then(|value| seen(value.to_str().ok()?));
    let (revision, number) = match given {
        Some(given) => given,
        None => (row.revision, services.store.last_told(&row.id).await?),
    };
    let watch = Watch {
        services: services.get_ref().clone(),
        dossier: row.id,
        revision,
        number,
        looks: 0,
        quiet: 0,
        ended: false,
        _seat: seat,
    };
    let events = stream::unfold(watch, Watch::next);
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(events))
}

/// `12.34`: the revision and the event that were seen last.
fn seen(text: &str) -> Option<(i64, i64)> {
    let (revision, number) = text.trim().split_once('.')?;
    Some((revision.parse().ok()?, number.parse().ok()?))
}

/// One of the streams there may be; free again when dropped.
pub(super) struct Seat;

impl Seat {
    pub(super) fn take() -> Option<Seat> {
        if STREAMS.fetch_add(1, Ordering::Relaxed) >= MOST_STREAMS {
            STREAMS.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        Some(Seat)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        STREAMS.fetch_sub(1, Ordering::Relaxed);
    }
}

struct Watch {
    services: Services,
    dossier: Id,
    revision: i64,
    number: i64,
    looks: u32,
    quiet: u32,
    ended: bool,
    _seat: Seat,
}

impl Watch {
    async fn next(mut self) -> Option<(Result<Bytes, actix_web::Error>, Watch)> {
        if self.ended {
            return None;
        }
        if self.looks == 0 {
            self.looks = 1;
            return Some((Ok(Bytes::from_static(b"retry: 2000\n\n")), self));
        }
        loop {
            self.looks += 1;
            if self.looks > MOST_LOOKS {
                return None;
            }
            match self.look().await {
                Ok(text) if !text.is_empty() => {
                    self.quiet = 0;
                    return Some((Ok(Bytes::from(text)), self));
                }
                Ok(_) => {}
                // The stream ends, and the browser tries again.
                Err(error) => {
                    tracing::debug!(%error, "a watched dossier could not be read");
                    return None;
                }
            }
            self.quiet += 1;
            if self.quiet >= STILL_THERE {
                self.quiet = 0;
                return Some((Ok(Bytes::from_static(b": still there\n\n")), self));
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// What happened since the last look.
    async fn look(&mut self) -> Result<String, StoreError> {
        let mut text = String::new();
        let store = &self.services.store;
        let Some(row) = store.dossier(&self.dossier).await? else {
            self.ended = true;
            return Ok("event: gone\ndata: {}\n\n".to_owned());
        };
        for event in store.told_since(&self.dossier, self.number).await? {
            self.number = event.number;
            let id = format!("{}.{}", self.revision, self.number);
            text.push_str(&written(&id, &event.kind, &event.data));
        }
        if row.revision != self.revision {
            self.revision = row.revision;
            let id = format!("{}.{}", self.revision, self.number);
            let data = format!("{{\"revision\":{}}}", self.revision);
            text.push_str(&written(&id, "changed", &data));
        }
        Ok(text)
    }
}

/// One event; JSON text has no line ends in it.
fn written(id: &str, kind: &str, data: &str) -> String {
    format!("id: {id}\nevent: {kind}\ndata: {data}\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_we_gave_is_an_id() {
        assert_eq!(seen("12.34"), Some((12, 34)));
        for other in ["", "12", "a.b", "1.2.3", "1;2"] {
            assert_eq!(seen(other), None, "{other}");
        }
    }
}
