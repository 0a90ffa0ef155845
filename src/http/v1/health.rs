//! `GET /livez` and `GET /readyz`: whether the process lives, and whether it can do its work.

use actix_web::{HttpResponse, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    error_code::ErrorCode,
    http::{
        Services, json,
        problem::{Answer, Problem},
    },
};

/// Whether the process lives.
#[utoipa::path(get, path = "/livez", tag = "service",
    responses((status = 200, description = "The process lives", content_type = "text/plain", body = String)))]
pub(in crate::http) async fn livez() -> HttpResponse {
    let text = b"alive\n".to_vec();
    json::finish(HttpResponse::Ok(), "text/plain; charset=utf-8", text)
}

/// What the service can do.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Readiness {
    /// Always true in a 200.
    ready: bool,
    /// How far the workers that parse foreign files are locked down, and how they fare.
    #[schema(value_type = Object)]
    sandbox: crate::sandbox::PoolState,
}

/// Whether the database answers, the disk takes files, and how far the sandbox is locked down.
#[utoipa::path(get, path = "/readyz", tag = "service",
    responses(
        (status = 200, description = "Ready", body = Readiness),
        (status = 503, description = "Not ready, with the reason", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")))]
pub(in crate::http) async fn readyz(services: Data<Services>) -> Answer {
    services.store.ready().await.map_err(|error| {
        Problem::new(ErrorCode::NotReady)
            .retry_after(5)
            .because(
                "存储不可用",
                "the store cannot be reached or does not take files",
            )
            .caused_by(error)
    })?;
    json::ok(&Readiness {
        ready: true,
        sandbox: services.pool.state(),
    })
}
