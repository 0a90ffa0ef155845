//! Binds a checked dossier: plan, contents pages, volumes side by side, print pack, manifest.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    thread,
};

use super::{
    contents::{Contents, number_font},
    error::BindError,
    folder::{ELECTRONIC, Folder, MANIFEST, REVIEW_BAG, SIGNED, at, file_name, unbound_name},
    manifest::{self, Manifest, ManifestItem, ManifestNotice, ManifestPrevious, ManifestVolume},
    options::{BindOptions, Supplements},
    papers::{Papers, unchanged},
    plan::{Plan, plan},
    print_forms,
    print_pack::PrintPack,
    runner::BindRunner,
    supplement,
    volumes::{Volumes, joined},
    warnings,
};
use crate::{
    digest::Digest,
    dossier::{Applicant, CheckedDossier, CheckedItem},
    rulepack::Pack,
    typeset::Typesetter,
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
    print_forms::by_hand(pack, applicant, typesetter, &put)?;
    print_forms::to_hand_in(pack, applicant, typesetter, &put)?;
    print_forms::workbook(pack, applicant, on, &put)?;
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

struct Binding<'b> {
    dossier: &'b CheckedDossier,
    plan: &'b Plan,
    options: &'b BindOptions,
    typesetter: &'b Typesetter,
    runner: &'b dyn BindRunner,
    folder: &'b Folder,
}

/// The volumes as written.
#[derive(Default)]
struct WrittenVolumes {
    volumes: Vec<ManifestVolume>,
    /// Papers whose signatures did not survive: indices into the dossier's items.
    signed: Vec<usize>,
}

impl Binding<'_> {
    fn write_all(&self) -> Result<Manifest, BindError> {
        let papers = Papers::open(self.dossier, self.plan)?;
        // The papers are hashed again on another core, from the very start.
        let (contents_pages, written) = thread::scope(|scope| {
            let hashing = scope.spawn(|| papers.unchanged());
            let written = self.volumes_and_pack(&papers);
            joined(hashing, "papers")?;
            written
        })?;
        self.mail_subject()?;
        let manifest = self.manifest(&contents_pages, written)?;
        let mut text = serde_json::to_vec_pretty(&manifest).map_err(|error| BindError::Io {
            path: MANIFEST.into(),
            cause: error.into(),
        })?;
        text.push(b'\n');
        self.folder.write(Path::new(MANIFEST), &text)?;
        Ok(manifest)
    }

    /// Writes the volumes, what is handed in unbound and the print pack; the pages of the volumes' contents, and what was written.
    fn volumes_and_pack(
        &self,
        papers: &Papers<'_>,
    ) -> Result<(Vec<u32>, WrittenVolumes), BindError> {
        let (numbers, contents) = self.contents()?;
        let numbers = self.folder.scratch(&numbers)?;
        let own: Vec<u32> = contents.iter().map(|contents| contents.own.pages).collect();
        let of_rounds: Vec<Vec<u32>> = contents.iter().map(Contents::of_rounds).collect();
        let volumes = Volumes {
            dossier: self.dossier,
            plan: self.plan,
            runner: self.runner,
            folder: self.folder,
            numbers: &numbers,
            papers,
        };
        let pack = PrintPack {
            dossier: self.dossier,
            plan: self.plan,
            contents_pages: &own,
            of_rounds: &of_rounds,
            typesetter: self.typesetter,
        };
        let put = |path: &str, bytes: &[u8]| self.folder.write(Path::new(path), bytes);
        // Covers, forms and lists are typeset while the volumes are written.
        let written = thread::scope(|scope| {
            let beside = scope.spawn(|| pack.beside_volumes(&put));
            let mut written = WrittenVolumes::default();
            let mut on_the_way = Vec::new();
            let all = volumes.write(scope, &contents)?;
            self.unbound()?;
            for volume in all {
                let volume = volumes.finish(volume)?;
                on_the_way.push(volume.on_the_way);
                written.signed.extend(volume.signed);
                written.volumes.push(volume.volume);
            }
            let rows = joined(beside, "print pack")?;
            pack.after_volumes(rows, &written.volumes, &put)?;
            for (on_the_way, volume) in on_the_way.into_iter().zip(&written.volumes) {
                joined(on_the_way, &volume.title)?;
            }
            Ok::<_, BindError>(written)
        })?;
        Ok((own, written))
    }

    /// The page of the numbers' font, and the contents pages of each volume.
    fn contents(&self) -> Result<(Vec<u8>, Vec<Contents>), BindError> {
        thread::scope(|scope| {
            let numbers = scope.spawn(|| number_font(self.typesetter));
            let of = |volume| Contents::of(self.dossier, self.plan, self.typesetter, volume);
            let contents = self.plan.volumes.iter().map(of);
            let contents = contents.collect::<Result<Vec<Contents>, BindError>>()?;
            Ok((joined(numbers, "page numbers")?, contents))
        })
    }

    /// The manifest of what was written.
    fn manifest(
        &self,
        contents_pages: &[u32],
        written: WrittenVolumes,
    ) -> Result<Manifest, BindError> {
        let previous = self.options.previous.as_deref();
        let histories = supplement::histories(self.dossier, previous);
        let mut items = manifest::items(self.dossier, self.plan, contents_pages, &histories);
        for index in written.signed {
            if let Some(item) = items.get_mut(index) {
                self.signed_original(index, item)?;
            }
        }
        let pack = self.dossier.pack();
        let leaves: Vec<Digest> = items.iter().map(|item| item.leaf).collect();
        Ok(Manifest {
            manifest_version: 1,
            on: self.plan.on,
            notice: ManifestNotice {
                id: pack.id.clone(),
                document_number: pack.document_number.clone(),
                pack_sha256: pack.sha256,
            },
            applicant: self.plan.applicant.name.clone(),
            warnings: warnings::of(&written.volumes),
            volumes: written.volumes,
            items,
            absent: self.dossier.absent().to_vec(),
            previous: previous.map(|previous| ManifestPrevious {
                on: previous.on,
                merkle_root: previous.merkle_root,
                supplements: self.options.supplements,
            }),
            merkle_root: manifest::merkle_root(&leaves),
            files: self.folder.files(),
        })
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
        let size = output.metadata().map_err(at(Path::new(name)))?.len();
        self.folder.note(name, paper.sha256, size);
        self.folder.sync_later(output);
        Ok(())
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
