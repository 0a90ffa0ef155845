//! Covers of the bags, the list of originals and the print list: what a person needs to fill two bags without mistake.

use serde::Serialize;

use super::{
    error::BindError,
    folder::{REVIEW_BAG, UNBOUND, file_name, unbound_name},
    plan::{Original, Plan},
};
use crate::{
    dossier::{Applicant, CheckedDossier},
    inspect::facts::Paper,
    rulepack::{Sides, Slot},
    typeset::{
        PdfForm, Typesetter,
        forms::{PrintList, PrintRow, spine_mm},
    },
};

const ORIGINALS_BAG: &str = "原件材料袋";

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
struct List<'d, R> {
    applicant: &'d Applicant,
    rows: &'d [R],
}

/// The finished papers by their path in the folder.
pub(super) fn typeset(
    dossier: &CheckedDossier,
    plan: &Plan,
    contents_pages: &[u32],
    typesetter: &Typesetter,
) -> Result<Vec<(String, Vec<u8>)>, BindError> {
    let mut papers = Vec::new();
    let mut add = |path: String, template: &str, title: &str, data: serde_json::Value| {
        let form = PdfForm::plain(title, Some(plan.on));
        let typeset = typesetter.typeset(template, &data, &form);
        let typeset = typeset.map_err(|cause| BindError::Typeset {
            template: template.to_owned(),
            cause,
        })?;
        papers.push((path, typeset.pdf));
        Ok::<(), BindError>(())
    };
    let notice = dossier.pack().title.zh.as_str();
    let applicant = &plan.applicant;
    let cover = |bag, rows| {
        json(&Cover {
            bag,
            notice,
            applicant,
            rows,
        })
    };
    let path = format!("{REVIEW_BAG}/材料袋封面.pdf");
    let rows = review_rows(plan, contents_pages);
    add(path, "bag_cover", "评审材料袋封面", cover(REVIEW_BAG, rows))?;
    let rows = print_rows(dossier, plan, contents_pages);
    let list = PrintList::new(&applicant.name, notice, rows, Vec::new());
    let path = format!("{REVIEW_BAG}/{UNBOUND}/打印清单.pdf");
    add(path, "print_list", "打印清单", json(&list))?;
    if !plan.originals.is_empty() {
        let rows = plan.originals.iter().map(original_row).collect();
        let path = format!("{ORIGINALS_BAG}/材料袋封面.pdf");
        add(
            path,
            "bag_cover",
            "原件材料袋封面",
            cover(ORIGINALS_BAG, rows),
        )?;
        let list = List {
            applicant,
            rows: &plan.originals,
        };
        let path = format!("{ORIGINALS_BAG}/原件清单.pdf");
        add(path, "originals_list", "原件清单", json(&list))?;
    }
    Ok(papers)
}

/// Our own plain data always become JSON; `Null` would make the template say what is missing.
fn json<T: Serialize>(data: &T) -> serde_json::Value {
    serde_json::to_value(data).unwrap_or_default()
}

fn review_rows(plan: &Plan, contents_pages: &[u32]) -> Vec<CoverRow> {
    let volumes = plan.volumes.iter().zip(contents_pages);
    let volumes = volumes.map(|(volume, contents)| CoverRow {
        title: volume.title.clone(),
        copies: "1".to_owned(),
        note: format!("装订成册，共 {} 页", volume.body_pages + contents),
    });
    let sheets = plan.unbound.iter().map(|sheet| CoverRow {
        title: sheet.slot.title.clone(),
        copies: sheet.slot.copies.to_string(),
        note: format!(
            "{}，{}，不装订",
            sheet.slot.paper.name(),
            sides(sheet.slot.sides)
        ),
    });
    volumes.chain(sheets).collect()
}

fn original_row(original: &Original) -> CoverRow {
    CoverRow {
        title: original.title.clone(),
        copies: "1".to_owned(),
        note: original.copy_at.clone().unwrap_or_default(),
    }
}

fn print_rows(dossier: &CheckedDossier, plan: &Plan, contents_pages: &[u32]) -> Vec<PrintRow> {
    let mut rows = Vec::new();
    for (volume, contents) in plan.volumes.iter().zip(contents_pages) {
        let pages = volume.body_pages + contents;
        rows.push(PrintRow {
            title: volume.title.clone(),
            file: format!("{REVIEW_BAG}/{}.pdf", file_name(&volume.title)),
            pages,
            paper: Paper::A4,
            sides: Sides::Single,
            copies: 1,
            notes: vec![
                "左侧装订".to_owned(),
                format!("书脊约 {:.0} 毫米", spine_mm(pages)),
            ],
        });
    }
    for sheet in &plan.unbound {
        for (i, &index) in sheet.papers.iter().enumerate() {
            rows.push(PrintRow {
                title: sheet.slot.title.clone(),
                file: format!(
                    "{REVIEW_BAG}/{UNBOUND}/{}",
                    unbound_name(&sheet.slot.title, i)
                ),
                pages: dossier.items().get(index).map_or(0, |item| item.pages),
                paper: sheet.slot.paper,
                sides: sheet.slot.sides,
                copies: sheet.slot.copies,
                notes: vec![binding(&sheet.slot).to_owned()],
            });
        }
    }
    rows
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
