//! A file is judged while nobody waits for it.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, http::StatusCode};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{accept, id, input};
use crate::{
    error_code::ErrorCode,
    http::{
        Services,
        access::Caller,
        body::Upload,
        idempotency::Made,
        problem::{Answer, Problem},
        v1::{
            create_validation,
            judge::{self, Judging},
        },
    },
    intake::FileName,
    store::{JobKind, JobRow, NewJob},
};

#[derive(Serialize, Deserialize)]
struct Input {
    notice: Option<String>,
    slot: Option<String>,
    on: Date,
    fields: BTreeMap<String, String>,
    file_name: String,
}

/// Takes the file and answers 202.
pub(in crate::http) async fn ask(
    request: &HttpRequest,
    services: &Services,
    caller: &Caller,
    upload: Upload,
    judging: Judging,
) -> Answer {
    let digest = upload.bytes.digest();
    let wanted = Input {
        notice: judging.pack.as_ref().map(|pack| pack.id.clone()),
        slot: judging.slot,
        on: judging.on,
        fields: upload.fields,
        file_name: upload.file_name.to_string(),
    };
    let new = NewJob {
        id: id(request, caller, digest)?,
        kind: JobKind::Validation,
        owner: caller.actor.clone(),
        dossier: None,
        input: serde_json::to_string(&wanted).map_err(Problem::internal)?,
        total: 1,
    };
    accept(request, services, caller, digest, new, Some(upload.bytes)).await
}

pub(super) async fn work(services: &Services, job: &JobRow) -> Result<Made, Problem> {
    let wanted: Input = input(job)?;
    let pack = match &wanted.notice {
        Some(id) => Some(judge::pack(services, id)?),
        None => None,
    };
    let judging = Judging {
        pack,
        slot: wanted.slot,
        on: wanted.on,
        holder: create_validation::holder(&wanted.fields)?,
        online: None,
    };
    let digest = job.blob.ok_or_else(|| Problem::new(ErrorCode::Internal))?;
    let file = services.store.blobs().opened(digest).await?;
    let name = FileName::shown(&wanted.file_name);
    let report = judging.report(services, file, name, digest).await?;
    Ok(Made {
        status: StatusCode::OK,
        location: None,
        body: serde_json::to_value(&report).map_err(Problem::internal)?,
        dossier: None,
    })
}
