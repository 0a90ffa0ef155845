//! `GET /v1/jobs`: the queue, for whoever looks after the service.

use actix_web::{HttpRequest, web::Data};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

use crate::{
    error_code::ErrorCode,
    http::{
        Services, body,
        jobs::JobView,
        json,
        problem::{Answer, Problem},
    },
    store::JobState,
};

/// Most rows of one answer.
const MOST: u32 = 200;

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct JobsQuery {
    /// `waiting`, `running`, `done`, `refused`, `dead` or `cancelled`.
    #[param(value_type = Option<JobState>)]
    state: Option<String>,
}

/// The queue: without what the work is about.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct JobsView {
    /// How many there are in each state.
    counts: BTreeMap<&'static str, u64>,
    /// The newest, at most 200.
    jobs: Vec<JobView>,
}

/// The queue: how many there are in each state, and the newest. `state=dead` is what an operator has to look at.
#[utoipa::path(get, path = "/v1/jobs", tag = "jobs", params(JobsQuery),
    responses(
        (status = 200, description = "The queue", body = JobsView),
        (status = 400, description = "No such state", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The token lacks the scope `observe`", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("token" = [])))]
pub(in crate::http) async fn list_jobs(request: HttpRequest, services: Data<Services>) -> Answer {
    let query: JobsQuery = body::query(&request)?;
    let state = match &query.state {
        None => None,
        Some(name) => Some(named(name)?),
    };
    let counts = services.store.count_jobs().await?;
    let rows = services.store.jobs(state, MOST).await?;
    json::ok(&JobsView {
        counts: counts
            .iter()
            .map(|(state, n)| (state.as_str(), *n))
            .collect(),
        jobs: rows.iter().map(JobView::outside).collect(),
    })
}

fn named(name: &str) -> Result<JobState, Problem> {
    let found = JobState::ALL
        .into_iter()
        .find(|state| state.as_str() == name);
    found.ok_or_else(|| {
        let names: Vec<String> = JobState::ALL
            .iter()
            .map(|s| format!("`{}`", s.as_str()))
            .collect();
        Problem::new(ErrorCode::ParameterUnreadable).because(
            format!("`state` 应为 {} 之一", names.join(" ")),
            format!("`state` is one of {}", names.join(" ")),
        )
    })
}
