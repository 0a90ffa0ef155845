//! `GET /v1/notices/{id}/versions`: the versions of a notice's pack that dossiers can keep.

use actix_web::{HttpRequest, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use super::dossier_view::PackView;
use crate::http::{
    Services, body, json,
    problem::{Answer, Problem},
};

/// The versions of a pack.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct VersionList {
    /// The one new dossiers begin with.
    newest: PackView,
    /// All that are loaded, oldest first.
    versions: Vec<PackView>,
}

/// The versions of a notice's pack that are loaded, and which of them new dossiers begin with.
#[utoipa::path(get, path = "/v1/notices/{id}/versions", tag = "notices",
    params(("id" = String, Path, description = "Id of a notice")),
    responses(
        (status = 200, description = "The versions", body = VersionList),
        (status = 404, description = "No such notice", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")))]
pub(in crate::http) async fn list_versions(
    request: HttpRequest,
    services: Data<Services>,
) -> Answer {
    let id: String = body::variable(&request, "id")?;
    let newest = services.packs.get(&id).ok_or_else(Problem::not_found)?;
    let versions = services.packs.versions(&id);
    json::ok(&VersionList {
        newest: PackView::of(newest),
        versions: versions
            .into_iter()
            .map(|pack| PackView::of(pack))
            .collect(),
    })
}
