//! `GET /v1/dossiers/{id}/files/{file}.pdf`: an uploaded file, byte for byte.

use actix_web::{HttpRequest, web::Data};

use crate::{
    http::{
        Services,
        access::OpenDossier,
        body,
        problem::{Answer, Problem},
        stored_file,
    },
    store::Id,
};

/// An uploaded file, byte for byte as it came. Always saved, never shown: it is a stranger's file.
#[utoipa::path(get, path = "/v1/dossiers/{id}/files/{file}.pdf", tag = "dossiers",
    params(
        ("id" = String, Path, description = "Id of a dossier"),
        ("file" = String, Path, description = "Id of a file"),
        ("Range" = Option<String>, Header, description = "One byte range")),
    responses(
        (status = 200, description = "The file", content_type = "application/octet-stream"),
        (status = 206, description = "A part of it", content_type = "application/octet-stream"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such file", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 416, description = "The file has no such range", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("dossier" = []), ("token" = []), ()))]
pub(in crate::http) async fn show_upload(
    request: HttpRequest,
    services: Data<Services>,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let file: Id = body::variable(&request, "file")?;
    let uploads = services.store.uploads(&row.id).await?;
    let upload = uploads.into_iter().find(|upload| upload.id == file);
    let upload = upload.ok_or_else(Problem::not_found)?;
    let blobs = services.store.blobs();
    let media_type = "application/octet-stream";
    let stored = stored_file::of_blob(blobs, upload.sha256, media_type, upload.file_name).await?;
    stored_file::answer(&request, stored)
}
