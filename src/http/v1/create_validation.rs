//! `POST /v1/validations`: one file in, its report out. Nothing is kept, unless the caller asks to come back for the report.

use actix_web::{
    HttpRequest,
    web::{Data, Payload},
};
use jiff::civil::Date;
use serde::Deserialize;

use super::judge::{self, Judging};
use crate::{
    checks::Holder,
    error_code::ErrorCode,
    finding::Report,
    http::{
        Services,
        access::Caller,
        body,
        jobs::{self, JobView},
        json,
        problem::{Answer, Problem},
    },
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Query {
    notice: Option<String>,
    slot: Option<String>,
    on: Option<Date>,
}

/// Judges one file and keeps nothing of it. Whatever the bytes are, the answer is a report.
#[utoipa::path(post, path = "/v1/validations", tag = "validation",
    params(
        ("notice" = Option<String>, Query, description = "Id of a notice; without it only the rules for every upload apply"),
        ("slot" = Option<String>, Query, description = "Slot of the notice the file is for"),
        ("on" = Option<String>, Query, format = Date, description = "Day it is judged at; today in Shanghai by default"),
        ("Prefer" = Option<String>, Header, description = "`respond-async`: 202 at once, the report at `GET /v1/jobs/{id}` for a day; not without a credential"),
        ("Idempotency-Key" = Option<String>, Header, description = "16 to 128 visible ASCII signs; only with `Prefer`"),
        ("Content-Digest" = Option<String>, Header, description = "RFC 9530; checked when sent")),
    request_body(description = "The file itself, or a form with the file in the field `file` and optionally `holder_name`, `holder_born`",
        content(("application/pdf"), ("multipart/form-data"))),
    responses(
        (status = 200, description = "The report, whatever the verdict", body = Report),
        (status = 202, description = "Written down, with `Prefer: respond-async`", body = JobView, headers(("Location" = String, description = "The work"))),
        (status = 400, description = "The request cannot be read, or the upload was cut off", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The scope is missing", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "The file is too large; the limit is named", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 415, description = "Neither a file nor a form", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 422, description = "No such notice or slot", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Busy; come back after `Retry-After`", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("token" = []), ()))]
pub(in crate::http) async fn create_validation(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
) -> Answer {
    let query: Query = body::query(&request)?;
    let pack = match &query.notice {
        Some(id) => Some(judge::pack(&services, id)?),
        None => None,
    };
    match (&pack, &query.slot) {
        (Some(pack), Some(slot)) => drop(judge::slot(pack, slot)?),
        (None, Some(_)) => {
            return Err(Problem::new(ErrorCode::ParameterUnreadable).because(
                "指定 `slot` 时须同时指定 `notice`",
                "`slot` needs `notice` beside it",
            ));
        }
        (_, None) => {}
    }
    services.permits.refuse_when_full()?;
    let upload = body::upload(&request, payload, &services).await?;
    let holder = holder(&upload.fields)?;
    let judging = Judging {
        pack,
        slot: query.slot,
        on: query.on.unwrap_or_else(|| services.clock.today()),
        holder,
        online: None,
    };
    if jobs::wanted(&request, &caller) {
        return jobs::ask_validation(&request, &services, &caller, upload, judging).await;
    }
    let file = upload.bytes.open()?;
    let sha256 = upload.bytes.digest();
    let report = judging.report(&services, file, upload.file_name, sha256);
    json::ok(&report.await?)
}

/// Whose paper it is, from the form.
pub(in crate::http) fn holder(
    fields: &std::collections::BTreeMap<String, String>,
) -> Result<Option<Holder>, Problem> {
    let mut holder = Holder::default();
    for (name, value) in fields {
        match name.as_str() {
            "holder_name" => holder.name = Some(value.clone()),
            "holder_born" => {
                let born = value.parse().map_err(|_| {
                    Problem::new(ErrorCode::BodyUnreadable).because(
                        "`holder_born` 应为 YYYY-MM-DD",
                        "`holder_born` is written YYYY-MM-DD",
                    )
                });
                holder.born = Some(born?);
            }
            _ => {
                let shown = crate::intake::FileName::shown(name);
                return Err(Problem::new(ErrorCode::BodyUnreadable).because(
                    format!("表单字段 `{shown}` 未知"),
                    format!("the form field `{shown}` is not known here"),
                ));
            }
        }
    }
    Ok((!fields.is_empty()).then_some(holder))
}
