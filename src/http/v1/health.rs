//! `GET /livez` and `GET /readyz`: whether the process lives, and whether it can do its work.

use actix_web::{HttpResponse, web::Data};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::{
    error_code::ErrorCode,
    http::{
        Services, json,
        problem::{Answer, Problem},
    },
    lang::Bilingual,
    store::Part,
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
    let unready = services.store.unready().await;
    if !unready.is_empty() {
        let problem = Problem::new(ErrorCode::NotReady).retry_after(5).because(
            "存储不可用",
            "the store cannot be reached or does not take files",
        );
        // Why in detail stands in the log: a caller learns which part it is.
        return Err(unready.into_iter().fold(problem, |problem, (part, error)| {
            let (part, message) = in_words(part);
            let problem =
                problem.error(json!({"part": part, "code": error.code(), "message": message}));
            problem.caused_by(error)
        }));
    }
    json::ok(&Readiness {
        ready: true,
        sandbox: services.pool.state(),
    })
}

fn in_words(part: Part) -> (&'static str, Bilingual) {
    match part {
        Part::Database => (
            "database",
            Bilingual::new("数据库没有应答", "the database does not answer"),
        ),
        Part::Disk => (
            "disk",
            Bilingual::new("数据目录不能写入", "the data folder takes no files"),
        ),
        Part::Blobs => (
            "blobs",
            Bilingual::new("文件存储没有应答", "the storage of files does not answer"),
        ),
    }
}
