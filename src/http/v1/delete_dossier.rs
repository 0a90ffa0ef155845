//! `DELETE /v1/dossiers/{id}`: removes every byte of it.

use actix_web::{HttpResponse, web::Data};

use crate::http::{
    Services,
    access::{Caller, OpenDossier},
    problem::Answer,
};

/// Removes the dossier and every byte of it: files, reports, what was bound. Only the audit record keeps its id.
#[utoipa::path(delete, path = "/v1/dossiers/{id}", tag = "dossiers",
    params(("id" = String, Path, description = "Id of a dossier")),
    responses(
        (status = 204, description = "It is gone"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("dossier" = []), ("token" = [])))]
pub(in crate::http) async fn delete_dossier(
    services: Data<Services>,
    caller: Caller,
    OpenDossier(row): OpenDossier,
) -> Answer {
    services.store.delete_dossier(&row.id).await?;
    caller
        .record(&services, "dossier.deleted", format!("dossier:{}", row.id))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
