//! `POST /sample`, only with `serve --sample`: a copy of the sample dossier of one's own, with a paper missing and one that is refused.

use std::io::{Read as _, Write as _};

use actix_web::{HttpRequest, web::Data};

use super::{cookie, dossier, form};
use crate::{
    dossier::{Dossier, Item},
    http::{
        Services,
        access::{Caller, DOSSIER_PREFIX},
        idempotency::OneTimeSecret,
        problem::{Answer, Problem},
        v1::{create_dossier, slot},
    },
    intake::FileName,
    store::{DossierRow, Id, NewReport, NewUpload, StoreError, UploadRow},
};

/// The slot that is left empty, so that there is something to add.
const LEFT_OUT: &str = "awards";
/// The paper that a refused one takes the place of: its file name, the slot it is in, and a report that is too old.
const REFUSED: (&str, &str) = ("05-学历证书电子注册备案表.pdf", "degree");
const TOO_OLD: &[u8] = include_bytes!("../../../fixtures/bad/expired-report.pdf");

/// Makes the copy and opens it.
pub(in crate::http) async fn begin(request: HttpRequest, services: Data<Services>) -> Answer {
    cookie::refuse_foreign_form(request.headers())?;
    let show = services.showcase().ok_or_else(Problem::not_found)?;
    let sample = services.store.dossier(&show.dossier).await?;
    let sample = sample.ok_or_else(Problem::not_found)?;
    let statement: Dossier = serde_json::from_str(&sample.statement).map_err(Problem::internal)?;
    let secret = OneTimeSecret::new("secret", DOSSIER_PREFIX);
    let caller = Caller::of("sample");
    let made = create_dossier::make(
        &services,
        &caller,
        Id::random(),
        &statement,
        sample.judged_on,
        &secret,
    )
    .await?;
    let id = made.dossier.ok_or_else(Problem::not_found)?;
    let row = services.store.dossier(&id).await?;
    let row = row.ok_or_else(Problem::not_found)?;
    copy(&services, &sample, &row).await?;
    let secret = made.body.get("secret").and_then(|secret| secret.as_str());
    let address = dossier::address(&id);
    let mut response = form::see_other(&address)?;
    let secret = secret.unwrap_or_default();
    cookie::set(&request, &mut response, cookie::DOSSIER, secret, &address)?;
    Ok(response)
}

async fn copy(services: &Services, from: &DossierRow, to: &DossierRow) -> Result<(), Problem> {
    let reports = services.store.reports(&from.id).await?;
    for upload in services.store.uploads(&from.id).await? {
        if upload.slot == LEFT_OUT {
            continue;
        }
        let report = reports.iter().find(|report| report.upload == upload.id);
        match report {
            Some(report) if upload.file_name != REFUSED.0 => {
                let kept = NewReport {
                    upload: Id::random(),
                    judged_on: report.judged_on,
                    judged_by: report.judged_by.clone(),
                    verdict: String::new(),
                    report: report.report.clone(),
                    margins: report.margins.clone(),
                };
                copy_file(services, to, &upload, kept).await?;
            }
            _ => add_refused(services, to, &upload).await?,
        }
    }
    Ok(())
}

async fn copy_file(
    services: &Services,
    to: &DossierRow,
    upload: &UploadRow,
    mut kept: NewReport,
) -> Result<(), Problem> {
    let report: crate::finding::Report =
        serde_json::from_str(&kept.report).map_err(Problem::internal)?;
    let verdict = serde_json::to_value(report.verdict).map_err(Problem::internal)?;
    kept.verdict = verdict.as_str().unwrap_or_default().to_owned();
    let mut spool = services.store.blobs().spool()?;
    let mut file = services.store.blobs().opened(upload.sha256).await?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut buffer).map_err(StoreError::from)?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else {
            break;
        };
        spool.write_all(bytes).map_err(StoreError::from)?;
    }
    let new = NewUpload {
        id: kept.upload.clone(),
        dossier: to.id.clone(),
        slot: upload.slot.clone(),
        file_name: upload.file_name.clone(),
        title: upload.title.clone(),
        note: upload.note.clone(),
    };
    let now = services.clock.now();
    let added = services
        .store
        .add_upload(&new, spool.finish()?, &kept, None, None, now);
    added.await?;
    Ok(())
}

async fn add_refused(
    services: &Services,
    to: &DossierRow,
    upload: &UploadRow,
) -> Result<(), Problem> {
    let item = Item {
        slot: REFUSED.1.to_owned(),
        file: upload.file_name.clone().into(),
        title: upload.title.clone(),
        note: None,
    };
    let name = FileName::shown(&upload.file_name);
    let arrived = slot::arrive_built_in(services, to, &item, name, TOO_OLD).await?;
    let now = services.clock.now();
    let bytes = arrived.upload.bytes;
    let added = services
        .store
        .add_upload(&arrived.new, bytes, &arrived.kept, None, None, now);
    added.await?;
    Ok(())
}
