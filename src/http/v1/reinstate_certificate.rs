//! `DELETE /v1/certificates/{number}/revocation`: takes a revocation back.

use actix_web::{HttpRequest, web::Data};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    certificate::{self, Number},
    http::{Services, access::Caller, body, json, problem::Answer},
};

/// A revocation that was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct ReinstatementView {
    /// Number of the certificate.
    number: String,
    /// The leaf of the reinstatement in the public log; the leaf of the revocation stays there too.
    leaf_index: u64,
}

/// Takes a revocation back; what was superseded before is superseded again.
#[utoipa::path(delete, path = "/v1/certificates/{number}/revocation", tag = "certificates",
    params(("number" = String, Path, description = "Number of a certificate")),
    responses(
        (status = 200, description = "Reinstated", body = ReinstatementView),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The scope is missing", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No certificate with this number", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 409, description = "It is not revoked", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("token" = [])))]
pub(in crate::http) async fn reinstate_certificate(
    request: HttpRequest,
    services: Data<Services>,
    caller: Caller,
) -> Answer {
    let number: Number = body::variable(&request, "number")?;
    let now = services.clock.now();
    let leaf_index =
        certificate::reinstate(&services.issuer, &services.store, &number, now).await?;
    let subject = format!("leaf:{leaf_index}");
    caller
        .record(&services, "certificate.reinstated", subject)
        .await?;
    json::ok(&ReinstatementView {
        number: number.to_string(),
        leaf_index,
    })
}
