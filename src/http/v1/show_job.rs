//! `GET /v1/jobs/{id}`, `/events`, and `POST …/cancellation`: long work, for whoever asked for it.

use std::time::Duration;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    web::{Bytes, Data},
};
use futures_util::stream;
use serde_json::json;

use super::dossier_events::Seat;
use crate::{
    error_code::ErrorCode,
    http::{
        Services,
        access::{Caller, OpenJob},
        jobs::JobView,
        json,
        problem::{Answer, Problem},
    },
    store::{Id, JobRow, StoreError},
};

/// How often the store is asked.
const EVERY: Duration = Duration::from_millis(400);
/// A stream that said nothing for so long says that it is still there.
const STILL_THERE: u32 = 37;
/// A stream ends after so many looks; the caller comes back with `Last-Event-ID`.
const MOST_LOOKS: u32 = 1500;

/// How far it is, and its result when it has ended.
#[utoipa::path(get, path = "/v1/jobs/{id}", tag = "jobs",
    params(("id" = String, Path, description = "Id of the work, from `Location`")),
    responses(
        (status = 200, description = "The work; `result` is what a caller who waits would have got", body = JobView),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such work of this caller, or its result was forgotten", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("token" = []), ("dossier" = [])))]
pub(in crate::http) async fn show_job(services: Data<Services>, OpenJob(job): OpenJob) -> Answer {
    json::ok(&JobView::of(&services, &job).await?)
}

/// Calls it off when it has not ended. What a list has issued stays issued.
#[utoipa::path(post, path = "/v1/jobs/{id}/cancellation", tag = "jobs",
    params(("id" = String, Path, description = "Id of the work")),
    responses(
        (status = 200, description = "As it stands now: cancelled, or ended before", body = JobView),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such work of this caller", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("token" = []), ("dossier" = [])))]
pub(in crate::http) async fn cancel_job(
    services: Data<Services>,
    caller: Caller,
    OpenJob(job): OpenJob,
) -> Answer {
    if services
        .store
        .cancel_job(&job.id, services.clock.now())
        .await?
    {
        let subject = format!("job:{}", job.id);
        caller.record(&services, "job.cancelled", subject).await?;
    }
    let job = services.store.job(&job.id).await?;
    let job = job.ok_or_else(Problem::not_found)?;
    json::ok(&JobView::of(&services, &job).await?)
}

/// What happens to it, as server-sent events: `moved` with how far it is, `ended`, `gone` when it was forgotten.
#[utoipa::path(get, path = "/v1/jobs/{id}/events", tag = "jobs",
    params(
        ("id" = String, Path, description = "Id of the work"),
        ("Last-Event-ID" = Option<String>, Header, description = "Goes on behind this event")),
    responses(
        (status = 200, description = "Server-sent events", content_type = "text/event-stream", body = String),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such work of this caller", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Too many watch; come back after `Retry-After`", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("token" = []), ("dossier" = [])))]
pub(in crate::http) async fn job_events(
    request: HttpRequest,
    services: Data<Services>,
    OpenJob(job): OpenJob,
) -> Answer {
    let seat = Seat::take().ok_or_else(|| Problem::new(ErrorCode::Busy).retry_after(10))?;
    let seen = request.headers().get("last-event-id");
    let seen = seen.and_then(|value| value.to_str().ok());
    let watch = Watch {
        services: services.get_ref().clone(),
        job: job.id,
        seen: seen.unwrap_or_default().trim().to_owned(),
        looks: 0,
        quiet: 0,
        ended: false,
        _seat: seat,
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/event-stream"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(stream::unfold(watch, Watch::next)))
}

struct Watch {
    services: Services,
    job: Id,
    /// The state that was told last: the same on every node, so that any of them goes on behind it.
    seen: String,
    looks: u32,
    quiet: u32,
    ended: bool,
    _seat: Seat,
}

impl Watch {
    async fn next(mut self) -> Option<(Result<Bytes, actix_web::Error>, Watch)> {
        while !self.ended && self.looks < MOST_LOOKS {
            self.looks += 1;
            match self.look().await {
                Ok(text) if !text.is_empty() => {
                    self.quiet = 0;
                    return Some((Ok(Bytes::from(text)), self));
                }
                Ok(_) => {}
                // The stream ends, and the caller tries again.
                Err(error) => {
                    tracing::debug!(%error, "watched work could not be read");
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
        None
    }

    async fn look(&mut self) -> Result<String, StoreError> {
        let Some(job) = self.services.store.job(&self.job).await? else {
            self.ended = true;
            return Ok("event: gone\ndata: {}\n\n".to_owned());
        };
        let mark = mark(&job);
        self.ended = job.state.is_ended();
        if mark == self.seen && !self.ended {
            return Ok(String::new());
        }
        self.seen.clone_from(&mark);
        let kind = if self.ended { "ended" } else { "moved" };
        let data = json!({"state": job.state, "attempts": job.attempts, "done": job.done, "total": job.total});
        Ok(format!("id: {mark}\nevent: {kind}\ndata: {data}\n\n"))
    }
}

fn mark(job: &JobRow) -> String {
    format!("{}.{}.{}", job.attempts, job.done, job.state.as_str())
}
