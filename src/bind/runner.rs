//! Who writes a volume: the sandbox, or this very process in tests and benches.

use std::{fs::File, io};

use super::{
    error::{SourceFault, VolumeError},
    job::{VolumeJob, VolumeResult},
    volume::write_volume,
};
use crate::{
    inspect::{self, Margins},
    limits::Limits,
};

/// Writes volumes. The sandbox's pool is one; foreign bytes are parsed only there.
pub trait BindRunner: Sync {
    /// Writes the volume of `job` from `inputs` to `output`, which is open for reading and writing and empty.
    fn write(
        &self,
        job: &VolumeJob,
        inputs: &[&File],
        output: &File,
    ) -> Result<VolumeResult, RunError>;

    /// How many volumes may be written at the same time. One, where that would hold several sources in the same memory.
    fn at_once(&self) -> usize {
        1
    }

    /// The margins of every page of `file`, of which there should be `pages`; `None` for a page that cannot be drawn.
    fn margins(&self, file: &File, pages: u32) -> Result<Margins, RunError>;
}

/// Why a volume was not written.
#[derive(Debug)]
pub enum RunError {
    /// A source is at fault; crosses the border of the sandbox as it is.
    Source(SourceFault),
    /// The worker died, met a limit or could not write.
    Failed(Box<dyn std::error::Error + Send + Sync>),
}

/// Writes in this process. Only for files we made ourselves: tests and benches.
#[derive(Clone, Copy, Debug, Default)]
pub struct InThisProcess;

impl BindRunner for InThisProcess {
    fn write(
        &self,
        job: &VolumeJob,
        inputs: &[&File],
        output: &File,
    ) -> Result<VolumeResult, RunError> {
        let mut read = |index: usize, spare: Vec<u8>| {
            let file = inputs.get(index).ok_or(io::ErrorKind::NotFound)?;
            whole(file, spare)
        };
        let output = output
            .try_clone()
            .map_err(|error| RunError::Failed(error.into()))?;
        write_volume(job, &mut read, output, &Limits::DEFAULT).map_err(|error| match error {
            VolumeError::Source(fault) => RunError::Source(fault),
            other => RunError::Failed(other.into()),
        })
    }

    fn margins(&self, file: &File, _: u32) -> Result<Margins, RunError> {
        let bytes = whole(file, Vec::new()).map_err(|error| RunError::Failed(error.into()))?;
        Ok(inspect::margins_of(bytes, &Limits::DEFAULT))
    }
}

/// All bytes of a file, wherever its cursor stands, in the memory of `spare`.
fn whole(file: &File, spare: Vec<u8>) -> io::Result<Vec<u8>> {
    use std::os::unix::fs::FileExt as _;
    let length = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
    let mut bytes = spare;
    bytes.resize(length, 0);
    file.read_exact_at(&mut bytes, 0)?;
    Ok(bytes)
}
