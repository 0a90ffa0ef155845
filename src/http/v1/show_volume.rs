//! `GET /v1/dossiers/{id}/volumes/{volume}.pdf`, `/bundle.zip`, `/manifest.json`: what was bound.

use actix_web::{HttpRequest, web::Data};

use super::{
    bind_dossier::{BUNDLE, MANIFEST},
    dossier_view::pack_of,
};
use crate::{
    error_code::ErrorCode,
    http::{
        Services,
        access::OpenDossier,
        body,
        problem::{Answer, Problem},
        stored_file,
    },
    store::DossierRow,
};

/// A bound volume.
#[utoipa::path(get, path = "/v1/dossiers/{id}/volumes/{volume}.pdf", tag = "dossiers",
    params(
        ("id" = String, Path, description = "Id of a dossier"),
        ("volume" = u8, Path, description = "Number of a volume, from 1"),
        ("Range" = Option<String>, Header, description = "One byte range")),
    responses(
        (status = 200, description = "The volume", content_type = "application/pdf"),
        (status = 206, description = "A part of it", content_type = "application/pdf"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "Not bound, or no such volume", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 416, description = "The file has no such range", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("dossier" = []), ("token" = []), ()))]
pub(in crate::http) async fn show_volume(
    request: HttpRequest,
    services: Data<Services>,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let number: u8 = body::variable(&request, "volume")?;
    let pack = pack_of(&services, &row).await?;
    let volume = pack.volume(number).ok_or_else(Problem::not_found)?;
    let ending = format!("/{}.pdf", volume.title);
    serve(&request, &services, &row, |path| path.ends_with(&ending)).await
}

/// Everything that was bound, in one ZIP.
#[utoipa::path(get, path = "/v1/dossiers/{id}/bundle.zip", tag = "dossiers",
    params(("id" = String, Path, description = "Id of a dossier")),
    responses(
        (status = 200, description = "The bundle", content_type = "application/zip"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "Not bound", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("dossier" = []), ("token" = []), ()))]
pub(in crate::http) async fn show_bundle(
    request: HttpRequest,
    services: Data<Services>,
    OpenDossier(row): OpenDossier,
) -> Answer {
    serve(&request, &services, &row, |path| path == BUNDLE).await
}

/// What was bound of what: every page of every paper, with digests.
#[utoipa::path(get, path = "/v1/dossiers/{id}/manifest.json", tag = "dossiers",
    params(("id" = String, Path, description = "Id of a dossier")),
    responses(
        (status = 200, description = "The manifest", body = Object),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "Not bound", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("dossier" = []), ("token" = []), ()))]
pub(in crate::http) async fn show_manifest(
    request: HttpRequest,
    services: Data<Services>,
    OpenDossier(row): OpenDossier,
) -> Answer {
    serve(&request, &services, &row, |path| path == MANIFEST).await
}

async fn serve(
    request: &HttpRequest,
    services: &Services,
    row: &DossierRow,
    wanted: impl Fn(&str) -> bool,
) -> Answer {
    let binding = services.store.binding(&row.id).await?;
    let binding = binding.ok_or_else(|| Problem::new(ErrorCode::NotBound))?;
    let file = binding.files.into_iter().find(|file| wanted(&file.path));
    let file = file.ok_or_else(Problem::not_found)?;
    let name = file.path.rsplit('/').next().unwrap_or_default().to_owned();
    let blobs = services.store.blobs();
    let stored = stored_file::of_blob(blobs, file.sha256, &file.media_type, name).await?;
    stored_file::answer(request, stored)
}
