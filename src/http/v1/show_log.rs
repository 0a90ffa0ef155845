//! The certificate log as files anybody may read (C2SP tlog-tiles), its status list, and the keys to check both with.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, ETAG, HeaderName, HeaderValue, IF_NONE_MATCH},
    web::Data,
};

use crate::{
    certificate::{self, LogPath},
    digest::Digest,
    http::{
        Services, body, json,
        problem::{Answer, Problem},
    },
};

/// What is served once and never changes again.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// What changes with each certificate.
const ASK_AGAIN: &str = "public, no-cache";

/// The newest signed tree of the certificate log, with the signatures of its witnesses.
#[utoipa::path(get, path = "/checkpoint", tag = "log",
    responses(
        (status = 200, description = "C2SP tlog-checkpoint", content_type = "text/plain", body = String),
        (status = 404, description = "No certificate was issued yet", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")))]
pub(in crate::http) async fn checkpoint(request: HttpRequest, services: Data<Services>) -> Answer {
    of_the_log(&request, &services, LogPath::Checkpoint).await
}

/// A tile of hashes or a bundle of leaves: `0/x001/000`, `entries/000.p/17`. Never changes.
#[utoipa::path(get, path = "/tile/{path}", tag = "log",
    params(("path" = String, Path, description = "Level (or `entries`) and number as in C2SP tlog-tiles; holds slashes")),
    responses(
        (status = 200, description = "C2SP tlog-tiles", content_type = "application/octet-stream"),
        (status = 404, description = "The log has not grown that far, or has no such path", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")))]
pub(in crate::http) async fn tile(request: HttpRequest, services: Data<Services>) -> Answer {
    let path: String = body::variable(&request, "path")?;
    let path = format!("tile/{path}").parse::<LogPath>();
    let path = path.map_err(|_| Problem::not_found())?;
    of_the_log(&request, &services, path).await
}

async fn of_the_log(request: &HttpRequest, services: &Services, path: LogPath) -> Answer {
    let bytes = certificate::log_file(&services.store, path).await?;
    let bytes = bytes.ok_or_else(Problem::not_found)?;
    match path {
        LogPath::Checkpoint => public(request, "text/plain; charset=utf-8", ASK_AGAIN, bytes),
        LogPath::Tile { .. } | LogPath::Entries { .. } => {
            public(request, "application/octet-stream", FOR_EVER, bytes)
        }
    }
}

/// The signed note of the status list: when it was made, of how many leaves, and the SHA-256 of the list file.
#[utoipa::path(get, path = "/status-list", tag = "log",
    responses((status = 200, description = "A C2SP signed note, made now; taken with a list of another time it does not fit: take both again", content_type = "text/plain", body = String)))]
pub(in crate::http) async fn status_list(request: HttpRequest, services: Data<Services>) -> Answer {
    let list = newest_list(&services).await?;
    let note = list.note.into_bytes();
    public(&request, "text/plain; charset=utf-8", ASK_AGAIN, note)
}

/// The status list itself, of all certificates: whoever takes it tells nobody which one is asked about.
#[utoipa::path(get, path = "/status-list.gz", tag = "log",
    responses((status = 200, description = "gzip; inside two bits a leaf", content_type = "application/gzip")))]
pub(in crate::http) async fn status_list_file(
    request: HttpRequest,
    services: Data<Services>,
) -> Answer {
    let list = newest_list(&services).await?;
    public(&request, "application/gzip", ASK_AGAIN, list.bits)
}

async fn newest_list(services: &Services) -> Result<certificate::StatusList, Problem> {
    let now = services.clock.now();
    let lists = &services.status_lists;
    Ok(lists.list(&services.issuer, &services.store, now).await?)
}

/// What a verifier needs to know beforehand: the issuer's certificate.
#[utoipa::path(get, path = "/issuer.pem", tag = "log",
    responses((status = 200, description = "The issuer's certificate; compare it with one you got elsewhere", content_type = "application/x-pem-file", body = String)))]
pub(in crate::http) async fn issuer_pem(request: HttpRequest, services: Data<Services>) -> Answer {
    let pem = services.issuer.issuer_pem().into_bytes();
    public(&request, "application/x-pem-file", ASK_AGAIN, pem)
}

/// The public keys of the log and of its status list, one a line.
#[utoipa::path(get, path = "/log-keys", tag = "log",
    responses((status = 200, description = "Two key lines (C2SP signed-note)", content_type = "text/plain", body = String)))]
pub(in crate::http) async fn log_keys(request: HttpRequest, services: Data<Services>) -> Answer {
    let issuer = &services.issuer;
    let lines = format!("{}\n{}\n", issuer.log_key(), issuer.status_key());
    public(
        &request,
        "text/plain; charset=utf-8",
        ASK_AGAIN,
        lines.into_bytes(),
    )
}

/// Signers' certificates that the issuer has revoked.
#[utoipa::path(get, path = "/issuer.crl", tag = "log",
    responses(
        (status = 200, description = "A list of revoked certificates, PEM", content_type = "application/x-pem-file", body = String),
        (status = 404, description = "No signer was ever revoked", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")))]
pub(in crate::http) async fn issuer_crl(request: HttpRequest, services: Data<Services>) -> Answer {
    let list = services.issuer.revoked_signers();
    let list = list.ok_or_else(Problem::not_found)?.as_bytes().to_vec();
    public(&request, "application/x-pem-file", ASK_AGAIN, list)
}

/// Which witnesses must have seen the log (C2SP tlog-policy).
#[utoipa::path(get, path = "/policy", tag = "log",
    responses(
        (status = 200, description = "The policy of this office; a verifier may write another", content_type = "text/plain", body = String),
        (status = 404, description = "The log has no witnesses", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")))]
pub(in crate::http) async fn policy(request: HttpRequest, services: Data<Services>) -> Answer {
    let policy = services.issuer.policy();
    let policy = policy.ok_or_else(Problem::not_found)?.as_bytes().to_vec();
    public(&request, "text/plain; charset=utf-8", ASK_AGAIN, policy)
}

/// Bytes for everybody, with a strong `ETag`.
fn public(
    request: &HttpRequest,
    media_type: &'static str,
    keep: &'static str,
    bytes: Vec<u8>,
) -> Answer {
    let etag = format!("\"{}\"", Digest::of(&bytes));
    let asked = request.headers().get(IF_NONE_MATCH);
    let same = asked.is_some_and(|field| field.as_bytes() == etag.as_bytes());
    let mut response = HttpResponse::Ok();
    response
        .insert_header((ETAG, etag))
        .insert_header((CACHE_CONTROL, keep))
        .insert_header((
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("cross-origin"),
        ));
    if same {
        return Ok(response
            .status(actix_web::http::StatusCode::NOT_MODIFIED)
            .finish());
    }
    Ok(json::finish(response, media_type, bytes))
}
