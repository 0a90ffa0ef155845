//! Heavy work off the async threads, a bounded number at once; when too many wait, 503 with `Retry-After`.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::sync::Semaphore;

use super::{Config, problem::Problem};
use crate::error_code::ErrorCode;

/// The permits of one server.
#[derive(Debug)]
pub(super) struct Permits {
    running: Arc<Semaphore>,
    waiting: AtomicUsize,
    most_waiting: usize,
    patience: Duration,
}

impl Permits {
    pub(super) fn new(config: &Config) -> Permits {
        Permits {
            running: Arc::new(Semaphore::new(config.heavy_at_once.max(1))),
            waiting: AtomicUsize::new(0),
            most_waiting: config.heavy_waiting,
            patience: config.heavy_patience,
        }
    }
    /// How many wait for a turn.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
    /// Refuses at once when the queue is full: asked before an upload is taken.
    pub(super) fn refuse_when_full(&self) -> Result<(), Problem> {
        if self.waiting.load(Ordering::Relaxed) > self.most_waiting {
            return Err(busy());
        }
        Ok(())
    }
    /// Runs `work` on a blocking thread when its turn comes.
    ///
    /// The permit goes with the work, not with the request: a caller who hangs up does not make room for more.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Problem> {
        let waiting = Waiting::join(self)?;
        let turn = Arc::clone(&self.running).acquire_owned();
        let permit = tokio::time::timeout(self.patience, turn)
            .await
            .map_err(|_| busy())?
            .map_err(Problem::internal)?;
        drop(waiting);
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(permit);
            done
        });
        done.await.map_err(Problem::internal)
    }
}

fn busy() -> Problem {
    Problem::new(ErrorCode::Busy).retry_after(5)
}

/// One who waits; leaves the queue when dropped.
struct Waiting<'a>(&'a Permits);

impl<'a> Waiting<'a> {
    fn join(permits: &'a Permits) -> Result<Waiting<'a>, Problem> {
        let before = permits.waiting.fetch_add(1, Ordering::Relaxed);
        let waiting = Waiting(permits);
        if before >= permits.most_waiting.max(1) {
            return Err(busy());
        }
        Ok(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_finds_the_queue_full_or_waits_too_long_is_told_to_come_back() {
        let permits = Permits::new(&Config {
            heavy_at_once: 1,
            heavy_waiting: 1,
            heavy_patience: Duration::from_millis(20),
            ..Config::default()
        });
        let permits = Arc::new(permits);
        let (release, held) = std::sync::mpsc::channel::<()>();
        let first = Arc::clone(&permits);
        let first = tokio::spawn(async move { first.run(move || held.recv().is_ok()).await });
        tokio::time::sleep(Duration::from_millis(5)).await;
        let (second, third) = tokio::join!(permits.run(|| ()), permits.run(|| ()));
        assert_eq!(second.unwrap_err().code(), ErrorCode::Busy);
        assert_eq!(third.unwrap_err().code(), ErrorCode::Busy);
        release.send(()).unwrap();
        assert!(first.await.unwrap().unwrap());
        permits.run(|| ()).await.unwrap();
    }
}
