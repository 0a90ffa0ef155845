//! `GET /v1/notices/{id}/committees?q=`: which committee answers for a specialty, where and when.

use actix_web::{HttpRequest, web::Data};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    http::{
        Services, body, json,
        problem::{Answer, Problem},
    },
    rulepack::{Committee, MissingRows},
};

/// Rows of the table of committees.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct CommitteeList {
    /// Rows that hold the words, best first; all known rows without words.
    rows: Vec<Committee>,
    /// Rows of the printed table that nobody could look at: "not found" is not "there is none".
    not_seen: Vec<MissingRows>,
    /// The clause with the table, cited.
    source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    q: Option<String>,
}

/// The table of committees of a notice, or the rows for a specialty or an office.
#[utoipa::path(get, path = "/v1/notices/{id}/committees", tag = "notices",
    params(
        ("id" = String, Path, description = "Id of a notice"),
        ("q" = Option<String>, Query, description = "A specialty or an office, for example 石油化工; the whole table without it")),
    responses(
        (status = 200, description = "The rows", body = CommitteeList),
        (status = 400, description = "The query cannot be read", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such notice, or it has no table of committees", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")))]
pub(in crate::http) async fn search_committees(
    request: HttpRequest,
    services: Data<Services>,
) -> Answer {
    let id: String = body::variable(&request, "id")?;
    let query: Query = body::query(&request)?;
    let pack = services.packs.get(&id).ok_or_else(Problem::not_found)?;
    let table = pack.committees.as_ref().ok_or_else(|| {
        Problem::not_found().because(
            format!("通知 `{id}` 没有评委会一览表"),
            format!("the notice `{id}` has no table of committees"),
        )
    })?;
    let rows = match query.q.as_deref() {
        Some(words) => table.search(words).rows.into_iter().cloned().collect(),
        None => table.known.clone(),
    };
    json::ok(&CommitteeList {
        rows,
        not_seen: table.missing.clone(),
        source: pack.source(&table.clause),
    })
}
