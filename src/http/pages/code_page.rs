//! `GET /v/{code}`, the page behind the QR code, and `/verify`, the form that asks.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{HeaderName, HeaderValue},
    web::{Data, Payload},
};
use serde_json::json;

use super::templates;
use crate::{
    http::{
        Services, body,
        problem::Answer,
        v1::create_verification::{by_code, by_file},
    },
    verify::Verification,
};

/// What a certificate with this face code says, personal data masked. Not kept by browsers, not found by searching.
#[utoipa::path(get, path = "/v/{code}", tag = "pages",
    params(("code" = String, Path, description = "Face code, as in the QR code")),
    responses((status = 200, description = "The answer as a page", content_type = "text/html", body = String)))]
pub(in crate::http) async fn code_page(request: HttpRequest, services: Data<Services>) -> Answer {
    let code: String = body::variable(&request, "code")?;
    page(&by_code(&services, &code).await?)
}

/// Where a code or a file is asked about.
pub(in crate::http) async fn verify_page() -> Answer {
    templates::page("verify.html", json!({}))
}

/// The form of `/verify`: a code, or a file that is looked at and not kept.
#[utoipa::path(post, path = "/verify", tag = "pages",
    request_body(content_type = "multipart/form-data", description = "`code`, or the PDF in `file`"),
    responses(
        (status = 200, description = "The answer as a page", content_type = "text/html", body = String),
        (status = 400, description = "The form cannot be read", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "The file is too large; the limit is named", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "Not a form", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")))]
pub(in crate::http) async fn verify_form(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
) -> Answer {
    body::expect_type(&request, &["multipart/form-data"])?;
    let mut upload = body::upload(&request, payload, &services).await?;
    let code = upload.fields.remove("code").unwrap_or_default();
    // A browser sends an empty file when none was chosen.
    let verification = if upload.bytes.size_bytes() == 0 {
        by_code(&services, &code).await?
    } else {
        by_file(&services, upload.bytes).await?
    };
    page(&verification)
}

fn page(verification: &Verification) -> Answer {
    let mut response: HttpResponse =
        templates::page("verification.html", json!({"v": verification}))?;
    let robots = HeaderName::from_static("x-robots-tag");
    let value = HeaderValue::from_static("noindex, nofollow, noarchive");
    response.headers_mut().insert(robots, value);
    Ok(response)
}
