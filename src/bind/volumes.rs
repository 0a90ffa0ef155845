//! The volumes of a dossier: each is written by a worker, hashed and sent to the disk meanwhile.

use std::{
    fs::File,
    path::Path,
    thread::{Scope, ScopedJoinHandle},
};

use super::{
    contents::Contents,
    error::BindError,
    folder::{Folder, REVIEW_BAG, file_name},
    follow::{Ends, Followed},
    job::{VolumeJob, VolumeResult},
    manifest::{self, ManifestFile, ManifestVolume},
    papers::Papers,
    plan::{Plan, PlannedVolume},
    runner::{BindRunner, RunError},
};
use crate::{
    dossier::{CheckedDossier, CheckedItem},
    inspect::Margins,
};

/// Writes the volumes of one dossier.
pub(super) struct Volumes<'b> {
    pub(super) dossier: &'b CheckedDossier,
    pub(super) plan: &'b Plan,
    pub(super) runner: &'b dyn BindRunner,
    pub(super) folder: &'b Folder,
    /// The page that brings the font of the numbers.
    pub(super) numbers: &'b File,
    pub(super) papers: &'b Papers<'b>,
}

/// A volume as written; its file is still being hashed and on its way to the disk.
pub(super) struct Written<'s> {
    planned: &'s PlannedVolume,
    contents_pages: u32,
    job: VolumeJob,
    result: VolumeResult,
    path: String,
    ends: Ends<'s>,
}

/// A volume whose digest is known.
pub(super) struct Finished<'s> {
    pub(super) volume: ManifestVolume,
    /// Its papers whose signatures did not survive: indices into the dossier's items.
    pub(super) signed: Vec<usize>,
    /// Ends when it is on the disk.
    pub(super) on_the_way: Running<'s, ()>,
}

/// A thread that ends with the binding.
pub(super) type Running<'s, T> = ScopedJoinHandle<'s, Result<T, BindError>>;

/// What a thread came to.
pub(super) fn joined<T>(running: Running<'_, T>, what: &str) -> Result<T, BindError> {
    running.join().unwrap_or_else(|_| {
        Err(BindError::Worker {
            volume: what.to_owned(),
            cause: "its thread stopped".into(),
        })
    })
}

impl Volumes<'_> {
    /// Writes them, side by side where each has a worker of its own.
    pub(super) fn write<'s>(
        &'s self,
        scope: &'s Scope<'s, '_>,
        contents: &'s [Contents],
    ) -> Result<Vec<Written<'s>>, BindError> {
        let volumes: Vec<_> = self.plan.volumes.iter().zip(contents).collect();
        let mut all = Vec::new();
        for side_by_side in volumes.chunks(self.runner.at_once().max(1)) {
            let running: Vec<_> = side_by_side
                .iter()
                .map(|&(volume, contents)| {
                    let run = scope.spawn(move || self.volume(scope, volume, contents));
                    (volume, run)
                })
                .collect();
            for (volume, run) in running {
                all.push(joined(run, &volume.title)?);
            }
        }
        Ok(all)
    }

    fn volume<'s>(
        &'s self,
        scope: &'s Scope<'s, '_>,
        volume: &'s PlannedVolume,
        contents: &Contents,
    ) -> Result<Written<'s>, BindError> {
        let papers = volume.papers.iter();
        let (items, papers): (Vec<&CheckedItem>, Vec<&File>) = papers
            .filter_map(|paper| self.papers.get(paper.index))
            .unzip();
        let margins: Vec<Margins> = items
            .iter()
            .zip(&papers)
            .map(|(item, file)| self.margins(item, file))
            .collect();
        let of_rounds = contents.of_rounds();
        let job = volume.job(self.plan, contents.own.pages, &of_rounds, &margins);
        let own = self.folder.scratch(&contents.own.pdf)?;
        let sheets = contents
            .sheets
            .iter()
            .map(|sheet| self.folder.scratch(&sheet.pdf))
            .collect::<Result<Vec<File>, BindError>>()?;
        let mut inputs = vec![self.numbers, &own];
        inputs.extend(papers.into_iter().chain(&sheets));
        let path = format!("{REVIEW_BAG}/{}.pdf", file_name(&volume.title));
        let output = self.folder.create(Path::new(&path))?;
        let followed = Followed::new(scope, &output, Path::new(&path))?;
        let written = self.runner.write(&job, &inputs, &output);
        let result = written.map_err(|error| failed(volume, &items, error))?;
        Ok(Written {
            planned: volume,
            contents_pages: contents.own.pages,
            job,
            result,
            path,
            ends: followed.whole(),
        })
    }

    /// Waits for the digest of a volume. Its length must be what the worker says it wrote.
    pub(super) fn finish<'s>(&self, written: Written<'s>) -> Result<Finished<'s>, BindError> {
        let Written {
            planned,
            contents_pages,
            job,
            result,
            path,
            ends,
        } = written;
        let (sha256, size_bytes) = joined(ends.hashing, &planned.title)?;
        if size_bytes != result.size_bytes {
            return Err(BindError::Worker {
                volume: planned.title.clone(),
                cause: format!("{} bytes said, {size_bytes} written", result.size_bytes).into(),
            });
        }
        self.folder.note(&path, sha256, size_bytes);
        let signed = signed_items(&job, &result, planned);
        let volume = manifest::volume(
            self.dossier,
            planned,
            &job.parts,
            contents_pages,
            &result,
            ManifestFile {
                path,
                sha256,
                size_bytes,
            },
        );
        Ok(Finished {
            volume,
            signed,
            on_the_way: ends.on_the_way,
        })
    }

    /// The margins of a paper, kept with its report or looked at now; what cannot be looked at is numbered where the notice
    /// wants it, and the manifest says so.
    fn margins(&self, item: &CheckedItem, file: &File) -> Margins {
        if let Some(kept) = &item.margins {
            return kept.as_ref().clone();
        }
        self.runner
            .margins(file, item.pages)
            .unwrap_or_else(|error| {
                tracing::warn!(slot = item.slot, ?error, "margins could not be looked at");
                Vec::new()
            })
    }
}

/// Why a volume was not written, with the paper at fault.
fn failed(volume: &PlannedVolume, items: &[&CheckedItem], error: RunError) -> BindError {
    let fault = match error {
        RunError::Source(fault) => fault,
        RunError::Failed(cause) => {
            return BindError::Worker {
                volume: volume.title.clone(),
                cause,
            };
        }
    };
    match items.get(fault.input.wrapping_sub(2)) {
        Some(item) => BindError::Source {
            slot: item.slot.clone(),
            file_name: item.file_name.clone(),
            page: fault.page,
            why: fault.why,
        },
        None => BindError::Worker {
            volume: volume.title.clone(),
            cause: fault.into(),
        },
    }
}

/// The papers of the parts that are signed.
fn signed_items(job: &VolumeJob, result: &VolumeResult, volume: &PlannedVolume) -> Vec<usize> {
    let parts = result.signed.iter().filter_map(|&part| job.parts.get(part));
    let papers = parts.filter_map(|part| volume.papers.get(part.input?.checked_sub(2)?));
    papers.map(|paper| paper.index).collect()
}
