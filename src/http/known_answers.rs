//! Answers about codes that were asked about before, given again as long as nothing in the register or the log has changed.
//!
//! Whether anything has changed is found out for every question, after the question has come: an answer is never older than the
//! question, whichever node or command revoked. The embedded database shows it in a file ([`Commits`]); otherwise it is asked, and
//! questions that come while it is being asked share the next look, so that many at once cost one.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::{mpsc, oneshot};

use super::json::Written;
use crate::{
    digest::Digest,
    store::{Commits, RegisterMark, Store, StoreError},
    verify::{Answer, Verification},
};

/// Answers kept; beyond that all are forgotten.
const MOST: usize = 10_000;

type Waiting = oneshot::Sender<Option<RegisterMark>>;

/// What was answered, and as of which state of register and log.
#[derive(Default)]
pub(super) struct KnownAnswers {
    asker: RwLock<Option<mpsc::UnboundedSender<Waiting>>>,
    last: RwLock<Option<(Commits, RegisterMark)>>,
    kept: RwLock<HashMap<Digest, Known>>,
}

/// What was answered about one code.
struct Known {
    mark: RegisterMark,
    answer: Verification,
    /// The answer as programs get it, and the instant it speaks of.
    written: Option<(Timestamp, Written)>,
}

/// An answer that is written serves for so long: its `status_as_of` is no further back, and nothing has changed since.
const WRITTEN_FOR: SignedDuration = SignedDuration::from_secs(1);

impl std::fmt::Debug for KnownAnswers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KnownAnswers(…)")
    }
}

impl KnownAnswers {
    /// Lets questions that come together share a look at the database, as long as the server that calls this runs.
    pub(super) fn start(&self, store: &Store) {
        let (asker, mut asked) = mpsc::unbounded_channel::<Waiting>();
        let store = store.clone();
        actix_web::rt::spawn(async move {
            let mut waiting = Vec::new();
            while asked.recv_many(&mut waiting, MOST).await > 0 {
                let mark = store.register_mark().await.ok();
                for one in waiting.drain(..) {
                    // Nobody waits any more only when the caller hung up.
                    let _ = one.send(mark);
                }
            }
        });
        *self.asker.write().unwrap_or_else(PoisonError::into_inner) = Some(asker);
    }

    /// The state of register and log, looked at after this was called.
    pub(super) async fn mark(&self, store: &Store) -> Result<RegisterMark, StoreError> {
        // Before the database is asked: what is committed meanwhile makes the next question ask again.
        let Some(commits) = store.commits() else {
            return self.look(store).await;
        };
        let last = *self.last.read().unwrap_or_else(PoisonError::into_inner);
        if let Some((then, mark)) = last
            && then == commits
        {
            return Ok(mark);
        }
        let mark = self.look(store).await?;
        *self.last.write().unwrap_or_else(PoisonError::into_inner) = Some((commits, mark));
        Ok(mark)
    }

    /// Asks the database, together with whoever else asks just now.
    async fn look(&self, store: &Store) -> Result<RegisterMark, StoreError> {
        let (tell, told) = oneshot::channel();
        let asked = {
            let asker = self.asker.read().unwrap_or_else(PoisonError::into_inner);
            asker.as_ref().is_some_and(|asker| asker.send(tell).is_ok())
        };
        if asked && let Ok(Some(mark)) = told.await {
            return Ok(mark);
        }
        store.register_mark().await
    }

    /// What was answered about a code in this state.
    pub(super) fn known(&self, code: Digest, mark: RegisterMark) -> Option<Verification> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let known = kept.get(&code).filter(|known| known.mark == mark)?;
        Some(known.answer.clone())
    }

    /// What was answered about a code in this state a moment ago, as it was written.
    pub(super) fn written(
        &self,
        code: Digest,
        mark: RegisterMark,
        now: Timestamp,
    ) -> Option<Written> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        let known = kept.get(&code).filter(|known| known.mark == mark)?;
        let (then, written) = known.written.as_ref()?;
        let age = now.duration_since(*then);
        (!age.is_negative() && age < WRITTEN_FOR).then(|| written.clone())
    }

    /// Remembers how an answer was written, if the answer is remembered.
    pub(super) fn keep_written(
        &self,
        code: Digest,
        mark: RegisterMark,
        at: Timestamp,
        written: &Written,
    ) {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = kept.get_mut(&code).filter(|known| known.mark == mark) {
            known.written = Some((at, written.clone()));
        }
    }

    /// Remembers an answer of this state. One that says that nothing is known is not worth remembering: there is no end of wrong codes.
    pub(super) fn keep(&self, code: Digest, mark: RegisterMark, answer: &Verification) {
        if !matches!(
            answer.answer,
            Answer::Authentic | Answer::Superseded | Answer::Revoked
        ) {
            return;
        }
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        let answer = answer.clone();
        kept.insert(
            code,
            Known {
                mark,
                answer,
                written: None,
            },
        );
    }
}
