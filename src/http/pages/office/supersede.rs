//! `/office/certificates/{number}/supersession`: a new certificate in the place of one, begun from what that one says.

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Payload},
};

use super::{certificate::found, desk::Desk, grant_form::GrantForm, issue};
use crate::{
    certificate::Number,
    http::{Services, access::Caller, body, pages::form, problem::Answer},
};

/// The form, filled with what the old one says.
pub(super) async fn form(request: HttpRequest, services: Data<Services>, desk: Desk) -> Answer {
    let (row, claims) = found(&services, &request).await?;
    let number: Option<Number> = row.issued.number.parse().ok();
    let form = GrantForm::of_claims(&claims);
    let key = issue::new_key();
    issue::show(
        &services,
        &desk,
        StatusCode::OK,
        &form,
        key,
        false,
        number.as_ref(),
    )
}

/// Checks, or issues the successor.
pub(super) async fn supersede(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
    desk: Desk,
) -> Answer {
    let number: Number = body::variable(&request, "number")?;
    let fields = form::fields(&request, payload, &services).await?;
    issue::take(&request, &services, &caller, &desk, &fields, Some(number)).await
}
