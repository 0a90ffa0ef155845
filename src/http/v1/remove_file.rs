//! `DELETE /v1/dossiers/{id}/slots/{slot}/files/{n}`: removes a file; those behind it move up.

use actix_web::{HttpRequest, web::Data};

use super::{show_dossier, slot::OpenSlot};
use crate::http::{
    Services,
    access::{Caller, OpenDossier},
    body,
    problem::{Answer, Problem},
};

/// Removes a file; those behind it move up. Its bytes and its report are gone.
#[utoipa::path(delete, path = "/v1/dossiers/{id}/slots/{slot}/files/{n}", tag = "dossiers",
    params(
        ("id" = String, Path, description = "Id of a dossier"),
        ("slot" = String, Path, description = "Id of a slot"),
        ("n" = i64, Path, description = "Place of the file in its slot, from 1"),
        ("If-Match" = Option<String>, Header, description = "`ETag` of the revision it is a change of")),
    responses(
        (status = 200, description = "The dossier as it is now", body = crate::http::v1::DossierView),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such slot or file", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It was changed in between", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("dossier" = []), ("token" = [])))]
pub(in crate::http) async fn remove_file(
    request: HttpRequest,
    services: Data<Services>,
    caller: Caller,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let slot = OpenSlot::of(&request, &services, &row).await?;
    let file = slot.file(&request, &services, &row).await?;
    let expected = body::if_match(&request)?;
    let now = services.clock.now();
    services
        .store
        .remove_upload(&row.id, &file.id, expected, now)
        .await?;
    let subject = format!("dossier:{} file:{}", row.id, file.id);
    caller.record(&services, "file.removed", subject).await?;
    let row = services.store.dossier(&row.id).await?;
    show_dossier::answer(&services, &row.ok_or_else(Problem::not_found)?).await
}
