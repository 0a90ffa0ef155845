//! `GET /v1/checks/{code}`: what a check looks at, why it matters, what to do.

use actix_web::HttpRequest;
use serde::Serialize;
use utoipa::ToSchema;

use super::list_checks::CheckLine;
use crate::{
    checks,
    http::{
        body, json,
        problem::{Answer, Problem},
    },
};

/// One check, explained.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct CheckPage {
    #[serde(flatten)]
    line: CheckLine,
    /// What it looks at, why it matters, what to do, settings, source; Markdown, English and Chinese.
    explanation: &'static str,
}

/// What a check looks at, why it matters, what to do.
#[utoipa::path(get, path = "/v1/checks/{code}", tag = "notices",
    params(("code" = String, Path, description = "Code of a check", example = "PG101")),
    responses(
        (status = 200, description = "The check", body = CheckPage),
        (status = 404, description = "No such check", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")))]
pub(in crate::http) async fn show_check(request: HttpRequest) -> Answer {
    let code: String = body::variable(&request, "code")?;
    let check = checks::by_code(&code).ok_or_else(Problem::not_found)?;
    json::ok(&CheckPage {
        line: CheckLine::of(check.rule),
        explanation: check.rule.doc,
    })
}
