//! `GET /v1/dossiers/{id}/slots/{slot}/files/{n}`: the report of a file.

use actix_web::{HttpRequest, web::Data};

use super::slot::OpenSlot;
use crate::{
    finding::Report,
    http::{
        Services,
        access::OpenDossier,
        json,
        problem::{Answer, Problem},
    },
};

/// The report of a file, as it was judged when it came or when the dossier was last bound.
#[utoipa::path(get, path = "/v1/dossiers/{id}/slots/{slot}/files/{n}", tag = "dossiers",
    params(
        ("id" = String, Path, description = "Id of a dossier"),
        ("slot" = String, Path, description = "Id of a slot"),
        ("n" = i64, Path, description = "Place of the file in its slot, from 1")),
    responses(
        (status = 200, description = "The report", body = Report),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such slot or file", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("dossier" = []), ("token" = []), ()))]
pub(in crate::http) async fn show_file(
    request: HttpRequest,
    services: Data<Services>,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let slot = OpenSlot::of(&request, &services, &row).await?;
    let file = slot.file(&request, &services, &row).await?;
    let reports = services.store.reports(&row.id).await?;
    let kept = reports.into_iter().find(|kept| kept.upload == file.id);
    let kept = kept.ok_or_else(Problem::not_found)?;
    let report: Report = serde_json::from_str(&kept.report).map_err(Problem::internal)?;
    json::ok(&report)
}
