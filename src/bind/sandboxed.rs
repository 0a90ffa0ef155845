//! Binding through the sandbox: the pool hands the worker open files only, the worker answers what it wrote.

use std::{fs::File, time::Duration};

use super::{
    error::{SourceFault, VolumeError},
    job::{VolumeJob, VolumeResult},
    runner::{BindRunner, RunError},
    volume::write_volume,
};
use crate::{
    inspect::Margins,
    limits::Limits,
    sandbox::{Answer, AnswerBody, Files, Pool},
};

/// Task name of writing a volume: [`VolumeJob`] and its inputs in, the output as the last file, [`VolumeResult`] out.
pub const BIND: &str = "bind";

/// The worker's side of [`BIND`].
pub fn bind_task(input: &[u8], files: &Files<'_>, limits: &Limits) -> Answer {
    let job: VolumeJob = serde_json::from_slice(input).map_err(|error| error.to_string())?;
    let inputs = job.parts.iter().filter_map(|part| part.input);
    let output = inputs.max().unwrap_or_default().max(job.number_font) + 1;
    let output = files
        .open(output as u32)
        .map_err(|error| error.to_string())?;
    let mut read = |index: usize, spare: Vec<u8>| files.read_into(index as u32, spare);
    let written: Result<VolumeResult, SourceFault> =
        match write_volume(&job, &mut read, output, limits) {
            Ok(result) => Ok(result),
            Err(VolumeError::Source(fault)) => Err(fault),
            Err(other) => return Err(told(&other)),
        };
    let body = serde_json::to_vec(&written).map_err(|error| error.to_string())?;
    Ok(AnswerBody::Json(body))
}

/// An error and its causes in one line, for the log.
fn told(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let texts: Vec<String> = causes.map(ToString::to_string).collect();
    texts.join(": ")
}

impl BindRunner for Pool {
    fn write(
        &self,
        job: &VolumeJob,
        inputs: &[&File],
        output: &File,
    ) -> Result<VolumeResult, RunError> {
        let pages: u32 = job.parts.iter().map(|part| part.pages).sum();
        let mut files = inputs.to_vec();
        files.push(output);
        let done = self.call::<_, Result<VolumeResult, SourceFault>>(
            BIND,
            job,
            &files,
            deadline(self, pages),
        );
        match done {
            Ok(done) => done.answer.map_err(RunError::Source),
            Err(error) => Err(RunError::Failed(error.into())),
        }
    }

    /// Each in a process of its own; what is more than there are workers waits for one.
    fn at_once(&self) -> usize {
        usize::MAX
    }

    fn margins(&self, file: &File, pages: u32) -> Result<Margins, RunError> {
        Pool::margins(self, file, pages).map_err(|error| RunError::Failed(error.into()))
    }
}

fn deadline(pool: &Pool, pages: u32) -> Duration {
    let hundreds = u64::from(pages.div_ceil(100).max(1));
    Duration::from_millis(pool.limits().bind_deadline_ms_per_100_pages * hundreds)
}
