//! The pool's side: workers started ahead of need, one job each at a time, a deadline around every job.

use std::{
    collections::VecDeque,
    fs::File,
    io,
    path::PathBuf,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use serde::{Serialize, de::DeserializeOwned};

use super::{
    Lockdown, SandboxError,
    process::{Ended, Patience, Process},
};
use crate::{finding::Cost, limits::Limits};

/// A worker that grew beyond this is replaced after its job, so that memory is given back.
const WORN_BYTES: u64 = 192 * 1024 * 1024;

/// How a pool is made.
#[derive(Clone, Debug)]
pub struct PoolConfig {
    /// The program that has the `worker` subcommand: this one.
    pub program: PathBuf,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// Number of workers.
    pub workers: usize,
    /// Limits the workers hold.
    pub limits: Limits,
}

impl PoolConfig {
    /// This program, one worker a core, the default limits.
    pub fn new() -> io::Result<PoolConfig> {
        Ok(PoolConfig {
            program: std::env::current_exe()?,
            arguments: vec!["worker".to_owned()],
            workers: std::thread::available_parallelism().map_or(2, usize::from),
            limits: Limits::DEFAULT,
        })
    }
}

/// A pool of workers. Cheap to clone; the workers end with the last clone.
#[derive(Clone, Debug)]
pub struct Pool(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    config: PoolConfig,
    idle: Mutex<VecDeque<Option<Process>>>,
    freed: Condvar,
    lockdown: Lockdown,
    deaths: AtomicU64,
    jobs: AtomicU64,
}

/// What the operator sees of a pool.
#[derive(Clone, Debug, Serialize)]
pub struct PoolState {
    /// How far workers are locked down.
    pub lockdown: Lockdown,
    /// Number of workers.
    pub workers: usize,
    /// Jobs done since the start.
    pub jobs: u64,
    /// Workers that died and were replaced.
    pub deaths: u64,
}

/// A job's answer and what it cost.
#[derive(Debug)]
pub struct Done<T> {
    /// The answer.
    pub answer: T,
    /// What it cost.
    pub cost: Cost,
}

impl Pool {
    /// Starts the workers and waits until the first has locked down.
    pub fn start(config: PoolConfig) -> Result<Pool, SandboxError> {
        let first = Process::start(&config).map_err(SandboxError::Broken)?;
        let lockdown = first.lockdown.clone();
        let mut idle = VecDeque::from([Some(first)]);
        // The others start when first needed or when a worker is replaced; an empty place counts as one.
        idle.resize_with(config.workers.max(1), || None);
        Ok(Pool(Arc::new(Inner {
            config,
            idle: Mutex::new(idle),
            freed: Condvar::new(),
            lockdown,
            deaths: AtomicU64::new(0),
            jobs: AtomicU64::new(0),
        })))
    }

    /// Starts every worker that is not running yet, so that no later job waits for one.
    pub fn warm(&self) {
        let empty = {
            let mut idle = self.idle();
            let before = idle.len();
            idle.retain(Option::is_some);
            before - idle.len()
        };
        for _ in 0..empty {
            let worker = Process::start(&self.0.config).ok();
            self.idle().push_front(worker);
            self.0.freed.notify_one();
        }
    }

    /// The limits the workers hold.
    pub fn limits(&self) -> &Limits {
        &self.0.config.limits
    }

    /// The program that has the hidden subcommands.
    pub fn program(&self) -> &std::path::Path {
        &self.0.config.program
    }

    /// What the operator sees.
    pub fn state(&self) -> PoolState {
        PoolState {
            lockdown: self.0.lockdown.clone(),
            workers: self.0.config.workers,
            jobs: self.0.jobs.load(Ordering::Relaxed),
            deaths: self.0.deaths.load(Ordering::Relaxed),
        }
    }

    /// How many workers have nothing to do at this moment.
    pub fn idle_workers(&self) -> usize {
        self.idle().len()
    }

    /// Runs a task whose answer is JSON. Blocks until a worker is free and the job has ended.
    pub fn call<I: Serialize, O: DeserializeOwned>(
        &self,
        task: &str,
        input: &I,
        files: &[&File],
        deadline: Duration,
    ) -> Result<Done<O>, SandboxError> {
        let done = self.call_bytes(task, input, files, deadline)?;
        let answer = serde_json::from_slice(&done.answer).map_err(SandboxError::Answer)?;
        Ok(Done {
            answer,
            cost: done.cost,
        })
    }

    /// Runs a task whose answer is plain bytes.
    pub fn call_bytes<I: Serialize>(
        &self,
        task: &str,
        input: &I,
        files: &[&File],
        deadline: Duration,
    ) -> Result<Done<Vec<u8>>, SandboxError> {
        let mut job = task.as_bytes().to_vec();
        job.push(0);
        serde_json::to_writer(&mut job, input).map_err(SandboxError::Answer)?;
        let place = Place::take(self);
        let mut worker = match place.worker() {
            Some(worker) => worker,
            None => Process::start(&self.0.config).map_err(SandboxError::Broken)?,
        };
        worker.forget_peak();
        let before = worker.usage();
        let started = Instant::now();
        let patience = Patience {
            started,
            allowed: deadline,
            queued_before: before.queued,
        };
        let ended = worker.run(&job, files, &patience, &self.0.config.limits);
        let after = worker.usage();
        let cost = Cost {
            elapsed_ms: started.elapsed().as_millis() as u64,
            cpu_ms: after.cpu_ms.saturating_sub(before.cpu_ms),
            peak_bytes: after.peak_bytes,
        };
        self.0.jobs.fetch_add(1, Ordering::Relaxed);
        match ended {
            Ok(Ended::Answered(answer)) => {
                if after.peak_bytes < WORN_BYTES {
                    place.give_back(worker);
                } else {
                    worker.end();
                }
                Ok(Done { answer, cost })
            }
            Ok(Ended::Refused(why)) => {
                place.give_back(worker);
                Err(SandboxError::Refused(why))
            }
            Err(error) => {
                self.0.deaths.fetch_add(1, Ordering::Relaxed);
                let error = worker.post_mortem(&error, &self.0.config.limits, deadline);
                let limit = match &error {
                    SandboxError::LimitMet { limit, .. } => limit,
                    _ => "none",
                };
                metrics::counter!("juanzong_worker_deaths_total", "limit" => limit).increment(1);
                Err(error)
            }
        }
    }

    fn idle(&self) -> MutexGuard<'_, VecDeque<Option<Process>>> {
        self.0.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A right to run one worker; given back when dropped, with the worker or without.
struct Place<'a> {
    pool: &'a Pool,
    worker: std::cell::Cell<Option<Process>>,
}

impl<'a> Place<'a> {
    fn take(pool: &'a Pool) -> Place<'a> {
        let mut idle = pool.idle();
        loop {
            if let Some(worker) = idle.pop_front() {
                return Place {
                    pool,
                    worker: std::cell::Cell::new(worker),
                };
            }
            idle = pool
                .0
                .freed
                .wait(idle)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
    fn worker(&self) -> Option<Process> {
        self.worker.take()
    }
    fn give_back(&self, worker: Process) {
        self.worker.set(Some(worker));
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let worker = self.worker.take();
        let mut idle = self.pool.idle();
        // Running workers first, so that empty places are filled only under load.
        if worker.is_some() {
            idle.push_front(worker);
        } else {
            idle.push_back(None);
        }
        drop(idle);
        self.pool.0.freed.notify_one();
    }
}
