//! The typed calls of the room `inspect` through the sandbox. A worker's death becomes facts, not an error.

use std::{fs::File, time::Duration};

use serde::{Deserialize, Serialize};

use super::{Done, Pool, SandboxError};
use crate::{
    finding::Cost,
    inspect::{
        Margins,
        document::Address,
        facts::{FileKind, Inspection, LimitMet, Opening, PageFacts},
        raster::{ReadingFrame, Strips, StripsRequest},
    },
    units::{PageIndex, PtBox},
};

/// Task name of an inspection: file 0 in, [`Inspection`] out.
pub const INSPECT: &str = "inspect";
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
    pub fn inspect(&self, file: &File) -> Result<Inspected, SandboxError> {
        let deadline = Duration::from_millis(self.limits().inspect_deadline_ms);
        let size_bytes = file.metadata().map_err(SandboxError::Broken)?.len();
        match self.call(INSPECT, &(), &[file], deadline) {
            Ok(Done { answer, cost }) => Ok(Inspected {
                inspection: answer,
                cost,
            }),
            Err(error) if error.is_a_finding() => {
                tracing::warn!(%error, how = ?error, size_bytes, "a worker was replaced");
                Ok(Inspected {
                    inspection: died(size_bytes, &error),
                    cost: Cost::default(),
                })
            }
            Err(error) => Err(error),
        }
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
