//! `POST /v1/verifications`: by face code, by the file's hash, or with the file. Anyone may ask.

use actix_web::{
    HttpRequest,
    web::{Data, Payload},
};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{
    certificate::FaceCode,
    digest::Digest,
    http::{
        Services, body,
        json::{self, Written},
        problem::{Answer, Problem},
    },
    store::{RegisterMark, Spooled},
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
        return match question {
            Question::Code(code) => written_by_code(&services, &code).await,
            Question::Qr(text) => {
                match verify::scanned(&services.issuer.office().base_url, &text) {
                    Ok(code) => written_by_code(&services, code.as_str()).await,
                    Err(wrong) => json::ok(&verify::refused(wrong, services.clock.now())),
                }
            }
            Question::Sha256(sha256) => {
                let now = services.clock.now();
                json::ok(&verify::by_sha256(&services.store, sha256, now).await?)
            }
        };
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
    match Asked::read(services, text).await? {
        Some(asked) => asked.answer(services).await,
        None => nobody_has_it(services).await,
    }
}

/// [`by_code`] as programs get it.
async fn written_by_code(services: &Services, text: &str) -> Answer {
    let Some(asked) = Asked::read(services, text).await? else {
        return json::ok(&nobody_has_it(services).await?);
    };
    let known = &services.known_answers;
    if let Some(written) = known.written(asked.key, asked.mark, asked.now) {
        return Ok(written.ok());
    }
    let written = Written::json(&asked.answer(services).await?)?;
    known.keep_written(asked.key, asked.mark, asked.now, &written);
    Ok(written.ok())
}

/// A question about a code, and when and in which state of the register it was asked.
struct Asked {
    code: FaceCode,
    key: Digest,
    mark: RegisterMark,
    now: Timestamp,
}

impl Asked {
    async fn read(services: &Services, text: &str) -> Result<Option<Asked>, Problem> {
        let Ok(code) = text.parse::<FaceCode>() else {
            return Ok(None);
        };
        let now = services.clock.now();
        Ok(Some(Asked {
            key: services.issuer.keys().mac("code", code.as_str()),
            mark: services.known_answers.mark(&services.store).await?,
            code,
            now,
        }))
    }
    async fn answer(&self, services: &Services) -> Result<Verification, Problem> {
        let known = &services.known_answers;
        if let Some(mut answer) = known.known(self.key, self.mark) {
            answer.status_as_of = Some(self.now);
            return Ok(answer);
        }
        let (issuer, store) = (&services.issuer, &services.store);
        let answer = verify::by_code(issuer, store, &self.code, self.now).await?;
        known.keep(self.key, self.mark, &answer);
        Ok(answer)
    }
}

/// What is said of a code that cannot be one.
async fn nobody_has_it(services: &Services) -> Result<Verification, Problem> {
    let now = services.clock.now();
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
