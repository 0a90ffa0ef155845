//! `GET /v1/notices/{id}`: one notice with its windows, slots, settings of checks and clauses.

use actix_web::{HttpRequest, web::Data};
use serde::Deserialize;

use crate::http::{
    Services, body, json,
    problem::{Answer, Problem},
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    version: Option<u32>,
}

/// One rule pack, complete: windows, slots, settings of checks, fee, penalties, each with its clause.
#[utoipa::path(get, path = "/v1/notices/{id}", tag = "notices",
    params(
        ("id" = String, Path, description = "Id of a notice"),
        ("version" = Option<u32>, Query, description = "A version of it; the newest by default")),
    responses(
        (status = 200, description = "The pack", body = Object),
        (status = 400, description = "The query cannot be read", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such notice or version", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")))]
pub(in crate::http) async fn show_notice(request: HttpRequest, services: Data<Services>) -> Answer {
    let id: String = body::variable(&request, "id")?;
    let query: Query = body::query(&request)?;
    let pack = match query.version {
        Some(version) => services.packs.version(&id, version),
        None => services.packs.get(&id),
    };
    let pack = pack.ok_or_else(Problem::not_found)?;
    json::ok(pack.as_ref())
}
