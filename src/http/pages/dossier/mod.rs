//! The pages of one dossier, under `/dossiers/{id}`: what the applicant sees and does, with or without scripts.
//!
//! Every form is answered by 303 back to the dossier, so that reloading repeats nothing; a refusal is a page that leads back.

pub(super) mod absence;
pub(super) mod applicant;
pub(super) mod arrive;
pub(super) mod binding;
pub(super) mod contents;
pub(super) mod file;
pub(super) mod open;
pub(super) mod removal;
pub(super) mod show;
mod standing;

use actix_web::{
    HttpRequest,
    http::{Method, header::ACCEPT},
};

use super::form::Fields;
use crate::{
    error_code::ErrorCode,
    http::{
        Services,
        endpoints::{Access, Endpoint, page},
        problem::Problem,
        rates::Rate,
        v1,
    },
    rulepack::Pack,
    store::{DossierRow, Id, UploadRow},
};

#[rustfmt::skip]
pub(super) fn endpoints() -> Vec<Endpoint> {
    use Access::{Anyone, DossierPage};
    vec![
        page(Method::GET, "/dossiers/{id}", DossierPage, show::show),
        page(Method::POST, "/dossiers/{id}/open", Anyone, open::open),
        page(Method::POST, "/dossiers/{id}/leave", Anyone, open::leave),
        page(Method::GET, "/dossiers/{id}/applicant", DossierPage, applicant::show),
        page(Method::POST, "/dossiers/{id}/applicant", DossierPage, applicant::save),
        page(Method::GET, "/dossiers/{id}/events", DossierPage, v1::dossier_events::dossier_events),
        page(Method::POST, "/dossiers/{id}/files", DossierPage, arrive::arrive).counted(Rate::Upload),
        page(Method::GET, "/dossiers/{id}/files/{file}.pdf", DossierPage, v1::show_upload::show_upload),
        page(Method::GET, "/dossiers/{id}/files/{file}", DossierPage, file::show),
        page(Method::POST, "/dossiers/{id}/files/{file}/replace", DossierPage, arrive::replace).counted(Rate::Upload),
        page(Method::POST, "/dossiers/{id}/files/{file}/place", DossierPage, file::place),
        page(Method::POST, "/dossiers/{id}/files/{file}/move", DossierPage, file::move_by_one),
        page(Method::POST, "/dossiers/{id}/files/{file}/words", DossierPage, file::words),
        page(Method::POST, "/dossiers/{id}/files/{file}/remove", DossierPage, file::remove),
        page(Method::GET, "/dossiers/{id}/pages/{file}/{page}.png", DossierPage, v1::preview_page::preview_page),
        page(Method::POST, "/dossiers/{id}/slots/{slot}/order", DossierPage, file::order),
        page(Method::POST, "/dossiers/{id}/slots/{slot}/absent", DossierPage, absence::save),
        page(Method::GET, "/dossiers/{id}/contents/{volume}/{page}.png", DossierPage, contents::picture),
        page(Method::POST, "/dossiers/{id}/binding", DossierPage, binding::bind),
        page(Method::GET, "/dossiers/{id}/volumes/{volume}.pdf", DossierPage, v1::show_volume::show_volume),
        page(Method::GET, "/dossiers/{id}/bundle.zip", DossierPage, v1::show_volume::show_bundle),
        page(Method::GET, "/dossiers/{id}/manifest.json", DossierPage, v1::show_volume::show_manifest),
        page(Method::GET, "/dossiers/{id}/delete", DossierPage, removal::ask),
        page(Method::POST, "/dossiers/{id}/delete", DossierPage, removal::delete),
    ]
}

/// The slot of files that have no place yet.
pub(super) const UNPLACED: &str = "";

/// The address of a dossier's page.
pub(super) fn address(id: &Id) -> String {
    format!("/dossiers/{id}")
}

/// Whether a script asks, which wants to read the outcome, and not a person, who wants to see the page.
fn wants_json(request: &HttpRequest) -> bool {
    let accept = request.headers().get(ACCEPT);
    let accept = accept.and_then(|value| value.to_str().ok());
    accept.is_some_and(|accept| accept.starts_with("application/json"))
}

/// The revision a form was made for, when it names one.
fn revision(fields: &Fields) -> Option<i64> {
    let text = fields.text("revision")?;
    // What is no number is the revision of no dossier.
    Some(text.parse().unwrap_or(-1))
}

/// The file of the address.
async fn upload_of(
    request: &HttpRequest,
    services: &Services,
    row: &DossierRow,
) -> Result<UploadRow, Problem> {
    let id: Id = crate::http::body::variable(request, "file")?;
    let uploads = services.store.uploads(&row.id).await?;
    let found = uploads.into_iter().find(|upload| upload.id == id);
    found.ok_or_else(|| {
        Problem::not_found().because(
            "这个文件已不在卷宗里，可能在另一个窗口被更换或删除了",
            "this file is no longer in the dossier; it may have been replaced or removed in another window",
        )
    })
}

/// The anchor of the slot on the dossier's page.
fn anchor(slot: &str) -> String {
    if slot == UNPLACED {
        "#unplaced".to_owned()
    } else {
        format!("#slot-{slot}")
    }
}

/// A slot that takes files.
fn slot_for_files<'p>(pack: &'p Pack, id: &str) -> Result<&'p crate::rulepack::Slot, Problem> {
    let slot = pack.slot(id).ok_or_else(|| {
        Problem::new(ErrorCode::SlotUnknown)
            .because("请选择一个材料项", "choose a place for the file")
    })?;
    if slot.uploaded {
        Ok(slot)
    } else {
        Err(Problem::new(ErrorCode::SlotTakesNoFiles))
    }
}
