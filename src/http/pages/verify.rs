//! `/verify`: where a certificate is asked about, by its code, by the hash of its file, or with the file.
//!
//! With scripts the browser hashes the file and sends the hash alone; without them the form sends the file, which is looked at and
//! not kept. Codes and hashes come in forms, not in addresses, so that no history keeps them.

use std::io::Read as _;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CONTENT_DISPOSITION, HeaderValue},
    web::{Data, Payload},
};
use serde::Serialize;
use serde_json::json;

use super::{
    form, templates,
    verification::{self, Asked},
};
use crate::{
    certificate::proof_of_leaf,
    digest::Digest,
    error_code::ErrorCode,
    http::{
        Services, body, json as answer,
        problem::{Answer, Problem},
        v1::create_verification::{by_code, by_file},
    },
    store::{CertificateKey, StoreError},
    verify::{self as room, Verification},
};

/// Where a code or a file is asked about.
#[utoipa::path(get, path = "/verify", tag = "pages",
    responses((status = 200, description = "The page", content_type = "text/html", body = String)))]
pub(in crate::http) async fn verify_page(services: Data<Services>) -> Answer {
    let samples = services.showcase().map(|show| &show.certificates);
    templates::page(
        "verify.html",
        json!({
            "samples": samples,
            "file_bytes": services.limits.file_bytes.value(),
            "office": services.issuer.office().name,
            "host": host(&services.issuer.office().base_url),
        }),
    )
}

/// The forms of `/verify`: a code, the SHA-256 of a file, or the file itself, which is looked at and not kept.
#[utoipa::path(post, path = "/verify", tag = "pages",
    request_body(content_type = "multipart/form-data", description = "The PDF in `file`, or `code`; without a file also as `application/x-www-form-urlencoded` with `code` or `sha256`"),
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
    if body::media_type(&request) == "application/x-www-form-urlencoded" {
        let question = Question::read(&request, payload, &services).await?;
        let verification = question.ask(&services).await?;
        let text = question.text();
        return verification::page(&services, &verification, question.asked(), &text).await;
    }
    body::expect_type(
        &request,
        &["multipart/form-data", "application/x-www-form-urlencoded"],
    )?;
    services.permits.refuse_when_full()?;
    let mut upload = body::upload(&request, payload, &services).await?;
    let code = upload.fields.remove("code").unwrap_or_default();
    // A browser sends an empty file when none was chosen.
    if upload.bytes.size_bytes() == 0 {
        let verification = by_code(&services, &code).await?;
        return verification::page(&services, &verification, Asked::Code, &code).await;
    }
    let verification = by_file(&services, upload.bytes).await?;
    let sha256 = verification.file_sha256.map(Digest::to_hex);
    let sha256 = sha256.unwrap_or_default();
    verification::page(&services, &verification, Asked::File, &sha256).await
}

/// A certificate of the sample as a file to try: by its number, or `altered`, which is one that was saved again.
pub(in crate::http) async fn sample_file(request: HttpRequest, services: Data<Services>) -> Answer {
    let name: String = body::variable(&request, "name")?;
    let samples = services.showcase().map(|show| show.certificates.as_slice());
    let samples = samples.unwrap_or_default();
    let altered = name == ALTERED;
    let found = samples
        .iter()
        .find(|sample| altered || sample.number == name);
    let number = found
        .map(|sample| sample.number.as_str())
        .ok_or_else(Problem::not_found)?;
    let row = services
        .store
        .certificate(CertificateKey::Number(number))
        .await?;
    let row = row.ok_or_else(Problem::not_found)?;
    let mut bytes = Vec::new();
    let mut file = services.store.blobs().open(row.issued.file_sha256)?;
    file.read_to_end(&mut bytes).map_err(StoreError::from)?;
    if altered {
        bytes.extend_from_slice(b"\n% saved again by another program\n%%EOF\n");
    }
    let mut response = answer::finish(HttpResponse::Ok(), "application/pdf", bytes);
    let name = format!("attachment; filename=\"{name}.pdf\"");
    let name = HeaderValue::from_str(&name).map_err(Problem::internal)?;
    response.headers_mut().insert(CONTENT_DISPOSITION, name);
    Ok(response)
}

/// The host that the QR codes of the office lead to.
fn host(base_url: &str) -> &str {
    let rest = base_url
        .split_once("://")
        .map_or(base_url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or_default()
}

/// Name of the sample that was saved again.
const ALTERED: &str = "altered";

/// A proof to keep: the answer of now, the leaf with its path to the signed tree of now, and the keys to check them with.
#[derive(Serialize)]
struct Proof {
    proof_version: u32,
    verification: Verification,
    /// C2SP tlog-proof@v1; `extra` is the leaf.
    tlog_proof: String,
    issuer_pem: String,
    log_key: String,
}

/// What is asked about by the forms of `/verify`, to be kept: the answer and the proof from the public log.
pub(in crate::http) async fn proof(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
) -> Answer {
    let question = Question::read(&request, payload, &services).await?;
    let verification = question.ask(&services).await?;
    let leaf = verification.leaf_index;
    let leaf = leaf.filter(|_| verification::has_proof(&verification));
    let Some(leaf) = leaf else {
        return Err(Problem::not_found());
    };
    let tlog_proof = proof_of_leaf(&services.store, leaf).await?;
    let proof = Proof {
        proof_version: 1,
        verification,
        tlog_proof: tlog_proof.ok_or_else(|| Problem::new(ErrorCode::Internal))?,
        issuer_pem: services.issuer.issuer_pem(),
        log_key: services.issuer.log_key(),
    };
    let mut response: HttpResponse = answer::ok(&proof)?;
    let name = format!("attachment; filename=\"certificate-proof-{leaf}.json\"");
    let name = HeaderValue::from_str(&name).map_err(Problem::internal)?;
    response.headers_mut().insert(CONTENT_DISPOSITION, name);
    Ok(response)
}

/// What is asked about without sending a file.
enum Question {
    Code(String),
    Sha256(Digest),
}

impl Question {
    async fn read(
        request: &HttpRequest,
        payload: Payload,
        services: &Services,
    ) -> Result<Question, Problem> {
        let fields = form::fields(request, payload, services).await?;
        match fields.text("sha256") {
            Some(text) => text.parse().map(Question::Sha256).map_err(|_| {
                Problem::new(ErrorCode::BodyUnreadable).because(
                    "`sha256` 应为 64 位十六进制数字",
                    "`sha256` wants 64 hex digits",
                )
            }),
            None => Ok(Question::Code(
                fields.text("code").unwrap_or_default().to_owned(),
            )),
        }
    }
    async fn ask(&self, services: &Services) -> Result<Verification, Problem> {
        match self {
            Question::Code(code) => by_code(services, code).await,
            Question::Sha256(sha256) => {
                let now = services.clock.now();
                Ok(room::by_sha256(&services.store, *sha256, now).await?)
            }
        }
    }
    fn asked(&self) -> Asked {
        match self {
            Question::Code(_) => Asked::Code,
            Question::Sha256(_) => Asked::Fingerprint,
        }
    }
    fn text(&self) -> String {
        match self {
            Question::Code(code) => code.clone(),
            Question::Sha256(sha256) => sha256.to_hex(),
        }
    }
}
