//! `POST /v1/certificates/{number}/revocation`: ends a certificate for good.

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Payload},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    certificate::{self, Effect, Number, ReasonClass},
    http::{
        Services,
        access::Caller,
        body,
        idempotency::{self, Made},
        problem::{Answer, Problem},
    },
};

/// Why a certificate is revoked.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct RevocationOrder {
    /// `fraud`, `error`, `key` or `other`; stands in the public log.
    #[schema(value_type = String)]
    pub(in crate::http) reason: ReasonClass,
    /// `ab_initio` (never valid) or `from_date`.
    #[schema(value_type = String)]
    pub(in crate::http) effect: Effect,
    /// `decided_on`, `decision_number`, `reason`: the integrity record, kept three years, never public.
    #[schema(value_type = Option<Object>)]
    pub(in crate::http) decision: Option<certificate::Decision>,
}

/// A revocation that was entered.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct RevocationView {
    /// Number of the certificate.
    number: String,
    /// The leaf of the revocation in the public log.
    leaf_index: u64,
}

/// Revokes a certificate; the public log gets a leaf without personal data.
#[utoipa::path(post, path = "/v1/certificates/{number}/revocation", tag = "certificates",
    params(
        ("number" = String, Path, description = "Number of a certificate"),
        ("Idempotency-Key" = Option<String>, Header, description = "16 to 128 visible ASCII signs")),
    request_body = RevocationOrder,
    responses(
        (status = 201, description = "Revoked", body = RevocationView),
        (status = 400, description = "The body cannot be read", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The scope is missing", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No certificate with this number", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It is revoked already", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("token" = [])))]
pub(in crate::http) async fn revoke_certificate(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
) -> Answer {
    let number: Number = body::variable(&request, "number")?;
    let (order, digest) = body::json::<RevocationOrder>(&request, payload, &services).await?;
    let work = revoke(&services, &caller, &number, &order);
    idempotency::once(
        &request,
        &caller,
        &services,
        digest,
        work,
        |_: &mut Value| (),
    )
    .await
}

/// Revokes, and writes down who did it to which certificate.
pub(in crate::http) async fn revoke_now(
    services: &Services,
    caller: &Caller,
    number: &Number,
    order: &RevocationOrder,
) -> Result<u64, Problem> {
    let of = certificate::show(&services.store, number).await?;
    let leaf_index = certificate::revoke(
        &services.issuer,
        &services.store,
        number,
        order.reason,
        order.effect,
        order.decision.as_ref(),
        services.clock.now(),
    )
    .await?;
    let subject = format!("leaf:{}", of.issued.leaf_index);
    caller
        .record(services, "certificate.revoked", subject)
        .await?;
    Ok(leaf_index)
}

async fn revoke(
    services: &Services,
    caller: &Caller,
    number: &Number,
    order: &RevocationOrder,
) -> Result<Made, Problem> {
    let leaf_index = revoke_now(services, caller, number, order).await?;
    let view = RevocationView {
        number: number.to_string(),
        leaf_index,
    };
    Ok(Made {
        status: StatusCode::CREATED,
        location: None,
        body: serde_json::to_value(view).map_err(Problem::internal)?,
        dossier: None,
    })
}
