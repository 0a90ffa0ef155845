//! What the endpoints of a slot share: the slot of the address, its files, and the upload to it.

use std::{collections::BTreeMap, io::Write as _, sync::Arc};

use actix_web::{HttpRequest, web::Payload};

use super::{
    dossier_view::pack_of,
    judge::{self, Judging},
};
use crate::{
    dossier::{Dossier, Item},
    error_code::ErrorCode,
    finding::Report,
    http::{
        Services,
        body::{self, Upload},
        problem::Problem,
    },
    intake::FileName,
    rulepack::Pack,
    store::{DossierRow, Id, NewReport, NewUpload, StoreError, UploadRow},
};

/// The slot of the address.
pub(in crate::http) struct OpenSlot {
    pub(in crate::http) pack: Arc<Pack>,
    pub(in crate::http) id: String,
}

impl OpenSlot {
    /// The slot named in the address; 404 when the notice has none such.
    pub(super) async fn of(
        request: &HttpRequest,
        services: &Services,
        row: &DossierRow,
    ) -> Result<OpenSlot, Problem> {
        let pack = pack_of(services, row).await?;
        let id: String = body::variable(request, "slot")?;
        if pack.slot(&id).is_none() {
            return Err(Problem::not_found().because(
                format!("通知 `{}` 没有这一材料项", pack.id),
                format!("the notice `{}` has no such slot", pack.id),
            ));
        }
        Ok(OpenSlot { pack, id })
    }

    /// The file at place `n` of the address.
    pub(super) async fn file(
        &self,
        request: &HttpRequest,
        services: &Services,
        row: &DossierRow,
    ) -> Result<UploadRow, Problem> {
        let n: i64 = body::variable(request, "n")?;
        let uploads = services.store.uploads(&row.id).await?;
        let mut here = uploads.into_iter().filter(|file| file.slot == self.id);
        here.find(|file| file.place == n)
            .ok_or_else(Problem::not_found)
    }

    /// Refuses where no file may be added.
    pub(super) async fn refuse_when_full(
        &self,
        services: &Services,
        row: &DossierRow,
    ) -> Result<(), Problem> {
        if self.pack.slot(&self.id).is_some_and(|slot| !slot.uploaded) {
            return Err(Problem::new(ErrorCode::SlotTakesNoFiles));
        }
        let uploads = services.store.uploads(&row.id).await?;
        let here = uploads.iter().filter(|file| file.slot == self.id).count();
        let config = &services.config;
        for (count, most, zh, en) in [
            (here, config.files_in_slot, "每个材料项", "a slot"),
            (
                uploads.len(),
                config.files_in_dossier,
                "每份卷宗",
                "a dossier",
            ),
        ] {
            if count >= most {
                return Err(Problem::new(ErrorCode::TooManyFiles).because(
                    format!("{zh}最多 {most} 个文件"),
                    format!("{en} takes at most {most} files"),
                ));
            }
        }
        Ok(())
    }
}

/// A file that came, judged, about to be kept.
pub(in crate::http) struct Arrived {
    pub(in crate::http) upload: Upload,
    pub(in crate::http) new: NewUpload,
    pub(in crate::http) report: Report,
    pub(in crate::http) kept: NewReport,
}

/// Longest title and note of a contents row.
const MOST_SIGNS: usize = 200;

/// Takes the upload and judges it; nothing is kept yet.
pub(super) async fn arrive(
    request: &HttpRequest,
    payload: Payload,
    services: &Services,
    row: &DossierRow,
    slot: &OpenSlot,
) -> Result<Arrived, Problem> {
    services.permits.refuse_when_full()?;
    let mut upload = body::upload(request, payload, services).await?;
    let mut field = |name: &str| upload.fields.remove(name).map(|text| short(name, text));
    let title = field("title").transpose()?;
    let note = field("note").transpose()?;
    if let Some(unknown) = upload.fields.keys().next() {
        let shown = FileName::shown(unknown);
        return Err(Problem::new(ErrorCode::BodyUnreadable).because(
            format!("表单字段 `{shown}` 未知"),
            format!("the form field `{shown}` is not known here"),
        ));
    }
    judged(services, row, slot, upload, title, note).await
}

/// A built-in file, judged like any other.
pub(in crate::http) async fn arrive_built_in(
    services: &Services,
    row: &DossierRow,
    item: &Item,
    file_name: FileName,
    bytes: &[u8],
) -> Result<Arrived, Problem> {
    let mut spool = services.store.blobs().spool()?;
    spool.write_all(bytes).map_err(StoreError::from)?;
    let upload = Upload {
        bytes: spool.finish()?,
        file_name,
        fields: BTreeMap::new(),
    };
    let slot = OpenSlot {
        pack: pack_of(services, row).await?,
        id: item.slot.clone(),
    };
    let (title, note) = (item.title.clone(), item.note.clone());
    judged(services, row, &slot, upload, title, note).await
}

/// A file that comes without a slot: what it is proposes one; without a proposal it waits for its place.
pub(in crate::http) async fn arrive_unplaced(
    services: &Services,
    row: &DossierRow,
    pack: &Arc<Pack>,
    upload: Upload,
    title: Option<String>,
) -> Result<Arrived, Problem> {
    let dossier: Dossier = serde_json::from_str(&row.statement).map_err(Problem::internal)?;
    let judging = Judging {
        pack: Some(Arc::clone(pack)),
        slot: None,
        on: row.judged_on.unwrap_or_else(|| services.clock.today()),
        holder: Some(judge::holder(&dossier)),
        online: None,
    };
    let (file, sha256) = (upload.bytes.open()?, upload.bytes.digest());
    let name = upload.file_name.clone();
    let (slot, report) = judging
        .report_where_it_belongs(services, file, name, sha256)
        .await?;
    let place = slot.as_deref().and_then(|slot| pack.slot(slot));
    let margins = judge::margins(services, upload.bytes.open()?, &report, place).await;
    let new = NewUpload {
        id: Id::random(),
        dossier: row.id.clone(),
        slot: slot.unwrap_or_default(),
        file_name: upload.file_name.to_string(),
        title,
        note: None,
    };
    let kept = NewReport {
        margins: judge::margins_kept(margins.as_ref())?,
        ..judge::kept(&new.id, &report, pack)?
    };
    Ok(Arrived {
        upload,
        new,
        report,
        kept,
    })
}

/// A file that came for a slot, judged.
pub(in crate::http) async fn judged(
    services: &Services,
    row: &DossierRow,
    slot: &OpenSlot,
    upload: Upload,
    title: Option<String>,
    note: Option<String>,
) -> Result<Arrived, Problem> {
    let new = NewUpload {
        id: Id::random(),
        dossier: row.id.clone(),
        slot: slot.id.clone(),
        file_name: upload.file_name.to_string(),
        title,
        note,
    };
    let dossier: Dossier = serde_json::from_str(&row.statement).map_err(Problem::internal)?;
    let judging = Judging {
        pack: Some(Arc::clone(&slot.pack)),
        slot: Some(slot.id.clone()),
        on: row.judged_on.unwrap_or_else(|| services.clock.today()),
        holder: Some(judge::holder(&dossier)),
        online: None,
    };
    let (file, sha256) = (upload.bytes.open()?, upload.bytes.digest());
    let report = judging
        .report(services, file, upload.file_name.clone(), sha256)
        .await?;
    let place = slot.pack.slot(&slot.id);
    let margins = judge::margins(services, upload.bytes.open()?, &report, place).await;
    let kept = NewReport {
        margins: judge::margins_kept(margins.as_ref())?,
        ..judge::kept(&new.id, &report, &slot.pack)?
    };
    Ok(Arrived {
        upload,
        new,
        report,
        kept,
    })
}

/// A title or note: one line that fits a contents row.
pub(in crate::http) fn short(name: &str, text: String) -> Result<String, Problem> {
    let text = text.trim().to_owned();
    if text.chars().count() <= MOST_SIGNS && !text.chars().any(char::is_control) {
        return Ok(text);
    }
    Err(Problem::new(ErrorCode::BodyUnreadable).because(
        format!("`{name}` 应为一行，至多 {MOST_SIGNS} 字"),
        format!("`{name}` is one line of at most {MOST_SIGNS} signs"),
    ))
}
