//! JSON answers, with the digest of their bytes.

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::{
        StatusCode,
        header::{CONTENT_TYPE, HeaderName},
    },
};
use serde::Serialize;

use super::problem::{Answer, Problem};
use crate::digest::Digest;

/// `Content-Digest` (RFC 9530).
pub(super) const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");

/// 200 with this body.
pub(super) fn ok(body: &impl Serialize) -> Answer {
    answer(StatusCode::OK, body)
}

/// `status` with this body.
pub(super) fn answer(status: StatusCode, body: &impl Serialize) -> Answer {
    let bytes = serde_json::to_vec(body).map_err(Problem::internal)?;
    Ok(finish(
        HttpResponse::build(status),
        "application/json",
        bytes,
    ))
}

/// `status` with this body and media type; a body that cannot be written is empty.
pub(super) fn with_type(
    status: StatusCode,
    media_type: &'static str,
    body: &serde_json::Value,
) -> HttpResponse {
    let bytes = body.to_string().into_bytes();
    finish(HttpResponse::build(status), media_type, bytes)
}

/// Bytes of any media type, with their digest.
pub(super) fn finish(
    mut response: HttpResponseBuilder,
    media_type: &'static str,
    bytes: Vec<u8>,
) -> HttpResponse {
    let digest = Digest::of(&bytes).to_content_digest();
    response
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CONTENT_DIGEST, digest))
        .body(bytes)
}
