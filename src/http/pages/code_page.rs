//! `GET /v/{code}`, the page behind the QR code.

use actix_web::{HttpRequest, web::Data};

use super::verification::{self, Asked};
use crate::http::{Services, body, problem::Answer, v1::create_verification::by_code};

/// What a certificate with this face code says, personal data masked. Not kept by browsers, not found by searching.
#[utoipa::path(get, path = "/v/{code}", tag = "pages",
    params(("code" = String, Path, description = "Face code, as in the QR code")),
    responses((status = 200, description = "The answer as a page", content_type = "text/html", body = String)))]
pub(in crate::http) async fn code_page(request: HttpRequest, services: Data<Services>) -> Answer {
    let code: String = body::variable(&request, "code")?;
    let verification = by_code(&services, &code).await?;
    verification::page(&services, &verification, Asked::Code, &code).await
}
