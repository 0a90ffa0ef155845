//! Answers about codes that were asked about before, given again as long as nothing in the register or the log has changed.
//!
//! Whether anything has changed is asked of the database for every question, after the question has come: an answer is never older
//! than the question, whichever node revoked. Questions that come while the database is being asked share the next look, so that
//! many at once cost one.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use tokio::sync::{mpsc, oneshot};

use crate::{
    digest::Digest,
    store::{RegisterMark, Store, StoreError},
    verify::{Answer, Verification},
};

/// Answers kept; beyond that all are forgotten.
const MOST: usize = 10_000;

type Waiting = oneshot::Sender<Option<RegisterMark>>;

/// What was answered, and as of which state of register and log.
#[derive(Default)]
pub(super) struct KnownAnswers {
    asker: RwLock<Option<mpsc::UnboundedSender<Waiting>>>,
    kept: RwLock<HashMap<Digest, (RegisterMark, Verification)>>,
}

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
        let (then, answer) = kept.get(&code)?;
        (*then == mark).then(|| answer.clone())
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
        kept.insert(code, (mark, answer.clone()));
    }
}
