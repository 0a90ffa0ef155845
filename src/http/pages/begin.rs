//! `/notices/{id}/begin`: who applies, once; then there is a dossier and its secret link.

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Payload},
};
use serde::Serialize;

use super::{
    applicant_form::ApplicantForm, apply, cookie, dossier, form, notice_words::NoticeWords,
    templates,
};
use crate::{
    dossier::{Applicant, Dossier},
    http::{
        Services,
        access::{Caller, DOSSIER_PREFIX},
        idempotency::OneTimeSecret,
        problem::{Answer, Problem},
        v1::create_dossier,
    },
    rulepack::Pack,
    store::Id,
};

#[derive(Serialize)]
struct Page {
    notice: NoticeWords,
    form: ApplicantForm,
    open_to_applicants: bool,
}

/// The form of who applies.
pub(in crate::http) async fn show(request: HttpRequest, services: Data<Services>) -> Answer {
    let pack = apply::pack_of_address(&request, &services)?;
    let form = ApplicantForm::of(&Applicant::default(), &pack);
    page(&services, &pack, form, StatusCode::OK)
}

fn page(services: &Services, pack: &Pack, form: ApplicantForm, status: StatusCode) -> Answer {
    let page = Page {
        notice: NoticeWords::of(pack, services.clock.today()),
        open_to_applicants: services.config.open_to_applicants,
        form,
    };
    templates::page_as(status, "begin.html", page)
}

/// Makes the dossier and opens it in this browser.
pub(in crate::http) async fn begin(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
) -> Answer {
    cookie::refuse_foreign_form(request.headers())?;
    let pack = apply::pack_of_address(&request, &services)?;
    let fields = form::fields(&request, payload, &services).await?;
    let applicant = match ApplicantForm::read(&fields, &Applicant::default(), &pack) {
        Ok(applicant) => applicant,
        Err(form) => return page(&services, &pack, form, StatusCode::UNPROCESSABLE_ENTITY),
    };
    let statement = Dossier {
        notice: pack.id.clone(),
        applicant,
        ..Dossier::default()
    };
    let secret = OneTimeSecret::new("secret", DOSSIER_PREFIX);
    let made =
        create_dossier::make(&services, &caller, Id::random(), &statement, None, &secret).await?;
    let id = made.dossier.ok_or_else(Problem::not_found)?;
    let secret = made.body.get("secret").and_then(|secret| secret.as_str());
    let address = dossier::address(&id);
    let mut response = form::see_other(&format!("{address}?new"))?;
    cookie::set(
        &request,
        &mut response,
        cookie::DOSSIER,
        secret.unwrap_or_default(),
        &address,
    )?;
    Ok(response)
}
