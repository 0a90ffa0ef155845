//! Judges one file: facts from the sandbox, opinions from the checks, one report.

use std::{fs::File, sync::Arc};

use jiff::civil::Date;

use super::dossier_view::notice_unknown;
use crate::{
    checks::{self, Holder},
    digest::Digest,
    dossier::Dossier,
    error_code::ErrorCode,
    finding::{Report, Verdict},
    http::{Services, metrics, problem::Problem},
    inspect::document::{OnlineResult, OnlineState},
    intake::FileName,
    recognise::{self, Recogniser},
    rulepack::{Pack, Slot},
    store::{Id, NewReport},
};

/// What a file is judged for.
#[derive(Clone, Debug)]
pub(super) struct Judging {
    pub(super) pack: Option<Arc<Pack>>,
    pub(super) slot: Option<String>,
    pub(super) on: Date,
    pub(super) holder: Option<Holder>,
    /// What a reviewer saw online, of a file that is kept.
    pub(super) online: Option<OnlineResult>,
}

impl Judging {
    /// The report of a file; waits for its turn.
    pub(super) async fn report(
        self,
        services: &Services,
        file: File,
        file_name: FileName,
        sha256: Digest,
    ) -> Result<Report, Problem> {
        let pool = services.pool.clone();
        let recogniser = services
            .config
            .recognise
            .then(Recogniser::installed)
            .flatten();
        let judged = services.permits.run(move || {
            let slot = self.pack.as_deref().zip(self.slot.as_deref());
            let slot = slot.and_then(|(pack, slot)| pack.slot(slot));
            let mut inspected = recognise::inspect(&pool, recogniser, &file, slot)?;
            if let Some(document) = &mut inspected.inspection.document {
                document.online = self.online;
            }
            Ok::<_, Problem>(checks::report(checks::Request {
                file_name: file_name.as_str(),
                sha256,
                inspection: &inspected.inspection,
                pack: self.pack.as_deref(),
                slot: self.slot.as_deref(),
                on: self.on,
                holder: self.holder.as_ref(),
                cost: inspected.cost,
            }))
        });
        let report = judged.await??;
        metrics::verdict(report.verdict);
        Ok(report)
    }
}

/// The pack with this id.
pub(super) fn pack(services: &Services, id: &str) -> Result<Arc<Pack>, Problem> {
    services
        .packs
        .get(id)
        .cloned()
        .ok_or_else(|| notice_unknown(id))
}

/// The slot of a pack with this id.
pub(super) fn slot<'p>(pack: &'p Pack, id: &str) -> Result<&'p Slot, Problem> {
    pack.slot(id).ok_or_else(|| {
        let shown = FileName::shown(id);
        Problem::new(ErrorCode::SlotUnknown).because(
            format!("通知 `{}` 没有材料项 `{shown}`", pack.id),
            format!("the notice `{}` has no slot `{shown}`", pack.id),
        )
    })
}

/// Whose papers a dossier holds.
pub(super) fn holder(dossier: &Dossier) -> Holder {
    let applicant = &dossier.applicant;
    Holder {
        name: Some(applicant.name.clone()),
        born: applicant.born,
        sex: applicant.sex.clone(),
        id_number: applicant.id_number.clone(),
    }
}

/// What a reviewer recorded about a file.
pub(super) async fn online(
    services: &Services,
    upload: &Id,
) -> Result<Option<OnlineResult>, Problem> {
    let row = services.store.online_result(upload).await?;
    Ok(row.and_then(|row| {
        Some(OnlineResult {
            state: OnlineState::of_word(&row.state)?,
            checked_on: row.checked_on,
            valid_until: row.valid_until,
            recorded_by: row.recorded_by,
        })
    }))
}

/// What judged: another program or pack may judge otherwise.
pub(super) fn judged_by(pack: &Pack) -> String {
    format!("{} {}", env!("CARGO_PKG_VERSION"), pack.sha256)
}

/// A report as the store keeps it.
pub(super) fn kept(upload: &Id, report: &Report, pack: &Pack) -> Result<NewReport, Problem> {
    let verdict = match report.verdict {
        Verdict::Accepted => "accepted",
        Verdict::Undecided => "undecided",
        Verdict::Refused => "refused",
    };
    Ok(NewReport {
        upload: upload.clone(),
        judged_on: report.judged_on,
        judged_by: judged_by(pack),
        verdict: verdict.to_owned(),
        report: serde_json::to_string(report).map_err(Problem::internal)?,
    })
}
