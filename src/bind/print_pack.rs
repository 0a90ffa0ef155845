//! Everything beside the volumes that a person needs to fill two bags without mistake: covers, forms, lists.
//!
//! A paper the applicant did not bring and we have a form for is printed from the applicant's data, with empty lines
//! where something is missing. The print list comes last, because it lists the rest.

use serde::Serialize;

use super::{
    error::BindError,
    folder::{ELECTRONIC, ORIGINALS_BAG, REVIEW_BAG, UNBOUND, file_name, unbound_name},
    manifest::ManifestVolume,
    plan::{Leaves, Original, Plan, PlannedVolume, pages_text},
};
use crate::{
    dossier::{Applicant, CheckedDossier},
    inspect::facts::Paper,
    rulepack::{Pack, Sides, Slot},
    typeset::{
        PdfForm, Typeset, TypesetError, Typesetter,
        forms::{Form, PrintList, PrintRow, situation_workbook, spine_mm},
    },
};

/// Where blank forms stand that are filled in by hand before a dossier is complete.
pub(super) const BLANK_FORMS: &str = "空白表格";

#[derive(Serialize)]
struct Cover<'d> {
    bag: &'d str,
    notice: &'d str,
    applicant: &'d Applicant,
    rows: Vec<CoverRow>,
}

#[derive(Serialize)]
struct CoverRow {
    title: String,
    copies: String,
    note: String,
}

#[derive(Serialize)]
struct OriginalsList<'d> {
    applicant: &'d Applicant,
    rows: &'d [Original],
}

#[derive(Serialize)]
struct VolumeCovers<'d> {
    title: String,
    notice: &'d str,
    on: jiff::civil::Date,
    applicant: &'d Applicant,
    volumes: Vec<CoveredVolume<'d>>,
}

#[derive(Serialize)]
struct CoveredVolume<'d> {
    title: &'d str,
    pages: u32,
    contents_pages: u32,
}

#[derive(Serialize)]
struct FilingNote<'d> {
    on: jiff::civil::Date,
    applicant: &'d Applicant,
    volumes: Vec<NotedVolume<'d>>,
    supplements: Vec<NotedSupplement<'d>>,
}

#[derive(Serialize)]
struct NotedVolume<'d> {
    title: &'d str,
    papers: usize,
    numbers: String,
    contents_pages: u32,
    spine_mm: String,
    sha256: String,
}

#[derive(Serialize)]
struct NotedSupplement<'d> {
    volume: &'d str,
    title: &'d str,
    pages: String,
}

/// Takes a finished file to its place in the folder.
pub(super) type Put<'p> = &'p dyn Fn(&str, &[u8]) -> Result<(), BindError>;

/// The print pack of a dossier whose volumes are written.
pub(super) struct PrintPack<'p> {
    pub(super) dossier: &'p CheckedDossier,
    pub(super) plan: &'p Plan,
    pub(super) volumes: &'p [ManifestVolume],
    pub(super) contents_pages: &'p [u32],
    /// Pages of the contents sheets of each volume's supplements.
    pub(super) of_rounds: &'p [Vec<u32>],
    pub(super) typesetter: &'p Typesetter,
}

impl PrintPack<'_> {
    /// Writes all of it.
    pub(super) fn write(&self, put: Put<'_>) -> Result<(), BindError> {
        let mut print = Vec::new();
        self.covers(put, &mut print)?;
        let made = self.unbound_forms(put)?;
        self.volumes_to_print(&mut print);
        self.sheets_to_print(&made, &mut print);
        self.filing_note(put, &mut print)?;
        self.originals(put, &mut print)?;
        forms_by_hand(self.dossier.pack(), self.applicant(), self.typesetter, put)?;
        workbook(
            self.dossier.pack(),
            self.applicant(),
            self.dossier.on(),
            put,
        )?;
        self.print_list(put, print)
    }

    fn applicant(&self) -> &Applicant {
        &self.plan.applicant
    }

    fn notice(&self) -> &str {
        &self.dossier.pack().title.zh
    }

    fn typeset<D: Serialize>(
        &self,
        template: &str,
        title: &str,
        data: &D,
    ) -> Result<Typeset, BindError> {
        let form = PdfForm::plain(title, Some(self.plan.on));
        let typeset = self.typesetter.typeset(template, data, &form);
        typeset.map_err(|cause| typesetting(template, cause))
    }

    fn covers(&self, put: Put<'_>, print: &mut Vec<PrintRow>) -> Result<(), BindError> {
        let cover = Cover {
            bag: REVIEW_BAG,
            notice: self.notice(),
            applicant: self.applicant(),
            rows: self.review_rows(),
        };
        let made = self.typeset("bag_cover", "评审材料袋封面", &cover)?;
        let path = format!("{REVIEW_BAG}/材料袋封面.pdf");
        put(&path, &made.pdf)?;
        let notes = ["贴在评审材料袋正面"];
        print.push(row("评审材料袋封面", path, &made, Sides::Single, &notes));
        if self.plan.volumes.is_empty() {
            return Ok(());
        }
        let covers = VolumeCovers {
            title: format!("专业技术资格{}材料", self.dossier.pack().way.name().zh),
            notice: self.notice(),
            on: self.plan.on,
            applicant: self.applicant(),
            volumes: self
                .volumes_with_contents()
                .map(|(volume, contents_pages)| CoveredVolume {
                    title: &volume.title,
                    pages: volume.body_pages,
                    contents_pages,
                })
                .collect(),
        };
        let made = self.typeset("volume_cover", "分册封面", &covers)?;
        let path = format!("{REVIEW_BAG}/分册封面.pdf");
        put(&path, &made.pdf)?;
        let notes = ["浅色卡纸，每册一页，胶装"];
        print.push(row("分册封面", path, &made, Sides::Single, &notes));
        Ok(())
    }

    fn volumes_with_contents(&self) -> impl Iterator<Item = (&PlannedVolume, u32)> {
        let contents = self.contents_pages.iter().copied();
        self.plan.volumes.iter().zip(contents)
    }

    /// The volumes with the pages of their files.
    fn volumes_with_pages(&self) -> impl Iterator<Item = (&PlannedVolume, u32)> {
        let volumes = self.volumes_with_contents().zip(self.of_rounds);
        volumes
            .map(|((volume, contents), of_rounds)| (volume, volume.file_pages(contents, of_rounds)))
    }

    fn sides_of_volumes(&self) -> Sides {
        match self.plan.leaves {
            Leaves::RunOn => Sides::Single,
            Leaves::Duplex | Leaves::ItemsOnFront => Sides::Duplex,
        }
    }

    /// How thick a volume becomes.
    fn spine(&self, pages: u32) -> f64 {
        spine_mm(match self.sides_of_volumes() {
            Sides::Single => pages,
            Sides::Duplex => pages.div_ceil(2),
        })
    }

    /// Rows of the review bag's cover.
    fn review_rows(&self) -> Vec<CoverRow> {
        let volumes = self.volumes_with_pages().map(|(volume, pages)| CoverRow {
            title: volume.title.clone(),
            copies: "1".to_owned(),
            note: format!("装订成册，共 {pages} 页"),
        });
        let sheets = self.dossier.pack().slots.iter().filter(|slot| {
            let brought = self.plan.unbound.iter().any(|s| s.slot.id == slot.id);
            brought || form_for(slot).is_some()
        });
        let sheets = sheets.map(|slot| CoverRow {
            title: slot.title.clone(),
            copies: slot.copies.to_string(),
            note: format!(
                "{}，{}，{}",
                slot.paper.name(),
                sides(slot.sides),
                binding(slot)
            ),
        });
        volumes.chain(sheets).collect()
    }

    fn volumes_to_print(&self, print: &mut Vec<PrintRow>) {
        for (volume, pages) in self.volumes_with_pages() {
            print.push(PrintRow {
                title: volume.title.clone(),
                file: format!("{REVIEW_BAG}/{}.pdf", file_name(&volume.title)),
                pages,
                paper: Paper::A4,
                sides: self.sides_of_volumes(),
                copies: 1,
                notes: vec![
                    "左侧胶装".to_owned(),
                    format!("书脊约 {:.1} 毫米", self.spine(pages)),
                ],
            });
        }
    }

    /// Forms for what is handed in unbound and was not brought; their rows of the print list.
    fn unbound_forms(&self, put: Put<'_>) -> Result<Vec<(String, PrintRow)>, BindError> {
        let mut made = Vec::new();
        for slot in &self.dossier.pack().slots {
            let brought = self.plan.unbound.iter().any(|s| s.slot.id == slot.id);
            let Some(form) = form_for(slot).filter(|_| !brought) else {
                continue;
            };
            let typeset = print_form(form, self.dossier.pack(), self.applicant(), self.typesetter)?;
            let title = match form {
                Form::ReviewCover => format!("{}封面", file_name(&slot.title)),
                _ => file_name(&slot.title),
            };
            let path = format!("{REVIEW_BAG}/{}", unbound_name(&title, 0));
            put(&path, &typeset.pdf)?;
            let notes = match form {
                Form::ReviewCover => vec![
                    "仅为封面，正文从申报系统打印".to_owned(),
                    binding(slot).to_owned(),
                ],
                _ => vec![
                    "由所填信息生成，请核对、补齐后签章".to_owned(),
                    binding(slot).to_owned(),
                ],
            };
            made.push((
                slot.id.clone(),
                PrintRow {
                    title,
                    file: path,
                    pages: typeset.pages,
                    paper: slot.paper,
                    sides: slot.sides,
                    copies: slot.copies,
                    notes,
                },
            ));
        }
        Ok(made)
    }

    /// What is handed in unbound, in the notice's order, brought or made here.
    fn sheets_to_print(&self, made: &[(String, PrintRow)], print: &mut Vec<PrintRow>) {
        for slot in &self.dossier.pack().slots {
            print.extend(
                made.iter()
                    .filter(|(id, _)| *id == slot.id)
                    .map(|(_, row)| row.clone()),
            );
            let brought = self.plan.unbound.iter().filter(|s| s.slot.id == slot.id);
            let papers = brought.flat_map(|sheet| sheet.papers.iter().enumerate());
            print.extend(papers.map(|(i, &index)| PrintRow {
                title: slot.title.clone(),
                file: format!("{REVIEW_BAG}/{}", unbound_name(&slot.title, i)),
                pages: self.dossier.items().get(index).map_or(0, |item| item.pages),
                paper: slot.paper,
                sides: slot.sides,
                copies: slot.copies,
                notes: vec![binding(slot).to_owned()],
            }));
        }
    }

    fn filing_note(&self, put: Put<'_>, print: &mut Vec<PrintRow>) -> Result<(), BindError> {
        if self.plan.volumes.is_empty() {
            return Ok(());
        }
        let pages = self.volumes_with_pages().map(|(_, pages)| pages);
        let written = self.volumes_with_contents().zip(self.volumes).zip(pages);
        let volumes = written.map(|(((volume, contents), written), pages)| {
            let first = volume.body_first(contents);
            let last = first + volume.body_pages.max(1) - 1;
            NotedVolume {
                title: &volume.title,
                papers: volume.papers.len(),
                numbers: pages_text(first, last),
                contents_pages: contents,
                spine_mm: format!("{:.1}", self.spine(pages)),
                sha256: written.sha256.to_hex(),
            }
        });
        let note = FilingNote {
            on: self.plan.on,
            applicant: self.applicant(),
            volumes: volumes.collect(),
            supplements: self.supplements(),
        };
        let made = self.typeset("filing_note", "备考表", &note)?;
        let path = format!("{REVIEW_BAG}/备考表.pdf");
        put(&path, &made.pdf)?;
        print.push(row("备考表", path, &made, Sides::Single, &["不装订"]));
        Ok(())
    }

    /// Papers added later, with their pages.
    fn supplements(&self) -> Vec<NotedSupplement<'_>> {
        let mut noted = Vec::new();
        for (volume, contents) in self.volumes_with_contents() {
            for round in &volume.rounds {
                for paper in volume.papers.get(round.papers.clone()).unwrap_or_default() {
                    let (from, to) = volume.numbers(paper, contents);
                    noted.push(NotedSupplement {
                        volume: &volume.title,
                        title: &paper.title,
                        pages: pages_text(from, to),
                    });
                }
            }
        }
        noted
    }

    fn originals(&self, put: Put<'_>, print: &mut Vec<PrintRow>) -> Result<(), BindError> {
        let originals = &self.plan.originals;
        if originals.is_empty() {
            return Ok(());
        }
        let cover = Cover {
            bag: ORIGINALS_BAG,
            notice: self.notice(),
            applicant: self.applicant(),
            rows: originals.iter().map(original_row).collect(),
        };
        let made = self.typeset("bag_cover", "原件材料袋封面", &cover)?;
        let path = format!("{ORIGINALS_BAG}/材料袋封面.pdf");
        put(&path, &made.pdf)?;
        let notes = ["贴在原件材料袋正面"];
        print.push(row("原件材料袋封面", path, &made, Sides::Single, &notes));
        let list = OriginalsList {
            applicant: self.applicant(),
            rows: originals,
        };
        let made = self.typeset("originals_list", "原件清单", &list)?;
        let path = format!("{ORIGINALS_BAG}/原件清单.pdf");
        put(&path, &made.pdf)?;
        let notes = ["随原件装入原件材料袋"];
        print.push(row("原件清单", path, &made, Sides::Single, &notes));
        Ok(())
    }

    fn print_list(&self, put: Put<'_>, rows: Vec<PrintRow>) -> Result<(), BindError> {
        let mut advice = vec!["按上表次序打印；评审材料与原件分装两个材料袋。".to_owned()];
        if self.sides_of_volumes() == Sides::Duplex {
            advice.push("分册双面打印时选“沿长边翻转”。".to_owned());
        }
        let list = PrintList::new(&self.applicant().name, self.notice(), rows, advice);
        let made = self.typeset("print_list", "打印清单", &list)?;
        let path = format!("{REVIEW_BAG}/{UNBOUND}/打印清单.pdf");
        put(&path, &made.pdf)
    }
}

/// The forms that are signed by hand before a dossier can be complete: 承诺书 and 年度考核表.
pub(super) fn forms_by_hand(
    pack: &Pack,
    applicant: &Applicant,
    typesetter: &Typesetter,
    put: Put<'_>,
) -> Result<(), BindError> {
    for form in [Form::Commitment, Form::AnnualAssessment] {
        if form.wanted_by(pack) {
            let made = print_form(form, pack, applicant, typesetter)?;
            let path = format!("{ELECTRONIC}/{BLANK_FORMS}/{}.pdf", form.title());
            put(&path, &made.pdf)?;
        }
    }
    Ok(())
}

/// Every form for what is handed in unbound, filled as far as the applicant's data go.
pub(super) fn forms_to_hand_in(
    pack: &Pack,
    applicant: &Applicant,
    typesetter: &Typesetter,
    put: Put<'_>,
) -> Result<(), BindError> {
    for form in pack.slots.iter().filter_map(form_for) {
        let made = print_form(form, pack, applicant, typesetter)?;
        put(&format!("{}.pdf", form.title()), &made.pdf)?;
    }
    Ok(())
}

/// The situation sheet as a spreadsheet, where the notice wants one.
pub(super) fn workbook(
    pack: &Pack,
    applicant: &Applicant,
    on: jiff::civil::Date,
    put: Put<'_>,
) -> Result<(), BindError> {
    if !Form::SituationSheet.wanted_by(pack) {
        return Ok(());
    }
    let path = format!("{ELECTRONIC}/{}.xlsx", Form::SituationSheet.title());
    let bytes = situation_workbook(pack, applicant, on).map_err(|error| BindError::Io {
        path: path.clone().into(),
        cause: std::io::Error::other(error),
    })?;
    put(&path, &bytes)
}

fn print_form(
    form: Form,
    pack: &Pack,
    applicant: &Applicant,
    typesetter: &Typesetter,
) -> Result<Typeset, BindError> {
    let made = form.print(typesetter, pack, applicant);
    made.map_err(|cause| typesetting(form.template(), cause))
}

fn typesetting(template: &str, cause: TypesetError) -> BindError {
    BindError::Typeset {
        template: template.to_owned(),
        cause,
    }
}

/// The form we have for a slot that is handed in unbound.
fn form_for(slot: &Slot) -> Option<Form> {
    let unbound = slot.volume.is_none() && slot.uploaded;
    let form = Form::ALL.into_iter().find(|form| form.slot() == slot.id);
    form.filter(|_| unbound)
}

fn row(title: &str, file: String, made: &Typeset, sides: Sides, notes: &[&str]) -> PrintRow {
    PrintRow {
        title: title.to_owned(),
        file,
        pages: made.pages,
        paper: Paper::A4,
        sides,
        copies: 1,
        notes: notes.iter().map(|&note| note.to_owned()).collect(),
    }
}

fn original_row(original: &Original) -> CoverRow {
    CoverRow {
        title: original.title.clone(),
        copies: "1".to_owned(),
        note: original.copy_at.clone().unwrap_or_default(),
    }
}

fn sides(sides: Sides) -> &'static str {
    match sides {
        Sides::Single => "单面",
        Sides::Duplex => "双面",
    }
}

fn binding(slot: &Slot) -> &'static str {
    if slot.bound_apart {
        "单独装订"
    } else {
        "不装订"
    }
}
