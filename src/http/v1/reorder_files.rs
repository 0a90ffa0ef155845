//! `PUT /v1/dossiers/{id}/slots/{slot}/files`: puts the files of a slot in another order.

use actix_web::{
    HttpRequest,
    web::{Data, Payload},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::{show_dossier, slot::OpenSlot};
use crate::{
    error_code::ErrorCode,
    http::{
        Services,
        access::{Caller, OpenDossier},
        body,
        problem::{Answer, Problem},
    },
    store::{Id, StoreError},
};

/// The order wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct FileOrder {
    /// Ids of the slot's files, each once.
    #[schema(value_type = Vec<String>)]
    order: Vec<Id>,
}

/// Puts the files of a slot in another order.
#[utoipa::path(put, path = "/v1/dossiers/{id}/slots/{slot}/files", tag = "dossiers",
    params(
        ("id" = String, Path, description = "Id of a dossier"),
        ("slot" = String, Path, description = "Id of a slot"),
        ("If-Match" = Option<String>, Header, description = "`ETag` of the revision it is a change of")),
    request_body = FileOrder,
    responses(
        (status = 200, description = "The dossier as it is now", body = crate::http::v1::DossierView),
        (status = 400, description = "The body cannot be read or does not name each file once", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No such slot", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "It was changed in between", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("dossier" = []), ("token" = [])))]
pub(in crate::http) async fn reorder_files(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let slot = OpenSlot::of(&request, &services, &row).await?;
    let expected = body::if_match(&request)?;
    let (wanted, _) = body::json::<FileOrder>(&request, payload, &services).await?;
    let now = services.clock.now();
    let done = services
        .store
        .reorder_uploads(&row.id, &slot.id, &wanted.order, expected, now)
        .await;
    match done {
        Err(StoreError::NotFound) => {
            return Err(Problem::new(ErrorCode::BodyUnreadable).because(
                "`order` 应列出该材料项的每个文件，各一次",
                "`order` names each file of the slot once",
            ));
        }
        other => other?,
    };
    let subject = format!("dossier:{} slot:{}", row.id, slot.id);
    caller.record(&services, "files.reordered", subject).await?;
    let row = services.store.dossier(&row.id).await?;
    show_dossier::answer(&services, &row.ok_or_else(Problem::not_found)?).await
}
