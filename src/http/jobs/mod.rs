//! Long work: asked for with `Prefer: respond-async`, written down as a row, done by whichever node has a hand free.
//!
//! Goes in: a request whose answer would take long. Comes out: 202 with the address of the work, and later its result there, the
//! same that a caller who waits would have got. Every node has a few hands; each takes a row, says every few seconds that it
//! still lives, and ends it. A hand whose row was called off or given to another lets go of it at once.
//! Deliberately absent: any order between rows, but that older ones are begun first.

mod binding;
pub(super) mod list;
mod validation;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use actix_web::{
    HttpRequest,
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue},
    },
    rt::task::JoinHandle,
};
use data_encoding::HEXLOWER;
use serde::Serialize;
use serde_json::{Value, json};
use tokio::sync::{Notify, watch};
use utoipa::ToSchema;

pub(super) use binding::{
    ask as ask_binding, ask_on_page as ask_binding_on_page, of_page as binding_of_page,
};
pub(super) use validation::ask as ask_validation;

use super::{
    Config, Services,
    access::Caller,
    idempotency::{self, Made},
    permits::Permits,
    problem::{Answer, Problem},
    status,
    traces::{self, Place, Span},
};
use crate::{
    digest::Digest,
    error_code::ErrorCode,
    lang::Lang,
    store::{self, Id, JobKind, JobRow, JobState, LEASE, NewJob, Spooled, TakenJob},
};

/// A node looks for work of others so often; its own wakes it at once.
const LOOK: Duration = Duration::from_millis(500);
/// How long a node that ends waits for work under way before it gives it back.
const GRACE: Duration = Duration::from_secs(10);

const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// Work as its owner sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct JobView {
    /// Its id.
    id: String,
    /// What is done.
    kind: JobKind,
    /// Where it stands.
    state: JobState,
    /// How often it was begun.
    attempts: i64,
    /// Steps done.
    done: u64,
    /// Steps it has.
    total: u64,
    /// Code of what went wrong last.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
    /// When it was asked for.
    #[schema(format = DateTime)]
    created_at: String,
    /// When something last happened to it.
    #[schema(format = DateTime)]
    moved_at: String,
    /// What came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    result: Option<JobResult>,
}

/// The answer that a caller who waits would have got.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct JobResult {
    /// HTTP status.
    status: u16,
    /// Where what was made can be fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    /// The body.
    #[schema(value_type = Object)]
    body: Value,
}

impl JobView {
    /// Without its result, for whoever looks after the service.
    pub(super) fn outside(job: &JobRow) -> JobView {
        JobView {
            id: job.id.to_string(),
            kind: job.kind,
            state: job.state,
            attempts: job.attempts,
            done: job.done,
            total: job.total,
            trouble: job.trouble.clone(),
            created_at: job.created_at.to_string(),
            moved_at: job.moved_at.to_string(),
            result: None,
        }
    }
    /// With its result, for its owner.
    pub(super) async fn of(services: &Services, job: &JobRow) -> Result<JobView, Problem> {
        let mut view = JobView::outside(job);
        if let Some(answer) = &job.result {
            let mut body = serde_json::from_str(&answer.body).map_err(Problem::internal)?;
            if job.kind == JobKind::Batch {
                list::reveal(services, &mut body).await?;
            }
            view.result = Some(JobResult {
                status: answer.status,
                location: answer.location.clone(),
                body,
            });
        }
        Ok(view)
    }
}

/// Whether the caller rather comes back than waits (RFC 7240). Who comes without a credential could not be told from others then.
pub(super) fn wanted(request: &HttpRequest, caller: &Caller) -> bool {
    let fields = request.headers().get_all(PREFER);
    let mut preferences = fields
        .filter_map(|field| field.to_str().ok())
        .flat_map(|field| field.split(','));
    caller.actor != "anonymous"
        && preferences.any(|one| one.trim().eq_ignore_ascii_case("respond-async"))
}

/// Writes work down and answers 202 with its address. The same key and body are the same work.
async fn accept(
    request: &HttpRequest,
    services: &Services,
    caller: &Caller,
    digest: Digest,
    new: NewJob,
    bytes: Option<Spooled>,
) -> Answer {
    let work = async {
        let now = services.clock.now();
        match bytes {
            Some(bytes) => services.store.add_job_with(&new, bytes, now).await?,
            None => services.store.add_job(&new, now).await?,
        };
        services.wake.notify_one();
        let job = services.store.job(&new.id).await?;
        let job = job.ok_or_else(Problem::not_found)?;
        Ok(Made {
            status: StatusCode::ACCEPTED,
            location: Some(format!("/v1/jobs/{}", new.id)),
            body: serde_json::to_value(JobView::outside(&job)).map_err(Problem::internal)?,
            dossier: new.dossier.clone(),
        })
    };
    let answer = idempotency::once(request, caller, services, digest, work, |_: &mut Value| ());
    let mut answer = answer.await?;
    let headers = answer.headers_mut();
    headers.insert(
        PREFERENCE_APPLIED,
        HeaderValue::from_static("respond-async"),
    );
    Ok(answer)
}

/// Work after it has ended, or `None` when that takes longer than somebody wants to wait.
pub(super) async fn ended(
    services: &Services,
    id: &Id,
    patience: Duration,
) -> Result<Option<JobRow>, Problem> {
    let since = Instant::now();
    loop {
        let job = services.store.job(id).await?;
        let job = job.ok_or_else(Problem::not_found)?;
        if job.state.is_ended() {
            return Ok(Some(job));
        }
        if since.elapsed() > patience {
            return Ok(None);
        }
        tokio::time::sleep(LOOK / 4).await;
    }
}

/// The id of work: of the key it was asked for with, so that a request that is sent again finds it, or a new one.
fn id(request: &HttpRequest, caller: &Caller, digest: Digest) -> Result<Id, Problem> {
    let key = idempotency::key(request)?;
    Ok(idempotency::id_of_key("job", caller, key, digest))
}

/// How far work is, for whoever asks; and whether it is still ours.
pub(super) struct Progress(Option<(Services, TakenJob)>);

impl Progress {
    /// Nobody asks.
    pub(super) fn of_nobody() -> Progress {
        Progress(None)
    }
    /// Writes it down. An error when the work was called off or given to another: nothing more may be done of it.
    pub(super) async fn at(&self, done: u64, total: u64) -> Result<(), Problem> {
        let Some((services, taken)) = &self.0 else {
            return Ok(());
        };
        let now = services.clock.now();
        if services.store.advance_job(taken, done, total, now).await? {
            return Ok(());
        }
        Err(Problem::new(ErrorCode::Changed))
    }
}

/// The hands of one node.
pub(super) struct Hands {
    stop: watch::Sender<bool>,
    all: Vec<JoinHandle<()>>,
}

impl Hands {
    /// Begins to look for work.
    pub(super) fn start(services: &Services) -> Hands {
        let (stop, stopped) = watch::channel(false);
        // Work that nobody waits for at the other end of a connection may wait for its turn as long as it takes.
        let patient = Config {
            heavy_patience: Duration::from_hours(1),
            heavy_waiting: usize::MAX,
            ..services.config.clone()
        };
        let services = Services {
            permits: Arc::new(Permits::new(&patient)),
            ..services.clone()
        };
        let hands = services.config.heavy_at_once.max(1);
        let all = (0..hands).map(|_| actix_web::rt::spawn(hand(services.clone(), stopped.clone())));
        Hands {
            all: all.collect(),
            stop,
        }
    }
    /// Takes no more work, and waits until what is under way has ended or was given back.
    pub(super) async fn stop(self) {
        self.stop.send_replace(true);
        for hand in self.all {
            // A hand that panicked has let go already.
            let _ = hand.await;
        }
    }
}

async fn hand(services: Services, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        let wait = match services.store.take_job(services.clock.now()).await {
            Ok(Some(taken)) => {
                attend(&services, taken, &mut stopped).await;
                continue;
            }
            Ok(None) => LOOK,
            Err(error) => {
                tracing::warn!(%error, "no work could be taken");
                LOOK * 4
            }
        };
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = services.wake.notified() => {}
            _ = stopped.changed() => {}
        }
    }
}

/// Works on one row until it is ended, lost or given back.
async fn attend(services: &Services, taken: TakenJob, stopped: &mut watch::Receiver<bool>) {
    let mut work = actix_web::rt::spawn(do_it(services.clone(), taken.clone()));
    let beat = Duration::try_from(LEASE / 3).unwrap_or(LOOK);
    let mut beats = tokio::time::interval_at(tokio::time::Instant::now() + beat, beat);
    let end = async |stopped: &mut watch::Receiver<bool>| {
        // An error says that the sender is gone: the node ends as well.
        let _ = stopped.wait_for(|stop| *stop).await;
        tokio::time::sleep(GRACE).await;
    };
    let mut end = std::pin::pin!(end(stopped));
    let worked = loop {
        tokio::select! {
            worked = &mut work => break worked,
            _ = beats.tick() => {
                match services.store.keep_job(&taken, services.clock.now()).await {
                    Ok(true) => {}
                    Ok(false) => {
                        work.abort();
                        tracing::info!(job = %taken.job.id, "work was called off or given to another");
                        return;
                    }
                    Err(error) => tracing::warn!(%error, "a lease could not be renewed"),
                }
            }
            () = &mut end => {
                work.abort();
                if let Err(error) = services.store.give_back_job(&taken, services.clock.now()).await {
                    tracing::warn!(%error, "work could not be given back; its lease runs out");
                }
                return;
            }
        }
    };
    let made = worked.unwrap_or_else(|panicked| Err(Problem::internal(panicked)));
    if let Err(error) = write_down(services, &taken, made).await {
        tracing::warn!(%error, job = %taken.job.id, "the end of work could not be written down; it will be done again");
    }
}

async fn do_it(services: Services, taken: TakenJob) -> Result<Made, Problem> {
    let progress = Progress(Some((services.clone(), taken.clone())));
    let (began, job) = (Instant::now(), &taken.job);
    let made = match job.kind {
        JobKind::Validation => validation::work(&services, job).await,
        JobKind::Binding => binding::work(&services, job, &progress).await,
        JobKind::Batch => list::work(&services, job, &progress).await,
    };
    if traces::wanted() {
        let span = Span {
            name: format!("job {}", job.kind.as_str()),
            began,
            kind: 1,
            failed: made
                .as_ref()
                .is_err_and(|problem| status::of(problem.code()).is_server_error()),
            attributes: &[
                ("job", job.id.as_str().into()),
                ("attempt", job.attempts.into()),
            ],
        };
        traces::tell(Place::of(None), span);
    }
    made
}

/// Result, refusal, or another attempt.
async fn write_down(
    services: &Services,
    taken: &TakenJob,
    made: Result<Made, Problem>,
) -> Result<(), store::StoreError> {
    let now = services.clock.now();
    let (state, answer) = match made {
        Ok(made) => (
            JobState::Done,
            store::Answer {
                status: made.status.as_u16(),
                location: made.location,
                body: made.body.to_string(),
            },
        ),
        Err(problem) => {
            let status = status::of(problem.code());
            if status.is_server_error() {
                let causes = problem.causes().unwrap_or_default();
                let became = services
                    .store
                    .fail_job(taken, problem.code().as_str(), now)
                    .await?;
                tracing::error!(job = %taken.job.id, code = %problem.code(), causes, state = became.as_str(), "work failed");
                return Ok(());
            }
            let body = problem.body(status, Lang::Zh, taken.job.id.as_str());
            let answer = store::Answer {
                status: status.as_u16(),
                location: None,
                body: body.to_string(),
            };
            (JobState::Refused, answer)
        }
    };
    if !services.store.end_job(taken, state, &answer, now).await? {
        tracing::info!(job = %taken.job.id, "somebody else ended this work");
    }
    Ok(())
}

/// What the input of work says; our own words, so that it always reads.
fn input<T: serde::de::DeserializeOwned>(job: &JobRow) -> Result<T, Problem> {
    serde_json::from_str(&job.input).map_err(Problem::internal)
}

/// A secret that follows from the office's pepper and where it is used.
fn derived_secret(services: &Services, list: &Id, row: u32) -> String {
    let mac = services
        .issuer
        .keys()
        .mac("batch-holder", &format!("{list}:{row}"));
    HEXLOWER.encode(mac.as_bytes())
}

/// What wakes the hands of this node.
pub(super) fn wake() -> Arc<Notify> {
    Arc::new(Notify::new())
}

/// A body that says only this.
fn only(name: &str, value: impl Serialize) -> String {
    json!({ name: value }).to_string()
}
