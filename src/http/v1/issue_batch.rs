//! `POST /v1/certificates/batch`: many certificates from one table, or a dry run of it.

use std::io::Read as _;

use actix_web::{
    HttpRequest,
    http::StatusCode,
    web::{Data, Payload},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::{
    certificate::{self, Batch, HeadingError, RowOutcome, RowProblem, RowResult, Table},
    error_code::ErrorCode,
    http::{
        Services,
        access::{Caller, HOLDER_PREFIX},
        body,
        idempotency::{self, OneTimeSecret},
        jobs,
        problem::{Answer, Problem},
    },
    store::StoreError,
    verify,
};

/// What a table may come as.
const MEDIA_TYPES: &[&str] = &[
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/octet-stream",
];

/// How a table is taken.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct BatchQuery {
    /// Only say what would be refused.
    #[serde(default)]
    dry_run: bool,
}

/// What became of a table, row by row.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct BatchView {
    /// Whether nothing was issued because a dry run was asked for.
    dry_run: bool,
    /// Rows that were issued, or would be.
    good: usize,
    /// Rows that were refused, or would be.
    refused: usize,
    /// Every row below the heading, in order.
    rows: Vec<RowView>,
    /// Id of the list, when it was written down.
    #[serde(skip_serializing_if = "Option::is_none")]
    list: Option<String>,
}

/// What became of one row.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct RowView {
    /// Its number in the file, from 1; the heading counts.
    row: u32,
    /// Number of its certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    /// Its face code: for the holder only.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// SHA-256 of its file.
    #[serde(skip_serializing_if = "Option::is_none")]
    file_sha256: Option<String>,
    /// Its leaf in the public log.
    #[serde(skip_serializing_if = "Option::is_none")]
    leaf_index: Option<u64>,
    /// Lets the holder fetch the file. Shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    holder_secret: Option<String>,
    /// It is in the log under its number and waits for its witnesses; its file comes later.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    waits: bool,
    /// Why it was refused: everything.
    problems: Vec<RowProblem>,
}

/// Issues a certificate for every row of a table that can stand; `dry_run=true` only says what would be refused.
#[utoipa::path(post, path = "/v1/certificates/batch", tag = "certificates",
    params(BatchQuery,
        ("Prefer" = Option<String>, Header, description = "`respond-async`: 202 at once, the result at `GET /v1/jobs/{id}`"),
        ("Idempotency-Key" = Option<String>, Header, description = "16 to 128 visible ASCII signs; the same key and table issue once")),
    request_body(description = "A CSV (UTF-8 or GB 18030) or .xlsx table with a heading, raw or as a form with the field `file`",
        content(("text/csv"), ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"), ("application/octet-stream"), ("multipart/form-data"))),
    responses(
        (status = 200, description = "Dry run: what would become of each row", body = BatchView),
        (status = 201, description = "What became of each row; look at `refused`", body = BatchView),
        (status = 202, description = "Written down, with `Prefer: respond-async`", body = jobs::JobView, headers(("Location" = String, description = "The work"))),
        (status = 400, description = "The table cannot be read, or its heading is not known", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 401, description = "No credential, or a wrong one", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 403, description = "The scope is missing", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 413, description = "The file is too large; the limit is named", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json"),
        (status = 503, description = "Busy; come back after `Retry-After`", body = crate::http::openapi::ProblemBody, content_type = "application/problem+json")),
    security(("token" = [])))]
pub(in crate::http) async fn issue_batch(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
) -> Answer {
    let query: BatchQuery = body::query(&request)?;
    services.permits.refuse_when_full()?;
    let upload = body::upload_as(&request, payload, &services, MEDIA_TYPES).await?;
    let digest = upload.bytes.digest();
    let file_name = upload.file_name.to_string();
    let mut bytes = Vec::new();
    let mut file = upload.bytes.open()?;
    file.read_to_end(&mut bytes).map_err(StoreError::from)?;
    drop(upload);
    let batch = read(&services, bytes).await?;
    if query.dry_run {
        let rows = rehearse(&services, &batch).await;
        return crate::http::json::ok(&view(true, rows, &[]));
    }
    if jobs::wanted(&request, &caller) {
        return jobs::list::ask(&request, &services, &caller, file_name, &batch, digest).await;
    }
    // With a key nothing may be issued twice, whoever dies: the list is written down first, and its rows are looked for.
    if idempotency::key(&request)?.is_some() {
        return jobs::list::ask_and_wait(&request, &services, &caller, file_name, &batch, digest)
            .await;
    }
    let secret = || OneTimeSecret::new("holder_secret", HOLDER_PREFIX);
    let secrets: Vec<OneTimeSecret> = batch.rows.iter().map(|_| secret()).collect();
    let results = issue(&services, &caller, batch, &secrets).await?;
    crate::http::json::answer(StatusCode::CREATED, &view(false, results, &secrets))
}

/// Reads a table in a worker.
pub(in crate::http) async fn read(services: &Services, bytes: Vec<u8>) -> Result<Batch, Problem> {
    let pool = services.pool.clone();
    let table = services
        .permits
        .run(move || Table::read_bytes_in(&pool, &bytes));
    let table = table.await??.map_err(|error| {
        Problem::new(ErrorCode::BodyUnreadable)
            .because("表格无法读取", "the table cannot be read")
            .error(json!({ "reason": error.to_string() }))
    })?;
    Batch::of(&table).map_err(|HeadingError(problems)| {
        let problem = Problem::new(ErrorCode::BodyUnreadable).because(
            "表头不符合要求",
            "the heading of the table is not what is wanted",
        );
        problems
            .iter()
            .fold(problem, |all, one| all.error(json!(one)))
    })
}

/// What would become of each row.
pub(in crate::http) async fn rehearse(services: &Services, batch: &Batch) -> Vec<RowResult> {
    certificate::rehearse_batch(
        &services.issuer,
        &services.store,
        &services.typesetter,
        batch,
        services.clock.now(),
    )
    .await
}

/// Issues what can be issued. A row's secret is the one at its place.
pub(in crate::http) async fn issue(
    services: &Services,
    caller: &Caller,
    batch: Batch,
    secrets: &[OneTimeSecret],
) -> Result<Vec<RowResult>, Problem> {
    let places: std::collections::BTreeMap<u32, usize> = (0..)
        .zip(&batch.rows)
        .map(|(at, row)| (row.row, at))
        .collect();
    let never = OneTimeSecret::new("", "");
    let holder = |row: u32| {
        let secret = places.get(&row).and_then(|at| secrets.get(*at));
        secret.unwrap_or(&never).hash()
    };
    let results = certificate::issue_batch(
        &services.issuer,
        &services.store,
        &services.typesetter,
        batch,
        holder,
        services.clock.now(),
        verify::self_check,
    )
    .await;
    for result in &results {
        if let RowOutcome::Issued(issued) = &result.outcome {
            let subject = format!("leaf:{}", issued.leaf_index);
            caller
                .record(services, "certificate.issued", subject)
                .await?;
        }
    }
    Ok(results)
}

fn view(dry_run: bool, results: Vec<RowResult>, secrets: &[OneTimeSecret]) -> Value {
    let refused = |r: &&RowResult| matches!(r.outcome, RowOutcome::Refused(_));
    let refused = results.iter().filter(refused).count();
    let view = BatchView {
        dry_run,
        good: results.len() - refused,
        refused,
        rows: results.into_iter().map(row_view).collect(),
        list: None,
    };
    // Our own types: they always write.
    let mut body = serde_json::to_value(view).unwrap_or_default();
    let rows = body.get_mut("rows").and_then(Value::as_array_mut);
    for (row, secret) in rows.into_iter().flatten().zip(secrets) {
        if row.get("number").is_some() {
            secret.put(row);
        }
    }
    body
}

fn row_view(result: RowResult) -> RowView {
    let mut view = RowView {
        row: result.row,
        number: None,
        code: None,
        file_sha256: None,
        leaf_index: None,
        holder_secret: None,
        waits: false,
        problems: Vec::new(),
    };
    match result.outcome {
        RowOutcome::Good => {}
        RowOutcome::Refused(problems) => view.problems = problems,
        RowOutcome::Waits(number) => {
            view.number = Some(number.to_string());
            view.waits = true;
        }
        RowOutcome::Issued(issued) => {
            view.number = Some(issued.number.to_string());
            view.code = Some(issued.code.grouped());
            view.file_sha256 = Some(issued.file_sha256.to_hex());
            view.leaf_index = Some(issued.leaf_index);
        }
    }
    view
}
