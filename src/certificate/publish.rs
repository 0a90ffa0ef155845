//! From the log to the finished file: witnesses sign the newest tree, then every certificate that waits gets its proof, its
//! signature, its self-check, and its row.
//!
//! Whoever comes first works for all that wait, on any node; a second one finds nothing left. Without the witnesses nothing is
//! finished and nothing is lost: it waits.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use data_encoding::BASE64;
use jiff::Timestamp;

use super::{
    cosign::CosignRequest,
    error::IssueError,
    issue::{Finished, SelfCheck},
    log::Proofs,
    note::proof_text,
    office::Issuer,
    revision,
};
use crate::{
    digest::Digest,
    store::{LogHead, NewCertificate, PendingCertificate, Published, Store, StoreError},
};

/// Certificates finished in one transaction.
const TOGETHER: u32 = 64;

/// Publishes the newest tree and finishes every certificate that waits. Gives their numbers.
pub async fn publish(
    issuer: &Arc<Issuer>,
    store: &Store,
    check: SelfCheck,
) -> Result<Vec<String>, IssueError> {
    let _alone = issuer.publishing().lock().await;
    let mut finished = Vec::new();
    loop {
        let Some(head) = store.log_head().await? else {
            return Ok(finished);
        };
        // Read after the head would be wrong: a leaf could wait that the head does not have yet.
        let mut pending = store.pending_certificates(TOGETHER).await?;
        pending.retain(|waiting| waiting.new.leaf_index < head.size);
        let published = store.log_published().await?;
        let known = published.as_ref().is_some_and(|p| p.size == head.size);
        if pending.is_empty() && known {
            return Ok(finished);
        }
        let newest = pending.iter().map(|waiting| waiting.new.issued_at).max();
        let (checkpoint, witnesses) =
            witnessed(issuer, store, head, newest.unwrap_or(Timestamp::MIN)).await?;
        if pending.is_empty() {
            let mut log = store.begin_log().await?;
            log.publish(&checkpoint).await?;
            log.commit().await?;
            return Ok(finished);
        }
        let numbers = finish(issuer, store, pending, &checkpoint, witnesses, check).await?;
        if numbers.is_empty() {
            return Ok(finished);
        }
        finished.extend(numbers);
    }
}

/// The checkpoint with the lines of its witnesses, and how many those are.
async fn witnessed(
    issuer: &Arc<Issuer>,
    store: &Store,
    head: LogHead,
    not_before: Timestamp,
) -> Result<(Published, u32), IssueError> {
    let LogHead {
        size, checkpoint, ..
    } = head;
    let Some(cosigner) = issuer.cosigner().cloned() else {
        return Ok((Published { size, checkpoint }, 0));
    };
    let runtime = tokio::runtime::Handle::current();
    let store = store.clone();
    let asked = tokio::task::spawn_blocking(move || {
        let consistency =
            |old: u64| runtime.block_on(async { Proofs::of(&store).consistency(old, size).await });
        let request = CosignRequest {
            checkpoint: &checkpoint,
            size,
            not_before,
            consistency: &consistency,
        };
        let lines = cosigner.cosign(&request)?;
        let witnesses = lines.len() as u32;
        let checkpoint = format!("{checkpoint}{}", lines.concat());
        Ok((Published { size, checkpoint }, witnesses))
    });
    asked.await.map_err(|_| cut_short())?
}

/// Finishes certificates on all cores; one that fails goes on waiting and is told in the log.
async fn finish(
    issuer: &Arc<Issuer>,
    store: &Store,
    pending: Vec<PendingCertificate>,
    published: &Published,
    witnesses: u32,
    check: SelfCheck,
) -> Result<Vec<String>, IssueError> {
    let _held = store.hold_blobs().await?;
    let mut proofs = Proofs::of(store);
    let mut work = VecDeque::new();
    for waiting in pending {
        let index = waiting.new.leaf_index;
        let leaves = store.log_leaves(index, 1).await?;
        let leaf = leaves.first().ok_or(StoreError::Unreadable {
            place: "log_leaves",
        })?;
        let path = proofs.inclusion(index, published.size).await?;
        let proof = proof_text(leaf, index, &path, &published.checkpoint);
        work.push_back((waiting, proof));
    }
    let (issuer, blobs) = (Arc::clone(issuer), store.blobs().clone());
    let made = tokio::task::spawn_blocking(move || {
        on_all_cores(work, |(waiting, proof): (PendingCertificate, String)| {
            let number = waiting.new.number.clone();
            let made = file(&issuer, waiting, &proof, witnesses, check);
            let kept = made.and_then(|(row, bytes)| {
                blobs.put(&bytes)?;
                Ok(row)
            });
            kept.map_err(|error| (number, error))
        })
    });
    let made = made.await.map_err(|_| cut_short())?;
    // The tree is shown to the world in the moment its certificates are finished. Whoever is cut off before asks the witnesses again,
    // who sign the same tree a second time.
    let mut log = store.begin_log().await?;
    log.publish(published).await?;
    let mut numbers = Vec::new();
    let mut failed = None;
    for row in made {
        match row {
            Ok(row) => {
                if log.finish(&row).await? {
                    numbers.push(row.number);
                }
            }
            Err((_, error)) => {
                tracing::error!(%error, "a certificate in the log could not be finished and waits");
                failed = Some(error);
            }
        }
    }
    log.commit().await?;
    match failed {
        Some(error) if numbers.is_empty() => Err(error),
        _ => Ok(numbers),
    }
}

/// The finished file, verified, and its row.
fn file(
    issuer: &Issuer,
    waiting: PendingCertificate,
    proof: &str,
    witnesses: u32,
    check: SelfCheck,
) -> Result<(NewCertificate, Vec<u8>), IssueError> {
    let unreadable = StoreError::Unreadable {
        place: "certificate_pending.revision_1",
    };
    let revision_1 = BASE64.decode(waiting.revision_1.as_bytes());
    let revision_1 = revision_1.map_err(|_| unreadable)?;
    let (keys, office, at) = (issuer.keys(), &issuer.office().name, waiting.new.issued_at);
    let bytes = revision::revision_2(revision_1, proof, keys, office, at)?;
    check(issuer, Finished::File(&bytes), at).map_err(IssueError::SelfCheck)?;
    let row = NewCertificate {
        file_sha256: Digest::of(&bytes),
        file_bytes: bytes.len() as u64,
        witnesses,
        ..waiting.new
    };
    Ok((row, bytes))
}

/// Runs `work` on every piece, on as many threads as there are cores; results in the order of the pieces.
pub(super) fn on_all_cores<T: Send, R: Send>(
    pieces: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> R + Sync,
) -> Vec<R> {
    let queue: Mutex<VecDeque<(usize, T)>> = Mutex::new(pieces.into_iter().enumerate().collect());
    let next = || {
        queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front()
    };
    let cores = std::thread::available_parallelism().map_or(2, usize::from);
    let one = || {
        let mut done = Vec::new();
        while let Some((at, piece)) = next() {
            done.push((at, work(piece)));
        }
        done
    };
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..cores).map(|_| scope.spawn(one)).collect();
        let mut done = one();
        for other in others {
            match other.join() {
                Ok(theirs) => done.extend(theirs),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, result)| result).collect()
}

pub(super) fn cut_short() -> IssueError {
    IssueError::Revision("the work was cut short".to_owned())
}
