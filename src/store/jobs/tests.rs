//! Takers that die, come back, and die each time; work called off; a clock set back.

use jiff::Timestamp;

use super::*;
use crate::store::{Store, StoreConfig};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_000_000 + seconds).unwrap()
}

fn new() -> NewJob {
    NewJob {
        id: Id::random(),
        kind: JobKind::Validation,
        owner: "token:x".into(),
        dossier: None,
        input: "{\"a\":1}".into(),
        total: 1,
    }
}

fn answer(body: &str) -> Answer {
    Answer {
        status: 200,
        location: None,
        body: body.into(),
    }
}

async fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&StoreConfig::in_folder(folder.path())).await;
    (folder, store.unwrap())
}

#[tokio::test]
async fn work_of_a_dead_taker_goes_to_another_and_has_one_result() {
    let (_folder, store) = store().await;
    let new = new();
    assert!(store.add_job(&new, at(0)).await.unwrap());
    assert!(
        !store.add_job(&new, at(0)).await.unwrap(),
        "the same id twice"
    );
    let first = store.take_job(at(1)).await.unwrap().unwrap();
    assert!(
        store.take_job(at(30)).await.unwrap().is_none(),
        "two at once"
    );
    let second = store.take_job(at(31)).await.unwrap().unwrap();
    assert_eq!(second.job.trouble.as_deref(), Some("worker_lost"));
    assert!(!store.keep_job(&first, at(32)).await.unwrap());
    assert!(!store.advance_job(&first, 1, 1, at(32)).await.unwrap());
    let done = JobState::Done;
    assert!(
        !store
            .end_job(&first, done, &answer("1"), at(33))
            .await
            .unwrap()
    );
    assert!(
        store
            .end_job(&second, done, &answer("2"), at(33))
            .await
            .unwrap()
    );
    assert!(
        !store
            .end_job(&second, done, &answer("3"), at(34))
            .await
            .unwrap()
    );
    let ended = store.job(&new.id).await.unwrap().unwrap();
    assert_eq!((ended.state, ended.result), (done, Some(answer("2"))));
    assert_eq!(ended.input, "{}", "what it was about is still there");
    assert!(store.take_job(at(99_999)).await.unwrap().is_none());
}

#[tokio::test]
async fn work_that_fails_waits_longer_each_time_and_is_dead_at_last() {
    let (_folder, store) = store().await;
    let new = new();
    store.add_job(&new, at(0)).await.unwrap();
    let mut now = 0;
    for attempt in 1..=MOST_ATTEMPTS {
        let taken = store.take_job(at(now)).await.unwrap().unwrap();
        assert_eq!(taken.job.attempts, attempt);
        let state = store.fail_job(&taken, "internal", at(now)).await.unwrap();
        assert_eq!(state == JobState::Dead, attempt == MOST_ATTEMPTS);
        let pause = 1 << attempt.min(6);
        assert!(store.take_job(at(now + pause - 1)).await.unwrap().is_none());
        now += pause;
    }
    assert!(store.take_job(at(now)).await.unwrap().is_none());
    let counts = store.count_jobs().await.unwrap();
    assert!(counts.contains(&(JobState::Dead, 1)), "{counts:?}");
    assert_eq!(store.jobs(Some(JobState::Dead), 9).await.unwrap().len(), 1);
    assert!(store.retry_job(&new.id, at(now)).await.unwrap());
    assert_eq!(
        store.take_job(at(now)).await.unwrap().unwrap().job.attempts,
        1
    );
}

#[tokio::test]
async fn work_that_kills_every_taker_is_dead_too() {
    let (_folder, store) = store().await;
    store.add_job(&new(), at(0)).await.unwrap();
    for attempt in 0..MOST_ATTEMPTS {
        assert!(store.take_job(at(attempt * 100)).await.unwrap().is_some());
    }
    assert!(store.take_job(at(10_000)).await.unwrap().is_none());
    let dead = store.jobs(None, 9).await.unwrap();
    assert_eq!(dead[0].state, JobState::Dead);
}

#[tokio::test]
async fn work_called_off_is_nobodys_and_its_file_goes() {
    let (_folder, store) = store().await;
    let new = new();
    let spooled = || {
        let mut spool = store.blobs().spool().unwrap();
        std::io::Write::write_all(&mut spool, b"paper").unwrap();
        spool.finish().unwrap()
    };
    store.add_job_with(&new, spooled(), at(0)).await.unwrap();
    assert!(!store.add_job_with(&new, spooled(), at(0)).await.unwrap());
    let digest = Digest::of(b"paper");
    let taken = store.take_job(at(0)).await.unwrap().unwrap();
    assert_eq!(taken.job.blob, Some(digest));
    assert!(store.blobs().contains(digest).unwrap());
    assert!(store.cancel_job(&new.id, at(1)).await.unwrap());
    assert!(!store.cancel_job(&new.id, at(1)).await.unwrap());
    assert!(!store.blobs().contains(digest).unwrap());
    assert!(!store.keep_job(&taken, at(1)).await.unwrap());
    assert_eq!(store.purge_jobs(at(2), at(2)).await.unwrap(), 1);
    assert!(store.job(&new.id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_clock_set_back_a_day_holds_nothing_up() {
    let (_folder, store) = store().await;
    let day = 86_400;
    store.add_job(&new(), at(day)).await.unwrap();
    store.take_job(at(day)).await.unwrap().unwrap();
    assert!(store.take_job(at(0)).await.unwrap().is_some());
}

#[tokio::test]
async fn work_given_back_has_not_been_tried() {
    let (_folder, store) = store().await;
    store.add_job(&new(), at(0)).await.unwrap();
    let taken = store.take_job(at(0)).await.unwrap().unwrap();
    store.give_back_job(&taken, at(0)).await.unwrap();
    assert_eq!(
        store.take_job(at(0)).await.unwrap().unwrap().job.attempts,
        1
    );
}
