//! `GET /metrics`: numbers for an operator, in Prometheus's text format.

use actix_web::{HttpResponse, web::Data};

use crate::http::{Services, json, metrics};

/// Counts of requests, verdicts and workers' deaths, and what waits; in Prometheus's text format 0.0.4.
#[utoipa::path(get, path = "/metrics", tag = "service",
    responses(
        (status = 200, description = "Everything counted by this node since it started", content_type = "text/plain", body = String),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The token lacks the scope `observe`", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("token" = [])))]
pub(in crate::http) async fn show_metrics(services: Data<Services>) -> HttpResponse {
    let text = metrics::render(&services).await.into_bytes();
    json::finish(
        HttpResponse::Ok(),
        "text/plain; version=0.0.4; charset=utf-8",
        text,
    )
}
