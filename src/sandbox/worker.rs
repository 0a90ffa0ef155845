//! The worker's side: lock down, say so, then take one job after the other until the pool hangs up.

use std::{
    fs::File,
    io,
    os::{fd::AsFd, unix::net::UnixStream},
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::{
    lockdown,
    wire::{self, Tag},
};
use crate::limits::Limits;

/// Stack of the thread that does the jobs. Nesting is bounded by `limits.depth`; this is the second fence.
const STACK_BYTES: usize = 64 * 1024 * 1024;

/// The files of a job, asked for one at a time, so that a worker holds no more than it reads.
#[derive(Debug)]
pub struct Files<'a>(&'a UnixStream);

impl Files<'_> {
    /// Opens file number `n` of the job, as the pool was given it.
    pub fn open(&self, n: u32) -> io::Result<File> {
        wire::send(self.0, Tag::WantFile, &n.to_be_bytes())?;
        wire::receive_file(self.0)
    }
    /// All bytes of file number `n`.
    pub fn read(&self, n: u32) -> io::Result<Vec<u8>> {
        self.read_into(n, Vec::new())
    }
    /// The same in the memory of `spare`, which is no longer needed.
    pub fn read_into(&self, n: u32, spare: Vec<u8>) -> io::Result<Vec<u8>> {
        read_all(&self.open(n)?, spare)
    }
}

/// All bytes of a file, wherever its cursor stands: the pool may share it with another job.
fn read_all(file: &File, spare: Vec<u8>) -> io::Result<Vec<u8>> {
    use std::os::unix::fs::FileExt as _;
    let length = rustix::fs::fstat(file)?.st_size;
    let length = usize::try_from(length).map_err(|_| io::ErrorKind::InvalidInput)?;
    let mut bytes = spare;
    bytes.resize(length, 0);
    file.read_exact_at(&mut bytes, 0)?;
    Ok(bytes)
}

/// What a task does: input and files in, an answer (or the reason why not) out.
pub type Handler = fn(input: &[u8], files: &Files<'_>, limits: &Limits) -> Answer;

/// An answer: JSON or plain bytes, or in plain English why not.
pub type Answer = Result<AnswerBody, String>;

/// The body of an answer.
#[derive(Debug)]
pub enum AnswerBody {
    /// Serialised JSON.
    Json(Vec<u8>),
    /// Anything else, for example a PNG.
    Bytes(Vec<u8>),
}

/// Makes this thread the only one of rayon's pool: libraries that part their work do it here, as a worker may start no thread.
fn one_at_a_time() -> io::Result<()> {
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .use_current_thread();
    pool.build_global().map_err(io::Error::other)
}

/// Runs a worker on `socket` until the pool hangs up. Returns only then.
pub fn serve(socket: UnixStream, tasks: &'static [(&'static str, Handler)]) -> io::Result<()> {
    let limits: Limits = match wire::receive(&socket, 4096)? {
        (Tag::Limits, body) => serde_json::from_slice(&body)?,
        _ => {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "expected the limits",
            ));
        }
    };
    let mut state = lockdown::paths_and_limits(&limits);
    std::thread::Builder::new()
        .name("jobs".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || {
            one_at_a_time()?;
            state.seccomp = lockdown::system_calls();
            let ready = serde_json::to_vec(&state)?;
            wire::send(&socket, Tag::Ready, &ready)?;
            while let Some(job) = next_job(&socket)? {
                let (name, input) =
                    job.split_at(job.iter().position(|b| *b == 0).unwrap_or(job.len()));
                let input = input.get(1..).unwrap_or_default();
                limit_processor(&limits);
                let task = tasks.iter().find(|(task, _)| task.as_bytes() == name);
                let answer = match task {
                    Some((_, run)) => {
                        catch_unwind(AssertUnwindSafe(|| run(input, &Files(&socket), &limits)))
                    }
                    None => Ok(Err("no such task".to_owned())),
                };
                match answer {
                    Ok(Ok(AnswerBody::Json(body))) => wire::send(&socket, Tag::Done, &body)?,
                    Ok(Ok(AnswerBody::Bytes(body))) => wire::send(&socket, Tag::Bytes, &body)?,
                    Ok(Err(why)) => wire::send(&socket, Tag::Failed, why.as_bytes())?,
                    // The panic's words went to standard error, where the pool reads them; what the
                    // panic left behind is not trusted with another file.
                    Err(_) => return Err(io::Error::other("panic")),
                }
            }
            Ok(())
        })?
        .join()
        .unwrap_or_else(|_| Err(io::Error::other("panic")))
}

/// The next job, or `None` when the pool hung up.
fn next_job(socket: &UnixStream) -> io::Result<Option<Vec<u8>>> {
    match wire::receive(socket, u64::from(u32::MAX)) {
        Ok((Tag::Job, body)) => Ok(Some(body)),
        Ok(_) => Err(io::Error::new(io::ErrorKind::InvalidData, "expected a job")),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

/// Lets the process use so many more seconds; `SIGXCPU` ends it after that. The hard limit stays open, because
/// it could not be raised again for the next job; the pool's deadline stands behind it.
fn limit_processor(limits: &Limits) {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    let used = Duration::new(used.tv_sec.cast_unsigned(), used.tv_nsec as u32);
    let seconds = used.as_secs() + 1 + limits.worker_cpu_seconds;
    let hard = getrlimit(Resource::Cpu).maximum;
    // Failing to set it leaves the pool's deadline in force.
    let _ = setrlimit(
        Resource::Cpu,
        Rlimit {
            current: Some(seconds),
            maximum: hard,
        },
    );
}

/// Standard input as the socket the pool connected it to.
pub fn socket_from_stdin() -> io::Result<UnixStream> {
    Ok(UnixStream::from(io::stdin().as_fd().try_clone_to_owned()?))
}
