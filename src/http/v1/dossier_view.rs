//! A dossier as the API shows it: what the applicant said, and every slot with its files and how they were judged.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    digest::Digest,
    error_code::ErrorCode,
    finding::{Finding, Report, Verdict},
    http::{Services, problem::Problem},
    lang::Bilingual,
    rulepack::{self, Pack, Slot},
    store::{Binding, DossierRow, Id, UploadRow},
};

/// A dossier.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct DossierView {
    /// Its id.
    #[schema(value_type = String)]
    pub(in crate::http) id: Id,
    /// The notice it is for.
    pub(in crate::http) notice: String,
    /// SHA-256 of the rule pack it keeps: the one it began with, until it is moved on purpose.
    pub(in crate::http) pack_sha256: String,
    /// Version of that pack.
    pub(in crate::http) pack_version: u32,
    /// The pack that new dossiers of the notice begin with, when it is another: `PATCH` moves this one to it.
    pub(in crate::http) newer_pack: Option<PackView>,
    /// What the applicant said: who applies, what is absent and why.
    #[schema(value_type = Object)]
    pub(in crate::http) statement: Value,
    /// The day it is judged at; `null` for the day of each request.
    #[schema(value_type = Option<String>, format = Date)]
    pub(in crate::http) judged_on: Option<Date>,
    /// Counts changes; stands in the `ETag` as `"r<revision>"`.
    pub(in crate::http) revision: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub(in crate::http) created_at: Timestamp,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    pub(in crate::http) changed_at: Timestamp,
    /// Every slot of the notice, in binding order.
    pub(in crate::http) slots: Vec<SlotView>,
    /// What was bound of it, unless it was changed since.
    pub(in crate::http) bound: Option<BoundView>,
}

/// One version of a pack.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(in crate::http) struct PackView {
    /// Its version.
    pub(in crate::http) version: u32,
    /// SHA-256 of its bytes.
    pub(in crate::http) pack_sha256: String,
}

impl PackView {
    pub(super) fn of(pack: &Pack) -> PackView {
        PackView {
            version: pack.version,
            pack_sha256: pack.sha256.to_hex(),
        }
    }
}

/// One slot of a dossier.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct SlotView {
    /// Id of the slot.
    pub(in crate::http) slot: String,
    /// Name of the paper.
    pub(in crate::http) title: Bilingual,
    /// The volume it is bound in, if it is bound.
    pub(in crate::http) volume: Option<u8>,
    /// Item number in the volume.
    pub(in crate::http) item: Option<u8>,
    /// `required`, `absent_with_reason` or `optional`.
    #[schema(value_type = String)]
    pub(in crate::http) presence: crate::rulepack::Presence,
    /// Whether files are uploaded to it.
    pub(in crate::http) uploaded: bool,
    /// Its files, in the applicant's order.
    pub(in crate::http) files: Vec<FileView>,
}

/// One file in a slot.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct FileView {
    /// Its id, which stays when it is moved.
    #[schema(value_type = String)]
    pub(in crate::http) id: Id,
    /// Its place in the slot, from 1.
    pub(in crate::http) n: i64,
    /// Name as the sender gave it.
    pub(in crate::http) file_name: String,
    /// As it shall stand in the contents page.
    pub(in crate::http) title: Option<String>,
    /// 备注 of the contents row.
    pub(in crate::http) note: Option<String>,
    /// SHA-256 of its bytes.
    #[schema(value_type = String)]
    pub(in crate::http) sha256: crate::digest::Digest,
    /// Number of bytes.
    pub(in crate::http) size_bytes: u64,
    /// Number of pages, `null` when it could not be opened.
    pub(in crate::http) pages: Option<u32>,
    /// How it was judged; `null` when its judging was cut off.
    pub(in crate::http) verdict: Option<Verdict>,
    /// What was found in it.
    pub(in crate::http) findings: Vec<Finding>,
    /// When it came.
    #[schema(value_type = String, format = DateTime)]
    pub(in crate::http) uploaded_at: Timestamp,
}

/// What was bound of a dossier.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct BoundView {
    /// The day it was judged at.
    #[schema(value_type = String, format = Date)]
    pub(in crate::http) judged_on: Date,
    /// When it was bound.
    #[schema(value_type = String, format = DateTime)]
    pub(in crate::http) bound_at: Timestamp,
    /// Its files, by path in the bundle.
    pub(in crate::http) files: Vec<BoundFileView>,
}

/// One bound file.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct BoundFileView {
    /// Path in the bundle.
    pub(in crate::http) path: String,
    /// Media type.
    pub(in crate::http) media_type: String,
    /// SHA-256 of its bytes.
    #[schema(value_type = String)]
    pub(in crate::http) sha256: crate::digest::Digest,
    /// Number of bytes.
    pub(in crate::http) size_bytes: u64,
}

impl DossierView {
    /// The dossier as it stands.
    pub(in crate::http) async fn of(
        services: &Services,
        row: &DossierRow,
    ) -> Result<DossierView, Problem> {
        let pack = pack_of(services, row).await?;
        let uploads = services.store.uploads(&row.id).await?;
        let mut reports = BTreeMap::new();
        for kept in services.store.reports(&row.id).await? {
            let report: Report = serde_json::from_str(&kept.report).map_err(Problem::internal)?;
            reports.insert(kept.upload, report);
        }
        let slots = pack.slots.iter().map(|slot| {
            let here = uploads.iter().filter(|upload| upload.slot == slot.id);
            let files = here.map(|upload| FileView::of(upload, reports.get(&upload.id)));
            SlotView::of(slot, files.collect())
        });
        Ok(DossierView {
            id: row.id.clone(),
            notice: row.notice.clone(),
            pack_sha256: row.pack_sha256.to_hex(),
            pack_version: pack.version,
            newer_pack: services
                .packs
                .get(&row.notice)
                .filter(|newest| newest.sha256 != row.pack_sha256)
                .map(|newest| PackView::of(newest)),
            statement: serde_json::from_str(&row.statement).map_err(Problem::internal)?,
            judged_on: row.judged_on,
            revision: row.revision,
            created_at: row.created_at,
            changed_at: row.changed_at,
            slots: slots.collect(),
            bound: services.store.binding(&row.id).await?.map(BoundView::of),
        })
    }
}

impl SlotView {
    fn of(slot: &Slot, files: Vec<FileView>) -> SlotView {
        SlotView {
            slot: slot.id.clone(),
            title: Bilingual::new(&slot.title, &slot.title_en),
            volume: slot.volume,
            item: slot.item,
            presence: slot.presence,
            uploaded: slot.uploaded,
            files,
        }
    }
}

impl FileView {
    fn of(upload: &UploadRow, report: Option<&Report>) -> FileView {
        FileView {
            id: upload.id.clone(),
            n: upload.place,
            file_name: upload.file_name.clone(),
            title: upload.title.clone(),
            note: upload.note.clone(),
            sha256: upload.sha256,
            size_bytes: upload.size_bytes,
            pages: report.and_then(|report| report.pages),
            verdict: report.map(|report| report.verdict),
            findings: report.map_or_else(Vec::new, |report| report.findings.clone()),
            uploaded_at: upload.uploaded_at,
        }
    }
}

impl BoundView {
    pub(in crate::http) fn of(binding: Binding) -> BoundView {
        let files = binding.files.into_iter().map(|file| BoundFileView {
            path: file.path,
            media_type: file.media_type,
            sha256: file.sha256,
            size_bytes: file.size_bytes,
        });
        BoundView {
            judged_on: binding.judged_on,
            bound_at: binding.bound_at,
            files: files.collect(),
        }
    }
}

/// The pack a dossier keeps: among those loaded, or as its text was kept when the dossier began.
pub(in crate::http) async fn pack_of(
    services: &Services,
    row: &DossierRow,
) -> Result<Arc<Pack>, Problem> {
    match kept_pack(services, row.pack_sha256).await? {
        Some(pack) if pack.id == row.notice => Ok(pack),
        _ => Err(Problem::new(ErrorCode::PackGone).because(
            format!(
                "通知 `{}` 的这一版本规则包已不在；可用 PATCH 的 `pack_sha256` 改用现行版本",
                row.notice
            ),
            format!(
                "this version of the pack `{}` is gone; move the dossier to another with `pack_sha256` in a PATCH",
                row.notice
            ),
        )),
    }
}

/// The pack with this digest.
pub(super) async fn kept_pack(
    services: &Services,
    sha256: Digest,
) -> Result<Option<Arc<Pack>>, Problem> {
    if let Some(pack) = services.packs.by_digest(&sha256) {
        return Ok(Some(Arc::clone(pack)));
    }
    let Some(kept) = services.store.pack_text(sha256).await? else {
        return Ok(None);
    };
    // It loaded when the dossier began; a program that no longer takes it has as good as lost it.
    match rulepack::load("pack_texts", &kept.id, &kept.text) {
        Ok(pack) => Ok(Some(Arc::new(pack))),
        Err(problems) => {
            tracing::warn!(pack = %kept.id, problems = problems.len(), "a kept pack does not load any more");
            Ok(None)
        }
    }
}

/// No pack with this id.
pub(super) fn notice_unknown(id: &str) -> Problem {
    let shown = crate::intake::FileName::shown(id);
    Problem::new(ErrorCode::NoticeUnknown).because(
        format!("没有通知 `{shown}`，可用的见 `/v1/notices`"),
        format!("there is no notice `{shown}`; see `/v1/notices`"),
    )
}

/// The `ETag` of a dossier's revision.
pub(super) fn etag(revision: i64) -> String {
    format!("\"r{revision}\"")
}
