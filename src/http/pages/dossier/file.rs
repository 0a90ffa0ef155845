//! `/dossiers/{id}/files/{file}`: one file, its findings beside the pages they are on, and what can be done with it.

use std::collections::BTreeMap;

use actix_web::{
    HttpRequest,
    web::{Data, Payload},
};
use serde::Serialize;

use super::{
    UNPLACED,
    standing::{self, FileCard},
    upload_of,
};
use crate::{
    dossier::Dossier,
    error_code::ErrorCode,
    finding::{Finding, Report},
    http::{
        Services,
        access::{Caller, OpenDossier},
        body,
        pages::{form, templates},
        problem::{Answer, Problem},
        v1::{judge, pack_of, slot},
    },
    lang::Bilingual,
    rulepack::Slot,
    store::{DossierRow, Id, StoreError},
};

#[derive(Serialize)]
struct Page {
    id: Id,
    mine: bool,
    file: FileCard,
    slot: Option<SlotName>,
    places: Vec<SlotName>,
    /// Findings that are on no page.
    whole: Vec<Finding>,
    /// Pages with findings, in order.
    pages: Vec<PageFindings>,
    /// Pages without any.
    others: Vec<u32>,
    not_told: Vec<Bilingual>,
    not_checked: Vec<Bilingual>,
    judged_on: Option<String>,
}

#[derive(Serialize)]
struct SlotName {
    id: String,
    title: Bilingual,
}

#[derive(Serialize)]
struct PageFindings {
    page: u32,
    findings: Vec<Finding>,
}

/// Pages shown in small at the most.
const MOST_SMALL_PAGES: u32 = 60;

/// One file and what was found in it.
pub(in crate::http) async fn show(
    request: HttpRequest,
    services: Data<Services>,
    caller: Caller,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let upload = upload_of(&request, &services, &row).await?;
    let pack = pack_of(&services, &row).await?;
    let kept = services.store.reports(&row.id).await?;
    let kept = kept.into_iter().find(|kept| kept.upload == upload.id);
    let report: Option<Report> = kept
        .map(|kept| serde_json::from_str(&kept.report))
        .transpose()
        .map_err(Problem::internal)?;
    let mut by_page: BTreeMap<u32, Vec<Finding>> = BTreeMap::new();
    let mut whole = Vec::new();
    for finding in report.iter().flat_map(|report| &report.findings) {
        match finding.page {
            Some(page) => by_page
                .entry(page.value())
                .or_default()
                .push(finding.clone()),
            None => whole.push(finding.clone()),
        }
    }
    let count = report
        .as_ref()
        .and_then(|report| report.pages)
        .unwrap_or_default();
    let others = (1..=count.min(MOST_SMALL_PAGES)).filter(|page| !by_page.contains_key(page));
    let others = others.collect();
    let not_told = report.iter().flat_map(|report| &report.outcomes);
    let not_told = not_told.filter_map(|outcome| match &outcome.outcome {
        crate::finding::Outcome::CouldNotTell(why) if outcome.required => Some(why.clone()),
        _ => None,
    });
    let name = |slot: &Slot| SlotName {
        id: slot.id.clone(),
        title: slot.name(),
    };
    let page = Page {
        id: row.id.clone(),
        mine: caller.actor != "anonymous",
        file: standing::file_card(&pack, &upload, report.as_ref()),
        slot: pack.slot(&upload.slot).map(name),
        places: pack
            .slots
            .iter()
            .filter(|slot| slot.uploaded)
            .map(name)
            .collect(),
        whole,
        pages: by_page
            .into_iter()
            .map(|(page, findings)| PageFindings { page, findings })
            .collect(),
        others,
        not_told: not_told.collect(),
        not_checked: report
            .as_ref()
            .map_or_else(Vec::new, |report| report.not_checked.clone()),
        judged_on: report.map(|report| report.judged_on.to_string()),
    };
    templates::page("dossier_file.html", page)
}

/// Puts a file in another slot, where it is judged anew.
pub(in crate::http) async fn place(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let upload = upload_of(&request, &services, &row).await?;
    let pack = pack_of(&services, &row).await?;
    let fields = form::fields(&request, payload, &services).await?;
    let slot = super::slot_for_files(&pack, fields.text("slot").unwrap_or_default())?;
    if slot.id != upload.slot {
        let statement: Dossier = serde_json::from_str(&row.statement).map_err(Problem::internal)?;
        let file = services.store.blobs().opened(upload.sha256).await?;
        let name = crate::intake::FileName::shown(&upload.file_name);
        let judging = judge::Judging {
            pack: Some(pack.clone()),
            slot: Some(slot.id.clone()),
            on: row.judged_on.unwrap_or_else(|| services.clock.today()),
            holder: Some(judge::holder(&statement)),
            online: judge::online(&services, &upload.id).await?,
        };
        let report = judging.report(&services, file, name, upload.sha256).await?;
        let kept = judge::kept(&upload.id, &report, &pack)?;
        let now = services.clock.now();
        services
            .store
            .place_upload(&row.id, &upload.id, &slot.id, &kept, None, now)
            .await
            .map_err(gone)?;
        record(&services, &caller, &row, "file.placed", &upload.id).await?;
    }
    let back = format!("{}{}", super::address(&row.id), super::anchor(&slot.id));
    form::see_other(&back)
}

/// Moves a file up or down by one place in its slot.
pub(in crate::http) async fn move_by_one(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let upload = upload_of(&request, &services, &row).await?;
    let fields = form::fields(&request, payload, &services).await?;
    let mut order = order_of(&services, &row, &upload.slot).await?;
    let place = order.iter().position(|id| *id == upload.id);
    let place = place.ok_or_else(Problem::not_found)?;
    let other = match fields.text("by") {
        Some("up") => place.checked_sub(1),
        Some("down") => Some(place + 1).filter(|other| *other < order.len()),
        _ => None,
    };
    // At the end already: as asked, nothing happens.
    if let Some(other) = other {
        order.swap(place, other);
        reorder(&services, &caller, &row, &upload.slot, &order).await?;
    }
    let back = format!("{}{}", super::address(&row.id), super::anchor(&upload.slot));
    form::see_other(&back)
}

/// Puts the files of a slot in the order they were dragged to.
pub(in crate::http) async fn order(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let slot: String = body::variable(&request, "slot")?;
    let fields = form::fields(&request, payload, &services).await?;
    let order: Result<Vec<Id>, _> = fields.all("order").map(str::parse).collect();
    let order = order.map_err(|_| Problem::not_found())?;
    reorder(&services, &caller, &row, &slot, &order).await?;
    form::see_other(&format!(
        "{}{}",
        super::address(&row.id),
        super::anchor(&slot)
    ))
}

async fn order_of(services: &Services, row: &DossierRow, slot: &str) -> Result<Vec<Id>, Problem> {
    let uploads = services.store.uploads(&row.id).await?;
    let here = uploads.into_iter().filter(|upload| upload.slot == slot);
    Ok(here.map(|upload| upload.id).collect())
}

async fn reorder(
    services: &Services,
    caller: &Caller,
    row: &DossierRow,
    slot: &str,
    order: &[Id],
) -> Result<(), Problem> {
    let now = services.clock.now();
    // The order is one of the files that are there now; a file that came or went in between is told, not lost.
    let done = services
        .store
        .reorder_uploads(&row.id, slot, order, None, now);
    done.await.map_err(gone)?;
    let subject = format!("dossier:{} slot:{slot}", row.id);
    caller.record(services, "files.reordered", subject).await
}

/// Gives a file another title and note for the contents page.
pub(in crate::http) async fn words(
    request: HttpRequest,
    payload: Payload,
    services: Data<Services>,
    caller: Caller,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let upload = upload_of(&request, &services, &row).await?;
    let fields = form::fields(&request, payload, &services).await?;
    let field = |name: &str| {
        let text = fields
            .text(name)
            .map(|text| slot::short(name, text.to_owned()));
        text.transpose()
    };
    let (title, note) = (field("title")?, field("note")?);
    let now = services.clock.now();
    let described = services.store.describe_upload(
        &row.id,
        &upload.id,
        title.as_deref(),
        note.as_deref(),
        None,
        now,
    );
    described.await.map_err(gone)?;
    record(&services, &caller, &row, "file.described", &upload.id).await?;
    form::see_other(&format!(
        "{}{}",
        super::address(&row.id),
        super::anchor(&upload.slot)
    ))
}

/// Removes a file and its bytes.
pub(in crate::http) async fn remove(
    request: HttpRequest,
    services: Data<Services>,
    caller: Caller,
    OpenDossier(row): OpenDossier,
) -> Answer {
    let upload = upload_of(&request, &services, &row).await?;
    let now = services.clock.now();
    let removed = services.store.remove_upload(&row.id, &upload.id, None, now);
    removed.await.map_err(gone)?;
    record(&services, &caller, &row, "file.removed", &upload.id).await?;
    let slot = if upload.slot == UNPLACED {
        UNPLACED
    } else {
        &upload.slot
    };
    form::see_other(&format!(
        "{}{}",
        super::address(&row.id),
        super::anchor(slot)
    ))
}

async fn record(
    services: &Services,
    caller: &Caller,
    row: &DossierRow,
    action: &str,
    file: &Id,
) -> Result<(), Problem> {
    let subject = format!("dossier:{} file:{file}", row.id);
    caller.record(services, action, subject).await
}

/// Something was removed or added in another window.
fn gone(error: StoreError) -> Problem {
    match error {
        StoreError::NotFound => Problem::new(ErrorCode::Changed).because(
            "卷宗在另一个窗口改动过，请看一眼现在的样子再做一次",
            "the dossier was changed in another window; look at it as it is now and do it again",
        ),
        other => other.into(),
    }
}
