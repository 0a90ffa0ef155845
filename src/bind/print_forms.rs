//! Forms of the print pack: those signed by hand before a dossier can be complete, those handed in unbound, the workbook.
//!
//! A paper the applicant did not bring and we have a form for is printed from the applicant's data, with empty lines where
//! something is missing.

use super::{
    error::BindError,
    folder::{ELECTRONIC, REVIEW_BAG, file_name, unbound_name},
    plan::Plan,
    print_pack::Put,
};
use crate::{
    dossier::Applicant,
    rulepack::{Pack, Slot},
    typeset::{
        Typeset, TypesetError, Typesetter,
        forms::{Form, PrintRow, situation_workbook},
    },
};

/// Where blank forms stand that are filled in by hand before a dossier is complete.
const BLANK_FORMS: &str = "空白表格";

/// The forms that are signed by hand before a dossier can be complete: 承诺书 and 年度考核表.
pub(super) fn by_hand(
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
pub(super) fn to_hand_in(
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

pub(super) fn typesetting(template: &str, cause: TypesetError) -> BindError {
    BindError::Typeset {
        template: template.to_owned(),
        cause,
    }
}

/// The form we have for a slot that is handed in unbound.
pub(super) fn form_for(slot: &Slot) -> Option<Form> {
    let unbound = slot.volume.is_none() && slot.uploaded;
    let form = Form::ALL.into_iter().find(|form| form.slot() == slot.id);
    form.filter(|_| unbound)
}

/// Forms for what is handed in unbound and was not brought; their slots and rows of the print list.
pub(super) fn unbound(
    pack: &Pack,
    plan: &Plan,
    typesetter: &Typesetter,
    put: Put<'_>,
) -> Result<Vec<(String, PrintRow)>, BindError> {
    let mut made = Vec::new();
    for slot in &pack.slots {
        let brought = plan.unbound.iter().any(|s| s.slot.id == slot.id);
        let Some(form) = form_for(slot).filter(|_| !brought) else {
            continue;
        };
        let typeset = print_form(form, pack, &plan.applicant, typesetter)?;
        let title = match form {
            Form::ReviewCover => format!("{}封面", file_name(&slot.title)),
            _ => file_name(&slot.title),
        };
        let path = format!("{REVIEW_BAG}/{}", unbound_name(&title, 0));
        put(&path, &typeset.pdf)?;
        let note = match form {
            Form::ReviewCover => "仅为封面，正文从申报系统打印",
            _ => "由所填信息生成，请核对、补齐后签章",
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
                notes: vec![note.to_owned(), binding(slot).to_owned()],
            },
        ));
    }
    Ok(made)
}

/// How a paper that is handed in unbound is kept together.
pub(super) fn binding(slot: &Slot) -> &'static str {
    if slot.bound_apart {
        "单独装订"
    } else {
        "不装订"
    }
}
