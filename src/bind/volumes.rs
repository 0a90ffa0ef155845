//! The volumes of a dossier: each is written by a worker while its papers are hashed again, and goes to the disk while the
//! next one is written.

use std::{
    fs::File,
    path::{Path, PathBuf},
    thread::{Scope, ScopedJoinHandle},
};

use super::{
    contents::Contents,
    error::BindError,
    folder::{Folder, REVIEW_BAG, at, file_name},
    job::{VolumeJob, VolumeResult},
    manifest::{self, ManifestVolume},
    plan::{Plan, PlannedVolume},
    runner::{BindRunner, RunError},
};
use crate::{
    digest::Hasher,
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
}

/// A volume as written.
pub(super) struct Written {
    pub(super) volume: ManifestVolume,
    /// Its papers whose signatures did not survive: indices into the dossier's items.
    pub(super) signed: Vec<usize>,
    file: File,
    path: PathBuf,
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
    /// Writes them, side by side where each has a worker of its own; those that are written are still on their way to the
    /// disk until the threads given back have ended.
    pub(super) fn write<'s>(
        &'s self,
        scope: &'s Scope<'s, '_>,
        contents: &'s [Contents],
    ) -> Result<Vec<(Written, Running<'s, ()>)>, BindError> {
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
                let written = joined(run, &volume.title)?;
                let file = written.file.try_clone().map_err(at(&written.path))?;
                let path = written.path.clone();
                let synced = scope.spawn(move || file.sync_all().map_err(at(&path)));
                all.push((written, synced));
            }
        }
        Ok(all)
    }

    fn volume<'s>(
        &'s self,
        scope: &'s Scope<'s, '_>,
        volume: &'s PlannedVolume,
        contents: &Contents,
    ) -> Result<Written, BindError> {
        let items: Vec<&CheckedItem> = volume
            .papers
            .iter()
            .filter_map(|paper| self.dossier.items().get(paper.index))
            .collect();
        let papers = items
            .iter()
            .map(|item| File::open(&item.path).map_err(at(&item.path)))
            .collect::<Result<Vec<File>, BindError>>()?;
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
        inputs.extend(papers.iter().chain(&sheets));
        let path = format!("{REVIEW_BAG}/{}.pdf", file_name(&volume.title));
        let output = self.folder.create(Path::new(&path))?;
        // The papers are hashed on the other core while the worker reads them.
        let hashing = {
            let read_again = |file: &File| file.try_clone().map_err(at(Path::new(&path)));
            let papers = papers.iter().map(read_again);
            let papers = papers.collect::<Result<Vec<File>, BindError>>()?;
            let items = items.clone();
            scope.spawn(move || {
                let mut pairs = items.iter().zip(&papers);
                pairs.try_for_each(|(item, file)| unchanged(item, file))
            })
        };
        let written = self.runner.write(&job, &inputs, &output);
        joined(hashing, &volume.title)?;
        let result = written.map_err(|error| failed(volume, &items, error))?;
        self.folder.note(&path, result.sha256, result.size_bytes);
        let signed = signed_items(&job, &result, volume);
        let pages = contents.own.pages;
        let manifest = manifest::volume(
            self.dossier,
            volume,
            &job.parts,
            pages,
            path.clone(),
            &result,
        );
        Ok(Written {
            volume: manifest,
            signed,
            file: output,
            path: path.into(),
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

/// Whether a file still has the digest it had when it was checked.
pub(super) fn unchanged(item: &CheckedItem, file: &File) -> Result<(), BindError> {
    use std::os::unix::fs::FileExt as _;
    const WINDOW: usize = 256 * 1024;
    let mut hasher = Hasher::default();
    let mut window = vec![0; WINDOW];
    let mut offset = 0;
    loop {
        let n = file.read_at(&mut window, offset).map_err(at(&item.path))?;
        let Some(bytes) = window.get(..n).filter(|bytes| !bytes.is_empty()) else {
            break;
        };
        hasher.update(bytes);
        offset += n as u64;
    }
    if hasher.finish() == item.sha256 {
        return Ok(());
    }
    Err(BindError::Changed {
        slot: item.slot.clone(),
        file_name: item.file_name.clone(),
    })
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
