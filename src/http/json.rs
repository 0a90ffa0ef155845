//! JSON answers, with the digest of their bytes.

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::{
        StatusCode,
        header::{CONTENT_TYPE, HeaderName, HeaderValue},
    },
    web::Bytes,
};
use serde::Serialize;

use super::problem::{Answer, Problem};
use crate::digest::Digest;

/// `Content-Digest` (RFC 9530).
pub(super) const CONTENT_DIGEST: HeaderName = HeaderName::from_static("content-digest");

/// A body that is written, with its digest.
#[derive(Clone, Debug)]
pub(super) struct Written {
    bytes: Bytes,
    digest: HeaderValue,
}

impl Written {
    fn new(bytes: Vec<u8>) -> Written {
        let digest = Digest::of(&bytes).to_content_digest();
        Written {
            // Digits and letters of base64 are always a value.
            digest: HeaderValue::try_from(digest).unwrap_or(HeaderValue::from_static("")),
            bytes: bytes.into(),
        }
    }
    /// As JSON.
    pub(super) fn json(body: &impl Serialize) -> Result<Written, Problem> {
        Ok(Written::new(
            serde_json::to_vec(body).map_err(Problem::internal)?,
        ))
    }
    /// 200 with this JSON.
    pub(super) fn ok(self) -> HttpResponse {
        self.finish(HttpResponse::Ok(), "application/json")
    }
    fn finish(self, mut response: HttpResponseBuilder, media_type: &'static str) -> HttpResponse {
        let media_type = HeaderValue::from_static(media_type);
        response
            .insert_header((CONTENT_TYPE, media_type))
            .insert_header((CONTENT_DIGEST, self.digest))
            .body(self.bytes)
    }
}

/// 200 with this body.
pub(super) fn ok(body: &impl Serialize) -> Answer {
    answer(StatusCode::OK, body)
}

/// `status` with this body.
pub(super) fn answer(status: StatusCode, body: &impl Serialize) -> Answer {
    Ok(Written::json(body)?.finish(HttpResponse::build(status), "application/json"))
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
    response: HttpResponseBuilder,
    media_type: &'static str,
    bytes: Vec<u8>,
) -> HttpResponse {
    Written::new(bytes).finish(response, media_type)
}
