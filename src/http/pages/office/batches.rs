//! `/office/batches`: a list in, every row checked without issuing anything, then issued row by row with its progress.
//!
//! The work itself is a row of the queue (`http::jobs::list`): it goes on when the browser is closed and when the node it ran on has
//! stopped. The office can look a holder's secret up again.

use std::io::Read as _;

use actix_web::{
    HttpRequest, HttpResponse, ResponseError as _,
    http::{
        StatusCode,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    web::{Data, Payload},
};
use jiff::SignedDuration;
use serde::Serialize;
use serde_json::{Value, json};

use super::{desk::Desk, register_csv};
use crate::{
    certificate::{self, Claims},
    http::{
        Services,
        access::Caller,
        body,
        jobs::list,
        json as answer,
        pages::form,
        problem::{Answer, Problem},
        v1::issue_batch,
    },
    lang::{Bilingual, Lang},
    store::{BatchLine, BatchOutcome, BatchRecord, BatchState, CertificateKey, Id, StoreError},
};

/// Lists shown.
const LISTS: u32 = 20;
/// Work that has not moved for so long has stopped with the server it ran on.
const STOPPED: SignedDuration = SignedDuration::from_secs(60);

/// How far a list is; also what a page asks for while it waits.
#[derive(Serialize)]
struct Progress {
    id: Id,
    file_name: String,
    state: BatchState,
    created_at: String,
    total: usize,
    good: usize,
    refused: usize,
    issued: usize,
    witness: usize,
    /// Rows the work under way has done, and has to do.
    done: usize,
    of: usize,
    stopped: bool,
}

#[derive(Serialize)]
struct Row {
    row: u32,
    outcome: BatchOutcome,
    number: Option<String>,
    problems: Value,
}

/// The form for a list, and the lists there were.
pub(super) async fn lists(services: Data<Services>, desk: Desk) -> Answer {
    overview(&services, &desk, StatusCode::OK, None).await
}

async fn overview(
    services: &Services,
    desk: &Desk,
    status: StatusCode,
    wrong: Option<Value>,
) -> Answer {
    let mut lists = Vec::new();
    for batch in services.store.batches(LISTS).await? {
        let lines = services.store.batch_lines(&batch.id).await?;
        lists.push(progress(services, batch, &lines));
    }
    let page = json!({"lists": lists, "heading": certificate::heading(), "wrong": wrong});
    desk.page_as(status, services, "office_batches.html", page)
}

/// Takes a list and begins to check it.
pub(super) async fn bring(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
    desk: Desk,
) -> Answer {
    body::expect_type(&request, &["multipart/form-data"])?;
    services.permits.refuse_when_full()?;
    let upload = body::upload(&request, payload, &services).await?;
    let file_name = upload.file_name.to_string();
    let mut bytes = Vec::new();
    let mut file = upload.bytes.open()?;
    file.read_to_end(&mut bytes).map_err(StoreError::from)?;
    drop(upload);
    let batch = match issue_batch::read(&services, bytes).await {
        Ok(batch) => batch,
        Err(problem) if problem.status_code().is_client_error() => {
            let status = problem.status_code();
            let wrong = problem.body(status, Lang::Zh, "");
            return overview(&services, &desk, status, Some(wrong)).await;
        }
        Err(problem) => return Err(problem),
    };
    if batch.rows.is_empty() {
        let wrong = json!({"message": Bilingual::new("名单里没有一行", "the list has no row"), "errors": []});
        let refused = StatusCode::UNPROCESSABLE_ENTITY;
        return overview(&services, &desk, refused, Some(wrong)).await;
    }
    let id = Id::random();
    let checking = BatchState::Checking;
    list::keep(&services, &caller, id.clone(), file_name, &batch, checking).await?;
    let subject = format!("batch:{id}");
    caller.record(&services, "batch.brought", subject).await?;
    if let Some(brought) = services.store.batch(&id).await? {
        list::begin(&services, &caller, &brought, batch.rows.len()).await?;
    }
    form::see_other(&format!("/office/batches/{id}"))
}

/// How far a list is, with its rows.
pub(super) async fn show(request: HttpRequest, services: Data<Services>, desk: Desk) -> Answer {
    let (batch, lines) = found(&services, &request).await?;
    let rows = lines.iter().map(|line| {
        let problems = line.problems.as_deref();
        Row {
            row: line.row,
            outcome: line.outcome,
            number: line.number.clone(),
            problems: problems
                .and_then(|text| serde_json::from_str(text).ok())
                .unwrap_or_default(),
        }
    });
    let rows: Vec<Row> = rows.collect();
    let page = json!({"list": progress(&services, batch, &lines), "rows": rows});
    desk.page(&services, "office_batch.html", page)
}

/// How far a list is, for the page that waits for it.
pub(super) async fn how_far(request: HttpRequest, services: Data<Services>) -> Answer {
    let (batch, lines) = found(&services, &request).await?;
    answer::ok(&progress(&services, batch, &lines))
}

/// Issues the good rows of a list that was checked, or goes on with work that has stopped.
pub(super) async fn go_on(
    request: HttpRequest,
    services: Data<Services>,
    caller: Caller,
) -> Answer {
    let (batch, lines) = found(&services, &request).await?;
    let address = format!("/office/batches/{}", batch.id);
    let seen = progress(&services, batch.clone(), &lines);
    let to = match batch.state {
        BatchState::Checked => BatchState::Issuing,
        state if seen.stopped => state,
        // A second click, or another tab: it is under way or done already.
        _ => return form::see_other(&address),
    };
    if services
        .store
        .move_batch(&batch, to, services.clock.now())
        .await?
    {
        let subject = format!("batch:{}", batch.id);
        caller.record(&services, "batch.begun", subject).await?;
        let batch = BatchRecord { state: to, ..batch };
        list::begin(&services, &caller, &batch, lines.len()).await?;
    }
    form::see_other(&address)
}

async fn found(
    services: &Services,
    request: &HttpRequest,
) -> Result<(BatchRecord, Vec<BatchLine>), Problem> {
    let id: Id = body::variable(request, "id")?;
    let batch = services.store.batch(&id).await?;
    let batch = batch.ok_or_else(Problem::not_found)?;
    let lines = services.store.batch_lines(&id).await?;
    Ok((batch, lines))
}

fn progress(services: &Services, batch: BatchRecord, lines: &[BatchLine]) -> Progress {
    let count = |outcome| lines.iter().filter(|line| line.outcome == outcome).count();
    let (good, refused) = (count(BatchOutcome::Good), count(BatchOutcome::Refused));
    let (issued, witness) = (count(BatchOutcome::Issued), count(BatchOutcome::Witness));
    let under_way = matches!(batch.state, BatchState::Checking | BatchState::Issuing);
    let (done, of) = match batch.state {
        BatchState::Checking => (lines.len() - count(BatchOutcome::Waiting), lines.len()),
        BatchState::Checked | BatchState::Issuing | BatchState::Done => {
            (issued + witness, good + issued + witness)
        }
    };
    let still = services.clock.now().duration_since(batch.moved_at);
    Progress {
        id: batch.id,
        file_name: batch.file_name,
        state: batch.state,
        created_at: batch.created_at.to_string(),
        total: lines.len(),
        good,
        refused,
        issued,
        witness,
        done,
        of,
        stopped: under_way && still > STOPPED,
    }
}

/// What became of each row as a table, with the secrets to be given to the holders.
pub(super) async fn results(
    request: HttpRequest,
    services: Data<Services>,
    caller: Caller,
) -> Answer {
    let (batch, lines) = found(&services, &request).await?;
    let subject = format!("batch:{}", batch.id);
    caller
        .record(&services, "batch.results_downloaded", subject)
        .await?;
    let mut table = register_csv::begin([
        "row",
        "outcome",
        "number",
        "name",
        "holder_secret",
        "problems",
    ]);
    for line in &lines {
        let mut name = String::new();
        let mut secret = String::new();
        if let Some(number) = &line.number {
            let row = services
                .store
                .certificate(CertificateKey::Number(number))
                .await?;
            let claims = row.and_then(|row| Claims::read(row.issued.claims.as_bytes()).ok());
            name = claims.map_or(String::new(), |claims| claims.value("name").to_owned());
            secret = list::holder_secret(&services, &batch.id, line.row);
        }
        let outcome = serde_json::to_value(line.outcome).map_err(Problem::internal)?;
        let cells = [
            line.row.to_string(),
            outcome.as_str().unwrap_or_default().to_owned(),
            line.number.clone().unwrap_or_default(),
            name,
            secret,
            line.problems.as_deref().map(in_words).unwrap_or_default(),
        ];
        table.extend(register_csv::line(cells.into_iter()));
    }
    csv("results.csv", table)
}

/// Problems as one cell.
fn in_words(problems: &str) -> String {
    let problems: Vec<Value> = serde_json::from_str(problems).unwrap_or_default();
    let words = problems.iter().filter_map(|problem| {
        let column = problem
            .get("column")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let zh = problem.pointer("/message/zh").and_then(Value::as_str)?;
        Some(format!("{column} {zh}").trim().to_owned())
    });
    words.collect::<Vec<_>>().join("；")
}

/// Invented people for the sample; two rows of them cannot be issued.
const SAMPLE: [[&str; 14]; 6] = [
    [
        "宋示例",
        "女",
        "1990-05",
        "示例市智造装备有限公司",
        "",
        "工程技术",
        "机械设计",
        "工程师",
        "中级",
        "评审",
        "示例市工程技术评审委员会",
        "示人社职称〔2024〕0号",
        "2024-08-20",
        "",
    ],
    [
        "何示例",
        "男",
        "1987-10",
        "示例市新材料研究院",
        "",
        "工程技术",
        "高分子材料",
        "高级工程师",
        "副高级",
        "评审",
        "示例市工程技术评审委员会",
        "示人社职称〔2024〕0号",
        "2024-08-20",
        "",
    ],
    [
        "程示例",
        "男",
        "1995-01",
        "示例市云计算中心",
        "",
        "工程技术",
        "软件工程",
        "助理工程师",
        "助理级",
        "初定",
        "示例市工程技术评审委员会",
        "",
        "2024年8月20日",
        "",
    ],
    [
        "",
        "女",
        "1992-07",
        "示例市海洋工程有限公司",
        "",
        "工程技术",
        "船舶工程",
        "工程师",
        "中级",
        "评审",
        "示例市工程技术评审委员会",
        "",
        "2024-08-20",
        "",
    ],
    [
        "方示例",
        "男",
        "1993-03",
        "示例市化工设计院",
        "",
        "工程技术",
        "石油化工工程",
        "工程师",
        "中等",
        "评审",
        "示例市工程技术评审委员会",
        "",
        "八月二十日",
        "",
    ],
    [
        "毕示例",
        "女",
        "1998-12",
        "示例市化工设计院",
        "",
        "工程技术",
        "石油化工工程",
        "技术员",
        "员级",
        "初定",
        "示例市工程技术评审委员会",
        "",
        "2024-08-20",
        "",
    ],
];

/// A table to begin with: the headings; in the sample also a few rows, two of which cannot be issued.
pub(super) async fn template(services: Data<Services>) -> Answer {
    let heading = certificate::heading();
    let mut table = register_csv::begin(heading);
    if services.showcase().is_some() {
        for row in SAMPLE {
            table.extend(register_csv::line(row.into_iter().map(str::to_owned)));
        }
    }
    csv("list.csv", table)
}

fn csv(name: &str, table: Vec<u8>) -> Answer {
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .body(table))
}
