//! `GET /v1/notices/{id}`: one notice with its windows, slots, settings of checks and clauses.

use actix_web::{HttpRequest, web::Data};

use crate::http::{
    Services, body, json,
    problem::{Answer, Problem},
};

/// One rule pack, complete: windows, slots, settings of checks, fee, penalties, each with its clause.
#[utoipa::path(get, path = "/v1/notices/{id}", tag = "notices",
    params(("id" = String, Path, description = "Id of a notice")),
    responses(
        (status = 200, description = "The pack", body = Object),
        (status = 404, description = "No such notice", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")))]
pub(in crate::http) async fn show_notice(request: HttpRequest, services: Data<Services>) -> Answer {
    let id: String = body::variable(&request, "id")?;
    let pack = services.packs.get(&id).ok_or_else(Problem::not_found)?;
    json::ok(pack.as_ref())
}
