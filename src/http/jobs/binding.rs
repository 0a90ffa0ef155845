//! A dossier is bound while nobody waits for it.

use actix_web::HttpRequest;
use serde::{Deserialize, Serialize};

use super::{Progress, accept, id, input};
use crate::{
    digest::Digest,
    error_code::ErrorCode,
    http::{
        Services,
        access::Caller,
        idempotency::Made,
        problem::{Answer, Problem},
        v1::bind_dossier,
    },
    store::{DossierRow, JobKind, JobRow, NewJob},
};

#[derive(Serialize, Deserialize)]
struct Input {
    /// The dossier as it was when binding was asked for: another is not bound.
    revision: i64,
    /// The body of the request.
    sent: String,
}

/// Answers 202. A body that cannot be read is refused before.
pub(in crate::http) async fn ask(
    request: &HttpRequest,
    services: &Services,
    caller: &Caller,
    row: &DossierRow,
    sent: &[u8],
    digest: Digest,
) -> Answer {
    let wanted = Input {
        revision: row.revision,
        sent: String::from_utf8_lossy(sent).into_owned(),
    };
    let new = NewJob {
        id: id(request, caller, digest)?,
        kind: JobKind::Binding,
        owner: caller.actor.clone(),
        dossier: Some(row.id.clone()),
        input: serde_json::to_string(&wanted).map_err(Problem::internal)?,
        total: 3,
    };
    accept(request, services, caller, digest, new, None).await
}

pub(super) async fn work(
    services: &Services,
    job: &JobRow,
    progress: &Progress,
) -> Result<Made, Problem> {
    let wanted: Input = input(job)?;
    let id = job.dossier.as_ref().ok_or_else(Problem::not_found)?;
    let row = services.store.dossier(id).await?;
    let row = row.ok_or_else(Problem::not_found)?;
    if row.revision != wanted.revision {
        return Err(Problem::new(ErrorCode::Changed));
    }
    let options = bind_dossier::options(wanted.sent.as_bytes())?;
    let caller = Caller::of(&job.owner);
    let bound = bind_dossier::bind_now(services, &caller, &row, options, progress).await?;
    services.store.tell(&row.id, "bound", "{}").await?;
    Ok(bound)
}
