//! `/office/log`: the public log as it stands, and a look through all of it when asked.

use actix_web::web::Data;
use serde::Serialize;

use super::desk::Desk;
use crate::{
    certificate,
    http::{Services, access::Caller, problem::Answer},
    lang::Bilingual,
};

#[derive(Serialize)]
struct Page {
    origin: String,
    size: u64,
    checkpoint: Option<String>,
    log_key: String,
    certificates: u64,
    /// Signatures on the newest checkpoint beside the log's own.
    witnesses: usize,
    /// What the look through all of it found; nothing when nobody asked.
    audit: Option<Vec<Problem>>,
}

#[derive(Serialize)]
struct Problem {
    leaf_index: Option<u64>,
    message: Bilingual,
}

/// Size, newest signed tree, keys.
pub(super) async fn log_state(services: Data<Services>, desk: Desk) -> Answer {
    page(&services, &desk, None).await
}

/// Reads the whole log again and compares it with tree, register and files.
pub(super) async fn audit(services: Data<Services>, caller: Caller, desk: Desk) -> Answer {
    let found = certificate::audit(&services.issuer, &services.store).await?;
    caller
        .record(&services, "log.audited", "log".to_owned())
        .await?;
    let problems = found.into_iter().map(|problem| Problem {
        leaf_index: problem.leaf_index,
        message: problem.message,
    });
    page(&services, &desk, Some(problems.collect())).await
}

async fn page(services: &Services, desk: &Desk, audit: Option<Vec<Problem>>) -> Answer {
    let head = services.store.log_head().await?;
    let page = Page {
        origin: services.issuer.office().log_origin.clone(),
        size: head.as_ref().map_or(0, |head| head.size),
        witnesses: head.as_ref().map_or(0, |head| witnesses(&head.checkpoint)),
        checkpoint: head.map(|head| head.checkpoint),
        log_key: services.issuer.log_key(),
        certificates: services.store.certificate_count().await?,
        audit,
    };
    desk.page(services, "office_log.html", page)
}

/// Signature lines of a signed note beyond the first, which is the log's own.
fn witnesses(checkpoint: &str) -> usize {
    let lines = checkpoint.lines().filter(|line| line.starts_with("— "));
    lines.count().saturating_sub(1)
}
