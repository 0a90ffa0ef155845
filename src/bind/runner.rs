//! Who writes a volume: the sandbox, or this very process in tests and benches.

use std::fs::File;

use super::{
    error::{SourceFault, VolumeError},
    job::{VolumeJob, VolumeResult},
    volume::write_volume,
};
use crate::limits::Limits;

/// Writes volumes. The sandbox's pool is one; foreign bytes are parsed only there.
pub trait BindRunner: Sync {
    /// Writes the volume of `job` from `inputs` to `output`, which is open for reading and writing and empty.
    fn write(
        &self,
        job: &VolumeJob,
        inputs: &[&File],
        output: &File,
    ) -> Result<VolumeResult, RunError>;
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
        use std::os::unix::fs::FileExt as _;
        let mut read = |index: usize| {
            let file = inputs.get(index).ok_or(std::io::ErrorKind::NotFound)?;
            let length = usize::try_from(file.metadata()?.len()).map_err(std::io::Error::other)?;
            let mut bytes = vec![0; length];
            file.read_exact_at(&mut bytes, 0)?;
            Ok(bytes)
        };
        let output = output
            .try_clone()
            .map_err(|error| RunError::Failed(error.into()))?;
        write_volume(job, &mut read, output, &Limits::DEFAULT).map_err(|error| match error {
            VolumeError::Source(fault) => RunError::Source(fault),
            other => RunError::Failed(other.into()),
        })
    }
}
