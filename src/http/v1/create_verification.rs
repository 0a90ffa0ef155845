//! `POST /v1/verifications`: by face code, by the file's hash, or with the file. Anyone may ask.

use actix_web::{
    HttpRequest,
    web::{Data, Payload},
};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    certificate::FaceCode,
    digest::Digest,
    http::{
        Services, body, json,
        problem::{Answer, Problem},
    },
    store::Spooled,
    verify::{self, Verification},
};

/// What is asked about: a code or a hash.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub(in crate::http) enum Question {
    /// The face code, as printed or as in the QR code; spaces and case do not matter.
    Code(String),
    /// What a camera read from the QR code: must be an address of this office, to the letter.
    Qr(String),
    /// SHA-256 of the file, 64 hex digits.
    #[schema(value_type = String)]
    Sha256(Digest),
}

/// Says whether a certificate is authentic and in force. Whatever is asked, the answer is 200 and one of `authentic`,
/// `superseded`, `revoked`, `altered`, `not_ours`, `could_not_tell`.
#[utoipa::path(post, path = "/v1/verifications", tag = "certificates",
    request_body(description = "The file itself (`application/pdf` or a form with the field `file`), `{\"code\": …}`, `{\"qr\": …}` or `{\"sha256\": …}`",
        content((Question = "application/json"), ("application/pdf"), ("multipart/form-data"))),
    responses(
        (status = 200, description = "The answer", body = Verification),
        (status = 400, description = "The body cannot be read", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "The file is too large; the limit is named", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "Neither a question nor a file", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Busy; come back after `Retry-After`", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")))]
pub(in crate::http) async fn create_verification(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
) -> Answer {
    if body::media_type(&request) == "application/json" {
        let (question, _) = body::json::<Question>(&request, payload, &services).await?;
        return json::ok(&match question {
            Question::Code(code) => by_code(&services, &code).await?,
            Question::Qr(text) => {
                match verify::scanned(&services.issuer.office().base_url, &text) {
                    Ok(code) => by_code(&services, code.as_str()).await?,
                    Err(wrong) => verify::refused(wrong, services.clock.now()),
                }
            }
            Question::Sha256(sha256) => {
                verify::by_sha256(&services.store, sha256, services.clock.now()).await?
            }
        });
    }
    services.permits.refuse_when_full()?;
    let upload = body::upload(&request, payload, &services).await?;
    json::ok(&by_file(&services, upload.bytes).await?)
}

/// By code; what cannot be a code is answered like one nobody has.
pub(in crate::http) async fn by_code(
    services: &Services,
    text: &str,
) -> Result<Verification, Problem> {
    let now = services.clock.now();
    if let Ok(code) = text.parse::<FaceCode>() {
        let known = &services.known_answers;
        let key = services.issuer.keys().mac("code", code.as_str());
        let mark = known.mark(&services.store).await?;
        if let Some(mut answer) = known.known(key, mark) {
            answer.status_as_of = Some(now);
            return Ok(answer);
        }
        let answer = verify::by_code(&services.issuer, &services.store, &code, now).await?;
        known.keep(key, mark, &answer);
        return Ok(answer);
    }
    // A hash nobody has gives the very answer of a code nobody has.
    let nobody = Digest::from_bytes([0; 32]);
    let mut answer = verify::by_sha256(&services.store, nobody, now).await?;
    answer.file_sha256 = None;
    Ok(answer)
}

/// With the file, which is not kept: the register is asked for its hash, and only a worker reads its bytes.
pub(in crate::http) async fn by_file(
    services: &Services,
    bytes: Spooled,
) -> Result<Verification, Problem> {
    let (now, sha256) = (services.clock.now(), bytes.digest());
    if let Some(verification) = verify::registered(&services.store, sha256, now).await? {
        return Ok(verification);
    }
    let file = bytes.open()?;
    let (pool, trust) = (services.pool.clone(), verify::trust(&services.issuer, now));
    let looked = services.permits.run(move || trust.look_in(&pool, &file));
    let looked = looked.await??;
    Ok(verify::unregistered(&services.store, sha256, looked, now).await?)
}
