//! `PUT /v1/dossiers/{id}/slots/{slot}/files/{n}`: puts a file in the place of another and answers its report.

use actix_web::{
    HttpRequest,
    web::{Data, Payload},
};

use super::slot::{self, OpenSlot};
use crate::{
    finding::Report,
    http::{
        Services,
        access::{Caller, OpenDossier},
        body, json,
        problem::Answer,
    },
};

/// Puts a file in the place of another and answers its report. Title and note stay unless new ones are sent.
#[utoipa::path(put, path = "/v1/dossiers/{id}/slots/{slot}/files/{n}", tag = "dossiers",
    params(
        ("id" = String, Path, description = "Id of a dossier"),
        ("slot" = String, Path, description = "Id of a slot"),
        ("n" = i64, Path, description = "Place of the file in its slot, from 1"),
        ("If-Match" = Option<String>, Header, description = "`ETag` of the revision it is a change of"),
        ("Content-Digest" = Option<String>, Header, description = "RFC 9530; checked when sent")),
    request_body(description = "The file itself, or a form with the file in the field `file` and optionally `title`, `note`",
        content(("application/pdf"), ("multipart/form-data"))),
    responses(
        (status = 200, description = "The report, whatever the verdict", body = Report),
        (status = 400, description = "The request cannot be read, or the upload was cut off", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such slot or file", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It was changed in between", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "The file is too large; the limit is named", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "Neither a file nor a form", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("dossier" = []), ("token" = [])))]
pub(in crate::http) async fn replace_file(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let slot = OpenSlot::of(&request, &services, &row).await?;
    let old = slot.file(&request, &services, &row).await?;
    let expected = body::if_match(&request)?;
    let mut arrived = slot::arrive(&request, payload, &services, &row, &slot).await?;
    arrived.new.title = arrived.new.title.or(old.title);
    arrived.new.note = arrived.new.note.or(old.note);
    let (new, kept) = (&arrived.new, &arrived.kept);
    let now = services.clock.now();
    services
        .store
        .add_upload(
            new,
            arrived.upload.bytes,
            kept,
            Some(&old.id),
            expected,
            now,
        )
        .await?;
    let subject = format!("dossier:{} file:{}", row.id, new.id);
    caller.record(&services, "file.replaced", subject).await?;
    json::ok(&arrived.report)
}
