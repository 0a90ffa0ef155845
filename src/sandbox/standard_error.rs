//! What a worker says on standard error: taken off its hands while it works, of which the end is kept.

use std::{
    io::{self, ErrorKind, Read as _},
    process::ChildStderr,
};

/// As much of the end is kept; an abort, a panic or the runtime says its cause in less.
const KEPT: usize = 4096;
/// As much is read at once: what a pipe holds on Linux (pipe(7)). A worker that never stops talking stops nobody from looking at
/// the clock.
const AT_ONCE: u64 = 64 * 1024;

/// The reading end of a worker's standard error.
#[derive(Debug)]
pub(super) struct StandardError {
    /// Until the worker has closed its end.
    pipe: Option<ChildStderr>,
    last: Vec<u8>,
}

impl StandardError {
    /// Reading from it will never wait.
    pub(super) fn of(pipe: Option<ChildStderr>) -> io::Result<StandardError> {
        if let Some(pipe) = &pipe {
            rustix::io::ioctl_fionbio(pipe, true)?;
        }
        let last = Vec::new();
        Ok(StandardError { pipe, last })
    }

    /// To be waited for beside other things.
    pub(super) fn pipe(&self) -> Option<&ChildStderr> {
        self.pipe.as_ref()
    }

    /// Takes what was said since the last time.
    pub(super) fn listen(&mut self) {
        let Some(pipe) = &mut self.pipe else { return };
        match pipe.take(AT_ONCE).read_to_end(&mut self.last) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Ok(read) if read as u64 == AT_ONCE => {}
            Ok(_) | Err(_) => self.pipe = None,
        }
        let before = self.last.len().saturating_sub(KEPT);
        self.last.drain(..before);
    }

    /// What was said so far belongs to a job that is over.
    pub(super) fn forget(&mut self) {
        self.listen();
        self.last.clear();
    }

    /// The last thing that was said, at most 4 KiB.
    pub(super) fn last_words(&mut self) -> String {
        self.listen();
        String::from_utf8_lossy(&self.last).into_owned()
    }
}
