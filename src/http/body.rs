//! Reads what a request carries: variables of the address, the query, JSON, and uploads (raw or as a form).

use std::collections::BTreeMap;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{
    HttpRequest,
    error::PayloadError,
    http::header::{CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, IF_MATCH},
    web,
};
use futures_util::{FutureExt as _, StreamExt as _, TryStreamExt as _};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::{Services, json::CONTENT_DIGEST, problem::Problem};
use crate::{
    digest::Digest,
    error_code::ErrorCode,
    intake::{self, FileName, IntakeError, Terms, wanted_sha256},
    store::Spooled,
    units::ByteLen,
};

/// A variable of the address; one that cannot be what it should be names nothing.
pub(super) fn variable<T: std::str::FromStr>(
    request: &HttpRequest,
    name: &str,
) -> Result<T, Problem> {
    let text = request.match_info().get(name);
    text.and_then(|text| text.parse().ok())
        .ok_or_else(Problem::not_found)
}

/// The query as a struct; unknown and unreadable parameters are refused.
pub(super) fn query<T: DeserializeOwned>(request: &HttpRequest) -> Result<T, Problem> {
    let read = web::Query::<T>::from_query(request.query_string());
    read.map(web::Query::into_inner).map_err(|error| {
        let why = match error {
            actix_web::error::QueryPayloadError::Deserialize(error) => error.to_string(),
            other => other.to_string(),
        };
        let why = without_values(&why);
        Problem::new(ErrorCode::ParameterUnreadable).because(
            format!("地址中的参数无法读取：{why}"),
            format!("the query cannot be read: {why}"),
        )
    })
}

/// A JSON body as a struct, and the digest of its bytes.
pub(super) async fn json<T: DeserializeOwned>(
    request: &HttpRequest,
    payload: web::Payload,
    services: &Services,
) -> Result<(T, Digest), Problem> {
    expect_type(request, &["application/json"])?;
    let bytes = small(request, payload, services).await?;
    let read = serde_json::from_slice(&bytes).map_err(|error| {
        Problem::new(ErrorCode::BodyUnreadable)
            .because(
                "内容不是所要求的 JSON",
                "the body is not the JSON that is wanted here",
            )
            .error(json!({
                "line": error.line(), "column": error.column(), "reason": without_values(&error.to_string()),
            }))
    });
    Ok((read?, Digest::of(&bytes)))
}

/// What a reader of JSON says was wrong, without the value that was: it can be a name or a number of a person.
pub(super) fn without_values(text: &str) -> String {
    let quoted = |text: &str| {
        let (before, rest) = text.split_once("string \"")?;
        let (_, after) = rest.rsplit_once("\", expected")?;
        Some(format!("{before}string …, expected{after}"))
    };
    let ticked = |text: &str| {
        let (before, rest) = text.split_once('`')?;
        let (value, after) = rest.split_once('`')?;
        let is_a_key = value
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        (!is_a_key).then(|| format!("{before}…{after}"))
    };
    let text = quoted(text).unwrap_or_else(|| text.to_owned());
    ticked(&text).unwrap_or(text)
}

/// A small body, all of it.
pub(super) async fn small(
    request: &HttpRequest,
    mut payload: web::Payload,
    services: &Services,
) -> Result<Vec<u8>, Problem> {
    let most = services.config.json_bytes;
    let mut bytes = Vec::new();
    while let Some(chunk) = next_chunk(&mut payload, services).await? {
        if bytes.len() + chunk.len() > most {
            return Err(IntakeError::TooLarge {
                limit: ByteLen(most as u64),
            }
            .into());
        }
        bytes.extend_from_slice(&chunk);
    }
    match promised(request.headers())? {
        Some(promised) if promised != Digest::of(&bytes) => Err(IntakeError::DigestMismatch {
            promised,
            received: Digest::of(&bytes),
        }
        .into()),
        _ => Ok(bytes),
    }
}

async fn next_chunk(
    payload: &mut web::Payload,
    services: &Services,
) -> Result<Option<web::Bytes>, Problem> {
    let patience = services.config.upload_patience;
    // What has come already needs no clock.
    let next = match payload.next().now_or_never() {
        Some(next) => next,
        None => tokio::time::timeout(patience, payload.next())
            .await
            .map_err(|_| IntakeError::TooSlow { patience })?,
    };
    Ok(next.transpose().map_err(IntakeError::from)?)
}

/// An upload: the file, its name, and the other fields of the form.
#[derive(Debug)]
pub(super) struct Upload {
    pub(super) bytes: Spooled,
    pub(super) file_name: FileName,
    pub(super) fields: BTreeMap<String, String>,
}

/// Fields of a form that are not the file: few and short.
const MOST_FIELDS: usize = 16;
const MOST_FIELD_BYTES: usize = 4096;

/// Takes an upload to disk: a PDF as the whole body, or a form with one file in the field `file`.
///
/// The name comes from `Content-Disposition`, the form, or is `upload.pdf`. Whatever the bytes are, they are taken:
/// what they are is for the checks to say.
pub(super) async fn upload(
    request: &HttpRequest,
    payload: web::Payload,
    services: &Services,
) -> Result<Upload, Problem> {
    let pdf = &["application/pdf", "application/octet-stream"];
    upload_as(request, payload, services, pdf).await
}

/// [`upload`] of other media types.
pub(super) async fn upload_as(
    request: &HttpRequest,
    payload: web::Payload,
    services: &Services,
    media_types: &[&str],
) -> Result<Upload, Problem> {
    let terms = Terms {
        limit: services.limits.file_bytes,
        patience: services.config.upload_patience,
        sha256: promised(request.headers())?,
    };
    let media_type = media_type(request);
    if media_type == "multipart/form-data" {
        return form(request, payload, services, terms).await;
    }
    expect_type(request, media_types)?;
    refuse_by_length(request, terms.limit)?;
    let chunks = payload.map_err(IntakeError::from);
    let bytes = intake::receive(chunks, services.store.blobs(), terms).await?;
    Ok(Upload {
        bytes,
        file_name: name_in_disposition(request.headers()),
        fields: BTreeMap::new(),
    })
}

async fn form(
    request: &HttpRequest,
    payload: web::Payload,
    services: &Services,
    terms: Terms,
) -> Result<Upload, Problem> {
    if terms.sha256.is_some() {
        return Err(Problem::new(ErrorCode::HeaderUnreadable).because(
            "表单上传时，`Content-Digest` 应写在文件部分的头里",
            "in a form, `Content-Digest` stands in the header of the file's part",
        ));
    }
    // The form around the file needs a little room.
    refuse_by_length(request, ByteLen(terms.limit.value() + (1 << 16)))?;
    let mut form = Multipart::new(request.headers(), payload);
    let mut file = None;
    let mut fields = BTreeMap::new();
    while let Some(field) = form.next().await {
        let field = field.map_err(broken_form)?;
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" && file.is_none() {
            let disposition = field.content_disposition();
            let given = disposition
                .and_then(|d| d.get_filename())
                .unwrap_or_default();
            let file_name = FileName::shown(given);
            let terms = Terms {
                sha256: promised(field.headers())?,
                ..terms
            };
            let chunks = field.map_err(|error| IntakeError::from(Form(error)));
            let bytes = intake::receive(chunks, services.store.blobs(), terms).await?;
            file = Some((bytes, file_name));
        } else if name != "file" && fields.len() < MOST_FIELDS {
            let value = text_field(field, &name, services).await?;
            fields.insert(name, value);
        } else {
            return Err(Problem::new(ErrorCode::BodyUnreadable).because(
                "表单只能有一个文件字段 `file` 和少量文字字段",
                "the form may hold one file in the field `file` and a few short fields",
            ));
        }
    }
    let (bytes, file_name) = file.ok_or_else(|| {
        Problem::new(ErrorCode::BodyUnreadable).because(
            "表单中没有文件字段 `file`",
            "the form has no file in the field `file`",
        )
    })?;
    Ok(Upload {
        bytes,
        file_name,
        fields,
    })
}

pub(super) async fn text_field(
    mut field: Field,
    name: &str,
    services: &Services,
) -> Result<String, Problem> {
    let patience = services.config.upload_patience;
    let mut bytes = Vec::new();
    loop {
        let next = tokio::time::timeout(patience, field.next()).await;
        let next = next.map_err(|_| IntakeError::TooSlow { patience })?;
        let Some(chunk) = next else { break };
        bytes.extend_from_slice(&chunk.map_err(broken_form)?);
        if bytes.len() > MOST_FIELD_BYTES {
            return Err(Problem::new(ErrorCode::BodyUnreadable).because(
                format!("表单字段 `{}` 过长", FileName::shown(name)),
                format!("the form field `{}` is too long", FileName::shown(name)),
            ));
        }
    }
    String::from_utf8(bytes).map_err(|_| {
        Problem::new(ErrorCode::BodyUnreadable)
            .because("表单字段不是 UTF-8 文字", "a form field is not UTF-8 text")
    })
}

/// The SHA-256 in `Content-Digest`, when there is one.
pub(super) fn promised(headers: &HeaderMap) -> Result<Option<Digest>, Problem> {
    let Some(field) = headers.get(CONTENT_DIGEST) else {
        return Ok(None);
    };
    let text = field.to_str().map_err(|_| IntakeError::DigestUnreadable)?;
    Ok(wanted_sha256(text)?)
}

/// Refuses by `Content-Length` before a byte is read.
fn refuse_by_length(request: &HttpRequest, limit: ByteLen) -> Result<(), Problem> {
    let length = request.headers().get(CONTENT_LENGTH);
    let length = length.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    match length {
        Some(length) if length > limit.value() => Err(IntakeError::TooLarge { limit }.into()),
        _ => Ok(()),
    }
}

/// The media type without its parameters, in lower case.
pub(super) fn media_type(request: &HttpRequest) -> String {
    let field = request.headers().get(CONTENT_TYPE);
    let text = field.and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = text.split(';').next().unwrap_or("");
    essence.trim().to_ascii_lowercase()
}

pub(super) fn expect_type(request: &HttpRequest, wanted: &[&str]) -> Result<(), Problem> {
    if wanted.contains(&media_type(request).as_str()) {
        return Ok(());
    }
    let names: Vec<_> = wanted.iter().map(|name| format!("`{name}`")).collect();
    Err(Problem::new(ErrorCode::MediaTypeUnsupported).because(
        format!("`Content-Type` 应为 {}", names.join(" 或 ")),
        format!("`Content-Type` should be {}", names.join(" or ")),
    ))
}

/// The revision an `If-Match` field names; `None` without the field or for `*`.
pub(super) fn if_match(request: &HttpRequest) -> Result<Option<i64>, Problem> {
    let Some(field) = request.headers().get(IF_MATCH) else {
        return Ok(None);
    };
    let text = field.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    // A tag that is not one of ours matches no revision there ever was.
    let revision = text
        .strip_prefix("\"r")
        .and_then(|rest| rest.strip_suffix('"')?.parse().ok());
    Ok(Some(revision.unwrap_or(-1)))
}

/// `Content-Disposition: attachment; filename*=UTF-8''…` of a raw upload.
fn name_in_disposition(headers: &HeaderMap) -> FileName {
    use actix_web::http::header::{ContentDisposition, DispositionParam};
    let field = headers.get(CONTENT_DISPOSITION);
    let parsed = field.and_then(|value| ContentDisposition::from_raw(value).ok());
    let (mut plain, mut extended) = (None, None);
    for parameter in parsed.into_iter().flat_map(|parsed| parsed.parameters) {
        match parameter {
            DispositionParam::Filename(name) => plain = Some(name),
            DispositionParam::FilenameExt(name) => {
                extended = String::from_utf8(name.value).ok();
            }
            _ => {}
        }
    }
    FileName::shown(&extended.or(plain).unwrap_or_default())
}

impl From<PayloadError> for IntakeError {
    fn from(error: PayloadError) -> IntakeError {
        tracing::debug!(%error, "an upload broke off");
        IntakeError::Truncated
    }
}

/// A form that broke off.
pub(super) struct Form(pub(super) MultipartError);

impl From<Form> for IntakeError {
    fn from(Form(error): Form) -> IntakeError {
        tracing::debug!(%error, "a form broke off");
        IntakeError::Truncated
    }
}

pub(super) fn broken_form(error: MultipartError) -> Problem {
    IntakeError::from(Form(error)).into()
}
