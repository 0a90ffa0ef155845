//! A list of certificates is checked or issued row by row while nobody waits for it.
//!
//! The secret of a row's holder is made from the office's pepper, the list and the row. Before a row is issued it is looked for
//! by that secret, and no two certificates may have one: a row is issued once even when the node stops between issuing it and
//! writing it down, or when two nodes think it is theirs.

use std::time::Duration;

use actix_web::{HttpRequest, http::StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Progress, accept, derived_secret, id, input, only};
use crate::{
    certificate::{self, Batch, BatchRow, Claims, IssueError, Order, RowOutcome, RowProblem},
    digest::Digest,
    error_code::ErrorCode,
    http::{
        Services,
        access::{Caller, HOLDER_PREFIX},
        idempotency::Made,
        json,
        problem::{Answer, Problem},
        v1::issue_batch,
    },
    store::{
        BatchLine, BatchOutcome, BatchRecord, BatchState, CertificateKey, Id, JobKind, JobRow,
        JobState, NewJob, SecretHash,
    },
    verify,
};

/// Rows issued in one transaction of the log.
const TOGETHER: usize = 16;
/// How often somebody who waits for a list looks for its end.
const LOOK: Duration = Duration::from_millis(50);

#[derive(Serialize, Deserialize)]
struct Input {
    list: Id,
}

/// Takes a table to be issued and answers with what became of it, when it has ended. Should this node die meanwhile, another goes on,
/// and whoever asks again with the same key gets that end.
pub(in crate::http) async fn ask_and_wait(
    request: &HttpRequest,
    services: &Services,
    caller: &Caller,
    file_name: String,
    batch: &Batch,
    digest: Digest,
) -> Answer {
    ask(request, services, caller, file_name, batch, digest).await?;
    let id = id(request, caller, digest)?;
    loop {
        let job = services.store.job(&id).await?;
        let job = job.ok_or_else(Problem::not_found)?;
        match (job.state, &job.result) {
            (JobState::Waiting | JobState::Running, _) => tokio::time::sleep(LOOK).await,
            (_, Some(answer)) => {
                let mut body = serde_json::from_str(&answer.body).map_err(Problem::internal)?;
                reveal(services, &mut body).await?;
                let status = StatusCode::from_u16(answer.status).map_err(Problem::internal)?;
                return json::answer(status, &body);
            }
            (_, None) => return Err(Problem::new(ErrorCode::NotReady).retry_after(60)),
        }
    }
}

/// Takes a table to be issued and answers 202.
pub(in crate::http) async fn ask(
    request: &HttpRequest,
    services: &Services,
    caller: &Caller,
    file_name: String,
    batch: &Batch,
    digest: Digest,
) -> Answer {
    let job = id(request, caller, digest)?;
    // The list has the id of its work: a request that is sent again finds both.
    let list = job.clone();
    if services.store.batch(&list).await?.is_none() {
        keep(
            services,
            caller,
            list.clone(),
            file_name,
            batch,
            BatchState::Issuing,
        )
        .await?;
    }
    let new = NewJob {
        id: job,
        kind: JobKind::Batch,
        owner: caller.actor.clone(),
        dossier: None,
        input: only("list", &list),
        total: batch.rows.len() as u64,
    };
    accept(request, services, caller, digest, new, None).await
}

/// Writes a list down: to be checked, or to be issued at once.
pub(in crate::http) async fn keep(
    services: &Services,
    caller: &Caller,
    id: Id,
    file_name: String,
    batch: &Batch,
    state: BatchState,
) -> Result<(), Problem> {
    let now = services.clock.now();
    let record = BatchRecord {
        id,
        owner: caller.actor.clone(),
        file_name,
        state,
        created_at: now,
        moved_at: now,
    };
    let good = match state {
        BatchState::Issuing => BatchOutcome::Good,
        BatchState::Checking | BatchState::Checked | BatchState::Done => BatchOutcome::Waiting,
    };
    let lines = batch.rows.iter().map(|row| line_of(row, good));
    let lines: Vec<BatchLine> = lines.collect::<Result<_, _>>()?;
    services.store.add_batch(&record, &lines).await?;
    Ok(())
}

/// Lets the hands of any node check or issue a list, as it stands.
pub(in crate::http) async fn begin(
    services: &Services,
    caller: &Caller,
    list: &BatchRecord,
    rows: usize,
) -> Result<(), Problem> {
    let state = serde_json::to_string(&list.state).map_err(Problem::internal)?;
    let name = format!("list {} {state}", list.id);
    let new = NewJob {
        id: Id::of(Digest::of(name.as_bytes())),
        kind: JobKind::Batch,
        owner: caller.actor.clone(),
        dossier: None,
        input: only("list", &list.id),
        total: rows as u64,
    };
    let now = services.clock.now();
    // Work on this list in this state that was given up is taken up again.
    if !services.store.add_job(&new, now).await? {
        services.store.renew_job(&new, now).await?;
    }
    services.wake.notify_one();
    Ok(())
}

fn line_of(row: &BatchRow, good: BatchOutcome) -> Result<BatchLine, Problem> {
    let (outcome, content, problems) = match &row.grant {
        Ok(grant) => (good, Some(text(grant)?), None),
        Err(problems) => (BatchOutcome::Refused, None, Some(text(problems)?)),
    };
    Ok(BatchLine {
        row: row.row,
        outcome,
        content,
        number: None,
        problems,
    })
}

fn text(value: &impl Serialize) -> Result<String, Problem> {
    serde_json::to_string(value).map_err(Problem::internal)
}

pub(super) async fn work(
    services: &Services,
    job: &JobRow,
    progress: &Progress,
) -> Result<Made, Problem> {
    let Input { list } = input(job)?;
    let caller = Caller::of(&job.owner);
    let store = &services.store;
    let begun = store.batch(&list).await?.ok_or_else(Problem::not_found)?;
    let issuing = begun.state == BatchState::Issuing;
    let wanted = if issuing {
        BatchOutcome::Good
    } else {
        BatchOutcome::Waiting
    };
    let mut left = store.batch_lines(&list).await?;
    let total = left.len() as u64;
    left.retain(|line| line.outcome == wanted);
    let mut done = total - left.len() as u64;
    for some in left.chunks_mut(if issuing { TOGETHER } else { 1 }) {
        progress.at(done, total).await?;
        if issuing {
            issue(services, &caller, &list, some).await?;
        } else {
            for line in some.iter_mut() {
                check(services, line).await?;
                let now = services.clock.now();
                store.set_batch_line(&list, line, now).await?;
            }
        }
        done += some.len() as u64;
    }
    let (from, to, action) = if issuing {
        (BatchState::Issuing, BatchState::Done, "batch.ended")
    } else {
        (BatchState::Checking, BatchState::Checked, "batch.checked")
    };
    if let Some(ended) = store.batch(&list).await?
        && ended.state == from
    {
        store.move_batch(&ended, to, services.clock.now()).await?;
    }
    let subject = format!("batch:{list}");
    caller.record(services, action, subject).await?;
    Ok(Made {
        status: if issuing {
            StatusCode::CREATED
        } else {
            StatusCode::OK
        },
        location: None,
        body: body(&list, !issuing, &store.batch_lines(&list).await?)?,
        dossier: None,
    })
}

/// What became of each row, in the words of `POST /v1/certificates/batch`.
fn body(list: &Id, dry_run: bool, lines: &[BatchLine]) -> Result<Value, Problem> {
    let refused = |line: &&BatchLine| line.outcome == BatchOutcome::Refused;
    let refused = lines.iter().filter(refused).count();
    let mut rows = Vec::new();
    for line in lines {
        let problems = line.problems.as_deref().unwrap_or("[]");
        let problems: Value = serde_json::from_str(problems).map_err(Problem::internal)?;
        let mut row = serde_json::Map::new();
        row.insert("row".into(), line.row.into());
        row.insert("problems".into(), problems);
        if let Some(number) = &line.number {
            row.insert("number".into(), number.as_str().into());
        }
        if line.outcome == BatchOutcome::Witness {
            row.insert("waits".into(), true.into());
        }
        rows.push(Value::Object(row));
    }
    Ok(serde_json::json!({
        "list": list, "dry_run": dry_run, "good": lines.len() - refused, "refused": refused, "rows": rows,
    }))
}

/// Adds what is not kept with the result, or was not known yet when it was written: code, file, leaf and holder's secret.
pub(super) async fn reveal(services: &Services, body: &mut Value) -> Result<(), Problem> {
    let list: Option<Id> = body["list"].as_str().and_then(|id| id.parse().ok());
    let Some(list) = list else { return Ok(()) };
    let rows = body.get_mut("rows").and_then(Value::as_array_mut);
    for row in rows.into_iter().flatten() {
        let place = row["row"].as_u64().and_then(|row| u32::try_from(row).ok());
        let (Some(number), Some(place)) = (row["number"].as_str(), place) else {
            continue;
        };
        let key = CertificateKey::Number(number);
        let certificate = services.store.certificate(key).await?;
        row["holder_secret"] = serde_json::json!(holder_secret(services, &list, place));
        if let (Some(certificate), Some(row)) = (certificate, row.as_object_mut()) {
            let claims = Claims::read(certificate.issued.claims.as_bytes()).ok();
            let code = claims.as_ref().and_then(certificate::face_code);
            row.remove("waits");
            row.insert(
                "code".into(),
                serde_json::json!(code.map(|code| code.grouped())),
            );
            row.insert(
                "file_sha256".into(),
                serde_json::json!(certificate.issued.file_sha256),
            );
            row.insert(
                "leaf_index".into(),
                serde_json::json!(certificate.issued.leaf_index),
            );
        }
    }
    Ok(())
}

/// The secret of a row's holder.
pub(in crate::http) fn holder_secret(services: &Services, list: &Id, row: u32) -> String {
    let secret = derived_secret(services, list, row);
    format!("{HOLDER_PREFIX}{secret}")
}

async fn check(services: &Services, line: &mut BatchLine) -> Result<(), Problem> {
    let row = BatchRow {
        row: line.row,
        grant: Ok(grant(line)?),
    };
    let alone = Batch { rows: vec![row] };
    let results = issue_batch::rehearse(services, &alone).await;
    let result = results.into_iter().next();
    match result.map(|result| result.outcome) {
        Some(RowOutcome::Good) => line.outcome = BatchOutcome::Good,
        Some(RowOutcome::Refused(problems)) => refuse(line, &problems)?,
        Some(RowOutcome::Issued(_) | RowOutcome::Waits(_)) | None => {
            return Err(Problem::new(ErrorCode::Internal));
        }
    }
    Ok(())
}

fn grant(line: &BatchLine) -> Result<certificate::Grant, Problem> {
    let content = line.content.as_deref();
    // What nobody issued for a day is forgotten.
    let content = content.ok_or_else(|| Problem::new(ErrorCode::NotFound))?;
    serde_json::from_str(content).map_err(Problem::internal)
}

fn refuse(line: &mut BatchLine, problems: &[RowProblem]) -> Result<(), Problem> {
    line.problems = Some(text(&problems)?);
    line.outcome = BatchOutcome::Refused;
    line.content = None;
    Ok(())
}

/// Issues some rows together; each is looked for first. What struck one for a reason of ours strikes the attempt, after the others
/// are written down.
async fn issue(
    services: &Services,
    caller: &Caller,
    list: &Id,
    lines: &mut [BatchLine],
) -> Result<(), Problem> {
    let mut orders = Vec::new();
    let mut places = Vec::new();
    for line in lines.iter_mut() {
        let holder = SecretHash::of_text(&derived_secret(services, list, line.row));
        match services.store.certificate_of_holder(holder).await? {
            Some((number, true)) => numbered(line, number, BatchOutcome::Issued),
            Some((number, false)) => numbered(line, number, BatchOutcome::Witness),
            None => {
                orders.push(Order {
                    grant: grant(line)?,
                    photo: None,
                    holder,
                });
                places.push(line);
            }
        }
    }
    let issued = certificate::issue_each(
        &services.issuer,
        &services.store,
        &services.typesetter,
        orders,
        services.clock.now(),
        verify::self_check,
    )
    .await;
    let mut struck = None;
    for (line, result) in places.into_iter().zip(issued) {
        match result {
            Ok(issued) => {
                let subject = format!("leaf:{}", issued.leaf_index);
                caller
                    .record(services, "certificate.issued", subject)
                    .await?;
                numbered(line, issued.number.to_string(), BatchOutcome::Issued);
            }
            Err(IssueError::Waits { number, .. }) => {
                numbered(line, number.to_string(), BatchOutcome::Witness);
            }
            Err(error) => match certificate::row_problems(&error) {
                Some(problems) => refuse(line, &problems)?,
                None => struck = struck.or(Some(error)),
            },
        }
    }
    let now = services.clock.now();
    for line in lines.iter() {
        if line.outcome != BatchOutcome::Good {
            services.store.set_batch_line(list, line, now).await?;
        }
    }
    struck.map_or(Ok(()), |error| Err(error.into()))
}

fn numbered(line: &mut BatchLine, number: String, outcome: BatchOutcome) {
    line.outcome = outcome;
    line.number = Some(number);
    line.content = None;
    line.problems = None;
}
