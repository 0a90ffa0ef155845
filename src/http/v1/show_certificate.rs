//! `GET /v1/certificates/{number}.pdf`: the certificate's file, for its holder and the office.

use actix_web::{HttpRequest, web::Data};

use crate::http::{Services, access::OpenCertificate, problem::Answer, stored_file};

/// The certificate's file, byte for byte as it was issued.
#[utoipa::path(get, path = "/v1/certificates/{number}.pdf", tag = "certificates",
    params(
        ("number" = String, Path, description = "Number of a certificate"),
        ("Range" = Option<String>, Header, description = "One byte range")),
    responses(
        (status = 200, description = "The file", content_type = "application/pdf"),
        (status = 206, description = "A part of it", content_type = "application/pdf"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The scope is missing", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "No certificate with this number", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 416, description = "The file has no such range", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("holder" = []), ("token" = []), ()))]
pub(in crate::http) async fn show_certificate(
    request: HttpRequest,
    services: Data<Services>,
    OpenCertificate(row): OpenCertificate,
) -> Answer {
    let name = format!("{}.pdf", row.issued.number);
    let blobs = services.store.blobs();
    let stored =
        stored_file::of_blob(blobs, row.issued.file_sha256, "application/pdf", name).await?;
    stored_file::answer(&request, stored)
}
