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
    inspect::{
        Margins,
        document::{DocumentKind, OnlineResult, OnlineState},
    },
    intake::FileName,
    recognise::{self, Recogniser},
    rulepack::{Pack, Slot},
    store::{Id, NewReport},
};

/// What a file is judged for.
#[derive(Clone, Debug)]
pub(in crate::http) struct Judging {
    pub(in crate::http) pack: Option<Arc<Pack>>,
    pub(in crate::http) slot: Option<String>,
    pub(in crate::http) on: Date,
    pub(in crate::http) holder: Option<Holder>,
    /// What a reviewer saw online, of a file that is kept.
    pub(in crate::http) online: Option<OnlineResult>,
}

impl Judging {
    /// The report of a file; waits for its turn.
    pub(in crate::http) async fn report(
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

    /// The report of a file that comes without a slot, for the slot that what it is proposes, if there is one.
    pub(super) async fn report_where_it_belongs(
        self,
        services: &Services,
        file: File,
        file_name: FileName,
        sha256: Digest,
    ) -> Result<(Option<String>, Report), Problem> {
        let pool = services.pool.clone();
        let recogniser = services
            .config
            .recognise
            .then(Recogniser::installed)
            .flatten();
        let judged = services.permits.run(move || {
            let inspected = recognise::inspect(&pool, recogniser, &file, None)?;
            let document = inspected.inspection.document.as_ref();
            let kind = document.map(|document| document.kind);
            let pack = self.pack.as_deref();
            let slots = pack.map(|pack| may_belong(pack, kind, file_name.as_str()));
            let slot = match slots.as_deref() {
                Some([only]) => Some(only.clone()),
                _ => None,
            };
            let report = checks::report(checks::Request {
                file_name: file_name.as_str(),
                sha256,
                inspection: &inspected.inspection,
                pack,
                slot: slot.as_deref(),
                on: self.on,
                holder: self.holder.as_ref(),
                cost: inspected.cost,
            });
            Ok::<_, Problem>((slot, report))
        });
        let (slot, report) = judged.await??;
        metrics::verdict(report.verdict);
        Ok((slot, report))
    }
}

/// Slots a file may belong in: by what it was recognised as; among several of these, or where it was not recognised, by
/// its name.
pub(in crate::http) fn may_belong(
    pack: &Pack,
    kind: Option<DocumentKind>,
    file_name: &str,
) -> Vec<String> {
    let takes = |slot: &Slot, kind: DocumentKind| {
        let of_parts = slot.parts.iter().flat_map(|part| &part.kinds);
        slot.kinds.iter().chain(of_parts).any(|one| *one == kind)
    };
    let open = || pack.slots.iter().filter(|slot| slot.uploaded);
    let kind = kind.filter(|kind| *kind != DocumentKind::Unknown);
    let by_kind: Vec<&Slot> = match kind {
        Some(kind) => open().filter(|slot| takes(slot, kind)).collect(),
        None => Vec::new(),
    };
    let by_name = |slot: &&Slot| names_slot(file_name, slot);
    let named: Vec<&Slot> = if by_kind.is_empty() {
        open().filter(by_name).collect()
    } else {
        by_kind.iter().copied().filter(by_name).collect()
    };
    let best = match (by_kind.len(), named.len()) {
        (2.., 1) | (0, _) => named,
        _ => by_kind,
    };
    best.into_iter().map(|slot| slot.id.clone()).collect()
}

/// Whether a file's name names a slot: `12-年度考核表2023.pdf`, `论文1.pdf`.
fn names_slot(file_name: &str, slot: &Slot) -> bool {
    let stem = file_name
        .rsplit_once('.')
        .map_or(file_name, |(stem, _)| stem);
    let said: String = stem.chars().filter(|sign| han(*sign)).collect();
    let said = said.trim_end_matches(|sign| "一二三四五六七八九十".contains(sign));
    let long_enough = said.chars().count() >= 2;
    let names = std::iter::once(&slot.title).chain(&slot.aliases);
    long_enough
        && names.map(String::as_str).any(|name| {
            let name: String = name.chars().filter(|sign| han(*sign)).collect();
            said.contains(&name) || name.contains(said)
        })
}

fn han(sign: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&sign)
}

/// The pack with this id.
pub(in crate::http) fn pack(services: &Services, id: &str) -> Result<Arc<Pack>, Problem> {
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
pub(in crate::http) fn holder(dossier: &Dossier) -> Holder {
    let applicant = &dossier.applicant;
    Holder {
        name: Some(applicant.name.clone()),
        born: applicant.born,
        sex: applicant.sex.clone(),
        id_number: applicant.id_number.clone(),
    }
}

/// What a reviewer recorded about a file.
pub(in crate::http) async fn online(
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
pub(in crate::http) fn kept(
    upload: &Id,
    report: &Report,
    pack: &Pack,
) -> Result<NewReport, Problem> {
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
        margins: None,
    })
}

/// Where ink stands at the edges of a file's pages: looked at once, so that binding draws nothing. Only of papers that may
/// go into a volume; `None` when it could not be seen now, which binding tries again.
pub(in crate::http) async fn margins(
    services: &Services,
    file: File,
    report: &Report,
    slot: Option<&Slot>,
) -> Option<Margins> {
    let bound = slot.is_none_or(|slot| slot.volume.is_some());
    let pages = report.pages.filter(|_| bound)?;
    if report.verdict == Verdict::Refused || report.facts.encrypted {
        return None;
    }
    let pool = services.pool.clone();
    let looking = services.permits.run(move || pool.margins(&file, pages));
    match looking.await {
        Ok(Ok(margins)) => Some(margins),
        Ok(Err(error)) => {
            tracing::warn!(%error, "margins could not be looked at");
            None
        }
        Err(_) => None,
    }
}

/// The same as the store keeps it.
pub(in crate::http) fn margins_kept(margins: Option<&Margins>) -> Result<Option<String>, Problem> {
    let text = margins.map(serde_json::to_string).transpose();
    text.map_err(Problem::internal)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulepack::Packs;

    #[test]
    fn a_file_goes_where_its_kind_belongs_and_otherwise_where_its_name_says() {
        let packs = Packs::builtin();
        let pack = packs.get("lianyungang-gongxin-kaohe-2024").unwrap();
        let place = |kind, name: &str| may_belong(pack, kind, name);
        let paper = Some(DocumentKind::Paper);
        assert_eq!(place(paper, "scan0001.pdf"), ["papers"]);
        assert_eq!(place(paper, "年度考核表.pdf"), ["papers"]);
        assert_eq!(place(None, "12-年度考核表2023.pdf"), ["annual_assessment"]);
        assert_eq!(
            place(Some(DocumentKind::Unknown), "专利证书1.pdf"),
            ["patents"]
        );
        assert_eq!(place(None, "专利证书二.pdf"), ["patents"]);
        assert!(place(None, "scan0001.pdf").is_empty());
        assert!(place(None, "表.pdf").is_empty());
    }
}
