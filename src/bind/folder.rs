//! Writes the folder of a bound dossier (DESIGN §8): everything into a temporary folder first, then renamed into place,
//! the manifest last. When anything fails, nothing is left behind and what was there before stays.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
    sync::PoisonError,
};

use serde::Serialize;

use super::{
    error::BindError,
    lists,
    manifest::{self, Manifest, ManifestFile, ManifestNotice},
    plan::{BindOptions, Plan, PlannedVolume, Row, plan},
    runner::{BindRunner, RunError},
};
use crate::{
    digest::{Digest, Hasher},
    dossier::{Applicant, CheckedDossier, CheckedItem},
    rulepack::{ContentsNumbering, Pack},
    typeset::{PdfForm, Typeset, Typesetter},
};

/// A bound dossier.
#[derive(Clone, Debug)]
pub struct Bound {
    /// Its manifest, as written.
    pub manifest: Manifest,
    /// The volumes' files, in order.
    pub volumes: Vec<PathBuf>,
}

pub(super) const REVIEW_BAG: &str = "评审材料袋";
pub(super) const UNBOUND: &str = "不装订";
const ELECTRONIC: &str = "电子版";

/// Binds `dossier` into `out_dir`, which is made when it is not there.
pub fn bind(
    dossier: &CheckedDossier,
    typesetter: &Typesetter,
    runner: &dyn BindRunner,
    out_dir: &Path,
    options: &BindOptions,
) -> Result<Bound, BindError> {
    let plan = plan(dossier, options);
    let existed = out_dir.exists();
    fs::create_dir_all(out_dir).map_err(at(out_dir))?;
    let bound = Folder::new(out_dir).and_then(|folder| {
        let binding = Binding {
            dossier,
            plan: &plan,
            typesetter,
            runner,
            folder: &folder,
        };
        let manifest = binding.write_all()?;
        folder.into_place()?;
        Ok(manifest)
    });
    if bound.is_err() && !existed {
        // Only ever removes an empty folder.
        let _ = fs::remove_dir(out_dir);
    }
    let manifest = bound?;
    let volumes = manifest.volumes.iter();
    Ok(Bound {
        volumes: volumes.map(|volume| out_dir.join(&volume.file)).collect(),
        manifest,
    })
}

/// A page that shows every character a page number may need, with the font a [`super::VolumeJob`] takes from it.
pub fn number_font(typesetter: &Typesetter) -> Result<Vec<u8>, BindError> {
    const CHARACTERS: &str = "0123456789—ivxlcdm补-续 ";
    let data = serde_json::json!({ "characters": CHARACTERS });
    let form = PdfForm::plain("页码", None);
    let typeset = typesetter.typeset("page_numbers", &data, &form);
    typeset
        .map(|typeset| typeset.pdf)
        .map_err(|cause| BindError::Typeset {
            template: "page_numbers".to_owned(),
            cause,
        })
}

/// The data of `contents.typ`.
#[derive(Serialize)]
struct ContentsData<'d> {
    title: &'d str,
    volume: &'d str,
    document_number: Option<&'d str>,
    applicant: &'d Applicant,
    rows: Vec<Row>,
}

struct Binding<'b> {
    dossier: &'b CheckedDossier,
    plan: &'b Plan,
    typesetter: &'b Typesetter,
    runner: &'b dyn BindRunner,
    folder: &'b Folder,
}

impl Binding<'_> {
    fn write_all(&self) -> Result<Manifest, BindError> {
        let numbers = number_font(self.typesetter)?;
        let numbers = self.folder.scratch(&numbers)?;
        let contents = self
            .plan
            .volumes
            .iter()
            .map(|volume| self.contents(volume))
            .collect::<Result<Vec<Typeset>, BindError>>()?;
        let contents_pages: Vec<u32> = contents.iter().map(|typeset| typeset.pages).collect();
        let mut volumes = Vec::new();
        for (volume, contents) in self.plan.volumes.iter().zip(&contents) {
            volumes.push(self.volume(volume, contents, &numbers)?);
        }
        self.unbound()?;
        for (name, pdf) in
            lists::typeset(self.dossier, self.plan, &contents_pages, self.typesetter)?
        {
            self.folder.write(Path::new(&name), &pdf)?;
        }
        self.mail_subject()?;
        let pack = self.dossier.pack();
        let items = manifest::items(self.dossier, self.plan, &contents_pages);
        let leaves: Vec<Digest> = items.iter().map(|item| item.leaf).collect();
        let manifest = Manifest {
            manifest_version: 1,
            on: self.plan.on,
            notice: ManifestNotice {
                id: pack.id.clone(),
                document_number: pack.document_number.clone(),
                pack_sha256: pack.sha256,
            },
            applicant: self.plan.applicant.name.clone(),
            volumes,
            items,
            absent: self.dossier.absent().to_vec(),
            merkle_root: manifest::merkle_root(&leaves),
            files: self.folder.files(),
        };
        let mut text = serde_json::to_vec_pretty(&manifest).map_err(|error| BindError::Io {
            path: MANIFEST.into(),
            cause: error.into(),
        })?;
        text.push(b'\n');
        self.folder.write(Path::new(MANIFEST), &text)?;
        Ok(manifest)
    }

    fn typeset<D: Serialize>(
        &self,
        name: &str,
        data: &D,
        title: &str,
    ) -> Result<Typeset, BindError> {
        let form = PdfForm::plain(title, Some(self.plan.on));
        self.typesetter
            .typeset(name, data, &form)
            .map_err(|cause| BindError::Typeset {
                template: name.to_owned(),
                cause,
            })
    }

    /// The contents pages. Where the notice counts them along, their number is tried until it holds.
    fn contents(&self, volume: &PlannedVolume) -> Result<Typeset, BindError> {
        const TRIES: u32 = 4;
        let mut pages = 1;
        let mut tries = 0;
        loop {
            let data = ContentsData {
                title: &volume.contents_title,
                volume: &volume.title,
                document_number: self.dossier.pack().document_number.as_deref(),
                applicant: &self.plan.applicant,
                rows: volume.rows(pages),
            };
            let typeset = self.typeset("contents", &data, &volume.contents_title)?;
            tries += 1;
            let shown = volume.contents != ContentsNumbering::Unnumbered;
            if typeset.pages == pages || !shown || tries == TRIES {
                return Ok(typeset);
            }
            pages = typeset.pages;
        }
    }

    fn volume(
        &self,
        volume: &PlannedVolume,
        contents: &Typeset,
        numbers: &File,
    ) -> Result<manifest::ManifestVolume, BindError> {
        let job = volume.job(self.plan, contents.pages);
        let contents = self.folder.scratch(&contents.pdf)?;
        let items: Vec<&CheckedItem> = volume
            .papers
            .iter()
            .filter_map(|paper| self.dossier.items().get(paper.index))
            .collect();
        let papers = items
            .iter()
            .map(|item| File::open(&item.path).map_err(at(&item.path)))
            .collect::<Result<Vec<File>, BindError>>()?;
        let mut inputs = vec![numbers, &contents];
        inputs.extend(papers.iter());
        let name = format!("{REVIEW_BAG}/{}.pdf", file_name(&volume.title));
        let output = self.folder.create(Path::new(&name))?;
        // The papers are hashed on the other core while the worker reads them.
        let (written, unchanged) = std::thread::scope(|scope| {
            let hashing = scope.spawn(|| {
                let mut pairs = items.iter().zip(&papers);
                pairs.try_for_each(|(item, file)| unchanged(item, file))
            });
            let written = self.runner.write(&job, &inputs, &output);
            let unchanged = hashing.join();
            (written, unchanged)
        });
        unchanged.unwrap_or_else(|_| {
            Err(BindError::Worker {
                volume: volume.title.clone(),
                cause: "hashing stopped".into(),
            })
        })?;
        let result = written.map_err(|error| match error {
            RunError::Source(fault) => match items.get(fault.input.wrapping_sub(2)) {
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
            },
            RunError::Failed(cause) => BindError::Worker {
                volume: volume.title.clone(),
                cause,
            },
        })?;
        output.sync_all().map_err(at(Path::new(&name)))?;
        self.folder.note(&name, result.sha256, result.size_bytes);
        Ok(manifest::volume(
            self.dossier,
            volume,
            &job.parts,
            name,
            &result,
        ))
    }

    /// Copies what is handed in unbound, under the notice's names.
    fn unbound(&self) -> Result<(), BindError> {
        for sheet in &self.plan.unbound {
            for (i, &index) in sheet.papers.iter().enumerate() {
                let Some(item) = self.dossier.items().get(index) else {
                    continue;
                };
                let name = format!("{REVIEW_BAG}/{}", unbound_name(&sheet.slot.title, i));
                let from = File::open(&item.path).map_err(at(&item.path))?;
                let mut output = self.folder.create(Path::new(&name))?;
                let mut bytes = io::BufReader::new(&from);
                io::copy(&mut bytes, &mut output).map_err(at(Path::new(&name)))?;
                unchanged(item, &output)?;
                let size = output.metadata().map_err(at(Path::new(&name)))?.len();
                self.folder.note(&name, item.sha256, size);
            }
        }
        Ok(())
    }

    fn mail_subject(&self) -> Result<(), BindError> {
        let Some(subject) = mail_subject(self.dossier.pack(), &self.plan.applicant) else {
            return Ok(());
        };
        let name = format!("{ELECTRONIC}/邮件主题.txt");
        self.folder
            .write(Path::new(&name), format!("{subject}\n").as_bytes())
    }
}

/// The subject of the mail the notice asks for: `认定—石化—张三`. What is not known stays a blank to fill in.
pub fn mail_subject(pack: &Pack, applicant: &Applicant) -> Option<String> {
    let listed = pack
        .specialties
        .iter()
        .find(|one| applicant.specialty.as_deref() == Some(one.name.as_str()));
    let short = applicant
        .specialty_short
        .clone()
        .or_else(|| listed.and_then(|one| one.short.clone()))
        .or_else(|| applicant.specialty.clone())
        .unwrap_or_else(|| "＿＿".to_owned());
    pack.mail_subject(&short, &applicant.name)
}

/// Whether a file still has the digest it had when it was checked.
fn unchanged(item: &CheckedItem, file: &File) -> Result<(), BindError> {
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

/// Where the paper `i` of an unbound slot stands in the bag.
pub(super) fn unbound_name(title: &str, i: usize) -> String {
    let more = match i {
        0 => String::new(),
        i => format!("-{}", i + 1),
    };
    format!("{UNBOUND}/{}{more}.pdf", file_name(title))
}

/// A title as a file name: without 《》 and what file systems forbid.
pub(super) fn file_name(title: &str) -> String {
    const FORBIDDEN: &str = "/\\:*?\"<>|《》";
    let name: String = title
        .chars()
        .filter(|c| !FORBIDDEN.contains(*c) && !c.is_control())
        .collect();
    let name = name.trim().trim_matches('.').to_owned();
    if name.is_empty() {
        "材料".to_owned()
    } else {
        name
    }
}

const MANIFEST: &str = "manifest.json";

/// The folder being written.
struct Folder {
    temporary: tempfile::TempDir,
    target: PathBuf,
    noted: std::sync::Mutex<Vec<ManifestFile>>,
}

impl Folder {
    fn new(target: &Path) -> Result<Folder, BindError> {
        let temporary = tempfile::Builder::new()
            .prefix(".binding-")
            .tempdir_in(target)
            .map_err(at(target))?;
        Ok(Folder {
            temporary,
            target: target.to_owned(),
            noted: std::sync::Mutex::default(),
        })
    }

    /// A new file below the folder, open for reading and writing.
    fn create(&self, name: &Path) -> Result<File, BindError> {
        let path = self.temporary.path().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(at(parent))?;
        }
        OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(at(&path))
    }

    fn write(&self, name: &Path, bytes: &[u8]) -> Result<(), BindError> {
        let mut file = self.create(name)?;
        file.write_all(bytes)
            .and_then(|()| file.sync_all())
            .map_err(at(name))?;
        if name != Path::new(MANIFEST) {
            self.note(
                &name.to_string_lossy(),
                Digest::of(bytes),
                bytes.len() as u64,
            );
        }
        Ok(())
    }

    /// A file that is only read again by the worker.
    fn scratch(&self, bytes: &[u8]) -> Result<File, BindError> {
        let mut file = tempfile::tempfile_in(self.temporary.path()).map_err(at(&self.target))?;
        file.write_all(bytes).map_err(at(&self.target))?;
        Ok(file)
    }

    fn note(&self, path: &str, sha256: Digest, size_bytes: u64) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.push(ManifestFile {
            path: path.to_owned(),
            sha256,
            size_bytes,
        });
    }

    fn files(&self) -> Vec<ManifestFile> {
        let noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let mut files = noted.clone();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    }

    /// Moves everything into place, the manifest last; what stood there before is moved away first and comes back when
    /// something fails.
    fn into_place(self) -> Result<(), BindError> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.temporary.path()).map_err(at(&self.target))? {
            names.push(entry.map_err(at(&self.target))?.file_name());
        }
        names.sort_by_key(|name| (name == MANIFEST, name.clone()));
        let old = self.temporary.path().join(".old");
        fs::create_dir(&old).map_err(at(&old))?;
        let mut moved = Vec::new();
        for name in &names {
            let (from, to) = (self.temporary.path().join(name), self.target.join(name));
            let before = old.join(name);
            let had = fs::rename(&to, &before).is_ok();
            let result = fs::rename(&from, &to);
            moved.push((to, before, had));
            if let Err(cause) = result {
                for (to, before, had) in moved.iter().rev() {
                    let _ = fs::rename(to, self.temporary.path().join(".undone"));
                    if *had {
                        let _ = fs::rename(before, to);
                    }
                }
                return Err(at(&self.target)(cause));
            }
        }
        File::open(&self.target)
            .and_then(|folder| folder.sync_all())
            .map_err(at(&self.target))
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> BindError + use<> {
    let path = path.to_owned();
    move |cause| BindError::Io { path, cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_file_names() {
        assert_eq!(file_name("《专业技术人员情况表》"), "专业技术人员情况表");
        assert_eq!(file_name("../a:b"), "ab");
        assert_eq!(file_name("《》"), "材料");
    }
}
