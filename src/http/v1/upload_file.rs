//! `POST /v1/dossiers/{id}/slots/{slot}/files`: puts a file last in a slot and answers its report.

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Payload},
};
use serde_json::Value;

use super::slot::{self, Arrived, OpenSlot};
use crate::{
    finding::Report,
    http::{
        Services,
        access::{Caller, OpenDossier},
        body,
        idempotency::{self, Made},
        problem::{Answer, Problem},
    },
};

/// Puts a file last in a slot and answers its report. A file with findings is taken too: it can be replaced.
#[utoipa::path(post, path = "/v1/dossiers/{id}/slots/{slot}/files", tag = "dossiers",
    params(
        ("id" = String, Path, description = "Id of a dossier"),
        ("slot" = String, Path, description = "Id of a slot"),
        ("If-Match" = Option<String>, Header, description = "`ETag` of the revision it is a change of"),
        ("Idempotency-Key" = Option<String>, Header, description = "16 to 128 visible ASCII signs"),
        ("Content-Digest" = Option<String>, Header, description = "RFC 9530; checked when sent")),
    request_body(description = "The file itself, or a form with the file in the field `file` and optionally `title`, `note`",
        content(("application/pdf"), ("multipart/form-data"))),
    responses(
        (status = 201, description = "The report, whatever the verdict", body = Report, headers(("Location" = String, description = "The file's report"))),
        (status = 400, description = "The request cannot be read, or the upload was cut off", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such slot", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It was changed in between", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "The file is too large; the limit is named", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "Neither a file nor a form", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "Too many files, or nothing is uploaded to this slot", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Busy; come back after `Retry-After`", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("dossier" = []), ("token" = [])))]
pub(in crate::http) async fn upload_file(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let slot = OpenSlot::of(&request, &services, &row).await?;
    let expected = body::if_match(&request)?;
    slot.refuse_when_full(&services, &row).await?;
    let mut arrived = slot::arrive(&request, payload, &services, &row, &slot).await?;
    let key = idempotency::key(&request)?;
    let digest = arrived.upload.bytes.digest();
    let id = idempotency::id_of_key("upload", &caller, key, digest);
    arrived.kept.upload.clone_from(&id);
    arrived.new.id = id;
    let work = keep(&services, &caller, arrived, expected);
    idempotency::once(
        &request,
        &caller,
        &services,
        digest,
        work,
        |_: &mut Value| (),
    )
    .await
}

async fn keep(
    services: &Services,
    caller: &Caller,
    arrived: Arrived,
    expected: Option<i64>,
) -> Result<Made, Problem> {
    let Arrived {
        upload,
        new,
        report,
        kept,
    } = arrived;
    let before = services.store.uploads(&new.dossier).await?;
    // A node took the same file for the same key, and died before it could remember its answer.
    if before.iter().all(|file| file.id != new.id) {
        let now = services.clock.now();
        services
            .store
            .add_upload(&new, upload.bytes, &kept, None, expected, now)
            .await?;
        let subject = format!("dossier:{} file:{}", new.dossier, new.id);
        caller.record(services, "file.uploaded", subject).await?;
    }
    let uploads = services.store.uploads(&new.dossier).await?;
    let place = uploads.iter().find(|file| file.id == new.id);
    let place = place.map_or(0, |file| file.place);
    Ok(Made {
        status: StatusCode::CREATED,
        location: Some(format!(
            "/v1/dossiers/{}/slots/{}/files/{place}",
            new.dossier, new.slot
        )),
        body: serde_json::to_value(&report).map_err(Problem::internal)?,
        dossier: Some(new.dossier),
    })
}
