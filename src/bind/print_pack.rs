//! Everything beside the volumes that a person needs to fill two bags without mistake: covers, forms, lists.
//!
//! What does not depend on the volumes is made while they are written. The print list comes last, because it lists the rest.

use serde::Serialize;

use super::{
    covers::row,
    error::BindError,
    folder::{REVIEW_BAG, UNBOUND, file_name, unbound_name},
    manifest::ManifestVolume,
    options::Leaves,
    plan::{Plan, PlannedVolume},
    print_forms::{self, binding, typesetting},
    rows::pages_text,
};
use crate::{
    dossier::{Applicant, CheckedDossier},
    inspect::facts::Paper,
    rulepack::Sides,
    typeset::{
        PdfForm, Typeset, Typesetter,
        forms::{PrintList, PrintRow, spine_mm},
    },
};

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
pub(super) type Put<'p> = &'p (dyn Fn(&str, &[u8]) -> Result<(), BindError> + Sync);

/// The print pack of a dossier.
pub(super) struct PrintPack<'p> {
    pub(super) dossier: &'p CheckedDossier,
    pub(super) plan: &'p Plan,
    pub(super) contents_pages: &'p [u32],
    /// Pages of the contents sheets of each volume's supplements.
    pub(super) of_rounds: &'p [Vec<u32>],
    pub(super) typesetter: &'p Typesetter,
}

/// Rows of the print list that are known before the volumes are written: those before the 备考表, those after it.
pub(super) struct PrintRows {
    before: Vec<PrintRow>,
    after: Vec<PrintRow>,
}

impl PrintPack<'_> {
    /// Writes what can be made while the volumes are written.
    pub(super) fn beside_volumes(&self, put: Put<'_>) -> Result<PrintRows, BindError> {
        let pack = self.dossier.pack();
        let (mut before, mut after) = (Vec::new(), Vec::new());
        self.covers(put, &mut before)?;
        let made = print_forms::unbound(pack, self.plan, self.typesetter, put)?;
        self.volumes_to_print(&mut before);
        self.sheets_to_print(&made, &mut before);
        self.originals(put, &mut after)?;
        print_forms::by_hand(pack, self.applicant(), self.typesetter, put)?;
        print_forms::workbook(pack, self.applicant(), self.dossier.on(), put)?;
        Ok(PrintRows { before, after })
    }

    /// Writes the 备考表, which names the volumes' digests, and the list of all that is printed.
    pub(super) fn after_volumes(
        &self,
        rows: PrintRows,
        volumes: &[ManifestVolume],
        put: Put<'_>,
    ) -> Result<(), BindError> {
        let mut print = rows.before;
        self.filing_note(volumes, put, &mut print)?;
        print.extend(rows.after);
        self.print_list(put, print)
    }

    pub(super) fn applicant(&self) -> &Applicant {
        &self.plan.applicant
    }

    pub(super) fn notice(&self) -> &str {
        &self.dossier.pack().title.zh
    }

    pub(super) fn typeset<D: Serialize>(
        &self,
        template: &str,
        title: &str,
        data: &D,
    ) -> Result<Typeset, BindError> {
        let form = PdfForm::plain(title, Some(self.plan.on));
        let typeset = self.typesetter.typeset(template, data, &form);
        typeset.map_err(|cause| typesetting(template, cause))
    }

    pub(super) fn volumes_with_contents(&self) -> impl Iterator<Item = (&PlannedVolume, u32)> {
        let contents = self.contents_pages.iter().copied();
        self.plan.volumes.iter().zip(contents)
    }

    /// The volumes with the pages of their files.
    pub(super) fn volumes_with_pages(&self) -> impl Iterator<Item = (&PlannedVolume, u32)> {
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

    fn filing_note(
        &self,
        volumes: &[ManifestVolume],
        put: Put<'_>,
        print: &mut Vec<PrintRow>,
    ) -> Result<(), BindError> {
        if self.plan.volumes.is_empty() {
            return Ok(());
        }
        let pages = self.volumes_with_pages().map(|(_, pages)| pages);
        let written = self.volumes_with_contents().zip(volumes).zip(pages);
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
