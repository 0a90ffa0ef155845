//! `/dossiers/{id}/applicant`: who applies, to be looked at and changed.

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Payload},
};
use serde::Serialize;

use super::revision;
use crate::{
    dossier::Dossier,
    http::{
        Services,
        access::{Caller, OpenDossier},
        pages::{applicant_form::ApplicantForm, form, templates},
        problem::{Answer, Problem},
        v1::{earlier_papers, pack_of},
    },
    store::{DossierChange, DossierRow, StoreError},
};

#[derive(Serialize)]
struct Page {
    id: String,
    revision: i64,
    form: ApplicantForm,
    changed: bool,
}

fn page(row: &DossierRow, form: ApplicantForm, status: StatusCode, changed: bool) -> Answer {
    let page = Page {
        id: row.id.to_string(),
        revision: row.revision,
        form,
        changed,
    };
    templates::page_as(status, "dossier_applicant.html", page)
}

/// The form of who applies, filled in.
pub(in crate::http) async fn show(
    services: Data<Services>,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let pack = pack_of(&services, &row).await?;
    let statement: Dossier = serde_json::from_str(&row.statement).map_err(Problem::internal)?;
    let form = ApplicantForm::of(&statement.applicant, &pack);
    page(&row, form, StatusCode::OK, false)
}

/// Keeps who applies.
pub(in crate::http) async fn save(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let pack = pack_of(&services, &row).await?;
    let fields = form::fields(&request, payload, &services).await?;
    let mut statement: Dossier = serde_json::from_str(&row.statement).map_err(Problem::internal)?;
    let applicant = match ApplicantForm::read(&fields, &statement.applicant, &pack) {
        Ok(applicant) => applicant,
        Err(form) => return page(&row, form, StatusCode::UNPROCESSABLE_ENTITY, false),
    };
    let same = statement.applicant == applicant;
    statement.applicant = applicant;
    let change = DossierChange {
        statement: Some(serde_json::to_string(&statement).map_err(Problem::internal)?),
        ..DossierChange::default()
    };
    let expected = revision(&fields).or(Some(row.revision));
    if !same {
        let now = services.clock.now();
        let changed = services
            .store
            .change_dossier(&row.id, &change, expected, now);
        match changed.await {
            // What was typed stays on the page, with the revision it would now replace.
            Err(StoreError::Changed { .. }) => {
                let form = ApplicantForm::of(&statement.applicant, &pack);
                return page(&row, form, StatusCode::PRECONDITION_FAILED, true);
            }
            other => other?,
        };
        let key = earlier_papers::key(&statement.applicant);
        services.store.put_applicant(&row.id, key).await?;
        let subject = format!("dossier:{}", row.id);
        caller.record(&services, "dossier.changed", subject).await?;
    }
    form::see_other(&super::address(&row.id))
}
