//! `/dossiers/{id}/delete`: asks once more, then deletes every byte.

use actix_web::{HttpRequest, web::Data};
use serde_json::json;

use crate::{
    dossier::Dossier,
    http::{
        Services,
        access::{Caller, OpenDossier},
        pages::{cookie, templates},
        problem::{Answer, Problem},
    },
};

/// Asks whether everything shall go.
pub(in crate::http) async fn ask(
    services: Data<Services>,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let statement: Dossier = serde_json::from_str(&row.statement).map_err(Problem::internal)?;
    let uploads = services.store.uploads(&row.id).await?;
    let bytes: u64 = uploads.iter().map(|upload| upload.size_bytes).sum();
    let data = json!({
        "id": row.id, "name": statement.applicant.name, "files": uploads.len(), "bytes": bytes,
    });
    templates::page("dossier_delete.html", data)
}

/// Deletes every byte of the dossier and says so.
pub(in crate::http) async fn delete(
    request: HttpRequest,
    services: Data<Services>,
    caller: Caller,
    OpenDossier(row): OpenDossier,
) -> Answer {
    services.store.delete_dossier(&row.id).await?;
    let subject = format!("dossier:{}", row.id);
    caller.record(&services, "dossier.deleted", subject).await?;
    let mut response = templates::page("dossier_deleted.html", json!({}))?;
    let address = super::address(&row.id);
    cookie::clear(&request, &mut response, cookie::DOSSIER, &address)?;
    Ok(response)
}
