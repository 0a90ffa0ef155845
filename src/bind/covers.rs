//! Fronts of both bags, covers of the volumes, and the list of originals.

use serde::Serialize;

use super::{
    error::BindError,
    folder::{ORIGINALS_BAG, REVIEW_BAG},
    plan::{PlannedPaper, PlannedVolume},
    print_forms::{binding, form_for},
    print_pack::{PrintPack, Put},
};
use crate::{
    dossier::{Applicant, CheckedDossier},
    inspect::facts::Paper,
    rulepack::Sides,
    typeset::{Typeset, forms::PrintRow},
};

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

/// A paper whose original is shown.
#[derive(Serialize)]
struct Original {
    /// Its title.
    title: String,
    /// Slot it belongs to, as the notice words it.
    slot_title: String,
    /// Pages of its copy.
    pages: u32,
    /// Where its copy is bound: volume and first page.
    copy_at: Option<String>,
}

impl PrintPack<'_> {
    /// Fronts of the bag and of the volumes.
    pub(super) fn covers(&self, put: Put<'_>, print: &mut Vec<PrintRow>) -> Result<(), BindError> {
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

    /// Front and list of the originals' bag.
    pub(super) fn originals(
        &self,
        put: Put<'_>,
        print: &mut Vec<PrintRow>,
    ) -> Result<(), BindError> {
        let originals = &originals(self.dossier, &self.plan.volumes, self.contents_pages);
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
}

/// The papers whose originals are shown, with the place of their copies.
fn originals(
    dossier: &CheckedDossier,
    volumes: &[PlannedVolume],
    contents_pages: &[u32],
) -> Vec<Original> {
    let pack = dossier.pack();
    let slot_of = |paper: &PlannedPaper| dossier.items().get(paper.index).map(|i| i.slot.as_str());
    let mut found = Vec::new();
    for (volume, &contents_pages) in volumes.iter().zip(contents_pages) {
        for entry in &volume.entries {
            let Some(slot) = pack.slot(&entry.slot).filter(|slot| slot.originals_shown) else {
                continue;
            };
            let bound = volume.papers.get(entry.papers.clone()).unwrap_or_default();
            let later = volume.rounds.iter().flat_map(|round| {
                let papers = volume.papers.get(round.papers.clone());
                papers.unwrap_or_default().iter()
            });
            let later = later.filter(|paper| slot_of(paper) == Some(entry.slot.as_str()));
            for paper in bound.iter().chain(later) {
                found.push(Original {
                    title: paper.title.clone(),
                    slot_title: slot.title.clone(),
                    pages: paper.pages,
                    copy_at: Some(format!(
                        "{} 第{}页",
                        volume.title,
                        volume.numbers(paper, contents_pages).0
                    )),
                });
            }
        }
    }
    found
}

/// A row of the print list for a page we made.
pub(super) fn row(
    title: &str,
    file: String,
    made: &Typeset,
    sides: Sides,
    notes: &[&str],
) -> PrintRow {
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
