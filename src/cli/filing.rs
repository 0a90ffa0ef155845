//! What `bind` and `demo` share: judge every paper of a dossier, then hold the dossier against its notice.

use std::{path::Path, sync::Arc};

use jiff::civil::Date;

use super::{Trouble, notices, output, validate};
use crate::{
    checks::Holder,
    dossier::{self, Applicant, CheckedDossier, CheckedItem, Corrections, Dossier, Incomplete},
    finding::Report,
    lang::Lang,
    recognise::Recogniser,
    rulepack::{Pack, Packs},
    sandbox::Pool,
};

/// A dossier whose papers are judged.
pub(super) struct Judged {
    pub(super) dossier: Dossier,
    pub(super) pack: Arc<Pack>,
    pub(super) papers: Vec<CheckedItem>,
}

/// Reads the dossier file and judges its papers by the version of the pack that was chosen, that the dossier keeps, or
/// that is the newest.
pub(super) fn judge(
    path: &Path,
    packs: &Packs,
    pool: &Pool,
    recogniser: Option<&Recogniser>,
    on: Date,
    version: Option<u32>,
) -> Result<Judged, Trouble> {
    let dossier = dossier::read(path).map_err(Trouble::new)?;
    let pack = notices::for_dossier(packs, &dossier, version)?;
    if version.is_none()
        && let Some(newest) = packs.get(&pack.id)
        && newest.sha256 != pack.sha256
    {
        output::say(&format!(
            "the dossier keeps version {} of `{}`; new ones begin with version {} ({})",
            pack.version, pack.id, newest.version, newest.sha256
        ));
    }
    let holder = holder(&dossier.applicant);
    let bar = output::progress(dossier.items.len() as u64, "validate");
    let mut papers = Vec::new();
    for item in &dossier.items {
        let slot = pack.slot(&item.slot);
        let wanted = validate::Wanted {
            pack: Some(&pack),
            slot,
            on,
            holder: Some(&holder),
            recogniser,
        };
        let report = validate::judge(pool, &item.file, &wanted)?;
        papers.push(CheckedItem {
            slot: item.slot.clone(),
            title: title(
                item.title.as_deref(),
                slot.map(|slot| slot.title.as_str()),
                &report,
            ),
            note: item.note.clone(),
            file_name: report.file.clone(),
            path: item.file.clone(),
            sha256: report.sha256,
            pages: report.pages.unwrap_or(0),
            report: Arc::new(report),
            margins: None,
        });
        bar.inc(1);
    }
    bar.finish_and_clear();
    Ok(Judged {
        dossier,
        pack,
        papers,
    })
}

impl Judged {
    /// The dossier that may be bound, or everything that is missing.
    pub(super) fn check(&self, on: Date) -> Result<CheckedDossier, Incomplete> {
        dossier::check(&self.dossier, &self.pack, self.papers.clone(), on)
    }
    /// Everything that must be mended, for the letter to the applicant.
    pub(super) fn corrections(
        &self,
        incomplete: &Incomplete,
        on: Date,
        by: Option<Date>,
    ) -> Corrections {
        let (papers, findings) = (&self.papers, &incomplete.findings);
        dossier::corrections(&self.dossier, &self.pack, papers, findings, on, by)
    }
}

fn title(given: Option<&str>, slot: Option<&str>, report: &Report) -> String {
    given.or(slot).unwrap_or(&report.file).to_owned()
}

fn holder(applicant: &Applicant) -> Holder {
    Holder {
        name: Some(applicant.name.clone()),
        born: applicant.born,
        sex: applicant.sex.clone(),
        id_number: applicant.id_number.clone(),
    }
}

/// All that is missing, for people.
pub(super) fn missing(incomplete: &Incomplete, lang: Lang) -> String {
    let head = match lang {
        Lang::Zh => "✗ 材料不齐，未装订",
        Lang::En => "✗ the dossier is not complete, nothing was bound",
    };
    let findings = incomplete
        .findings
        .iter()
        .map(|f| super::report_text::finding(f, lang));
    std::iter::once(head.to_owned()).chain(findings).collect()
}
