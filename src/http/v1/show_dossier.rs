//! `GET /v1/dossiers/{id}`: the dossier with all its slots, files and findings.

use actix_web::{
    http::header::{ETAG, HeaderValue},
    web::Data,
};

use super::dossier_view::{DossierView, etag};
use crate::http::{
    Services,
    access::OpenDossier,
    json,
    problem::{Answer, Problem},
};

/// The dossier with all its slots, files and findings.
#[utoipa::path(get, path = "/v1/dossiers/{id}", tag = "dossiers",
    params(("id" = String, Path, description = "Id of a dossier")),
    responses(
        (status = 200, description = "The dossier", body = DossierView, headers(("ETag" = String, description = "Its revision"))),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("dossier" = []), ("token" = []), ()))]
pub(in crate::http) async fn show_dossier(
    services: Data<Services>,
    OpenDossier(row): OpenDossier,
) -> Answer {
    answer(&services, &row).await
}

/// The dossier with its `ETag`.
pub(super) async fn answer(services: &Services, row: &crate::store::DossierRow) -> Answer {
    let view = DossierView::of(services, row).await?;
    let mut response = json::ok(&view)?;
    let tag = HeaderValue::from_str(&etag(row.revision)).map_err(Problem::internal)?;
    response.headers_mut().insert(ETAG, tag);
    Ok(response)
}
