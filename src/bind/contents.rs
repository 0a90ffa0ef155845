//! The contents pages of a volume, typeset from the plan, and the page that brings the font of the page numbers.

use serde::Serialize;

use super::{
    error::BindError,
    options::BindOptions,
    plan::{Plan, PlannedVolume, plan},
    rows::Row,
};
use crate::{
    dossier::{Applicant, CheckedDossier},
    rulepack::ContentsNumbering,
    typeset::{PdfForm, Typeset, Typesetter},
};

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

/// The contents page of a volume as it will be printed; `None` when there is no such volume.
pub fn contents_page(
    dossier: &CheckedDossier,
    typesetter: &Typesetter,
    volume: u8,
) -> Result<Option<Typeset>, BindError> {
    let plan = plan(dossier, &BindOptions::default());
    let volume = plan.volumes.iter().find(|planned| planned.number == volume);
    volume
        .map(|volume| own(dossier, &plan, typesetter, volume))
        .transpose()
}

/// The data of `contents.typ`.
#[derive(Serialize)]
struct ContentsData<'d> {
    title: String,
    volume: &'d str,
    document_number: Option<&'d str>,
    applicant: &'d Applicant,
    rows: Vec<Row>,
}

/// The typeset contents of a volume: its own, then those of each supplement.
pub(super) struct Contents {
    pub(super) own: Typeset,
    pub(super) sheets: Vec<Typeset>,
}

impl Contents {
    /// Those of `volume`.
    pub(super) fn of(
        dossier: &CheckedDossier,
        plan: &Plan,
        typesetter: &Typesetter,
        volume: &PlannedVolume,
    ) -> Result<Contents, BindError> {
        let own = own(dossier, plan, typesetter, volume)?;
        let sheets = volume.rounds.iter().map(|round| {
            let title = format!("{}（补正）", volume.contents_title);
            let rows = volume.rows_of_round(round, dossier, own.pages);
            sheet(dossier, plan, typesetter, volume, title, rows)
        });
        let sheets = sheets.collect::<Result<Vec<Typeset>, BindError>>()?;
        Ok(Contents { own, sheets })
    }

    /// Pages of the sheet of each supplement.
    pub(super) fn of_rounds(&self) -> Vec<u32> {
        self.sheets.iter().map(|sheet| sheet.pages).collect()
    }
}

/// The contents pages. Where the notice counts them along, their number is tried until it holds.
fn own(
    dossier: &CheckedDossier,
    plan: &Plan,
    typesetter: &Typesetter,
    volume: &PlannedVolume,
) -> Result<Typeset, BindError> {
    const TRIES: u32 = 4;
    let mut pages = 1;
    let mut tries = 0;
    loop {
        let title = volume.contents_title.clone();
        let rows = volume.rows(pages);
        let typeset = sheet(dossier, plan, typesetter, volume, title, rows)?;
        tries += 1;
        let shown = volume.contents != ContentsNumbering::Unnumbered;
        if typeset.pages == pages || !shown || tries == TRIES {
            return Ok(typeset);
        }
        pages = typeset.pages;
    }
}

fn sheet(
    dossier: &CheckedDossier,
    plan: &Plan,
    typesetter: &Typesetter,
    volume: &PlannedVolume,
    title: String,
    rows: Vec<Row>,
) -> Result<Typeset, BindError> {
    let form = PdfForm::plain(&title, Some(plan.on));
    let data = ContentsData {
        title,
        volume: &volume.title,
        document_number: dossier.pack().document_number.as_deref(),
        applicant: &plan.applicant,
        rows,
    };
    typesetter
        .typeset("contents", &data, &form)
        .map_err(|cause| BindError::Typeset {
            template: "contents".to_owned(),
            cause,
        })
}
