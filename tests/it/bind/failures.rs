//! Whatever stops a binding, the folder stays as it was: a full disk, a killed worker, a source that cannot be bound.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use juanzong::{
    bind::{
        self, BindError, BindOptions, BindRunner, InThisProcess, Output, PageMargins, RunError,
        VolumeError, VolumeJob, VolumeResult, write_volume,
    },
    digest::{self, Digest},
    dossier::{self, CheckedDossier, CheckedItem},
    limits::Limits,
    sandbox::{Pool, PoolConfig},
    typeset::{TemplateSource, Typesetter},
};

use super::{font, job, one_plan::sample};
use crate::support::raw_pdf::RawPdf;

/// An output that is full after so many bytes.
struct Full {
    left: usize,
}

impl io::Write for Full {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        if self.left < buf.len() {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.left -= buf.len();
        Ok(buf.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Output for Full {
    fn read_back(&mut self, _: u64, _: &mut [u8]) -> io::Result<()> {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

#[test]
fn a_full_disk_is_an_error_of_writing_wherever_it_happens() {
    let source = RawPdf::one_page("0 0 9 9 re f", "");
    let mut input = |index: usize| {
        Ok(match index {
            0 => font().to_vec(),
            _ => source.clone(),
        })
    };
    for left in [0, 100, 4_000] {
        let written = write_volume(&job(&[1]), &mut input, Full { left }, &Limits::DEFAULT);
        match written {
            Err(VolumeError::Write(error)) => assert_eq!(error.kind(), io::ErrorKind::StorageFull),
            other => panic!("{left}: {other:?}"),
        }
    }
}

/// Writes half a volume, then dies.
struct Dies;

impl BindRunner for Dies {
    fn write(
        &self,
        _: &VolumeJob,
        _: &[&File],
        mut output: &File,
    ) -> Result<VolumeResult, RunError> {
        let _ = output.write_all(b"%PDF-1.7 and no more");
        Err(RunError::Failed("killed".into()))
    }
    fn margins(&self, _: &File, _: u32) -> Result<Vec<Option<PageMargins>>, RunError> {
        Err(RunError::Failed("killed".into()))
    }
}

/// Every file below a folder with its digest.
fn snapshot(folder: &Path) -> Vec<(PathBuf, Digest)> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(at) = waiting.pop() {
        for entry in fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                let digest = Digest::of(&fs::read(&path).unwrap());
                found.push((path, digest));
            }
        }
    }
    found.sort();
    found
}

fn bind(dossier: &CheckedDossier, runner: &dyn BindRunner, out: &Path) -> Result<(), BindError> {
    let typesetter = Typesetter::new(&TemplateSource::BuiltIn).unwrap();
    bind::bind(dossier, &typesetter, runner, out, &BindOptions::default()).map(|_| ())
}

#[test]
fn what_was_bound_before_stays_when_a_worker_dies() {
    let out = tempfile::tempdir().unwrap();
    let dossier = sample();
    bind(&dossier, &InThisProcess, out.path()).unwrap();
    let before = snapshot(out.path());
    assert!(matches!(
        bind(&dossier, &Dies, out.path()),
        Err(BindError::Worker { .. })
    ));
    assert_eq!(snapshot(out.path()), before);
    // A real worker that is killed at its deadline.
    let pool = Pool::start(PoolConfig {
        program: PathBuf::from(env!("CARGO_BIN_EXE_juanzong")),
        arguments: vec!["worker".to_owned()],
        workers: 1,
        limits: Limits {
            bind_deadline_ms_per_100_pages: 0,
            ..Limits::DEFAULT
        },
    })
    .unwrap();
    assert!(matches!(
        bind(&dossier, &pool, out.path()),
        Err(BindError::Worker { .. })
    ));
    assert_eq!(snapshot(out.path()), before);
    let new = out.path().join("new");
    assert!(bind(&dossier, &Dies, &new).is_err());
    assert!(!new.exists(), "an empty folder stayed");
}

#[test]
fn a_source_that_fails_is_named_with_its_slot_and_nothing_stays() {
    let papers = tempfile::tempdir().unwrap();
    let path = papers.path().join("broken.pdf");
    let bytes = b"%PDF-1.7 nothing else".to_vec();
    digest::write_atomically(&path, &bytes).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sample/004");
    let statement = dossier::read(&folder.join("dossier.toml")).unwrap();
    let whole = sample();
    let items = whole.items().iter().cloned().map(|item| {
        if item.slot == "patents" {
            CheckedItem {
                path: path.clone(),
                sha256: Digest::of(&bytes),
                file_name: "专利.pdf".to_owned(),
                ..item
            }
        } else {
            item
        }
    });
    let items = items.collect();
    let dossier = dossier::check(&statement, whole.pack(), items, whole.on()).unwrap();
    let out = tempfile::tempdir().unwrap();
    match bind(&dossier, &InThisProcess, out.path()) {
        Err(BindError::Source {
            slot, file_name, ..
        }) => assert_eq!((slot.as_str(), file_name.as_str()), ("patents", "专利.pdf")),
        other => panic!("{other:?}"),
    }
    assert!(snapshot(out.path()).is_empty());
}
