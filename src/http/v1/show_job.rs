//! `GET /v1/jobs/{id}`, `/events`, and `POST …/cancellation`: long work, for whoever asked for it.

use actix_web::{HttpRequest, web::Data};
use serde_json::json;

use crate::{
    http::{
        Services,
        access::{Caller, OpenJob},
        event_stream::{self, Look, Watched, event},
        jobs::JobView,
        json,
        problem::{Answer, Problem},
    },
    store::{Id, JobRow, StoreError},
};

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
    let seen = request.headers().get("last-event-id");
    let seen = seen.and_then(|value| value.to_str().ok());
    event_stream::answer(Watch {
        services: services.get_ref().clone(),
        job: job.id,
        seen: seen.unwrap_or_default().trim().to_owned(),
    })
}

struct Watch {
    services: Services,
    job: Id,
    /// The state that was told last: the same on every node, so that any of them goes on behind it.
    seen: String,
}

impl Watched for Watch {
    async fn look(&mut self) -> Result<Look, StoreError> {
        let Some(job) = self.services.store.job(&self.job).await? else {
            return Ok(Look::gone());
        };
        let mark = mark(&job);
        let ended = job.state.is_ended();
        if mark == self.seen && !ended {
            return Ok(Look::default());
        }
        self.seen.clone_from(&mark);
        let kind = if ended { "ended" } else { "moved" };
        let data = json!({"state": job.state, "attempts": job.attempts, "done": job.done, "total": job.total});
        let text = event(&mark, kind, &data.to_string());
        Ok(Look { text, ended })
    }
}

fn mark(job: &JobRow) -> String {
    format!("{}.{}.{}", job.attempts, job.done, job.state.as_str())
}
