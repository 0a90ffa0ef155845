//! The typed calls of the room `inspect` through the sandbox. A worker's death becomes facts, not an error.

use std::{
    fs::File,
    panic::resume_unwind,
    thread::ScopedJoinHandle,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use super::{Done, Pool, SandboxError};
use crate::{
    finding::Cost,
    inspect::{
        Begun, Margins, Measured,
        document::Address,
        facts::{FileKind, Inspection, LimitMet, Opening, PageFacts},
        raster::{ReadingFrame, Strips, StripsRequest},
    },
    units::{PageIndex, PtBox},
};

/// Task name of an inspection: whether others may share the work and file 0 in, [`Begun`] out.
pub const INSPECT: &str = "inspect";
/// Task name of measuring what an inspection left: pages' facts and file 0 in, [`Measured`] out.
pub const MEASURE: &str = "measure";
/// Task name of a rendering: [`RenderRequest`] and file 0 in, PNG out.
pub const RENDER: &str = "render";
/// Task name of the QR codes of scans: pages' facts and file 0 in, addresses out.
pub const QR_CODES: &str = "qr_codes";
/// Task name of a page laid before the recogniser: [`ReadingFrame`] and file 0 in, PGM out.
pub const READABLE: &str = "readable";
/// Task name of the ink at the edges of pages: file 0 in, [`Margins`] out.
pub const MARGINS: &str = "margins";
/// Task name of a page's print in strips: [`StripsRequest`] and file 0 in, [`Strips`] and, after a line feed, TIFF out.
pub const STRIPS: &str = "strips";

/// What shall be drawn.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RenderRequest {
    /// Which page.
    pub page: PageIndex,
    /// Resolution.
    pub dpi: f64,
    /// Boxes to mark.
    pub marks: Vec<PtBox>,
}

/// The facts of a file and what they cost.
#[derive(Debug)]
pub struct Inspected {
    /// The facts; of a file that killed its worker only the limit it met.
    pub inspection: Inspection,
    /// What it cost.
    pub cost: Cost,
}

impl Pool {
    /// Inspects a file. An error is ours; whatever the file does becomes facts.
    ///
    /// Pages of a long scan are measured by all workers that have nothing else to do at that moment, never by one that is wanted elsewhere.
    pub fn inspect(&self, file: &File) -> Result<Inspected, SandboxError> {
        let size_bytes = file.metadata().map_err(SandboxError::Broken)?.len();
        match self.inspect_by_many(file) {
            Err(error) if error.is_a_finding() => {
                tracing::warn!(%error, how = ?error, size_bytes, "a worker was replaced");
                Ok(Inspected {
                    inspection: died(size_bytes, &error),
                    cost: Cost::default(),
                })
            }
            inspected => inspected,
        }
    }

    fn inspect_by_many(&self, file: &File) -> Result<Inspected, SandboxError> {
        let deadline = Duration::from_millis(self.limits().inspect_deadline_ms);
        let others = self.idle_workers() > 1;
        let Done { answer, mut cost } =
            self.call::<_, Begun>(INSPECT, &others, &[file], deadline)?;
        if answer.left.is_empty() {
            return Ok(Inspected {
                inspection: answer.inspection,
                cost,
            });
        }
        let started = Instant::now();
        let shares = answer.shares(self.idle_workers());
        let measure = |share: &Vec<&PageFacts>| -> Result<Done<Vec<Measured>>, SandboxError> {
            self.call(MEASURE, share, &[file], deadline)
        };
        let done: Result<Vec<_>, _> = std::thread::scope(|scope| {
            let begin = |share| scope.spawn(move || measure(share));
            let running: Vec<_> = shares.iter().map(begin).collect();
            let end = |running: ScopedJoinHandle<'_, _>| {
                running.join().unwrap_or_else(|panic| resume_unwind(panic))
            };
            running.into_iter().map(end).collect()
        });
        let mut measured = Vec::new();
        for done in done? {
            cost.cpu_ms += done.cost.cpu_ms;
            cost.peak_bytes = cost.peak_bytes.max(done.cost.peak_bytes);
            measured.extend(done.answer);
        }
        cost.elapsed_ms += started.elapsed().as_millis() as u64;
        Ok(Inspected {
            inspection: answer.with(measured),
            cost,
        })
    }

    /// Draws a page as PNG.
    pub fn render(&self, file: &File, request: &RenderRequest) -> Result<Vec<u8>, SandboxError> {
        let deadline = Duration::from_millis(self.limits().inspect_deadline_ms);
        Ok(self.call_bytes(RENDER, request, &[file], deadline)?.answer)
    }

    /// Where ink stands at the edges of a file's pages, of which there should be `pages`.
    pub fn margins(&self, file: &File, pages: u32) -> Result<Margins, SandboxError> {
        let hundreds = u64::from(pages.div_ceil(100).max(1));
        let deadline = self.limits().bind_deadline_ms_per_100_pages * hundreds;
        let deadline = Duration::from_millis(deadline);
        Ok(self.call(MARGINS, &(), &[file], deadline)?.answer)
    }

    /// What the QR codes on these pages say.
    pub fn qr_codes(&self, file: &File, pages: &[PageFacts]) -> Result<Vec<Address>, SandboxError> {
        let deadline = Duration::from_millis(self.limits().inspect_deadline_ms);
        Ok(self.call(QR_CODES, &pages, &[file], deadline)?.answer)
    }

    /// A page as the recogniser wants it, PGM.
    pub fn readable(&self, file: &File, frame: &ReadingFrame) -> Result<Vec<u8>, SandboxError> {
        let deadline = Duration::from_millis(self.limits().inspect_deadline_ms);
        Ok(self.call_bytes(READABLE, frame, &[file], deadline)?.answer)
    }

    /// The print of a page in strips, TIFF, and where they stand.
    pub fn strips(
        &self,
        file: &File,
        request: &StripsRequest,
    ) -> Result<(Strips, Vec<u8>), SandboxError> {
        let deadline = Duration::from_millis(self.limits().inspect_deadline_ms);
        let mut answer = self.call_bytes(STRIPS, request, &[file], deadline)?.answer;
        let end = answer.iter().position(|byte| *byte == b'\n');
        let end = end.unwrap_or(answer.len());
        let strips = serde_json::from_slice(answer.get(..end).unwrap_or_default())
            .map_err(SandboxError::Answer)?;
        let tiff = answer.split_off((end + 1).min(answer.len()));
        Ok((strips, tiff))
    }
}

fn died(size_bytes: u64, error: &SandboxError) -> Inspection {
    let (limit, allowed) = match error {
        SandboxError::LimitMet { limit, allowed } => (*limit, *allowed),
        _ => ("worker_survival", 1),
    };
    Inspection {
        size_bytes,
        file_kind: FileKind::Unknown,
        opening: Opening::Unreadable {
            why: error.to_string(),
        },
        pdf: None,
        pages: Vec::new(),
        document: None,
        limits_met: vec![LimitMet {
            limit: limit.to_owned(),
            allowed,
            page: None,
        }],
    }
}
