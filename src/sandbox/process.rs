//! One worker seen from outside: started, given a job, watched, and asked what killed it.

use std::{
    fs::File,
    io,
    os::{
        fd::OwnedFd,
        unix::{net::UnixStream, process::ExitStatusExt as _},
    },
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::{
    Lockdown, PoolConfig, SandboxError,
    standard_error::StandardError,
    wire::{self, Tag},
};
use crate::limits::Limits;

/// Time a worker has to start and lock down.
const START_MS: u64 = 10_000;

/// A worker that runs; it ends when this is dropped.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    socket: UnixStream,
    standard_error: StandardError,
    pub(super) lockdown: Lockdown,
}

/// What a worker said of a job.
pub(super) enum Ended {
    /// Its answer.
    Answered(Vec<u8>),
    /// Why it has none.
    Refused(String),
}

/// What it has used in its life.
#[derive(Clone, Copy, Default)]
pub(super) struct Usage {
    pub(super) cpu_ms: u64,
    pub(super) queued: Duration,
    pub(super) peak_bytes: u64,
}

/// Times of a worker's threads together.
#[derive(Clone, Copy, Default)]
struct Scheduled {
    ran: Duration,
    /// Could have run, and another had the processor.
    queued: Duration,
}

impl Process {
    pub(super) fn start(config: &PoolConfig) -> io::Result<Process> {
        let (ours, theirs) = UnixStream::pair()?;
        let mut child = Command::new(&config.program)
            .args(&config.arguments)
            .env_clear()
            // What one page took the next one needs: glibc hands memory back from 128 kB on, and takes it again page by page (a
            // thirtieth of the processor time of a scan, bench/speed.sh). Other C libraries do not know the words and go on.
            .env(
                "GLIBC_TUNABLES",
                "glibc.malloc.mmap_threshold=33554432:glibc.malloc.trim_threshold=67108864",
            )
            .current_dir("/")
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let standard_error = StandardError::of(child.stderr.take())?;
        let mut worker = Process {
            child,
            socket: ours,
            standard_error,
            lockdown: Lockdown::default(),
        };
        worker
            .socket
            .set_read_timeout(Some(Duration::from_millis(START_MS)))?;
        wire::send(
            &worker.socket,
            Tag::Limits,
            &serde_json::to_vec(&config.limits)?,
        )?;
        match wire::receive(&worker.socket, 4096)? {
            (Tag::Ready, state) => worker.lockdown = serde_json::from_slice(&state)?,
            _ => return Err(io::Error::other("the worker did not say that it is ready")),
        }
        Ok(worker)
    }

    pub(super) fn run(
        &mut self,
        job: &[u8],
        files: &[&File],
        patience: &Patience,
        limits: &Limits,
    ) -> io::Result<Ended> {
        self.standard_error.forget();
        self.socket.set_write_timeout(Some(patience.allowed))?;
        wire::send(&self.socket, Tag::Job, job)?;
        loop {
            self.wait_for_words(patience)?;
            // Words that have begun are waited for once more as long: a frame that stays half is no frame.
            self.socket.set_read_timeout(Some(patience.allowed))?;
            let (tag, body) = wire::receive(&self.socket, limits.answer_bytes.value())?;
            match tag {
                Tag::WantFile => {
                    let n: [u8; 4] = body.try_into().map_err(|_| io::ErrorKind::InvalidData)?;
                    let file = files.get(u32::from_be_bytes(n) as usize).copied();
                    wire::send_file(&self.socket, file)?;
                }
                Tag::Done | Tag::Bytes => return Ok(Ended::Answered(body)),
                Tag::Failed => {
                    return Ok(Ended::Refused(String::from_utf8_lossy(&body).into_owned()));
                }
                Tag::Limits | Tag::Ready | Tag::Job | Tag::File | Tag::NoFile => {
                    return Err(io::ErrorKind::InvalidData.into());
                }
            }
        }
    }

    /// Until the worker says something on its socket, or its time is over. What it says on standard error is taken off its hands
    /// meanwhile: a worker whose pipe is full stands still.
    fn wait_for_words(&mut self, patience: &Patience) -> io::Result<()> {
        loop {
            let left = patience.left(Instant::now(), self.usage().queued)?;
            let wait = Timespec::try_from(left).map_err(io::Error::other)?;
            let mut sources = vec![PollFd::new(&self.socket, PollFlags::IN)];
            let pipe = self.standard_error.pipe();
            sources.extend(pipe.map(|pipe| PollFd::new(pipe, PollFlags::IN)));
            match poll(&mut sources, Some(&wait)) {
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
            let spoke = |source: &PollFd<'_>| !source.revents().is_empty();
            if sources.first().is_some_and(spoke) {
                return Ok(());
            }
            self.standard_error.listen();
        }
    }

    /// Ends a worker that gave no answer and says why it gave none.
    pub(super) fn post_mortem(
        mut self,
        error: &io::Error,
        limits: &Limits,
        deadline: Duration,
    ) -> SandboxError {
        let hung = matches!(
            error.kind(),
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
        );
        if hung {
            self.end();
            return SandboxError::LimitMet {
                limit: "deadline_ms",
                allowed: deadline.as_millis() as u64,
            };
        }
        if error.kind() == io::ErrorKind::FileTooLarge {
            self.end();
            return SandboxError::LimitMet {
                limit: "answer_bytes",
                allowed: limits.answer_bytes.value(),
            };
        }
        // It may be on its way out: give it a moment before it is killed, or the cause is lost.
        let patience = Instant::now() + Duration::from_millis(500);
        let status = loop {
            match self.child.try_wait() {
                Ok(Some(status)) => break Some(status),
                Ok(None) if Instant::now() < patience => {
                    self.standard_error.listen();
                    std::thread::sleep(Duration::from_millis(2));
                }
                Ok(None) | Err(_) => break None,
            }
        };
        let said = self.standard_error.last_words();
        self.end();
        let signal = status.and_then(|status| status.signal());
        if signal == Some(libc::SIGXCPU) {
            return SandboxError::LimitMet {
                limit: "worker_cpu_seconds",
                allowed: limits.worker_cpu_seconds,
            };
        }
        if said.contains("memory allocation of") || said.contains("capacity overflow") {
            return SandboxError::LimitMet {
                limit: "worker_memory",
                allowed: limits.worker_memory.value(),
            };
        }
        if said.contains("overflowed its stack") {
            return SandboxError::LimitMet {
                limit: "depth",
                allowed: u64::from(limits.depth),
            };
        }
        SandboxError::Died {
            how: format!("{status:?}: {}", said.trim()),
        }
    }

    pub(super) fn end(mut self) {
        self.kill();
    }

    fn kill(&mut self) {
        // Already gone is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Sets the highest memory seen back to what is used now (proc(5), `clear_refs`).
    pub(super) fn forget_peak(&self) {
        let path = format!("/proc/{}/clear_refs", self.child.id());
        if let Ok(mut file) = File::options().write(true).open(path) {
            // Without it the peak is that of the worker's life: too high, never too low.
            let _ = io::Write::write_all(&mut file, b"5");
        }
    }

    pub(super) fn usage(&self) -> Usage {
        let id = self.child.id();
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let peak_kib = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .and_then(|rest| {
                rest.trim()
                    .trim_end_matches("kB")
                    .trim()
                    .parse::<u64>()
                    .ok()
            });
        let ticks = || {
            let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
            let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
            let user: u64 = fields.next()?.parse().ok()?;
            let system: u64 = fields.next()?.parse().ok()?;
            Some((user + system) * 10)
        };
        let scheduled = self.scheduled();
        Usage {
            cpu_ms: scheduled
                .map(|times| times.ran.as_millis() as u64)
                .or_else(ticks)
                .unwrap_or_default(),
            queued: scheduled.map_or(Duration::ZERO, |times| times.queued),
            peak_bytes: peak_kib.unwrap_or_default() * 1024,
        }
    }

    /// What the scheduler says of all its threads (`/proc/<pid>/task/<tid>/schedstat`: nanoseconds run, nanoseconds queued).
    /// A worker cannot start any once it has locked itself down, so none is missing.
    fn scheduled(&self) -> Option<Scheduled> {
        let threads = std::fs::read_dir(format!("/proc/{}/task", self.child.id())).ok()?;
        let mut all = Scheduled::default();
        for thread in threads {
            let text = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
            let mut nanos = text.split_whitespace().map(str::parse::<u64>);
            all.ran += Duration::from_nanos(nanos.next()?.ok()?);
            all.queued += Duration::from_nanos(nanos.next()?.ok()?);
        }
        Some(all)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// How long a job may take: wall clock, less the time its worker stood in the queue for a processor. On a busy machine
/// a good file gets its time all the same; a worker that sleeps or spins does not.
pub(super) struct Patience {
    pub(super) started: Instant,
    pub(super) allowed: Duration,
    pub(super) queued_before: Duration,
}

/// No worker waits longer than this many times what it is allowed, however busy the machine.
const MOST_PATIENCE: u32 = 10;

impl Patience {
    /// What is left at `now`, when the worker has stood in the queue for `queued` in its life.
    fn left(&self, now: Instant, queued: Duration) -> io::Result<Duration> {
        let queued = queued.saturating_sub(self.queued_before);
        let until = self.allowed + queued.min(self.allowed * (MOST_PATIENCE - 1));
        until
            .checked_sub(now.saturating_duration_since(self.started))
            .filter(|left| !left.is_zero())
            .ok_or_else(|| io::ErrorKind::TimedOut.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_in_the_queue_is_not_counted_and_even_that_has_an_end() {
        let seconds = Duration::from_secs;
        let patience = Patience {
            started: Instant::now(),
            allowed: seconds(10),
            queued_before: seconds(100),
        };
        let left = |after: u64, queued: u64| {
            let now = patience.started + seconds(after);
            patience.left(now, seconds(100 + queued)).ok()
        };
        assert_eq!(left(3, 0), Some(seconds(7)));
        assert_eq!(left(10, 0), None);
        assert_eq!(left(12, 5), Some(seconds(3)));
        assert_eq!(left(15, 5), None);
        assert_eq!(left(99, 1000), Some(seconds(1)));
        assert_eq!(left(100, 1000), None);
    }
}
