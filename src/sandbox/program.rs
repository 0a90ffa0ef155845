//! A program of somebody else's (the recogniser), run on bytes we prepared, behind the same fences as a worker.
//!
//! The program is never started by the service itself: this same program starts with the hidden subcommand `confined`,
//! gives up paths (landlock: the program's own folders may be read, nothing written), the network (landlock, seccomp), memory,
//! processor time, core dumps and files on disk (rlimits), and then *becomes* the program. It inherits no variable of the
//! environment and no descriptor but its three pipes; input goes in by standard input, the answer comes back by standard
//! output, at most so many bytes, before the deadline. It never sees the foreign file, only what a worker made of it.

use std::{
    convert::Infallible,
    io::{self, Read as _, Write as _},
    os::unix::process::CommandExt as _,
    path::PathBuf,
    process::{Command, Stdio},
    sync::mpsc,
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{SandboxError, lockdown};

/// A program and how far it is let.
#[derive(Clone, Debug)]
pub struct Program {
    /// The program that has the `confined` subcommand: this one.
    pub launcher: PathBuf,
    /// The program.
    pub program: PathBuf,
    /// Folders and files it may read besides the system's libraries.
    pub readable: Vec<PathBuf>,
    /// All of its environment.
    pub environment: Vec<(String, String)>,
    /// Address space.
    pub memory_bytes: u64,
    /// Wall clock; processor seconds are limited to half of it.
    pub deadline: Duration,
    /// Longest answer.
    pub answer_bytes: u64,
}

/// What the hidden subcommand is told, as its one argument.
#[derive(Debug, Serialize, Deserialize)]
struct Confinement {
    program: PathBuf,
    arguments: Vec<String>,
    readable: Vec<PathBuf>,
    environment: Vec<(String, String)>,
    memory_bytes: u64,
    cpu_seconds: u64,
}

impl Program {
    /// Runs it once: `input` in, its standard output out.
    pub fn run(&self, arguments: &[&str], input: Vec<u8>) -> Result<Vec<u8>, SandboxError> {
        let confinement = Confinement {
            program: self.program.clone(),
            arguments: arguments.iter().map(|a| (*a).to_owned()).collect(),
            readable: self.readable.clone(),
            environment: self.environment.clone(),
            memory_bytes: self.memory_bytes,
            cpu_seconds: (self.deadline.as_secs() / 2).max(1),
        };
        let job = serde_json::to_string(&confinement).map_err(SandboxError::Answer)?;
        let mut child = Command::new(&self.launcher)
            .arg("confined")
            .arg(job)
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(SandboxError::Broken)?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        // A program that ends without reading all of its input is no fault of ours.
        let writing = std::thread::spawn(move || stdin.map(|mut pipe| pipe.write_all(&input)));
        let (send, answer) = mpsc::channel();
        let most = self.answer_bytes;
        let reading = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            let read = stdout.map(|pipe| pipe.take(most + 1).read_to_end(&mut bytes));
            // Nobody waits any more when the deadline has passed.
            let _ = send.send(read.transpose().map(|_| bytes));
        });
        let read = answer.recv_timeout(self.deadline);
        if !matches!(&read, Ok(Ok(bytes)) if bytes.len() as u64 <= most) {
            // Already gone is as good.
            let _ = child.kill();
        }
        let status = child.wait().map_err(SandboxError::Broken)?;
        let _ = (writing.join(), reading.join());
        match read {
            Err(_) => Err(SandboxError::LimitMet {
                limit: "recognise_deadline_ms",
                allowed: self.deadline.as_millis() as u64,
            }),
            Ok(Err(error)) => Err(SandboxError::Broken(error)),
            Ok(Ok(bytes)) if bytes.len() as u64 > most => Err(SandboxError::LimitMet {
                limit: "answer_bytes",
                allowed: most,
            }),
            Ok(Ok(_)) if !status.success() => Err(SandboxError::Died {
                how: status.to_string(),
            }),
            Ok(Ok(bytes)) => Ok(bytes),
        }
    }
}

/// The hidden subcommand: gives everything up and becomes the program. Returns only when that fails.
pub fn confined(job: &str) -> io::Result<Infallible> {
    let job: Confinement = serde_json::from_str(job)?;
    lockdown::for_program(&job.readable, job.memory_bytes, job.cpu_seconds)?;
    Err(Command::new(&job.program)
        .args(&job.arguments)
        .env_clear()
        .envs(job.environment)
        .exec())
}
