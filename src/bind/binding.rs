//! Binds a checked dossier: plan, contents pages, volumes side by side, print pack, manifest.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{
    error::BindError,
    folder::{ELECTRONIC, Folder, MANIFEST, REVIEW_BAG, SIGNED, at, file_name, unbound_name},
    job::{VolumeJob, VolumeResult},
    manifest::{self, Manifest, ManifestItem, ManifestNotice, ManifestPrevious, ManifestVolume},
    margins::PageMargins,
    plan::{BindOptions, Plan, PlannedVolume, Row, Supplements, plan},
    print_pack::{self, PrintPack},
    runner::{BindRunner, RunError},
    supplement, warnings,
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

/// Binds `dossier` into `out_dir`, which is made when it is not there.
pub fn bind(
    dossier: &CheckedDossier,
    typesetter: &Typesetter,
    runner: &dyn BindRunner,
    out_dir: &Path,
    options: &BindOptions,
) -> Result<Bound, BindError> {
    nothing_gone(dossier, options)?;
    let options = &without_idle_previous(dossier, options);
    let plan = plan(dossier, options);
    let existed = out_dir.exists();
    fs::create_dir_all(out_dir).map_err(at(out_dir))?;
    let bound = Folder::new(out_dir).and_then(|folder| {
        let binding = Binding {
            dossier,
            plan: &plan,
            options,
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

/// Prints what is filled in and signed by hand before a dossier can be complete: 承诺书, 年度考核表 and the situation sheet
/// as a spreadsheet, and every form for papers handed in unbound. Gives the files' paths below `out_dir`.
pub fn blank_forms(
    pack: &Pack,
    applicant: &Applicant,
    on: jiff::civil::Date,
    typesetter: &Typesetter,
    out_dir: &Path,
) -> Result<Vec<String>, BindError> {
    fs::create_dir_all(out_dir).map_err(at(out_dir))?;
    let folder = Folder::new(out_dir)?;
    let put = |path: &str, bytes: &[u8]| {
        let name = Path::new(path)
            .file_name()
            .map_or(Path::new(path), Path::new);
        folder.write(name, bytes)
    };
    print_pack::forms_by_hand(pack, applicant, typesetter, &put)?;
    print_pack::forms_to_hand_in(pack, applicant, typesetter, &put)?;
    print_pack::workbook(pack, applicant, on, &put)?;
    let names = folder.files().into_iter().map(|file| file.path).collect();
    folder.into_place()?;
    Ok(names)
}

/// An earlier binding says nothing to a new one of the same papers: bound again, the same bytes come out.
fn without_idle_previous(dossier: &CheckedDossier, options: &BindOptions) -> BindOptions {
    let mut options = options.clone();
    let previous = options.previous.as_deref();
    let idle = previous.is_none_or(|previous| !supplement::changed(dossier, previous));
    if idle && options.supplements == Supplements::BoundAnew {
        options.previous = None;
    }
    options
}

/// Papers can only be added to what was bound before and is still there.
fn nothing_gone(dossier: &CheckedDossier, options: &BindOptions) -> Result<(), BindError> {
    if options.supplements == Supplements::BoundAnew {
        return Ok(());
    }
    let previous = options
        .previous
        .as_deref()
        .ok_or(BindError::NotBoundBefore)?;
    supplement::gone(dossier, previous).map_or(Ok(()), |item| {
        Err(BindError::Gone {
            slot: item.slot.clone(),
            title: item.title.clone(),
        })
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

/// The data of `contents.typ` for papers that were added later.
#[derive(Serialize)]
struct SheetData<'d> {
    title: String,
    volume: &'d str,
    document_number: Option<&'d str>,
    applicant: &'d Applicant,
    rows: Vec<Row>,
}

/// The contents page of a volume as it will be printed; `None` when there is no such volume.
pub fn contents_page(
    dossier: &CheckedDossier,
    typesetter: &Typesetter,
    volume: u8,
) -> Result<Option<Typeset>, BindError> {
    let plan = plan(dossier, &BindOptions::default());
    let volume = plan.volumes.iter().find(|planned| planned.number == volume);
    volume
        .map(|volume| own_contents(dossier, &plan, typesetter, volume))
        .transpose()
}

/// The contents pages. Where the notice counts them along, their number is tried until it holds.
fn own_contents(
    dossier: &CheckedDossier,
    plan: &Plan,
    typesetter: &Typesetter,
    volume: &PlannedVolume,
) -> Result<Typeset, BindError> {
    const TRIES: u32 = 4;
    let mut pages = 1;
    let mut tries = 0;
    loop {
        let data = ContentsData {
            title: &volume.contents_title,
            volume: &volume.title,
            document_number: dossier.pack().document_number.as_deref(),
            applicant: &plan.applicant,
            rows: volume.rows(pages),
        };
        let form = PdfForm::plain(&volume.contents_title, Some(plan.on));
        let typeset = typesetter.typeset("contents", &data, &form);
        let typeset = typeset.map_err(|cause| BindError::Typeset {
            template: "contents".to_owned(),
            cause,
        })?;
        tries += 1;
        let shown = volume.contents != ContentsNumbering::Unnumbered;
        if typeset.pages == pages || !shown || tries == TRIES {
            return Ok(typeset);
        }
        pages = typeset.pages;
    }
}

struct Binding<'b> {
    dossier: &'b CheckedDossier,
    plan: &'b Plan,
    options: &'b BindOptions,
    typesetter: &'b Typesetter,
    runner: &'b dyn BindRunner,
    folder: &'b Folder,
}

/// The typeset contents of a volume: its own, then those of each supplement.
struct Contents {
    own: Typeset,
    sheets: Vec<Typeset>,
}

impl Contents {
    fn of_rounds(&self) -> Vec<u32> {
        self.sheets.iter().map(|sheet| sheet.pages).collect()
    }
}

/// A volume as written, and its papers whose signatures did not survive: indices into the dossier's items.
struct Written {
    volume: ManifestVolume,
    signed: Vec<usize>,
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
            .collect::<Result<Vec<Contents>, BindError>>()?;
        let written = self.volumes(&contents, &numbers)?;
        let signed: Vec<usize> = written.iter().flat_map(|w| w.signed.clone()).collect();
        let volumes: Vec<ManifestVolume> = written.into_iter().map(|w| w.volume).collect();
        self.unbound()?;
        let contents_pages: Vec<u32> = contents.iter().map(|contents| contents.own.pages).collect();
        let of_rounds: Vec<Vec<u32>> = contents.iter().map(Contents::of_rounds).collect();
        let pack = PrintPack {
            dossier: self.dossier,
            plan: self.plan,
            volumes: &volumes,
            contents_pages: &contents_pages,
            of_rounds: &of_rounds,
            typesetter: self.typesetter,
        };
        pack.write(&|path, bytes| self.folder.write(Path::new(path), bytes))?;
        self.mail_subject()?;
        let previous = self.options.previous.as_deref();
        let histories = supplement::histories(self.dossier, previous);
        let mut items = manifest::items(self.dossier, self.plan, &contents_pages, &histories);
        for index in signed {
            if let Some(item) = items.get_mut(index) {
                self.signed_original(index, item)?;
            }
        }
        let pack = self.dossier.pack();
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
            warnings: warnings::of(&volumes),
            volumes,
            items,
            absent: self.dossier.absent().to_vec(),
            previous: previous.map(|previous| ManifestPrevious {
                on: previous.on,
                merkle_root: previous.merkle_root,
                supplements: self.options.supplements,
            }),
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

    /// Writes the volumes, side by side where each has a worker of its own.
    fn volumes(&self, contents: &[Contents], numbers: &File) -> Result<Vec<Written>, BindError> {
        let volumes: Vec<_> = self.plan.volumes.iter().zip(contents).collect();
        let mut written = Vec::new();
        for side_by_side in volumes.chunks(self.runner.at_once().max(1)) {
            let done = std::thread::scope(|scope| {
                let running: Vec<_> = side_by_side
                    .iter()
                    .map(|&(volume, contents)| {
                        let run = scope.spawn(move || self.volume(volume, contents, numbers));
                        (volume, run)
                    })
                    .collect();
                let done = running.into_iter().map(|(volume, run)| {
                    run.join().unwrap_or_else(|_| {
                        Err(BindError::Worker {
                            volume: volume.title.clone(),
                            cause: "its thread stopped".into(),
                        })
                    })
                });
                done.collect::<Result<Vec<Written>, BindError>>()
            });
            written.extend(done?);
        }
        Ok(written)
    }

    /// Puts the untouched file of a signed paper into the bundle.
    fn signed_original(&self, index: usize, item: &mut ManifestItem) -> Result<(), BindError> {
        let Some(paper) = self.dossier.items().get(index) else {
            return Ok(());
        };
        let name = Path::new(&paper.file_name).file_stem().unwrap_or_default();
        let name = file_name(&name.to_string_lossy());
        let path = format!("{ELECTRONIC}/{SIGNED}/{:02}-{name}.pdf", index + 1);
        self.untouched(paper, &path)?;
        item.signed_original = Some(path);
        Ok(())
    }

    /// Copies a paper as it is.
    fn untouched(&self, paper: &CheckedItem, name: &str) -> Result<(), BindError> {
        let from = File::open(&paper.path).map_err(at(&paper.path))?;
        let mut output = self.folder.create(Path::new(name))?;
        io::copy(&mut io::BufReader::new(&from), &mut output).map_err(at(Path::new(name)))?;
        unchanged(paper, &output)?;
        output.sync_all().map_err(at(Path::new(name)))?;
        let size = output.metadata().map_err(at(Path::new(name)))?.len();
        self.folder.note(name, paper.sha256, size);
        Ok(())
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

    /// The contents pages of a volume and of what was added to it.
    fn contents(&self, volume: &PlannedVolume) -> Result<Contents, BindError> {
        let own = own_contents(self.dossier, self.plan, self.typesetter, volume)?;
        let sheets = volume.rounds.iter().map(|round| {
            let data = SheetData {
                title: format!("{}（补正）", volume.contents_title),
                volume: &volume.title,
                document_number: self.dossier.pack().document_number.as_deref(),
                applicant: &self.plan.applicant,
                rows: volume.rows_of_round(round, self.dossier, own.pages),
            };
            self.typeset("contents", &data, &data.title)
        });
        let sheets = sheets.collect::<Result<Vec<Typeset>, BindError>>()?;
        Ok(Contents { own, sheets })
    }

    fn volume(
        &self,
        volume: &PlannedVolume,
        contents: &Contents,
        numbers: &File,
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
        let margins: Vec<_> = items
            .iter()
            .zip(&papers)
            .map(|(item, file)| self.margins(item, file))
            .collect();
        let job = volume.job(
            self.plan,
            contents.own.pages,
            &contents.of_rounds(),
            &margins,
        );
        let own = self.folder.scratch(&contents.own.pdf)?;
        let sheets = contents
            .sheets
            .iter()
            .map(|sheet| self.folder.scratch(&sheet.pdf))
            .collect::<Result<Vec<File>, BindError>>()?;
        let mut inputs = vec![numbers, &own];
        inputs.extend(papers.iter().chain(&sheets));
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
        let result = written.map_err(|error| failed(volume, &items, error))?;
        output.sync_all().map_err(at(Path::new(&name)))?;
        self.folder.note(&name, result.sha256, result.size_bytes);
        let signed = signed_items(&job, &result, volume);
        let contents_pages = contents.own.pages;
        Ok(Written {
            volume: manifest::volume(
                self.dossier,
                volume,
                &job.parts,
                contents_pages,
                name,
                &result,
            ),
            signed,
        })
    }

    /// The margins of a paper; what cannot be looked at is numbered where the notice wants it, and the manifest says so.
    fn margins(&self, item: &CheckedItem, file: &File) -> Vec<Option<PageMargins>> {
        self.runner
            .margins(file, item.pages)
            .unwrap_or_else(|error| {
                tracing::warn!(slot = item.slot, ?error, "margins could not be looked at");
                Vec::new()
            })
    }

    /// Copies what is handed in unbound, under the notice's names.
    fn unbound(&self) -> Result<(), BindError> {
        for sheet in &self.plan.unbound {
            for (i, &index) in sheet.papers.iter().enumerate() {
                if let Some(item) = self.dossier.items().get(index) {
                    let name = format!("{REVIEW_BAG}/{}", unbound_name(&sheet.slot.title, i));
                    self.untouched(item, &name)?;
                }
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

/// Why a volume was not written, with the paper at fault.
fn failed(volume: &PlannedVolume, items: &[&CheckedItem], error: RunError) -> BindError {
    let (fault, item) = match error {
        RunError::Source(fault) => {
            let item = items.get(fault.input.wrapping_sub(2));
            (fault, item)
        }
        RunError::Failed(cause) => {
            return BindError::Worker {
                volume: volume.title.clone(),
                cause,
            };
        }
    };
    match item {
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
