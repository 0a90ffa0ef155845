//! `GET /problems/{code}`: the page an error's `type` points to.

use actix_web::HttpRequest;
use serde_json::json;

use super::templates;
use crate::{
    error_code::ErrorCode,
    http::{
        body,
        problem::{Answer, Problem},
        status,
    },
};

/// What an error code means.
#[utoipa::path(get, path = "/problems/{code}", tag = "pages",
    params(("code" = String, Path, description = "Code of an error", example = "upload_too_large")),
    responses(
        (status = 200, description = "The explanation", content_type = "text/html", body = String),
        (status = 404, description = "No such code", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")))]
pub(in crate::http) async fn problem_page(request: HttpRequest) -> Answer {
    let code: String = body::variable(&request, "code")?;
    let code: ErrorCode = code.parse().map_err(|()| Problem::not_found())?;
    templates::page(
        "problem.html",
        json!({
            "code": code.as_str(),
            "status": status::of(code).as_u16(),
            "title": code.title(),
        }),
    )
}
