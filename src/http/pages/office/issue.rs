//! `/office/issue`: one certificate from a form: checked first without issuing when asked, issued once however often it is sent.

use std::sync::Arc;

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Payload},
};
use serde::Serialize;
use serde_json::Value;

use super::{desk::Desk, grant_form::GrantForm};
use crate::{
    certificate::{self, Grant, IssueError, Number},
    digest::Digest,
    http::{
        Services,
        access::{Caller, HOLDER_PREFIX},
        idempotency::{self, OneTimeSecret},
        pages::form::{self, Fields},
        problem::{Answer, Problem},
        v1::issue_certificate,
    },
    store::{Id, RequestKey},
};

/// The form as it is shown.
#[derive(Serialize)]
pub(super) struct Page<'a> {
    pub(super) form: &'a GrantForm,
    /// Sent back with the form, so that sending it twice issues once.
    pub(super) key: String,
    /// It was checked and could be issued.
    pub(super) checked: bool,
    /// Number of the certificate that is superseded.
    pub(super) supersedes: Option<String>,
}

/// The empty form.
pub(super) async fn form(services: Data<Services>, desk: Desk) -> Answer {
    let form = GrantForm::empty();
    show(
        &services,
        &desk,
        StatusCode::OK,
        &form,
        new_key(),
        false,
        None,
    )
}

/// Checks, or issues.
pub(super) async fn issue(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
    desk: Desk,
) -> Answer {
    let fields = form::fields(&request, payload, &services).await?;
    take(&request, &services, &caller, &desk, &fields, None).await
}

/// A key of a form, which makes it one request however often it is sent.
pub(super) fn new_key() -> String {
    format!("{}{}", Id::random(), Id::random())
}

/// What a sent form leads to: the same form with what is wrong, the word that it could be issued, or the certificate.
pub(super) async fn take(
    request: &HttpRequest,
    services: &Services,
    caller: &Caller,
    desk: &Desk,
    fields: &Fields,
    supersedes: Option<Number>,
) -> Answer {
    let key = fields.text("key").unwrap_or_default().to_owned();
    let mut form = GrantForm::read(fields);
    let again = |form: &GrantForm, status, checked| {
        let number = supersedes.as_ref();
        show(services, desk, status, form, key.clone(), checked, number)
    };
    let refused = StatusCode::UNPROCESSABLE_ENTITY;
    let Some(mut grant) = form.grant() else {
        return again(&form, refused, false);
    };
    grant.supersedes.clone_from(&supersedes);
    if let Err(error) = rehearse(services, grant.clone()).await? {
        form.refused(error)?;
        return again(&form, refused, false);
    }
    if fields.text("step") == Some("check") {
        return again(&form, StatusCode::OK, true);
    }
    let body = Digest::of(
        serde_json::to_string(&grant)
            .map_err(Problem::internal)?
            .as_bytes(),
    );
    let request_key = idempotency::of_form(request, caller, &key, body)?;
    issued(services, caller, desk, grant, &key, request_key).await
}

/// Whether it would be issued, with nothing stored.
async fn rehearse(services: &Services, grant: Grant) -> Result<Result<(), IssueError>, Problem> {
    let (issuer, typesetter) = (Arc::clone(&services.issuer), services.typesetter.clone());
    let now = services.clock.now();
    let work = move || certificate::rehearse(&issuer, &typesetter, &grant, now);
    services.permits.run(work).await
}

async fn issued(
    services: &Services,
    caller: &Caller,
    desk: &Desk,
    grant: Grant,
    key: &str,
    request_key: RequestKey,
) -> Answer {
    let secret = OneTimeSecret::of_key(
        services,
        caller,
        Some(key),
        request_key.request,
        "holder_secret",
        HOLDER_PREFIX,
    );
    let name = grant.name.clone();
    let work = issue_certificate::make(services, caller, grant, &secret);
    let made = idempotency::done_once(services, Some(request_key), work).await?;
    let mut body: Value = made.body;
    secret.reveal(&mut body);
    let page = serde_json::json!({"issued": body, "name": name});
    desk.page_as(StatusCode::CREATED, services, "office_issued.html", page)
}

pub(super) fn show(
    services: &Services,
    desk: &Desk,
    status: StatusCode,
    form: &GrantForm,
    key: String,
    checked: bool,
    supersedes: Option<&Number>,
) -> Answer {
    let page = Page {
        form,
        key,
        checked,
        supersedes: supersedes.map(ToString::to_string),
    };
    desk.page_as(status, services, "office_issue.html", page)
}
