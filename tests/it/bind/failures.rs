//! Whatever stops a binding, the folder stays as it was: a full disk, a killed worker, a source that cannot be bound.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::Arc,
};

use juanzong::{
    bind::{
        self, BindError, BindOptions, BindRunner, Fault, InThisProcess, Output, RunError,
        VolumeError, VolumeJob, VolumeResult, write_volume,
    },
    digest::{self, Digest, Hasher},
    dossier::{self, CheckedDossier, CheckedItem},
    inspect::Margins,
    limits::Limits,
    sandbox::{Pool, PoolConfig},
    typeset::{TemplateSource, Typesetter},
    units::ByteLen,
};

use super::{font, job, one_plan::sample};
use crate::support::raw_pdf::{PageSpec, RawPdf};

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
    let mut input = |index: usize, _: Vec<u8>| {
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
    fn margins(&self, _: &File, _: u32) -> Result<Margins, RunError> {
        Err(RunError::Failed("killed".into()))
    }
}

/// Writes a volume and says it wrote more.
struct Boasts;

impl BindRunner for Boasts {
    fn write(
        &self,
        job: &VolumeJob,
        inputs: &[&File],
        output: &File,
    ) -> Result<VolumeResult, RunError> {
        let mut result = InThisProcess.write(job, inputs, output)?;
        result.size_bytes += 1;
        Ok(result)
    }
    fn margins(&self, file: &File, pages: u32) -> Result<Margins, RunError> {
        InThisProcess.margins(file, pages)
    }
}

#[test]
fn a_worker_whose_answer_does_not_fit_its_file_is_not_believed() {
    let out = tempfile::tempdir().unwrap();
    let error = bind(&sample(), &Boasts, out.path()).unwrap_err();
    assert!(matches!(error, BindError::Worker { .. }), "{error:?}");
    assert_eq!(snapshot(out.path()), []);
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

/// The sample with another file for its patents.
fn with_patents(path: &Path, sha256: Digest, pages: u32) -> CheckedDossier {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sample/004");
    let statement = dossier::read(&folder.join("dossier.toml")).unwrap();
    let whole = sample();
    let items = whole.items().iter().cloned().map(|item| {
        if item.slot == "patents" {
            CheckedItem {
                path: path.to_owned(),
                pages,
                sha256,
                margins: Some(Arc::default()),
                file_name: "专利.pdf".to_owned(),
                ..item
            }
        } else {
            item
        }
    });
    let items = items.collect();
    dossier::check(&statement, whole.pack(), items, whole.on()).unwrap()
}

#[test]
fn a_source_that_fails_is_named_with_its_slot_and_nothing_stays() {
    let papers = tempfile::tempdir().unwrap();
    let path = papers.path().join("broken.pdf");
    let bytes = b"%PDF-1.7 nothing else".to_vec();
    digest::write_atomically(&path, &bytes).unwrap();
    let dossier = with_patents(&path, Digest::of(&bytes), 1);
    let out = tempfile::tempdir().unwrap();
    match bind(&dossier, &InThisProcess, out.path()) {
        Err(BindError::Source {
            slot, file_name, ..
        }) => assert_eq!((slot.as_str(), file_name.as_str()), ("patents", "专利.pdf")),
        other => panic!("{other:?}"),
    }
    assert!(snapshot(out.path()).is_empty());
}

/// A real worker, started by `program` with `arguments`.
fn worker(program: &str, arguments: &[&str], limits: Limits) -> Pool {
    Pool::start(PoolConfig {
        program: PathBuf::from(program),
        arguments: arguments.iter().map(|&word| word.to_owned()).collect(),
        workers: 1,
        limits,
    })
    .unwrap()
}

/// What a worker said that could not bind `dossier`; what was bound before stays, byte for byte.
fn stays(dossier: &CheckedDossier, pool: &Pool) -> String {
    let out = tempfile::tempdir().unwrap();
    bind(&sample(), &InThisProcess, out.path()).unwrap();
    let before = snapshot(out.path());
    let error = match bind(dossier, pool, out.path()) {
        Err(BindError::Worker { cause, .. }) => format!("{cause:?}"),
        other => panic!("{other:?}"),
    };
    assert_eq!(snapshot(out.path()), before);
    error
}

#[test]
fn a_full_disk_leaves_everything_as_it_was() {
    // Files cannot grow beyond 40 KiB, which the worker meets as it meets a full disk: a write that fails.
    let script = "trap '' XFSZ; ulimit -f 40; exec \"$0\" worker";
    let arguments = ["-c", script, env!("CARGO_BIN_EXE_juanzong")];
    let error = stays(&sample(), &worker("bash", &arguments, Limits::DEFAULT));
    assert!(error.contains("the volume could not be written"), "{error}");
}

#[test]
fn a_worker_without_memory_leaves_everything_as_it_was() {
    use std::os::unix::fs::FileExt as _;
    // A page with a stream of 512 MiB, most of it a hole in the file.
    const HOLE: u64 = 512 << 20;
    let papers = tempfile::tempdir().unwrap();
    let path = papers.path().join("heavy.pdf");
    let head = format!(
        "%PDF-1.7\n1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj\n2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj\n\
         3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>> endobj\n4 0 obj <</Length {HOLE}>>\nstream\n"
    );
    let tail = b"\nendstream endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n";
    let file = File::create(&path).unwrap();
    file.write_all_at(head.as_bytes(), 0).unwrap();
    file.write_all_at(tail, head.len() as u64 + HOLE).unwrap();
    let mut hasher = Hasher::default();
    hasher.update(head.as_bytes());
    let nothing = vec![0; 1 << 20];
    (0..HOLE >> 20).for_each(|_| hasher.update(&nothing));
    hasher.update(tail);
    let dossier = with_patents(&path, hasher.finish(), 1);
    // Enough to start, too little to hold that file.
    let program = fs::metadata(env!("CARGO_BIN_EXE_juanzong")).unwrap().len();
    let limits = Limits {
        worker_memory: ByteLen::mib((program >> 20) + 384),
        ..Limits::DEFAULT
    };
    let error = stays(
        &dossier,
        &worker(env!("CARGO_BIN_EXE_juanzong"), &["worker"], limits),
    );
    assert!(
        error.contains("worker_memory") || error.contains("Died") || error.contains("memory"),
        "{error}"
    );
}

#[test]
fn a_fault_on_a_page_is_named_with_that_page() {
    let papers = tempfile::tempdir().unwrap();
    let path = papers.path().join("form.pdf");
    let mut pdf = RawPdf::new();
    let field = "/Annots [<< /Type /Annot /Subtype /Widget /Rect [100 600 300 660] /F 4 /FT /Tx /V <FEFFE000> >>]";
    let plain = PageSpec {
        content: "0 0 9 9 re f",
        ..PageSpec::default()
    };
    let root = pdf.add_pages(
        &[
            plain,
            PageSpec {
                extra: field,
                ..plain
            },
        ],
        "/AcroForm << /Fields [] >>",
    );
    let bytes = pdf.finish(root);
    digest::write_atomically(&path, &bytes).unwrap();
    let dossier = with_patents(&path, Digest::of(&bytes), 2);
    let out = tempfile::tempdir().unwrap();
    match bind(&dossier, &InThisProcess, out.path()) {
        Err(BindError::Source {
            slot,
            file_name,
            page,
            why,
        }) => {
            assert_eq!((slot.as_str(), file_name.as_str()), ("patents", "专利.pdf"));
            assert_eq!(page.map(juanzong::units::PageNumber::value), Some(2));
            assert_eq!(why, Fault::FieldCharacter('\u{e000}'));
        }
        other => panic!("{other:?}"),
    }
    assert!(snapshot(out.path()).is_empty());
}
