//! A dossier is bound while nobody waits for it.

use actix_web::HttpRequest;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Progress, accept, id, input};
use crate::{
    bind::BindOptions,
    digest::Digest,
    error_code::ErrorCode,
    http::{
        Services,
        access::Caller,
        idempotency::Made,
        problem::{Answer, Problem},
        v1::bind_dossier,
    },
    store::{DossierRow, Id, JobKind, JobRow, NewJob},
};

/// Its papers are judged, the volumes are made, they are kept.
const STEPS: u64 = 3;

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
        total: STEPS,
    };
    accept(request, services, caller, digest, new, None).await
}

/// Writes down that the page of a dossier asks for its binding; the id of the work. A dossier has one such row: asked twice
/// at once it is bound once, and asked again in another way it waits until the first has ended.
pub(in crate::http) async fn ask_on_page(
    services: &Services,
    caller: &Caller,
    row: &DossierRow,
    options: &BindOptions,
) -> Result<Id, Problem> {
    let sent = json!({
        "leaves": options.leaves,
        "gutter": options.gutter,
        "fit": options.fit,
        "supplements": options.supplements,
    });
    let wanted = Input {
        revision: row.revision,
        sent: sent.to_string(),
    };
    let new = NewJob {
        id: id_on_page(&row.id),
        kind: JobKind::Binding,
        owner: caller.actor.clone(),
        dossier: Some(row.id.clone()),
        input: serde_json::to_string(&wanted).map_err(Problem::internal)?,
        total: STEPS,
    };
    let (store, now) = (&services.store, services.clock.now());
    while !store.add_job(&new, now).await? && !store.renew_job(&new, now).await? {
        match store.job(&new.id).await? {
            // Asked for twice: both wait for the same.
            Some(job) if !job.state.is_ended() && job.input == new.input => break,
            Some(job) if !job.state.is_ended() => {
                return Err(Problem::new(ErrorCode::IdempotencyInProgress)
                    .because(
                        "正在按另一种方式装订，稍等几秒再回到卷宗",
                        "it is being bound in another way; go back to the dossier in a few seconds",
                    )
                    .retry_after(3));
            }
            // It ended between the two looks.
            _ => {}
        }
    }
    services.wake.notify_one();
    Ok(new.id)
}

/// The binding that the page of a dossier asked for last.
pub(in crate::http) async fn of_page(
    services: &Services,
    dossier: &Id,
) -> Result<Option<JobRow>, Problem> {
    Ok(services.store.job(&id_on_page(dossier)).await?)
}

fn id_on_page(dossier: &Id) -> Id {
    Id::of(Digest::of(
        format!("binding on the page of {dossier}").as_bytes(),
    ))
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
